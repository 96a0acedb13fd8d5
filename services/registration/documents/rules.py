"""What a document must say, and which one a person travels on. Pure."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

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
