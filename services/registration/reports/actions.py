"""Editions of reports are made at the first look in a month, and never changed."""

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite

from services.registration.reckoning.queries import last_position
from services.registration.reports.models import ReportEdition
from services.registration.reports.queries import last_edition
from services.registration.reports.rules import month_of
from services.registration.sweeps.actions import Sweep
from shared.act import Act
from shared.clock import machine_now
from shared.database import Session, core, new_id
from shared.runner import Errand, nothing_to_ask


async def make_report_edition(session: Session, act: Act) -> ReportEdition:
    """Of the month of the act's business date, from what is known here by now; the one that is there, where there is
    one of that month or of a later one."""
    month = month_of(act.today)
    last = await last_edition(session)
    if last is not None and last.month >= month:
        return last
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"month": month, "position": await last_position(session), "made_at": act.now, "made_by": act.by}
    await core(session, dialect.insert(ReportEdition).values(**row).on_conflict_do_nothing())
    made = await last_edition(session)
    assert made is not None  # this one, or that of whoever was quicker
    return made


async def edition_is_due(session: Session) -> Sequence[Sweep]:
    now = machine_now()
    last = await last_edition(session)
    return [Sweep(now, new_id())] if last is None or last.month < month_of(now.date()) else []


async def make_the_next(session: Session, act: Act, _due: Sweep, _result: None) -> None:
    await make_report_edition(session, act)


MAKE_EDITION: Errand[Sweep, None] = Errand(
    name="make_report_edition",
    take=edition_is_due,
    go=nothing_to_ask,
    settle=make_the_next,
    act=Sweep.act,
    production_only=True,
)
