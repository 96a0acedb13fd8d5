"""What a run left behind, as the rules read it, wherever it was kept."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from tests.load.journal import Asked

Row = dict[str, Any]
"""By column. Ids and JSON are as the store gives them: `an_id` and `listed` read both stores'."""
Findings = Iterator[str]


@dataclass(frozen=True)
class Told:
    """A fact in an outbox."""

    service: str
    key: str
    sequence: int
    type: str
    position: int | None
    sent: bool
    document: Row

    @property
    def id(self) -> str:
        return str(self.document["id"])

    @property
    def cause(self) -> str:
        return str(self.document["causationid"])


@dataclass(frozen=True)
class Logged:
    """A message in the event log. `lane`: its partition."""

    topic: str
    key: str
    document: Row
    lane: int = 0

    @property
    def sender(self) -> str:
        return self.topic.removeprefix("homeward.")

    @property
    def place(self) -> tuple[str, str, int]:
        """Source, key and sequence."""
        return (self.sender, self.key, int(self.document["sequence"]))


@dataclass(frozen=True, slots=True)
class Kept:
    """A request's key and its answer. `answer`: the hash of its bytes."""

    client: str
    key: str
    status: int | None
    answer: str


class Evidence(Protocol):
    """Read once and kept: two rules see the same."""

    @property
    def services(self) -> Sequence[str]: ...
    @property
    def journal(self) -> Sequence[Asked]: ...
    @property
    def told(self) -> dict[str, list[Told]]:
        """What each service told, by key and sequence."""
        ...

    @property
    def logged(self) -> Sequence[Logged]:
        """Everything in the log, lane by lane in its order."""
        ...

    def inbox(self, service: str) -> dict[tuple[str, str], int]:
        """The last sequence applied, by the telling service and the key."""
        ...

    def kept(self, service: str) -> Sequence[Kept]: ...
    def all_of(self, service: str, table: str) -> Sequence[Row]: ...
    def behind(self, listener: str) -> Findings:
        """Messages of the topics it hears that it never fetched, in sentences."""
        ...


Check = Callable[[Evidence], Findings]


def found_by(checks: Iterable[Check], evidence: Evidence) -> list[str]:
    return [finding for check in checks for finding in check(evidence)]


def an_id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def id_or_none(value: Any) -> UUID | None:
    return None if value is None else an_id(value)


def a_moment(value: Any) -> datetime:
    """In UTC: a time as PostgreSQL gives it, or the microseconds that the embedded store counts."""
    return value if isinstance(value, datetime) else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)


def listed(value: Any) -> Any:
    """JSON as a store gives it."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def by_key(told: Iterable[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for fact in told:
        found[fact.key].append(fact)
    return found


def members_of(evidence: Evidence) -> list[Row]:
    """Those who are of a case; not who left it, whose row stays as they last stood."""
    return [row for row in evidence.all_of("registration", "case_member") if row["left_at"] is None]


def grouped(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """By the ids in these columns: one id, or a tuple of them."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        ids = tuple(an_id(row[column]) for column in columns)
        found[ids if len(ids) > 1 else ids[0]].append(row)
    return found
