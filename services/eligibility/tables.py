"""The registry of this service's tables, and the column types that only they need."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import JSON, CheckConstraint, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from shared.database import NAMING


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Every table of eligibility; no other service's table is in this registry."""


class Small(TypeDecorator[Any]):
    """A short list, object or plain value kept as JSON (JSONB on PostgreSQL): read and written whole."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())


def one_of(column: str, values: Iterable[str], *, optional: bool = False) -> CheckConstraint:
    """A CHECK that the column holds one of the codes; `optional` lets it be NULL."""
    codes = ", ".join(f"'{value}'" for value in values)
    given = f"{column} IN ({codes})"
    return CheckConstraint(f"{column} IS NULL OR {given}" if optional else given, name=column)
