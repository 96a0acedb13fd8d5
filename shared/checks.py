"""CHECKs that several tables have in common."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint


def one_of(column: str, values: Iterable[str], *, optional: bool = False) -> CheckConstraint:
    """A CHECK that the column holds one of the codes; `optional` lets it be NULL."""
    codes = ", ".join(f"'{value}'" for value in values)
    given = f"{column} IN ({codes})"
    return CheckConstraint(f"{column} IS NULL OR {given}" if optional else given, name=column)
