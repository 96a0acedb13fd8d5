"""Reads of households."""

from uuid import UUID

from services.registration.cases.queries import Household
from services.registration.households.rules import HouseholdUnknown
from shared.database import Session


async def check_household_id(session: Session, household_id: UUID | None) -> None:
    """That it is there. Raises `HouseholdUnknown`."""
    if household_id is not None and await session.get(Household, household_id) is None:
        raise HouseholdUnknown()
