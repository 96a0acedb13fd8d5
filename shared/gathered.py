"""Rows of several tables that hang on the same ids, asked for together.

What is known of a case lies in a dozen tables, and a gate looks at all of them. Through the session each table costs a
statement made anew, a trip, and objects whose changes would be noticed. Here it is one statement, each row in it as
JSON, and objects that nobody tracks.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import JSON, Boolean, Date, Integer, String
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import AutoString

from shared.columns import UtcDateTime
from shared.joined import DIALECT, making, on_driver
from shared.on_file import DIALECT as SQLITE
from shared.on_file import decoded, decoders, run

Model = TypeVar("Model", bound=SQLModel)
Among = Callable[[Any], ColumnElement[bool]]
Decode = Callable[[Any], Any]


class Gathered:
    """`which`, given `among(column)` ("the column is one of the ids"), says of each table class which of its rows."""

    def __init__(self, which: Callable[[Among], Mapping[type[SQLModel], ColumnElement[bool]]]) -> None:
        given = bindparam("ids", type_=ARRAY(Uuid))
        asked = which(lambda column: column == any_(given))
        self._models = tuple(asked)
        self._makes = [making(model)[0] for model in self._models]
        self._from_json = [_from_json(model) for model in self._models]
        parts: list[Any] = [
            select(literal_column(str(place)), cast(func.to_json(literal_column(str(model.__tablename__))), Text))
            .select_from(model)
            .where(where)
            for place, (model, where) in enumerate(asked.items())
        ]
        self._sql = str(union_all(*parts).compile(dialect=DIALECT))
        self._which = which
        self._on_sqlite: dict[int, str] = {}
        self._columns = [[column.key for column in _table(model).columns] for model in self._models]
        self._on_file = [decoders([column.type for column in _table(model).columns]) for model in self._models]

    async def __call__(self, session: AsyncSession, ids: Collection[UUID]) -> "Rows":
        """The rows as they are now, whatever this session read before; what it changed is written first."""
        pending = session.sync_session
        if pending.new or pending.dirty or pending.deleted:
            await session.flush()
        rows = Rows({model: [] for model in self._models})
        wanted = sorted(set(ids))
        if session.get_bind().dialect.name == "postgresql":
            for place, text in await on_driver(session, self._sql, [wanted]):
                one = self._makes[place]()
                row = orjson.loads(text)
                for name, decode in self._from_json[place]:
                    if row[name] is not None:
                        row[name] = decode(row[name])
                vars(one).update(row)
                rows.add(self._models[place], one)
            return rows
        for place, text in await self._asked_of_sqlite(session, wanted):
            values = decoded(orjson.loads(text), self._on_file[place])
            one = self._makes[place]()
            vars(one).update(zip(self._columns[place], values, strict=True))
            rows.add(self._models[place], one)
        return rows

    async def _asked_of_sqlite(self, session: AsyncSession, wanted: Sequence[UUID]) -> Sequence[Any]:
        """Its driver has no arrays, and a statement of its own for each number of ids: they are filled up with the last
        to the next power of two, so that there are few of them."""
        if not wanted:
            return ()
        size = 1 << (len(wanted) - 1).bit_length()
        ids = [each.hex for each in wanted]
        ids += ids[-1:] * (size - len(ids))
        if size not in self._on_sqlite:
            self._on_sqlite[size] = self._of_sqlite(size)
        return await run(session, self._on_sqlite[size], ids)

    def _of_sqlite(self, size: int) -> str:
        numbered: list[Any] = [literal_column(f"?{number}") for number in range(1, size + 1)]
        asked = self._which(lambda column: column.in_(numbered))
        parts: list[Any] = [
            select(literal_column(str(place)), func.json_array(*_as_kept(model))).select_from(model).where(where)
            for place, (model, where) in enumerate(asked.items())
        ]
        compiled = union_all(*parts).compile(dialect=SQLITE, compile_kwargs={"literal_binds": True})
        return str(compiled)


class Rows:
    """What was found, by table class."""

    def __init__(self, found: dict[type[SQLModel], list[Any]]) -> None:
        self._found = found

    def add(self, model: type[SQLModel], row: Any) -> None:
        self._found[model].append(row)

    def of(self, model: type[Model]) -> Sequence[Model]:
        """In no order that stays."""
        return self._found[model]


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]  # a table's class has it
    return table


def _as_kept(model: type[SQLModel]) -> list[Any]:
    return [type_coerce(column, Text) for column in _table(model).columns]


def _from_json(model: type[SQLModel]) -> list[tuple[str, Decode]]:
    columns = _table(model).columns
    found = [(column.key, _decoder(column)) for column in columns]
    return [(name, decode) for name, decode in found if decode is not None]


def _decoder(column: Column[Any]) -> Decode | None:
    """What makes of a value in JSON the one that the session would give. Raises TypeError for a kind that is not met in
    what is gathered yet: an amount of money must not come as somebody's guess."""
    kind = column.type
    if isinstance(kind, Uuid):
        return UUID
    if isinstance(kind, UtcDateTime):
        return _moment
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, AutoString | String | Boolean | Integer | JSON):
        return None
    raise TypeError(f"{column}: a {kind!r} cannot be gathered")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
