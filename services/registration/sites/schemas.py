"""Bodies of sites."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from services.registration.sites.rules import SiteKind
from shared.fields import Answer, Body, CountryCode, Line, shown

SiteCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,29}$")]


class SiteBody(Body):
    """`code`: capitals, digits and hyphens, such as BLR-BRUZGI. `place`: where it lies, in words."""

    model_config = shown(
        {
            "code": "BLR-BRUZGI",
            "name": "Logistics centre Bruzgi",
            "kind": "shelter",
            "country": "BLR",
            "area": "Grodno region",
            "place": "Two kilometres from the border crossing",
            "managing_agency": "Red Cross",
        }
    )

    code: SiteCode
    name: Line
    kind: SiteKind
    country: CountryCode
    area: Line
    place: Line | None = None
    managing_agency: Line


class SiteAnswer(Answer):
    id: UUID
    code: str
    name: str
    kind: SiteKind
    country: str
    area: str
    place: str | None
    managing_agency: str
    made_at: datetime
