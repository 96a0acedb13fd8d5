"""What both services keep of a family after its race."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tests.races.books import Books, Row
from tests.races.household import Household


@dataclass
class Evidence:
    """Rows by individual where they are of one. `told`: the facts of each service about
    the case, in the order of their sequence, with the envelope around the data."""

    flight: Row = field(default_factory=dict)
    hand_over: Row | None = None
    passengers: dict[UUID, Row] = field(default_factory=dict)
    members: dict[UUID, Row] = field(default_factory=dict)
    clearances: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    departures: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    statements: dict[UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def departed(self) -> set[UUID]:
        """Those who departed, as travel has it."""
        return {one for one, row in self.passengers.items() if row["status"] == "departed"}

    def facts(self, service: str, *kinds: str) -> list[Row]:
        """Facts of these kinds (`member.withdrawn`), in order."""
        return [fact for fact in self.told[service] if fact["type"].split(".", 2)[2].removesuffix(".v1") in kinds]


REGISTRATION: dict[str, Callable[[Evidence], dict[UUID, list[Row]]]] = {
    "clearance_passenger": lambda evidence: evidence.clearances,
    "departure": lambda evidence: evidence.departures,
    "withdrawal_statement": lambda evidence: evidence.statements,
}


async def gather(books: Books, families: Sequence[Household]) -> dict[UUID, Evidence]:
    """The evidence of each family, by its case."""
    found: dict[UUID, Evidence] = {family.case: Evidence() for family in families}
    flights = {family.flight: family.case for family in families}
    for row in await books.rows("travel", "flight", "id", flights):
        found[flights[UUID(row["id"])]].flight = row
    for row in await books.rows("travel", "hand_over", "flight_id", flights):
        found[flights[UUID(row["flight_id"])]].hand_over = row
    for row in await books.rows("travel", "passenger", "case_id", found):
        found[UUID(row["case_id"])].passengers[UUID(row["individual_id"])] = row
    for row in await books.rows("registration", "case_member", "case_id", found):
        found[UUID(row["case_id"])].members[UUID(row["individual_id"])] = row
    for table, kept in REGISTRATION.items():
        for row in await books.rows("registration", table, "case_id", found):
            kept(found[UUID(row["case_id"])])[UUID(row["individual_id"])].append(row)
    for service in ("travel", "registration"):
        for case, fact in await books.facts(service, found):
            found[case].told[service].append(fact)
    return found
