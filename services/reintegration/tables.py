"""The base of this service's tables, in a metadata of its own."""

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from shared.database import NAMING, JsonColumn

Json: Any = JsonColumn
"""A JSON column as SQLModel's `sa_type`, whose annotation knows types only and not their instances."""


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Every table of reintegration."""
