"""Multiplies played cases inside PostgreSQL: every row that hangs on them, in every table, with ids of its own.

An id begins with the time it was made at (UUID version 7). A copy's ids begin with a number of its own instead, the
same in every table and every service, so that what belonged together still does. In texts and JSON the same beginning
is replaced. What stands for everyone (sites, programmes, rules on papers) is not copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy import MetaData, Table, Uuid

from shared.database import STANDING

FIRST = 0x0100_0000
"""What the ids of the first copy begin with; those of today begin with a larger number, and so come after."""

FOR_EVERYONE = frozenset(
    {
        "site",
        "programme",
        "programme_version",
        "restriction",
        "restriction_fact",
        "paper_rule",
        "survey_scheme",
        "relief_item",
        "stock_level",
        "budget",
        "parked",
    }
)
REFERS_TO_THEM = frozenset({"site_id", "programme_id", "version_id", "scheme_id", "item_id"})
COUNTED = frozenset({("outbox", "id"), ("outbox", "position"), ("audit", "id"), ("reckoned", "position")})

GIVEN = ("Rebaz", "Shilan", "Hemin", "Zanyar", "Lana", "Dilan", "Karwan", "Awat", "Shno", "Hiwa", "Narin", "Soran")
FAMILY = ("Salih", "Hassan", "Omar", "Ahmed", "Karim", "Aziz", "Rashid", "Mustafa", "Qadir", "Hamid")
_GIVEN = f"(ARRAY{list(GIVEN)!r})[1 + ({{n}} * 7 + (hashtext(s.id::text) & 15)) % {len(GIVEN)}]"
_FAMILY = f"(ARRAY{list(FAMILY)!r})[1 + ({{n}} / 3) % {len(FAMILY)}] || ' ' || ({{n}} / 30)"

MOMENTS = {
    "flight": ("departs_at", "arrives_at", "cut_off_at", "check_in_opens_at", "doors_at", "closing_at", "departed_at"),
    "flight_leg": ("departs", "arrives"),
    "departure": ("departed_at", "departed_on"),
    "passage_fact": ("at",),
    "fare_entry": ("at",),
    "fare_entry_beside": ("at",),
    "fact_seat": ("expected_at",),
}
TODAY = 100
"""Copies whose flights leave on the story's own day; those of the others left before, half an hour apart. So it is
with what is reported by the day."""
_A_MINUTE_EACH = "s.occurred_at - make_interval(mins => ({n})::int)"


def _card_code(column: str) -> str:
    number = "upper(lpad(to_hex({n}), 5, '0'))"
    return f"substr({column}, 1, 3) || left({number}, 1) || '-' || right({number}, 4)"


def card_code(played: str, number: int) -> str:
    """What `MADE_UP` makes of a relief card's code."""
    return f"{played[:3]}{number >> 16:X}-{number & 0xFFFF:04X}"


MADE_UP = {
    ("document", "number"): "s.number || '-' || {n}",
    ("document", "number_key"): "s.number_key || {n}",
    ("household", "phone"): "'+96475' || lpad({n}::text, 8, '0')",
    ("household", "phone_key"): "'5' || lpad({n}::text, 8, '0')",
    ("individual", "given_name"): _GIVEN,
    ("individual", "family_name"): _FAMILY,
    ("individual", "given_key"): f"lower({_GIVEN} || ' ' || {_FAMILY})",
    ("individual", "family_key"): f"lower({_FAMILY} || ' ' || {_GIVEN})",
    ("relief_card", "code"): _card_code("s.code"),
    ("relief_card_change", "old_code"): _card_code("s.old_code"),
    ("provider", "code"): "s.code || '-' || {n}",
    ("community_project", "code"): "s.code || '-' || {n}",
    ("delivery", "provider_code"): "s.provider_code || '-' || {n}",
    ("payment", "evidence_reference"): "s.evidence_reference || '-' || {n}",
    ("payment", "evidence_key"): "s.evidence_key || '-' || {n}",
    ("paid_invoice", "number_key"): "s.number_key || '-' || {n}",
    ("headcount", "occurred_at"): _A_MINUTE_EACH,
    ("site_condition", "occurred_at"): _A_MINUTE_EACH,
    ("site_movement", "occurred_at"): _A_MINUTE_EACH,
    ("seat_offer", "expires_at"): "s.expires_at + interval '50 years'",  # so that the worker has nothing to do
    ("request_key", "key"): "{prefix} || substr(s.key, 9)",
}
"""What differs from one to the other by more than its ids, so that a search has something to find."""

OWN = {
    "coming_change": "t.case_id IS NOT NULL",
    "possible_duplicate": ("2 = (SELECT count(*) FROM {seeds}_individual i WHERE i.id IN (t.one_id, t.other_id))"),
}
"""Which rows belong to one set of cases, where a table holds others, too: what changes for everyone on a day to come,
and who looks like somebody of another set."""


@dataclass(frozen=True, slots=True)
class Copying:
    """Which copies: `count` of them, whose numbers begin with `first` and go up by `step` thousandths. `beginnings`:
    what the played ids begin with (eight hexadecimal digits). `known`: the columns of the played rows that were looked
    at for ids already, and whether there are any."""

    seeds: str
    count: int
    first: int
    step: int
    beginnings: tuple[str, ...]
    known: dict[str, bool] = field(default_factory=dict)


def beginnings(began: int, ended: int) -> tuple[str, ...]:
    """What the ids made between two moments (milliseconds since 1970) begin with."""
    return tuple(f"{each:08x}" for each in range(began >> 16, (ended >> 16) + 1))


def prefix_of(number: int) -> str:
    return f"{FIRST + number:08x}"


def tables_of(metadata: MetaData) -> list[Table]:
    """The tables to copy, parents first."""
    return [table for each in (STANDING, metadata) for table in each.sorted_tables if table.name not in FOR_EVERYONE]


async def set_aside(connection: Any, metadata: MetaData, seeds: str, earlier: Sequence[str]) -> None:
    """Keeps what was played as tables named `seeds`, but for what those of `earlier` have already."""
    for table in tables_of(metadata):
        same = " AND ".join(f'e."{column.name}" = t."{column.name}"' for column in table.primary_key)
        new = [f"NOT EXISTS (SELECT 1 FROM {each}_{table.name} e WHERE {same})" for each in earlier]  # noqa: S608 - names of our own tables
        # What is told of a country has the country for its key.
        own = "t.key ~ '^[0-9a-f]{8}-'" if "sequence" in table.columns and "key" in table.columns else "true"
        own = OWN[table.name].format(seeds=seeds) if table.name in OWN else own
        kept = f'SELECT * FROM "{table.name}" t WHERE {" AND ".join([own, *new])}'  # noqa: S608 - names of our own tables
        await connection.execute(f"CREATE TABLE {seeds}_{table.name} AS {kept}")


async def copy(connection: Any, metadata: MetaData, what: Copying) -> int:
    """Adds the copies to every table. Gives the number of rows."""
    rows = 0
    for table in tables_of(metadata):
        done = await connection.execute(await _insert(connection, table, what))
        rows += int(done.split()[-1])
    return rows


async def _insert(connection: Any, table: Table, what: Copying) -> str:
    seeds = f"{what.seeds}_{table.name}"
    span = {
        column.name: await _span(connection, what.seeds, table.name, column.name)
        for column in table.columns
        if (table.name, column.name) in COUNTED
    }
    kinds = dict(await connection.fetch(KINDS, seeds))
    values = [
        await _value(connection, seeds, column, table.name, what, span, kinds.get(column.name))
        for column in table.columns
    ]
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    numbered = f"SELECT *, {what.first} + k * {what.step} / 1000 AS n FROM {seeds}"  # noqa: S608 - names of our own tables
    copied = f"generate_series(0, {what.count - 1}) AS k CROSS JOIN LATERAL ({numbered}) AS s"
    return f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(values)} FROM {copied}'  # noqa: S608 - names of our own tables


async def _span(connection: Any, seeds: str, table: str, column: str) -> tuple[int, int, int]:
    """The smallest of a counted column, how many numbers it spans, and after which number the copies count on."""
    low, high = await connection.fetchrow(f'SELECT min("{column}"), max("{column}") FROM {seeds}_{table}')  # noqa: S608 - names of our own tables
    taken = await connection.fetchval(f'SELECT coalesce(max("{column}"), 0) FROM "{table}"')  # noqa: S608 - names of our own tables
    return low or 0, (high or 0) - (low or 0) + 1, taken


KINDS = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1"


async def _value(
    connection: Any, seeds: str, column: Any, table: str, what: Copying, span: Any, kind: str | None
) -> str:
    name = f's."{column.name}"'
    prefix = f"to_hex({FIRST} + s.n)"
    prefix = f"lpad({prefix}, 8, '0')"
    made_up = MADE_UP.get((table, column.name))
    if made_up is not None:
        text = made_up.format(n="s.n", prefix=prefix)
        return f"CASE WHEN {name} IS NULL THEN NULL ELSE {text} END"
    if column.name in span:
        low, size, taken = span[column.name]
        return f"{name} - {low} + {taken + 1} + k::bigint * {size}"
    if column.name in MOMENTS.get(table, ()):
        age = f"greatest(0, {what.count - 1 - TODAY} - k)"
        return f"{name} - make_interval(mins => (30 * {age})::int)"
    if isinstance(column.type, Uuid):
        return name if column.name in REFERS_TO_THEM else f"({prefix} || substr({name}::text, 9))::uuid"
    return await _text(connection, seeds, name, prefix, what, kind) if kind and kind in MAY_HOLD_IDS else name


MAY_HOLD_IDS = frozenset({"text", "character varying", "jsonb", "json", "bytea"})


async def _text(connection: Any, seeds: str, name: str, prefix: str, what: Copying, kind: str) -> str:
    """A text, JSON or bytes with ids in it, if any of the played rows has one; everything else as it is."""
    text = f"convert_from({name}, 'UTF8')" if kind == "bytea" else f"{name}::text"
    place = f"{seeds} {name}"
    if place not in what.known:
        what.known[place] = await _has_ids(connection, seeds, text, "|".join(what.beginnings))
    if not what.known[place]:
        return name
    for beginning in what.beginnings:
        text = f"replace({text}, '{beginning}-', {prefix} || '-')"
    return f"convert_to({text}, 'UTF8')" if kind == "bytea" else f"({text})::{kind}"


async def _has_ids(connection: Any, seeds: str, text: str, wanted: str) -> bool:
    asked = f"SELECT coalesce(bool_or({text} ~ '({wanted})-'), false) FROM {seeds} AS s"  # noqa: S608 - names of our own tables
    try:
        return bool(await connection.fetchval(asked))
    except asyncpg.CharacterNotInRepertoireError:  # a digest
        return False


async def empty(connection: Any, metadata: MetaData) -> None:
    """Of what was copied; and of what the asks of an earlier register added to that of everyone, which would be read
    for growth."""
    names = ", ".join(f'"{table.name}"' for table in tables_of(metadata))
    await connection.execute(f"TRUNCATE {names}")
    for table in metadata.sorted_tables:
        if table.name in FOR_EVERYONE:
            key = ", ".join(f'"{column.name}"' for column in table.primary_key)
            found = f'CREATE TABLE IF NOT EXISTS found_{table.name} AS SELECT {key} FROM "{table.name}"'  # noqa: S608 - names of our own tables
            await connection.execute(found)
            ours = f'DELETE FROM "{table.name}" WHERE ({key}) NOT IN (SELECT {key} FROM found_{table.name})'  # noqa: S608 - names of our own tables
            await connection.execute(ours)


async def without_indexes(connection: Any, metadata: MetaData) -> list[str]:
    """Takes the indexes, keys and references away: rows are written faster without. Gives what puts them back; a
    reference is put back for new rows alone, since these were copied whole."""
    names = [table.name for table in tables_of(metadata)]
    constraints = await connection.fetch(
        """SELECT c.conname AS name, r.relname AS table, c.contype::text AS kind, pg_get_constraintdef(c.oid) AS text
           FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
           WHERE r.relname = ANY($1) AND c.contype IN ('p', 'u', 'f') ORDER BY c.contype = 'f' DESC""",
        names,
    )
    put_back: list[str] = []
    for each in constraints:
        await connection.execute(f'ALTER TABLE "{each["table"]}" DROP CONSTRAINT "{each["name"]}"')
        later = " NOT VALID" if each["kind"] == "f" else ""
        text = f'ALTER TABLE "{each["table"]}" ADD CONSTRAINT "{each["name"]}" {each["text"]}{later}'
        put_back.insert(0, text)  # keys before the references to them
    for each in await connection.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY($1)", names):
        await connection.execute(f'DROP INDEX "{each["indexname"]}"')
        put_back.append(each["indexdef"])
    return put_back


async def spend(connection: Any, metadata: MetaData) -> None:
    """The accounts that all share have enough to spend, and to take back."""
    if "budget" in metadata.tables:
        await connection.execute("UPDATE budget SET committed = amount / 2, paid = amount / 4")


async def settle(connection: Any, metadata: MetaData) -> None:
    """The server knows what is in the tables, also in those that are not copied."""
    names = ", ".join(f'"{table.name}"' for each in (STANDING, metadata) for table in each.sorted_tables)
    await connection.execute(f"VACUUM ANALYZE {names}")


async def count_on(connection: Any) -> None:
    """Numbers given from here on come after those of the copies."""
    for table, column in COUNTED:
        if column == "id":
            next_id = f'SELECT max(id) + 1 FROM "{table}"'  # noqa: S608 - names of our own tables
            await connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({next_id}))")
