"""Bodies of reports."""

from datetime import date, datetime

from services.registration.vulnerabilities.rules import Category
from shared.fields import Answer


class CategoryCount(Answer):
    """`people` is null where they are fewer than five, or would tell a month of fewer than five: suppressed."""

    category: Category
    people: int | None
    suppressed: bool


class EditionAnswer(Answer):
    """`month`: its first day. `as_known_at`: the position at which its reports count."""

    month: date
    as_known_at: int
    made_at: datetime


class VulnerabilityReport(Answer):
    """`as_known_at`: the position of the edition, to ask with again, for the same answer. `people` null: as in
    `CategoryCount`."""

    definition: str
    since: date
    as_of: date
    as_known_at: int
    people: int | None
    items: list[CategoryCount]
