"""Bodies of age reviews."""

from uuid import UUID

from pydantic import Field

from shared.fields import Answer, Body, shown


class AgeReviewBody(Body):
    """How many cases to look at. Who was looked at is not met again that day: asking again goes on."""

    model_config = shown({"limit": 200})

    limit: int = Field(default=200, ge=1, le=500)


class AgeReviewAnswer(Answer):
    """`more`: whether some case may not have been looked at yet that day."""

    looked_at: int
    told_again: list[UUID]
    more: bool
