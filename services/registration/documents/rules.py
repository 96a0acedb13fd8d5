"""What a document must say, and which one a person travels on. Pure."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from shared.contracts.registration import DocumentKind
from shared.problems import Problem

TRAVEL_DOCUMENTS = (DocumentKind.PASSPORT, DocumentKind.EMERGENCY_TRAVEL_DOCUMENT, DocumentKind.LAISSEZ_PASSER)
PERMITS = (DocumentKind.EXIT_PERMIT, DocumentKind.VISA, DocumentKind.TRANSIT_VISA)


class Invalidity(StrEnum):
    MISTAKE = "mistake"
    LOST = "lost"
    TAKEN_AWAY = "taken_away"
    REPLACED = "replaced"
    USED = "used"


class DocumentUnclear(Problem):
    slug = "document-unclear"
    status = 422
    title = "The document does not say what a document of its kind says"
    remedy = "`why` says what must be so. Nothing was changed."


class DocumentInvalidAlready(Problem):
    slug = "document-invalid-already"
    status = 409
    title = "That document was already recorded as not valid"
    remedy = "Nothing needs to be done. Record the new document, if there is one."


class DocumentRecordedAlready(Problem):
    slug = "document-recorded-already"
    status = 409
    title = "That document of theirs is recorded already"
    remedy = (
        "`document` names it. If something in it is wrong, say first that it was recorded by a mistake; one that was "
        "used for its journey is good for no other."
    )


class Recorded(Protocol):
    """A document as it is kept. `number_key`: its number as numbers are compared."""

    id: UUID
    kind: str
    number_key: str
    issuing_country: str
    for_country: str | None
    valid: bool
    invalid_reason: str | None


def check_not_recorded(new: Recorded, there: Iterable[Recorded]) -> None:
    """What is good for one journey is not good for another by being written down twice. One that was said to be lost
    may have been found. Raises `DocumentRecordedAlready`."""
    for old in there:
        same = (old.kind, old.number_key, old.issuing_country, old.for_country) == (
            new.kind,
            new.number_key,
            new.issuing_country,
            new.for_country,
        )
        if same and new.number_key and (old.valid or old.invalid_reason == Invalidity.USED):
            raise DocumentRecordedAlready(document=old.id)


def check_document(
    kind: DocumentKind, valid_from: date | None, valid_until: date | None, for_country: str | None
) -> None:
    """Raises `DocumentUnclear`."""
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise DocumentUnclear(why="`valid_until` lies before `valid_from`")
    if kind in PERMITS and for_country is None:
        raise DocumentUnclear(why="a permit or visa names in `for_country` the country it is for")
    if kind not in PERMITS and for_country is not None:
        raise DocumentUnclear(why="only a permit or visa is for a country")


class Paper(Protocol):
    kind: str
    valid: bool
    valid_from: date | None
    valid_until: date | None


AnyPaper = TypeVar("AnyPaper", bound=Paper)


def travels_on(papers: Iterable[AnyPaper], on: date) -> AnyPaper | None:
    """The travel document good on that day; a passport before others, then the one good longest."""
    good = [
        paper
        for paper in papers
        if paper.valid
        and paper.kind in TRAVEL_DOCUMENTS
        and (paper.valid_from is None or paper.valid_from <= on)
        and (paper.valid_until is None or paper.valid_until >= on)
    ]
    order = [str(kind) for kind in TRAVEL_DOCUMENTS]
    return min(good, key=lambda p: (order.index(p.kind), -(p.valid_until or date.max).toordinal()), default=None)
