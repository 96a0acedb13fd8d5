"""Verbs of age reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from services.registration.cases.actions import derive_protection, tell_case
from services.registration.cases.queries import Case, cases_told_before, lock_files
from services.registration.declarations.actions import lapse_if_unsigned
from shared.act import Act
from shared.clock import machine_now
from shared.contracts.registration import CaseCorrected
from shared.database import Session, core, new_id
from shared.runner import Errand, nothing_to_ask

AT_ONCE = 100
"""Cases that the daily review looks at in one transaction."""


async def review_ages(session: Session, act: Act, limit: int) -> tuple[Sequence[UUID], list[UUID]]:
    """Looks at up to `limit` cases at the act's business date, and tells again those with a band that has changed
    since it was told. A declaration that was not signed as it now must lapses: whoever has come of age signs alone.
    Gives the cases looked at, and those told again. None is looked at twice on the same date."""
    looked_at = await cases_told_before(session, act.today, limit)
    files = await lock_files(session, looked_at)
    told_again = []
    for case_id, file in sorted(files.items()):
        before = file.case.bands_told_on
        if file.closed or all(each.band(before) == each.band(act.today) for each in file.members.values()):
            continue
        await tell_case(session, act, file, CaseCorrected)
        await derive_protection(session, act, file)
        for each in file.members.values():
            await lapse_if_unsigned(session, act, file, each)
        file.settle()
        told_again.append(case_id)
    unchanged = [case_id for case_id in files if case_id not in told_again]
    if unchanged:  # not by the unit of work: for who reads the case nothing has changed, and its version stays
        same = update(Case).where(col(Case.id).in_(unchanged), col(Case.bands_told_on) < act.today)
        await core(session, same.values(bands_told_on=act.today))
    return looked_at, told_again


@dataclass(frozen=True, slots=True)
class DayToReview:
    """A date on which there are cases still to be looked at."""

    now: datetime
    cause: UUID

    def act(self) -> Act:
        return Act("service:registration", frozenset({"service"}), self.now, self.cause, self.cause, "registration")


async def days_to_review(session: Session) -> list[DayToReview]:
    """Today, by the machine's clock, as long as some case was not looked at today."""
    now = machine_now()
    return [DayToReview(now, new_id())] if await cases_told_before(session, now.date(), 1) else []


async def settle_day(session: Session, act: Act, _day: DayToReview, _result: None) -> None:
    """The next cases. The runner comes again as long as there are more."""
    await review_ages(session, act, AT_ONCE)


REVIEW_DAILY: Errand[DayToReview, None] = Errand(
    name="review_ages_daily",
    take=days_to_review,
    go=nothing_to_ask,
    settle=settle_day,
    act=DayToReview.act,
    production_only=True,
)
