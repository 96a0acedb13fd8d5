"""What is recorded about a journey after departure."""

from services.travel.flights.queries import AirportCode
from services.travel.journeys.rules import NotAdmittedKind
from shared.contracts.travel import MetBy
from shared.fields import AwareTime, Body, CountryCode, Line
from shared.occurrence import LateReason


class HappenedBody(Body):
    """`at`: when it happened; long afterwards it needs a reason, and later still evidence."""

    at: AwareTime
    late_reason: LateReason | None = None
    evidence: Line | None = None


class TransitBody(HappenedBody):
    airport: AirportCode
    country: CountryCode


class ArrivalBody(HappenedBody):
    """`met_by`: who met the person, as a code, or that nobody did."""

    airport: AirportCode
    country: CountryCode
    met_by: MetBy


class NonAdmissionBody(HappenedBody):
    country: CountryCode
    kind: NotAdmittedKind
