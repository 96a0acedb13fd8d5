"""Bodies of consents."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import model_validator

from services.registration.consents.rules import ConsentForm, HowGiven, ProxyReason, Purpose, Standing
from shared.fields import Answer, LanguageTag, Line, PersonName, refused, shown
from shared.occurrence import Occurrence
from shared.offers import OfferedAction


class ConsentBody(Occurrence):
    """`recipient`: which organisation may use the data, by the name it has in `HOMEWARD_REINTEGRATION_RECIPIENTS` where
    reintegration may be given contacts, and by the name in the referral where one is made. `form_version`: which text
    was explained. `given_by`: the member who gives it; the person, where it is left out: for a child, somebody of its
    `responsible`. `proxy_reason` and `proxy_name`: why somebody else consents in their place, and who. `child_agrees`:
    what a child said; from 12 years on it is asked, and a no counts at every age."""

    model_config = shown(
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8057",
            "purpose": "reintegration_contact",
            "recipient": "IOM Iraq",
            "form_version": "2021-1",
            "language": "ckb",
            "form": "written",
        },
        {
            "individual_id": "01890a5d-ac96-774b-bcce-b302099a8059",
            "given_by": "01890a5d-ac96-774b-bcce-b302099a8057",
            "child_agrees": True,
            "purpose": "referral",
            "recipient": "Red Cross, Grodno",
            "form_version": "2021-1",
            "language": "ckb",
            "form": "oral",
        },
    )

    individual_id: UUID
    purpose: Purpose
    recipient: Line
    form_version: Line
    language: LanguageTag
    form: ConsentForm
    given_by: UUID | None = None
    proxy_reason: ProxyReason | None = None
    proxy_name: PersonName | None = None
    child_agrees: bool | None = None

    @model_validator(mode="after")
    def _one_gives_it(self) -> Self:
        if (self.proxy_reason is None) != (self.proxy_name is None):
            raise refused("proxy", "proxy_reason and proxy_name must be said together, or both left out")
        if self.proxy_reason is not None and self.given_by is not None:
            raise refused("proxy", "given_by must be left out where there is a proxy")
        return self


class ConsentAnswer(Answer):
    """`how`: the person's own, by who is responsible for a child, by a proxy, or of an earlier one not recorded.
    `proxy_reason` and `proxy_name` are null to auditors."""

    id: UUID
    individual_id: UUID
    purpose: Purpose
    recipient: str
    form_version: str
    language: str
    form: ConsentForm
    how: HowGiven
    given_by: UUID | None
    proxy_reason: ProxyReason | None
    proxy_name: str | None
    child_agrees: bool | None
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
