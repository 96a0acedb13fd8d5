"""Asking for papers, following them, and reminding of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.travel.bookings.rules import CaseNotKnownYet, NotOfThisCase
from services.travel.facts.queries import dossier_of
from services.travel.requests.models import PaperReminder, PaperRequest
from services.travel.requests.queries import open_for, to_remind
from services.travel.requests.rules import (
    REQUEST,
    RequestedAlready,
    check_dates,
    first_reminder,
    is_overdue,
    next_reminder,
)
from services.travel.requests.schemas import DueBody, RequestBody
from shared.act import Act
from shared.clock import machine_now
from shared.concurrency import touch
from shared.contracts.registration import DocumentRecorded
from shared.database import Session, new_id
from shared.events import Envelope
from shared.runner import Errand, nothing_to_ask

AT_ONCE: Final = 100


async def request_paper(session: Session, act: Act, body: RequestBody) -> PaperRequest:
    """Raises `CaseNotKnownYet`, `NotOfThisCase`, `RequestDates`, `RequestedAlready`."""
    dossier = await dossier_of(session, body.case_id)
    if dossier.case is None:
        raise CaseNotKnownYet()
    if body.individual_id not in dossier.members:
        raise NotOfThisCase(individuals=[body.individual_id])
    appointed_on = None if body.appointment_at is None else body.appointment_at.date()
    check_dates(body.requested_on, act.today, body.due_on, appointed_on)
    there = [
        each
        for each in await open_for(session, body.individual_id, str(body.document))
        if each.asked_of == body.asked_of
    ]
    if there:
        raise RequestedAlready(request=str(there[0].id))
    said = body.model_dump(exclude={"remind_before_days", "document"})
    request = PaperRequest(
        **said,
        document=str(body.document),
        status="requested" if body.appointment_at is None else "appointed",
        remind_on=first_reminder(body.due_on, body.remind_before_days, body.requested_on),
        by=act.by,
        recorded_at=act.now,
    )
    session.add(request)
    await session.flush()
    return request


def appoint(request: PaperRequest, at: datetime) -> None:
    """Raises `NotPossibleNow`, `RequestDates`."""
    status = REQUEST.after(request.status, "appoint")
    check_dates(request.requested_on, request.requested_on, at.date())
    request.status, request.appointment_at = status, at
    touch(request)


def set_due(request: PaperRequest, body: DueBody) -> None:
    """Raises `NotPossibleNow`, `RequestDates`."""
    REQUEST.after(request.status, "set_due")
    check_dates(request.requested_on, request.requested_on, body.due_on)
    request.due_on = body.due_on
    request.remind_on = first_reminder(body.due_on, body.remind_before_days, request.requested_on)
    touch(request)


def settle_request(act: Act, request: PaperRequest, verb: str, on: date) -> None:
    """Collected, refused or abandoned, on a day. Raises `NotPossibleNow`, `RequestDates`."""
    status = REQUEST.after(request.status, verb)
    check_dates(request.requested_on, act.today, on)
    check_dates(on, act.today)
    request.status, request.settled_on = status, on
    touch(request)


async def on_document_recorded(session: Session, act: Act, envelope: Envelope, fact: DocumentRecorded) -> None:
    """Registration has the paper in hand: whoever waited for it waits no more. A paper of another country, or for
    another, is not the one that was asked for."""
    if not fact.valid:
        return
    for request in await open_for(session, fact.individual, str(fact.kind)):
        if request.asked_of == fact.issuing_country and request.for_country == fact.for_country:
            request.status = REQUEST.after(request.status, "collect_paper")
            request.settled_on = max(request.requested_on, act.today)
            request.document_id = fact.document
            touch(request)


async def remind(session: Session, act: Act, limit: int) -> list[PaperRequest]:
    """Reminds of up to `limit` open requests whose day has come, each once for that day. Whoever reads the list of
    overdue ones, or the request, sees how often."""
    due = list(await to_remind(session, act.today, limit))
    for request in due:
        request.reminders_sent += 1
        session.add(
            PaperReminder(
                request_id=request.id,
                number=request.reminders_sent,
                on=act.today,
                overdue=is_overdue(request.status, request.due_on, act.today),
                sent_at=act.now,
            )
        )
        request.remind_on = next_reminder(request.remind_on, request.remind_every_days, act.today)
        touch(request)
    await session.flush()
    return due


@dataclass(frozen=True, slots=True)
class DayToRemind:
    """A date on which somebody is to be reminded of a request."""

    now: datetime
    cause: UUID

    def act(self) -> Act:
        return Act("service:travel", frozenset({"service"}), self.now, self.cause, self.cause, "travel")


async def days_to_remind(session: Session) -> list[DayToRemind]:
    """Today, by the machine's clock, as long as some request's day has come."""
    now = machine_now()
    return [DayToRemind(now, new_id())] if await to_remind(session, now.date(), 1, lock=False) else []


async def settle_day(session: Session, act: Act, _day: DayToRemind, _result: None) -> None:
    """The next requests. The runner comes again as long as there are more."""
    await remind(session, act, AT_ONCE)


REMIND_DAILY: Errand[DayToRemind, None] = Errand(
    name="remind_of_papers",
    take=days_to_remind,
    go=nothing_to_ask,
    settle=settle_day,
    act=DayToRemind.act,
    production_only=True,
)
