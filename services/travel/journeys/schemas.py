"""What is recorded about a journey after departure."""

from services.travel.flights.queries import AirportCode
from services.travel.journeys.rules import NotAdmittedKind
from shared.contracts.travel import MetBy
from shared.fields import AwareTime, Body, CountryCode, Line, shown
from shared.occurrence import LateReason


class HappenedBody(Body):
    """`at`: when it happened; long afterwards it needs a reason, and later still evidence."""

    at: AwareTime
    late_reason: LateReason | None = None
    evidence: Line | None = None


class TransitBody(HappenedBody):
    model_config = shown({"at": "2021-12-14T10:30:00Z", "airport": "IST", "country": "TUR"})

    airport: AirportCode
    country: CountryCode


class ArrivalBody(HappenedBody):
    """`met_by`: who met the person, as a code, or that nobody did."""

    model_config = shown(
        {"at": "2021-12-14T12:10:00Z", "airport": "EBL", "country": "IRQ", "met_by": "reintegration_team"}
    )

    airport: AirportCode
    country: CountryCode
    met_by: MetBy


class NonAdmissionBody(HappenedBody):
    model_config = shown({"at": "2021-12-14T12:10:00Z", "country": "IRQ", "kind": "refused_entry"})

    country: CountryCode
    kind: NotAdmittedKind
