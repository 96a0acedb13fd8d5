"""Bodies of consents."""

from datetime import datetime
from uuid import UUID

from services.registration.consents.rules import ConsentForm, Purpose, Standing
from shared.fields import Answer, LanguageTag, Line, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class ConsentBody(Occurrence):
    """`recipient`: which organisation may use the data, by the name it has in `HOMEWARD_REINTEGRATION_RECIPIENTS` where
    reintegration may be given contacts, and by the name in the referral where one is made. `form_version`: which text
    was explained."""

    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "purpose": "reintegration_contact",
            "recipient": "IOM Iraq",
            "form_version": "2021-1",
            "language": "ckb",
            "form": "written",
        }
    )

    individual_id: UUID
    purpose: Purpose
    recipient: Line
    form_version: Line
    language: LanguageTag
    form: ConsentForm


class ConsentAnswer(Answer):
    id: UUID
    individual_id: UUID
    purpose: Purpose
    recipient: str
    form_version: str
    language: str
    form: ConsentForm
    status: str
    given_at: datetime
    recorded_at: datetime
    withdrawn_at: datetime | None
    actions: list[OfferedAction]


class ConsentList(Answer):
    items: list[ConsentAnswer]


class StandingConsent(Answer):
    """`standing`: whether this recipient may have the person's data for this purpose now. `consents`: what it rests
    on, each with its version, language and moments, the last one given first; to take all of it back, each that is
    `given` is taken back."""

    individual_id: UUID
    purpose: Purpose
    recipient: str
    standing: Standing
    consents: list[ConsentAnswer]


class StandingConsentList(Answer):
    items: list[StandingConsent]
