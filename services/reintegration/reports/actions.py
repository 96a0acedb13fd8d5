"""Reports are read, and nothing is changed by them."""

from datetime import date

from services.reintegration.budgets.rules import Movement
from services.reintegration.reports.queries import (
    Asked,
    activities,
    cases_helped,
    help_by_kind,
    moved,
    people_helped,
    talks,
    visits_by_kind,
)
from services.reintegration.reports.rules import DEFINITION, NotKnownYet, check_period, totals
from services.reintegration.reports.schemas import AccountAnswer, ActivitiesAnswer, DonorReport
from shared.database import Session
from shared.outbox import last_position


async def report_to_donor(
    session: Session, project: str, since: date, until: date, as_known_at: int | None
) -> DonorReport:
    """Raises `PeriodTurned`, `NotKnownYet`."""
    check_period(since, until)
    last = await last_position(session)
    if as_known_at is not None and as_known_at > last:
        raise NotKnownYet(last=last)
    position = last if as_known_at is None else as_known_at
    asked = Asked(project, since, until, position)
    done = await activities(session, asked)
    return DonorReport(
        definition=DEFINITION,
        project=project,
        since=since,
        until=until,
        as_known_at=position,
        cases=await cases_helped(session, asked),
        people=await people_helped(session, asked),
        activities=ActivitiesAnswer(
            payments=done.get(Movement.PAID, 0),
            deliveries=done.get(Movement.DELIVERED, 0),
            visits=await visits_by_kind(session, asked),
            talks=await talks(session, asked),
            help_after_arrival=await help_by_kind(session, asked),
        ),
        money=[
            AccountAnswer(
                budget_line=each.budget_line,
                currency=each.currency,
                committed=each.committed,
                released=each.released,
                net_committed=each.net_committed,
                paid=each.paid,
                reversed=each.reversed,
                net_paid=each.net_paid,
                delivered=each.delivered,
            )
            for each in totals(await moved(session, asked))
        ],
    )
