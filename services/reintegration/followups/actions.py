"""Following up a plan: planned with its approval, made by visits and surveys, given up, ended. The caller holds the
lock of the case."""

from datetime import date
from uuid import UUID

from services.reintegration.followups.models import FollowUp
from services.reintegration.followups.queries import ended_ones, last_number, open_ones
from services.reintegration.followups.rules import Kind, NotOpenAnyMore, WhyLost, counts_for, planned_for
from shared.act import Act
from shared.database import Session, new_id


async def plan_follow_ups(session: Session, act: Act, case_id: UUID, plan_id: UUID, arrived: date) -> None:
    """What an approved plan is followed up by."""
    session.add_all(
        FollowUp(id=new_id(), case_id=case_id, plan_id=plan_id, kind=each.kind, number=each.number, due_on=each.due_on)
        for each in planned_for(arrived, act.today)
    )


async def plan_next_visit(session: Session, case_id: UUID, plan_id: UUID, due_on: date) -> None:
    """The day on which a visitor says that the next visit is to be, unless one is planned for it."""
    if any(each.due_on == due_on for each in await open_ones(session, case_id, Kind.VISIT)):
        return
    number = await last_number(session, plan_id, Kind.VISIT) + 1
    session.add(FollowUp(id=new_id(), case_id=case_id, plan_id=plan_id, kind=Kind.VISIT, number=number, due_on=due_on))


async def count_visit(session: Session, act: Act, case_id: UUID, visit_id: UUID, made_on: date) -> None:
    """A visit counts for the earliest open one that it is not too early for; if there is none it is an extra one."""
    waiting = {each.due_on: each for each in await open_ones(session, case_id, Kind.VISIT)}
    day = counts_for(made_on, waiting)
    if day is not None:
        _settle(act, waiting[day], "made", made_by=visit_id)


async def count_survey(session: Session, act: Act, case_id: UUID, survey_id: UUID, number: int) -> None:
    """The first survey of a round makes the round, whoever answered."""
    for each in await open_ones(session, case_id, Kind.SURVEY):
        if each.number == number:
            _settle(act, each, "made", made_by=survey_id)


async def give_up_follow_up(act: Act, follow_up: FollowUp, reason: WhyLost) -> None:
    """Says that it will not be made. Raises `NotOpenAnyMore`."""
    if follow_up.status != "open":
        raise NotOpenAnyMore(state=follow_up.status)
    _settle(act, follow_up, "lost", why_lost=reason)


async def end_follow_ups(session: Session, act: Act, case_id: UUID) -> None:
    """With the assistance."""
    for kind in Kind:
        for each in await open_ones(session, case_id, kind):
            _settle(act, each, "ended")


async def take_up_follow_ups(session: Session, case_id: UUID) -> None:
    """Opens again what only the closure had ended."""
    for each in await ended_ones(session, case_id):
        each.status, each.settled_by, each.settled_at = "open", None, None


def _settle(
    act: Act, follow_up: FollowUp, status: str, *, made_by: UUID | None = None, why_lost: str | None = None
) -> None:
    follow_up.status, follow_up.made_by, follow_up.why_lost = status, made_by, why_lost
    follow_up.settled_by, follow_up.settled_at = act.by, act.now
