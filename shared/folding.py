"""Rows of folded facts, written many at a time.

Most folds only keep a row, and need nothing that is there already. They say so with `keep_row`: the rows of a batch
lie in the session until somebody is about to look, before a reaction or at the batch's end, and are then written by
one statement for each table. Written one by one they would be most of what a fact costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Insert, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from shared.database import Session, core

WAITING = "rows waiting"
"""In a session's `info`: how they are kept to rows, in the order in which they came."""


@dataclass(frozen=True, slots=True, eq=False)
class Keeping:
    """How rows of one table are kept: the columns that each names, and a statement for each kind of database.

    PostgreSQL is given a batch as one array a column. `keys`: a statement may meet each value of them only once.
    """

    columns: tuple[str, ...]
    postgresql: Insert
    sqlite: Insert
    keys: tuple[str, ...] = ()


def table_of(model: type[Any]) -> Table:
    """The table of a model."""
    table: Table = model.__table__
    return table


def once(table: Table, *columns: str) -> Keeping:
    """The first row of a key stays. `columns`: those that rows name; all of the table's unless given."""
    names = columns or tuple(table.columns.keys())
    return Keeping(
        names,
        from_arrays(table, names).on_conflict_do_nothing(),
        sqlite.insert(table).on_conflict_do_nothing(),
    )


def latest(table: Table, *columns: str, over: Iterable[str] = (), rising: str | None = None) -> Keeping:
    """A later row of a key writes over the earlier one: over all its other columns unless `over` names some.
    `rising`: only where that column grows by it."""
    names = columns or tuple(table.columns.keys())
    keys = tuple(column.name for column in table.primary_key)
    written = list(over) or [name for name in names if name not in keys]

    def writing_over(insert: Any) -> Any:
        where = None if rising is None else table.c[rising] < insert.excluded[rising]
        values = {name: insert.excluded[name] for name in written}
        return insert.on_conflict_do_update(index_elements=keys, set_=values, where=where)

    return Keeping(names, writing_over(from_arrays(table, names)), writing_over(sqlite.insert(table)), keys)


def from_arrays(table: Table, columns: Sequence[str]) -> postgresql.Insert:
    """Inserts as many rows as its arrays are long, one array a column; in PostgreSQL."""
    kinds = [postgresql.ARRAY(table.c[name].type, dimensions=1) for name in columns]
    arrays = [bindparam(name, type_=kind) for name, kind in zip(columns, kinds, strict=True)]
    given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    return postgresql.insert(table).from_select(list(columns), select(*given.c), include_defaults=False)


def keep_row(session: Session, keeping: Keeping, row: Mapping[str, Any]) -> None:
    """Keeps a row with the others of its table. It names every column that it says anything about, and all rows of
    one `keeping` name the same."""
    waiting: dict[Keeping, list[Mapping[str, Any]]] = session.info.setdefault(WAITING, {})
    waiting.setdefault(keeping, []).append(row)


async def write_rows(session: Session) -> None:
    """Writes what was kept, table after table, each in the order in which it came."""
    waiting: dict[Keeping, list[Mapping[str, Any]]] | None = session.info.pop(WAITING, None)
    if not waiting:
        return
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    for keeping, rows in waiting.items():
        if not on_postgresql:
            await core(session, keeping.sqlite, rows)
            continue
        for layer in _each_key_once(rows, keeping.keys):
            arrays = {name: [row[name] for row in layer] for name in keeping.columns}
            await core(session, keeping.postgresql, arrays)


def _each_key_once(rows: Sequence[Mapping[str, Any]], keys: tuple[str, ...]) -> list[list[Mapping[str, Any]]]:
    """The rows in layers: the first of every key, then the second, and so on."""
    layers: list[list[Mapping[str, Any]]] = []
    met: dict[tuple[Any, ...], int] = {}
    for number, row in enumerate(rows):
        key = tuple([row[name] for name in keys]) if keys else (number,)
        depth = met.get(key, 0)
        met[key] = depth + 1
        if depth == len(layers):
            layers.append([])
        layers[depth].append(row)
    return layers


async def settle(session: Session) -> None:
    """Writes what folds left in the session, so that whoever looks next sees it."""
    await write_rows(session)
    pending = session.sync_session
    if pending.new or pending.dirty or pending.deleted:  # asking costs a tenth of flushing nothing
        await session.flush()
