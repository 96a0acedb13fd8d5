"""Bodies and answers of help right after the arrival."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from services.reintegration.postarrival.rules import Help
from shared.fields import Answer, BusinessDate, shown
from shared.occurrence import OnADay

ProviderCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]


class HelpBody(OnADay):
    """`provider`: the code of whoever gave it, where that was not the team."""

    model_config = shown(
        {"individual_id": "01890a5d-ac96-774b-bcce-b302099a8057", "help": "onward_transport", "given_on": "2021-12-14"}
    )

    individual_id: UUID
    help: Help
    provider: ProviderCode | None = None
    given_on: BusinessDate


class HelpAnswer(Answer):
    help_id: UUID
    case_id: UUID
    individual_id: UUID
    help: str
    provider: str | None
    given_on: date
    given_by: str
    recorded_at: datetime


class WindowAnswer(Answer):
    """Until when one individual gets help right after the arrival. `open`: today is not later."""

    individual_id: UUID
    arrived_on: date
    until: date
    open: bool
    working_days: int
    provisional: bool


class WindowsAnswer(Answer):
    """One for each who has arrived."""

    items: list[WindowAnswer]
