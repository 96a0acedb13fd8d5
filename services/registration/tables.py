"""The registry of this service's tables, and the column types that only they need."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from shared.checks import one_of as one_of
from shared.database import NAMING


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Every table of registration; no other service's table is in this registry."""


class Listed(TypeDecorator[Any]):
    """A short list or object kept as JSON (JSONB on PostgreSQL): read and written whole."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())


class IdList(TypeDecorator[Any]):
    """A short list of ids, kept as JSON text and given back as UUIDs."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: Sequence[UUID] | None, dialect: Dialect) -> Any:
        return None if value is None else [str(each) for each in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else [UUID(each) for each in value]


class QuantityColumn(TypeDecorator[Decimal]):
    """Kilograms, litres or pieces as a whole number of thousandths: exact, summable and comparable in both
    databases. Read without trailing zeros: `332.2`."""

    impl = BigInteger
    cache_ok = True
    scale = Decimal(1000)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value * self.scale
        if scaled != scaled.to_integral_value():
            raise ValueError("a quantity has at most three decimals")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / self.scale
