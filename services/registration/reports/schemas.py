"""Bodies of reports."""

from datetime import date, datetime

from services.registration.vulnerabilities.rules import Category
from shared.fields import Answer


class CategoryCount(Answer):
    """`people` is null where they are fewer than five: suppressed."""

    category: Category
    people: int | None
    suppressed: bool


class VulnerabilityReport(Answer):
    """`position`: how far in what travel tells this goes."""

    definition: str
    since: date
    as_of: date
    known_at: datetime
    position: int | None
    people: int | None
    items: list[CategoryCount]
