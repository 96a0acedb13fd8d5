"""When somebody may join a case or leave it. Pure.

A case is a party that decides, is decided on and travels together: so nobody comes into it or goes out of it while the
doors of a flight are closed on it, and once somebody has left, those who stay are another party (lifecycle, guards 2,
3 and 8). Return is voluntary: nobody is kept in a case, and whoever joins one has agreed to nothing yet.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.registration.cases.rules import ON_THE_GROUND, DatesImpossible, age_band
from shared.contracts.registration import AgeBand, Joined, Left
from shared.problems import Problem


class ComesBy(StrEnum):
    """How somebody joins who was not in the case before."""

    BORN = Joined.BORN.value
    FOUND = Joined.FOUND.value
    OTHER = Joined.OTHER.value


class Change(StrEnum):
    JOINED = "joined"
    LEFT = "left"


class CaseOnTheWay(Problem):
    slug = "case-on-the-way"
    status = 409
    title = "Somebody of this case is cleared to depart, or has left the country"
    remedy = (
        "Until the flight has left, or the clearance is released, nobody joins or leaves the case; once somebody has "
        "left, register who joins in a case of their own. Who stays behind says so by a withdrawal."
    )


class NobodyWouldStay(Problem):
    slug = "nobody-would-stay"
    status = 409
    title = "Nobody would be left in the case"
    remedy = "Close the case instead, and say why. Nothing was changed."


class LeftAlready(Problem):
    slug = "left-case-already"
    status = 409
    title = "That person has left the case"
    remedy = "Nothing needs to be done. Who comes back, or was taken out by mistake, rejoins."


class InTheCase(Problem):
    slug = "in-the-case-already"
    status = 409
    title = "That person is in the case"
    remedy = "Nothing needs to be done."


class OtherRecordGoesOn(Problem):
    slug = "other-record-goes-on"
    status = 409
    title = "Another record of that person goes on"
    remedy = "Go on with the case of that record, or undo the link first: then they are two people."


class ChildLeavesWithProtection(Problem):
    slug = "child-leaves-with-protection"
    status = 409
    title = "A child leaves a case by protection's record alone"
    remedy = "Ask a protection officer to look at where the child goes, and with whom, and to record it."


class ParentLeavesWithProtection(Problem):
    slug = "parent-leaves-with-protection"
    status = 409
    title = "Who is responsible for a child that stays leaves the case by protection's record alone"
    remedy = (
        "Ask a protection officer to look at the child, and to record the leaving. A parent stays a parent outside the "
        "case; a parent's no is a withdrawal, taken at once, and holds for the children."
    )


def check_on_the_ground(statuses: Collection[str], *, departed: bool) -> None:
    """`statuses`: of the members; `departed`: whether anybody of the case ever left. Raises `CaseOnTheWay`."""
    if departed or not ON_THE_GROUND.issuperset(statuses):
        raise CaseOnTheWay()


def check_born(how: ComesBy, born: date, moment: datetime) -> None:
    """Nobody joins before being born; and `born` is said of an infant. Days are local: one day of grace for the time
    zones between. Raises `DatesImpossible`."""
    if born > moment.date() + timedelta(days=1):
        raise DatesImpossible(why="nobody joins a case before being born")
    if how is ComesBy.BORN and age_band(born, max(born, moment.date())) is not AgeBand.INFANT:
        raise DatesImpossible(why="who is born into a case is under two years old; others are found")


def check_may_leave(*, is_adult: bool, staying: int, a_child_stays: bool, how: Left, by_protection: bool) -> None:
    """`a_child_stays`: for whom the leaver is responsible. Leaving a case ends no parental responsibility, and the
    other parent alone would sign: so protection looks at it, save where the parent died (Convention on the Rights of
    the Child, articles 9 and 18).

    Raises `NobodyWouldStay`, `ChildLeavesWithProtection`, `ParentLeavesWithProtection`.
    """
    if staying == 0:
        raise NobodyWouldStay()
    if by_protection:
        return
    if not is_adult:
        raise ChildLeavesWithProtection()
    if a_child_stays and how is not Left.DIED:
        raise ParentLeavesWithProtection()


def check_left_since(registered_at: datetime, moment: datetime) -> None:
    """`registered_at`: the case, `moment`: the leaving. Raises `DatesImpossible`."""
    if moment < registered_at:
        raise DatesImpossible(why="nobody leaves a case before it was registered; `occurred_at` is from then on")
