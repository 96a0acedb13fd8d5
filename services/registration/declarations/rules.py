"""Who must sign a declaration. Pure. Guard 2 of the lifecycle: counselling in a language understood, every adult's own
signature, and for a child every holder of parental responsibility or the paper that says why fewer suffice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.registration import SignedHow
from shared.problems import Problem


class Method(StrEnum):
    SIGNATURE = "signature"
    THUMBPRINT = "thumbprint"


class Paper(StrEnum):
    """Why one signature stands for another's. The first two are what lets somebody sign for an adult."""

    COURT_ORDER = "court_order"
    POWER_OF_ATTORNEY = "power_of_attorney"
    DEATH_CERTIFICATE = "death_certificate"
    WRITTEN_CONSENT = "written_consent_of_other"


SPEAKS_FOR_AN_ADULT = (Paper.COURT_ORDER, Paper.POWER_OF_ATTORNEY)


class SignatureMissing(Problem):
    slug = "signature-missing"
    status = 422
    title = "Not everyone who must sign has signed"
    remedy = "Each in `missing` signs too; or give in `sole_responsibility` the paper that says why fewer suffice."


class SignerNotEntitled(Problem):
    slug = "signer-not-entitled"
    status = 422
    title = "Somebody signed who cannot sign for this person"
    remedy = (
        "An adult signs for themselves, unless a court order or power of attorney is named in `sole_responsibility`; "
        "for a child, those with parental responsibility sign."
    )


class WitnessMissing(Problem):
    slug = "witness-missing"
    status = 422
    title = "A thumbprint needs a witness"
    remedy = "Say in `witness` who saw it."


class CounsellingMissing(Problem):
    slug = "counselling-missing"
    status = 409
    title = "Somebody who signs has not been counselled"
    remedy = "Counsel each in `individuals` in a language they understand, and record it; then sign."


class FormNotUnderstood(Problem):
    slug = "form-not-understood"
    status = 422
    title = "The form is in a language that somebody who signs does not have, and was not interpreted in"
    remedy = "Use the form in a language of each who signs, or in the one they were counselled in."


class OlderThanWithdrawal(Problem):
    slug = "older-than-withdrawal"
    status = 409
    title = "That declaration was signed before the person withdrew"
    remedy = "The later word counts. If they want to return after all, let them sign again, and record that."


@dataclass(frozen=True, slots=True)
class Signing:
    """What the rule looks at. `responsible`: holders of parental responsibility who are in the case. `adults`: the
    adults of the case."""

    individual: UUID
    is_adult: bool
    responsible: Sequence[UUID]
    adults: Collection[UUID]
    signers: Sequence[UUID]
    paper: Paper | None


def how_signed(signing: Signing) -> SignedHow:
    """Own, by holders of parental responsibility, or by a representative.

    Raises `SignatureMissing`, `SignerNotEntitled`.
    """
    signers = set(signing.signers)
    if len(signers) != len(signing.signers):
        raise SignerNotEntitled("each who signs, signs once")
    if signing.is_adult:
        return _adult(signing, signers)
    if signing.responsible:
        return _child(signing, signers)
    return _child_alone(signing, signers)


def _adult(signing: Signing, signers: set[UUID]) -> SignedHow:
    if signers == {signing.individual}:
        return SignedHow.OWN
    if not signers <= set(signing.adults) or signing.paper not in SPEAKS_FOR_AN_ADULT:
        raise SignerNotEntitled()
    return SignedHow.BY_REPRESENTATIVE


def _child(signing: Signing, signers: set[UUID]) -> SignedHow:
    holders = set(signing.responsible)
    if not signers <= holders:
        raise SignerNotEntitled()
    missing = sorted(holders - signers)
    if missing and signing.paper is None:
        raise SignatureMissing(missing=missing)
    return SignedHow.BY_RESPONSIBLE


def _child_alone(signing: Signing, signers: set[UUID]) -> SignedHow:
    # Nobody in the case is responsible: whoever signs shows a paper, and protection stays pending beside it.
    if signing.paper is None:
        raise SignatureMissing("a child alone needs a paper that says who speaks for the child", missing=[])
    if not signers <= {*signing.adults, signing.individual}:
        raise SignerNotEntitled()
    return SignedHow.BY_REPRESENTATIVE


def check_understood(
    language: str,
    signers: Sequence[UUID],
    counselled: Mapping[UUID, Collection[str]],
    speaks_form: Mapping[UUID, bool],
) -> None:
    """`counselled`: the languages each was counselled in and understood; `speaks_form`: whether the form's language is
    one of theirs. Raises `CounsellingMissing`, `FormNotUnderstood`."""
    without = [signer for signer in signers if not counselled.get(signer)]
    if without:
        raise CounsellingMissing(individuals=without)
    main = language.split("-")[0]
    lost = [
        signer
        for signer in signers
        if not speaks_form[signer] and main not in {known.split("-")[0] for known in counselled[signer]}
    ]
    if lost:
        raise FormNotUnderstood(individuals=lost)


def check_witnesses(signatures: Sequence[tuple[Method, str | None]]) -> None:
    """Raises `WitnessMissing`."""
    if any(method is Method.THUMBPRINT and witness is None for method, witness in signatures):
        raise WitnessMissing()


def check_after_withdrawal(signed_at: datetime, withdrawn_at: datetime | None) -> None:
    """A paper that turns up later brings nobody back who has withdrawn since. Raises `OlderThanWithdrawal`."""
    if withdrawn_at is not None and signed_at < withdrawn_at:
        raise OlderThanWithdrawal()
