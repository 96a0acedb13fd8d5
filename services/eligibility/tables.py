"""The registry of this service's tables, and the column types that only they need."""

from typing import Any

from sqlalchemy import JSON, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from shared.checks import one_of as one_of
from shared.database import NAMING


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Every table of eligibility; no other service's table is in this registry."""


class Small(TypeDecorator[Any]):
    """A short list, object or plain value kept as JSON (JSONB on PostgreSQL): read and written whole."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())
