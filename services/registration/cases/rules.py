"""Where individuals stand, what a household must be, and who may see what. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.codes import is_area_of
from shared.contracts.registration import AgeBand, Relation
from shared.problems import Problem
from shared.states import StateTable, move
from shared.text import compared

ADULT_FROM = 18
OLDEST = 120
MOST_MEMBERS = 30
AREA = r"^[A-Z]{2}-[A-Z0-9]{1,3}$"
"""A part of a country by ISO 3166-2, such as IQ-AR: restrictions name areas by the same code."""


class Channel(StrEnum):
    """How the first contact came about."""

    OFFICE_VISIT = "office_visit"
    PHONE = "phone"
    ONLINE = "online"
    OUTREACH_VISIT = "outreach_visit"
    REFERRAL = "referral"
    AIRPORT_DESK = "airport_desk"


RETURN = StateTable(
    name="individual",
    states=("open", "counselled", "declared", "cleared", "departed", "not_admitted", "withdrawn"),
    initial="open",
    moves=(
        move("record_counselling", "open", to="counselled"),
        move("record_counselling", "counselled", "declared", "not_admitted", "withdrawn"),
        # A child signs nothing, so a child's declaration needs no counselling of the child: the signers' is asked for.
        move("sign_declaration", "open", "counselled", "withdrawn", "not_admitted", to="declared"),
        move("withdraw", "open", "counselled", "declared", to="withdrawn"),
        # Too late, or nothing left to withdraw from: taken all the same, and kept as a statement.
        move("withdraw", "cleared", "departed", "not_admitted", "withdrawn"),
        move("lapse", "declared", to="counselled"),
        move("clear", "declared", to="cleared"),
        move("release", "cleared", to="declared"),
        move("depart", "cleared", to="departed"),
        # Left without clearance of ours: worked on paper, or found out afterwards and confirmed by a person.
        move("confirm_departure", "open", "counselled", "declared", "cleared", "withdrawn", to="departed"),
        # Home without a departure of ours: before anyone knew, with their own government, or on their own.
        move("record_return", "open", "counselled", "declared", "withdrawn", "not_admitted", to="departed"),
        # Recorded by mistake: the way back to where they stood begins here (returns/rules.py).
        move("undo_return", "departed", to="open"),
        move("refuse_entry", "departed", to="not_admitted"),
    ),
)
"""An individual's way to the return. `closed` is not in it: a closed case shows all its members as closed, and each
stands again where they stood when it is reopened."""

FILE = StateTable(
    name="case",
    states=("open", "closed"),
    initial="open",
    moves=(move("close_case", "open", to="closed"), move("reopen_case", "closed", to="open")),
)

CLOSED = "closed"
LEFT = "left_case"
"""Shown of somebody who was in the case, where what was recorded of them then is looked at."""
SHOWN = (*RETURN.states, CLOSED)

ON_THE_GROUND = frozenset({"open", "counselled", "declared", "withdrawn"})
"""Where those stand whose return has not begun: as long as all do, somebody may join the case or leave it."""
_ON_THE_WAY = ("open", "counselled", "declared")
# Least advanced first. Who was not admitted needs somebody sooner than who arrived.
_PROGRESS = ("open", "counselled", "declared", "cleared", "not_admitted", "departed")


WHILE_OPEN = ("correct_case", "record_screening", "place_hold", "record_document", "assess_fitness", "give_consent")


def possible_now(members: Iterable[tuple[str, bool]], *, closed: bool) -> list[str]:
    """What can be done with the case now, as far as where its members stand decides it. `members`: the status of each,
    and whether it is an adult. A no is taken whenever it is said; it is offered where it would change something or be
    told to somebody, so not where nobody is left to withdraw. Signing waits until somebody who may sign was counselled.
    """
    standing = list(members)
    statuses = {status for status, _ in standing}
    counselled = any(status != "open" for status, adult in standing if adult)
    signable = any(
        RETURN.may(status, "sign_declaration") and (status != "open" or (counselled and not adult))
        for status, adult in standing
    )
    found = [] if closed else list(WHILE_OPEN)
    if not closed and ON_THE_GROUND.issuperset(statuses):
        found.append("join_case")
    if not closed and any(RETURN.may(status, "record_counselling") for status in statuses):
        found.append("record_counselling")
    if signable:
        found.append("sign_declaration")
    if statuses & {*_ON_THE_WAY, "cleared"} or ("departed" in statuses and not closed):
        found.append("withdraw")
    return [*found, *FILE.verbs("closed" if closed else "open")]


def case_status(statuses: Iterable[str], *, closed: bool) -> str:
    """The case stands where its least advanced member does, of those who have not withdrawn; guard 8 of the
    lifecycle."""
    if closed:
        return CLOSED
    staying = set(statuses) - {"withdrawn"}
    return min(staying, key=_PROGRESS.index) if staying else "withdrawn"


class CaseAlreadyClosed(Problem):
    slug = "case-closed"
    status = 409
    title = "This case is closed"
    remedy = "Reopen the case first. A withdrawal and a new declaration are taken all the same."


class NotAMember(Problem):
    slug = "not-a-member"
    status = 422
    title = "Somebody named here is not in this case"
    remedy = "Read the case: its members have the ids that can be used. `unknown` lists the others."


class MembersUnclear(Problem):
    slug = "members-unclear"
    status = 422
    title = "The members of the case do not fit together"
    remedy = "`why` says what must be so. Nothing was changed."


class ResponsibilityNotShown(Problem):
    slug = "responsibility-not-shown"
    status = 422
    title = "Nothing shows yet that this adult is responsible for the child"
    remedy = (
        "At the desk, parents alone are named: principal applicant and spouse for a `child`, a `parent` for the"
        " principal applicant and a `sibling`. Leave `responsible` empty; protection looks at the child, and records"
        " who is shown to be the guardian, or a parent, with the paper."
    )


class Alone(StrEnum):
    """How a child is without those responsible. Source: Inter-agency Guiding Principles on Unaccompanied and Separated
    Children (2004): with an adult relative, or with no adult relative at all."""

    UNACCOMPANIED = "unaccompanied"
    SEPARATED = "separated"


class DatesImpossible(Problem):
    slug = "dates-impossible"
    status = 422
    title = "A date cannot be right"
    remedy = "`why` says which date, and what it must be. Look at the paper again, and send the date that is so."


class AreaElsewhere(Problem):
    slug = "destination-area-elsewhere"
    status = 422
    title = "The area of the destination lies in another country"
    remedy = "Send the code of an area of that country (ISO 3166-2), send country and area together, or leave it out."


def check_area(country: str, area: str | None) -> None:
    """`country`: ISO 3166-1 alpha-3; `area`: ISO 3166-2. Raises `AreaElsewhere`."""
    if area is not None and not is_area_of(area, country):
        raise AreaElsewhere(country=country, area=area)


def completed_years(born: date, on: date) -> int:
    """Whoever was born on 29 February is a year older on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_band(born: date, on: date, *, disputed: bool = False) -> AgeBand:
    """A disputed age counts as a child's: the oldest band that is one."""
    age = completed_years(born, on)
    if age >= ADULT_FROM:
        return AgeBand.TEEN if disputed else AgeBand.ADULT
    return AgeBand.TEEN if age >= 12 else AgeBand.CHILD if age >= 2 else AgeBand.INFANT


def is_adult(born: date, on: date, *, disputed: bool = False) -> bool:
    return not disputed and completed_years(born, on) >= ADULT_FROM


def name_keys(given: str, family: str | None) -> tuple[str, str]:
    """What a name is found by: as it is compared, with the given name first and with the family name first."""
    return compared(f"{given} {family or ''}"), compared(f"{family or ''} {given}")


def protection_is_pending(born: date, responsible: Collection[object], on: date) -> bool:
    """A child without a holder of parental responsibility in the case is unaccompanied or separated."""
    return not is_adult(born, on) and not responsible


def how_alone(child: Relation, adults: Iterable[Relation]) -> Alone:
    """Of a child without those responsible. `adults`: the relations of the adults in the case. All relations are to the
    principal applicant: nothing is known of kinship between people who are not related to them."""
    kin = child is not Relation.NOT_RELATED and any(each is not Relation.NOT_RELATED for each in adults)
    return Alone.SEPARATED if kin else Alone.UNACCOMPANIED


_PARENTS = {
    Relation.CHILD: (Relation.PRINCIPAL, Relation.SPOUSE),
    Relation.SIBLING: (Relation.PARENT,),
    Relation.PRINCIPAL: (Relation.PARENT,),
}


def is_parent(adult: Relation, child: Relation) -> bool:
    """Whether the one is a parent of the other, by their relations to the principal applicant."""
    return adult in _PARENTS.get(child, ())


@dataclass(frozen=True, slots=True)
class Person:
    """What the rules of composition look at. `ref`: the caller's label, or the id as text."""

    ref: str
    relation: Relation
    born: date
    responsible: Sequence[str]
    last_assisted_return: date | None = None
    disputed: bool = False


def check_household(people: Sequence[Person], arrived: date, today: date) -> None:
    """Raises `MembersUnclear` or `DatesImpossible`. The members are named by their place, beginning with 1."""
    if not 1 <= len(people) <= MOST_MEMBERS:
        raise MembersUnclear(why=f"a case has 1 to {MOST_MEMBERS} members")
    if len({person.ref for person in people}) != len(people):
        raise MembersUnclear(why="each member has a label of its own in `ref`")
    _check_dates(people, arrived, today)
    principals = [person for person in people if person.relation is Relation.PRINCIPAL]
    if len(principals) != 1:
        raise MembersUnclear(why="exactly one member is the principal applicant", principals=len(principals))
    adults = {person.ref for person in people if is_adult(person.born, today, disputed=person.disputed)}
    if adults and principals[0].ref not in adults:
        raise MembersUnclear(why="where there is an adult in the case, the principal applicant is one")
    for place, person in enumerate(people, 1):
        _check_responsible(place, person, adults)


def check_parents(people: Sequence[Person]) -> None:
    """At the desk, parents alone are responsible for a child: an uncle is not by being named. Raises
    `ResponsibilityNotShown`."""
    relations = {person.ref: person.relation for person in people}
    for place, person in enumerate(people, 1):
        if not all(is_parent(relations[one], person.relation) for one in person.responsible):
            raise ResponsibilityNotShown(member=place)


def _check_dates(people: Sequence[Person], arrived: date, today: date) -> None:
    if arrived > today:
        raise DatesImpossible(why="arrival in the host country must not be in the future")
    for place, person in enumerate(people, 1):
        if person.born > today:
            raise DatesImpossible(why="nobody is born in the future", member=place)
        if completed_years(person.born, today) > OLDEST:
            raise DatesImpossible(why=f"nobody is older than {OLDEST} years", member=place)
        earlier = person.last_assisted_return
        if earlier is not None and not person.born <= earlier <= today:
            raise DatesImpossible(why="an earlier return lies between birth and today", member=place)


def _check_responsible(place: int, person: Person, adults: set[str]) -> None:
    if not person.responsible:
        return
    if person.ref in adults:
        raise MembersUnclear(why="nobody holds parental responsibility for an adult", member=place)
    if len(set(person.responsible)) != len(person.responsible):
        raise MembersUnclear(why="each who holds parental responsibility is named once", member=place)
    if not set(person.responsible) <= adults:
        raise MembersUnclear(why="who holds parental responsibility is an adult of this case", member=place)


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a case somebody may see, by role."""

    names: bool
    personal: bool
    """Birth date, languages, contact."""
    documents: bool
    findings: bool
    """Health and vulnerability: findings, notes, reasons of holds."""
    alone: bool
    """Whether a child is unaccompanied or separated."""


_READS_PERSONAL = {"registration_officer", "counsellor", "protection", "travel_officer", "medical"}
_READS_FINDINGS = {"protection", "medical"}
_LISTS_NAMES = {"registration_officer", "counsellor", "protection"}


def sight(roles: Collection[str]) -> Sight:
    """The desk at the airport sees names and documents; auditors and the rest see pseudonymous facts alone."""
    personal = not _READS_PERSONAL.isdisjoint(roles)
    named = personal or "airport_desk" in roles
    return Sight(named, personal, named, not _READS_FINDINGS.isdisjoint(roles), lists_names(roles))


def lists_names(roles: Collection[str]) -> bool:
    return not _LISTS_NAMES.isdisjoint(roles)
