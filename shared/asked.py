"""A question that is asked often: made once, and answered with objects that nobody tracks.

Through the session, a question is made anew each time, and each row becomes an object whose changes would be noticed:
most of what a read costs in this process. What only shows rows needs neither. On PostgreSQL it is asked on the driver's
own connection, in the session's snapshot.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.columns import UtcDateTime
from shared.database import Database
from shared.joined import DIALECT, making, on_driver
from shared.on_file import OnFile, decoded

Decode = Callable[[Any], Any]


class Asked:
    """A SELECT of whole tables (`select(Case, Household)` with their classes in `models`), or of columns (and no
    classes), with a `bindparam` for each value it is asked with."""

    def __init__(self, statement: Any, *models: type[SQLModel]) -> None:
        self.statement = statement
        self._makes = [(making(model)[0], [c.key for c in model.__table__.columns]) for model in models]  # type: ignore[attr-defined]  # a table's class has one
        compiled = statement.compile(dialect=DIALECT)
        self._sql = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()
        self._said = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
        self._encoders = [
            compiled.binds[name].type.dialect_impl(DIALECT).bind_processor(DIALECT) for name in self._names
        ]
        self._decoders: list[tuple[int, Decode]] = []
        for place, column in enumerate(statement.selected_columns):
            decode = column.type.dialect_impl(DIALECT).result_processor(DIALECT, None)
            if decode is not None and not isinstance(column.type, UtcDateTime):  # the driver's are in UTC as they come
                self._decoders.append((place, decode))

    async def __call__(self, session: AsyncSession, **values: Any) -> list[tuple[Any, ...]]:
        """The rows, each as one new object of every model, or as its columns."""
        if session.get_bind().dialect.name == "postgresql":
            return self._all_made(await on_driver(session, self._sql, self._given(values)))
        return [self._made(row) for row in await self._on_file(session, **values)]

    @cached_property
    def _on_file(self) -> OnFile:
        return OnFile(self.statement)

    async def alone(self, database: Database, **values: Any) -> Sequence[Sequence[Any]]:
        """The rows, asked outside any transaction: one question sees one state of the store by itself. On PostgreSQL
        it is one trip instead of three, on a connection of the same pool.

        Raises `StoreAway`.
        """
        if database.is_sqlite:
            async with database.reading() as session:
                return await self(session, **values)
        rows = await database.asked(self._sql, self._given(values))
        return self._all_made(rows) if self._makes or self._decoders else rows

    def _given(self, values: dict[str, Any]) -> list[Any]:
        given = self._said | values  # what the statement itself says, and what it is asked with
        return [
            given[name] if encode is None else encode(given[name])
            for name, encode in zip(self._names, self._encoders, strict=True)
        ]

    def _all_made(self, rows: Sequence[Any]) -> list[tuple[Any, ...]]:
        return [self._made(decoded(row, self._decoders)) for row in rows]

    def _made(self, row: Sequence[Any]) -> tuple[Any, ...]:
        if not self._makes:
            return tuple(row)
        made = []
        begin = 0
        for make, names in self._makes:
            one = make()
            end = begin + len(names)
            vars(one).update(zip(names, row[begin:end], strict=True))
            begin = end
            made.append(one)
        return tuple(made)
