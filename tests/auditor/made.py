"""Evidence in memory, which a test may spoil as it likes: a copy of what a run left."""

from copy import deepcopy
from dataclasses import dataclass, field

from tests.auditor.evidence import Evidence, Findings, Kept, Logged, Row, Told, an_id
from tests.auditor.facts import HEARD
from tests.load.journal import Asked

READ = (
    (
        "registration",
        "audit stream parked inbox case_file case_member screening counselling_session consent declaration",
    ),
    ("registration", "document fitness_check withdrawal_statement departure clearance clearance_passenger"),
    ("registration", "journey_line passage_fact protection_item hold relief_item stock_level stock_movement"),
    ("registration", "relief_card distribution distributed_item relief_receipt relief_second_attempt"),
    ("registration", "referral enquiry feedback headcount outreach_visit information_session"),
    ("registration", "membership_change possible_duplicate people_link notice notice_telling"),
    ("eligibility", "audit stream parked inbox case_fact member_fact passage_fact standing decision restriction"),
    ("eligibility", "rule_exception link_fact"),
    ("travel", "audit stream parked inbox case_fact member_fact attempt_fact document_fact check_fact clearance_fact"),
    ("travel", "decision_fact restriction_fact flight booking passenger willingness_statement allowance_payment"),
    ("travel", "hand_over handed_over waiting_entry seat_offer travel_group escort protection_fact hold_fact"),
    ("travel", "fare_entry fare_entry_beside group_case paper_manifest"),
    ("travel", "transport_run transport_place hotel_stay link_fact departure departure_beside"),
    ("reintegration", "audit stream parked inbox fact_case fact_member fact_withdrawal fact_decision fact_seat"),
    ("reintegration", "fact_allowance assisted_case payment delivery visit survey closure payment_reversal"),
    ("reintegration", "reopening plan_amendment fact_link community_project project_share follow_up"),
    ("reintegration", "counselling_session"),
    ("reintegration", "budget budget_entry plan plan_instalment approval quotation purchase_order invoice"),
)
"""Every table that a rule reads, by service."""


@dataclass
class Made:
    """A test changes these lists and rows, and asks the rules again."""

    services: tuple[str, ...]
    journal: list[Asked]
    told: dict[str, list[Told]]
    logged: list[Logged]
    keys: dict[str, list[Kept]]
    tables: dict[tuple[str, str], list[Row]]
    never_fetched: dict[str, str] = field(default_factory=dict)

    def inbox(self, service: str) -> dict[tuple[str, str], int]:
        rows = self.tables[(service, "inbox")]
        return {(row["source"].rsplit("/", 1)[-1], row["key"]): row["sequence"] for row in rows}

    def kept(self, service: str) -> list[Kept]:
        return self.keys[service]

    def all_of(self, service: str, table: str) -> list[Row]:
        return self.tables[(service, table)]

    def behind(self, listener: str) -> Findings:
        if listener in self.never_fetched:
            yield self.never_fetched[listener]

    def row(self, service: str, table: str, **having: object) -> Row:
        """The first row that has these values."""
        for row in self.tables[(service, table)]:
            if all(row[name] == value for name, value in having.items()):
                return row
        raise LookupError(f"no row of {service}.{table} has {having}")

    def drop(self, service: str, table: str, **having: object) -> Row:
        row = self.row(service, table, **having)
        self.tables[(service, table)].remove(row)
        return row

    def double(self, service: str, table: str, **having: object) -> Row:
        row = dict(self.row(service, table, **having))
        self.tables[(service, table)].append(row)
        return row


def copied(evidence: Evidence) -> Made:
    return Made(
        tuple(evidence.services),
        list(evidence.journal),
        {service: list(told) for service, told in evidence.told.items()},
        [Logged(each.topic, each.key, deepcopy(each.document), each.lane) for each in evidence.logged],
        {service: list(evidence.kept(service)) for service in evidence.services},
        {
            (service, table): [dict(row) for row in evidence.all_of(service, table)]
            for service, tables in READ
            for table in tables.split()
        },
    )


def heard_by(evidence: Evidence, listener: str) -> Logged:
    """A message that this service hears."""
    types = {kind.type for kind in HEARD[listener]}
    return next(each for each in evidence.logged if each.document["type"] in types)


def same(one: object, other: object) -> bool:
    return an_id(one) == an_id(other)
