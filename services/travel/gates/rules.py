"""The gates: what is asked of one person at booking, at check-in and at the doors. Pure, over what is known so far.

Every gate asks everything that was asked before it, again.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

CHECK_VALID_FOR: Final = timedelta(hours=72)
"""A pre-embarkation check is made 24 to 72 hours before departure (IOM, Pre-departure and travel health)."""

FIT: Final = frozenset({"fit", "fit_with_support", "waived"})

SENTENCES: Final = {
    "not_in_case": ("This person does not belong to the case any more.", "registration_officer"),
    "case_closed": ("The case is closed; it must be opened again first.", "registration_officer"),
    "withdrawn": ("This person withdrew from the return; only a new declaration opens the way again.", "counsellor"),
    "home_already": ("This person is back home already, without a flight of ours.", "registration_officer"),
    "other_record_stands": (
        "This record is linked to another of the same person, which stands: book that one.",
        "registration_officer",
    ),
    "eligibility_undecided": ("Eligibility has not decided on this case yet.", "programme_officer"),
    "eligibility_needs_information": ("Eligibility waits for an answer before it can decide.", "registration_officer"),
    "not_eligible": ("Eligibility decided that this case is not eligible.", "programme_officer"),
    "decision_for_another_attempt": (
        "The decision was made for an earlier attempt; it must be made again.",
        "programme_officer",
    ),
    "decision_expired": (
        "The decision is not good until the day of departure; it must be made again.",
        "programme_officer",
    ),
    "not_declared": ("There is no signed declaration of voluntary return for this attempt.", "counsellor"),
    "held": ("The case is on hold; whoever placed the hold must release it.", "counsellor"),
    "destination_suspended": (
        "Returns to this destination are suspended on the day of departure.",
        "programme_officer",
    ),
    "destination_area_unknown": (
        "Part of the destination country is suspended, and the case does not say where in it the person returns to.",
        "registration_officer",
    ),
    "other_destination": ("This flight does not end in the country the case returns to.", "travel_officer"),
    "protection_pending": ("Protection has not cleared this child's journey yet.", "protection"),
    "no_travel_document": ("There is no passport or other travel document.", "registration_officer"),
    "document_not_valid_then": ("No travel document is valid on the days of this journey.", "registration_officer"),
    "document_used_up": ("The travel document was good for one journey and has been used.", "registration_officer"),
    "exit_permit_missing": ("An exit permit is asked for on leaving the host country.", "registration_officer"),
    "visa_missing": ("A visa is asked for here.", "registration_officer"),
    "transit_visa_missing": ("A transit visa is asked for where the journey passes through.", "registration_officer"),
    "still_cleared": (
        "Registration has not let go yet of the clearance for a flight that this person did not take: in a moment.",
        "travel_officer",
    ),
    "check_missing": ("There is no pre-embarkation medical check.", "medical"),
    "check_too_old": ("The medical check will be too old at departure; it must be made again.", "medical"),
    "check_to_repeat": ("The medical check was for a seat that was lost; it must be made again.", "medical"),
    "second_seat_missing": ("This person needs more than one seat, and they are not held yet.", "travel_officer"),
    "escort_missing": ("This person needs an escort with a seat on this flight.", "travel_officer"),
    "not_fit": ("The medical check did not find this person fit to travel.", "medical"),
    "flies_too_late": ("This flight departs after the latest day medical allows.", "medical"),
    "willingness_not_asked": ("This adult must be asked, alone, whether they want to fly.", "airport_desk"),
    "not_willing": ("This adult has not said yes.", "airport_desk"),
}
"""Each code with its sentence and the role that can help. None of them says why someone is held or what was found."""


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """One thing a gate asks for. `country`: where it is asked, for papers."""

    code: str
    country: str | None = None

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code][0]

    @property
    def who_can_help(self) -> str:
        return SENTENCES[self.code][1]


@dataclass(frozen=True, slots=True)
class Check:
    """The last pre-embarkation check. `fly_before`: the latest day of departure. `good_for`: how old it may be then;
    `to_repeat`: it was made for a seat that was lost since."""

    outcome: str
    checked_at: datetime
    fly_before: date | None
    good_for: timedelta = CHECK_VALID_FOR
    to_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: str
    good_until: date | None
    attempts: dict[UUID, int]


@dataclass(frozen=True, slots=True)
class Suspension:
    area: str | None
    valid_from: date
    valid_until: date | None
    lifted_on: date | None

    def is_in_force(self, on: date) -> bool:
        return (
            self.valid_from <= on
            and (self.valid_until is None or on <= self.valid_until)
            and (self.lifted_on is None or on < self.lifted_on)
        )


@dataclass(frozen=True, slots=True)
class CaseKnown:
    closed: bool
    destination_country: str
    destination_area: str | None
    decision: Decision | None
    suspensions: tuple[Suspension, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """One individual in one attempt, as known from all facts so far. `papers_missing`: what the rules on papers still
    ask for this trip, as pairs of a code and the country that asks. `second_seat_missing`, `escort_missing`: of what
    the last check says must be arranged."""

    individual: UUID
    in_case: bool
    adult: bool
    attempt: int
    declared: bool
    withdrawn: bool
    held: bool
    protection_pending: bool
    papers_missing: tuple[tuple[str, str], ...] = ()
    check: Check | None = None
    home_already: bool = False
    other_record_stands: bool = False
    still_cleared: bool = False
    second_seat_missing: bool = False
    escort_missing: bool = False


@dataclass(frozen=True, slots=True)
class Trip:
    """A flight as the gates need it: when it departs, and in which country it ends."""

    departs: datetime
    destination: str


def missing_at_booking(person: Person, case: CaseKnown, trip: Trip | None, today: date) -> list[Missing]:
    """Eligible, declared, not held, destination open, protection cleared. Without a trip, as of `today`."""
    on = trip.departs.date() if trip else today
    found = []
    if not person.in_case:
        found.append("not_in_case")
    if case.closed:
        found.append("case_closed")
    found += _standing_missing(person)
    found += _eligibility_missing(person, case.decision, on)
    found += _destination_missing(case, trip, on)
    return [Missing(code) for code in found]


def missing_at_check_in(person: Person, case: CaseKnown, trip: Trip | None, today: date) -> list[Missing]:
    """Everything asked at booking, and papers and health for this very journey."""
    return [
        *missing_at_booking(person, case, trip, today),
        *([Missing("still_cleared")] if person.still_cleared else []),
        *(Missing(code, country or None) for code, country in person.papers_missing),
        *_health_missing(person.check, trip, today),
        *_arranging_missing(person),
    ]


def missing_at_doors(
    person: Person, case: CaseKnown, trip: Trip | None, today: date, word: str | None
) -> list[Missing]:
    """Everything asked at check-in, and of each adult the word, given for this flight. `word`: the standing answer."""
    found = missing_at_check_in(person, case, trip, today)
    if person.adult and word != "yes":
        found.append(Missing("willingness_not_asked" if word is None else "not_willing"))
    return found


def _standing_missing(person: Person) -> list[str]:
    found = []
    if person.withdrawn:
        found.append("withdrawn")
    elif not person.declared:
        found.append("not_declared")
    if person.home_already:
        found.append("home_already")
    if person.other_record_stands:
        found.append("other_record_stands")
    if person.held:
        found.append("held")
    if person.protection_pending:
        found.append("protection_pending")
    return found


def _eligibility_missing(person: Person, decision: Decision | None, on: date) -> list[str]:
    if decision is None:
        return ["eligibility_undecided"]
    if decision.outcome == "needs_information":
        return ["eligibility_needs_information"]
    if decision.outcome != "eligible":
        return ["not_eligible"]
    if decision.attempts.get(person.individual) != person.attempt:
        return ["decision_for_another_attempt"]
    if decision.good_until is not None and on > decision.good_until:
        return ["decision_expired"]
    return []


def _destination_missing(case: CaseKnown, trip: Trip | None, on: date) -> list[str]:
    found = []
    if trip is not None and trip.destination != case.destination_country:
        found.append("other_destination")
    areas = {each.area and each.area.casefold() for each in case.suspensions if each.is_in_force(on)}
    home = case.destination_area and case.destination_area.casefold()
    if None in areas or (home is not None and home in areas):
        found.append("destination_suspended")
    elif areas and home is None:
        found.append("destination_area_unknown")
    return found


def _health_missing(check: Check | None, trip: Trip | None, today: date) -> list[Missing]:
    if check is None:
        return [Missing("check_missing")]
    if check.outcome not in FIT:
        return [Missing("not_fit")]
    if check.to_repeat:
        return [Missing("check_to_repeat")]
    if trip is not None and trip.departs - check.checked_at > check.good_for:
        return [Missing("check_too_old")]
    on = trip.departs.date() if trip else today
    if check.fly_before is not None and on > check.fly_before:
        return [Missing("flies_too_late")]
    return []


def _arranging_missing(person: Person) -> list[Missing]:
    found = []
    if person.second_seat_missing:
        found.append(Missing("second_seat_missing"))
    if person.escort_missing:
        found.append(Missing("escort_missing"))
    return found
