"""Bodies of age reviews."""

from uuid import UUID

from pydantic import Field

from shared.fields import Answer, Body


class AgeReviewBody(Body):
    """`after`: the `next` of the answer before, to go on where it ended."""

    after: UUID | None = None
    limit: int = Field(default=200, ge=1, le=500)


class AgeReviewAnswer(Answer):
    """`next`: null when every case that is not closed has been looked at."""

    looked_at: int
    told_again: list[UUID]
    next: UUID | None
