"""What eligibility tells: decisions with their package, and which destinations are suspended."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.registration import Part
from shared.events import Event


class Outcome(StrEnum):
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    NEEDS_INFORMATION = "needs_information"


class Basis(StrEnum):
    PERSON = "person"
    CASE = "case"
    HOUSEHOLD = "household"


class Modality(StrEnum):
    CASH = "cash"
    IN_KIND = "in_kind"
    SERVICE = "service"
    VOUCHER = "voucher"


class Stage(StrEnum):
    BEFORE_RETURN = "before_return"
    AFTER_RETURN = "after_return"


class PayableWindow(Part):
    """When a line is paid: from its first day; until its last one, after which a payment says why it is late; never
    after it has expired. By date, by an ISO 8601 duration after the arrival (`P6M`, `P14D`) of whose line it is, or
    both: then the later `from`, the earlier end."""

    from_date: date | None = None
    from_arrival: str | None = None
    until_date: date | None = None
    until_arrival: str | None = None
    expires_on: date | None = None
    expires_after_arrival: str | None = None


class PackageLine(Part):
    """One line of the package. `line`: unique within the decision. `individual`: whose it is, None for the case's.
    `window` None: whenever the programme pays."""

    line: str
    code: str
    basis: Basis
    individual: UUID | None
    modality: Modality
    stage: Stage
    instalments: int
    amount: Decimal
    currency: str
    window: PayableWindow | None = None


class EligibilityDecided(Event):
    """Key: the case. The whole decision; `replaces` names the one it takes the place of. `attempts`: the try of each
    individual it was made for. `good_until`: business date after which it must be made again."""

    type: ClassVar[str] = "homeward.eligibility.eligibility.decided.v1"
    decision: UUID
    programme: str
    programme_version: int
    evaluated_on: date
    outcome: Outcome
    good_until: date | None
    replaces: UUID | None
    on_exception: bool = False
    attempts: dict[UUID, int]
    package: tuple[PackageLine, ...]
    total: Decimal
    currency: str


class RestrictionSet(Event):
    """Key: the country (ISO 3166-1 alpha-3). Returns to it, or to an area of it, are suspended."""

    type: ClassVar[str] = "homeward.eligibility.restriction.set.v1"
    key_noun: ClassVar[str] = "country"
    restriction: UUID
    country: str
    area: str | None
    valid_from: date
    valid_until: date | None
    source: str


class RestrictionLifted(Event):
    """Key: the country."""

    type: ClassVar[str] = "homeward.eligibility.restriction.lifted.v1"
    key_noun: ClassVar[str] = "country"
    restriction: UUID
    country: str
    area: str | None
    lifted_on: date
