"""Routes of flights worked on paper."""

from collections.abc import Iterable
from uuid import UUID

from fastapi import APIRouter

from services.travel.bookings.queries import take_turn
from services.travel.flights.queries import Flight, flight, lock_flight
from services.travel.paper_flights import actions
from services.travel.paper_flights.queries import PAPER, PaperManifest, cases_on, paper_of, papers_of
from services.travel.paper_flights.schemas import (
    DifferenceAnswer,
    PaperManifestAnswer,
    PaperManifestBody,
    PaperManifestList,
    ResolutionBody,
)
from shared.auth import Role, allow
from shared.call import Call
from shared.occurrence import LateReason, Occurrence, when
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["flights on paper"])
PAPERS = "/flights/{flight_id}/paper-manifests"


async def _locked(call: Call, flight_id: UUID, walked_in: Iterable[UUID] = ()) -> Flight:
    """In the order in which who books locks: the cases, then the flight."""
    for case_id in sorted({*await cases_on(call.session, flight_id), *walked_in}):
        await take_turn(call.session, case_id)
    return await lock_flight(call.session, flight_id)


@router.post(PAPERS, status_code=201, dependencies=[allow(Role.AIRPORT_DESK, Role.TRAVEL_OFFICER)])
async def enter_paper_manifest(flight_id: UUID, body: PaperManifestBody, call: Call) -> PaperManifestAnswer:
    """A flight that was worked on paper while everything was down: what the paper says of each passenger, entered as
    it was written, also of who should not have flown. Everyone who had a seat has a line, and so
    has who came without a booking and flew. The same paper twice changes
    nothing; a second one that contradicts the first is kept as a correction, for a person to resolve."""
    on = await _locked(call, flight_id, [each.case_id for each in body.lines if each.case_id is not None])
    call.seen(on)
    said = Occurrence(occurred_at=body.departed_at, late_reason=LateReason.PAPER_FORM, evidence=body.evidence)
    paper = await actions.enter_paper_manifest(call.session, call.act, on, body, when(call.act, said))
    return _shown(call, paper)


@router.get(PAPERS, dependencies=[allow(Role.AIRPORT_DESK, Role.TRAVEL_OFFICER, Role.AUDITOR)])
async def list_paper_manifests(flight_id: UUID, call: Call) -> PaperManifestList:
    """The papers of a flight, with where they contradict what is on record."""
    on = await flight(call.session, flight_id)
    return PaperManifestList(items=[_shown(call, each) for each in await papers_of(call.session, on.id)])


@router.post(PAPERS + "/{paper_id}/resolution", dependencies=[allow(Role.TRAVEL_OFFICER)])
async def resolve_paper(flight_id: UUID, paper_id: UUID, body: ResolutionBody, call: Call) -> PaperManifestAnswer:
    """What was found about a paper that contradicts the record. Who left as well is entered as departed on paper; a
    departure that was told is never taken back here."""
    on = await _locked(call, flight_id)
    paper = await paper_of(call.session, flight_id, paper_id)
    call.seen(paper)
    await actions.resolve_paper(call.session, call.act, on, paper, body.resolution)
    call.shows(paper)
    return _shown(call, paper)


def _shown(call: Call, paper: PaperManifest) -> PaperManifestAnswer:
    left = [each for each in paper.lines if each["outcome"] == "departed"]
    verbs = [verb for verb in PAPER.verbs(paper.status) if verb == "resolve_paper"]
    return PaperManifestAnswer(
        **paper.model_dump(exclude={"digest", "lines", "differs"}),
        persons=len(left),
        not_in_order=sum(not each["in_order"] for each in left),
        differs=[DifferenceAnswer.model_validate(each) for each in paper.differs],
        actions=call.offers(verbs, flight_id=paper.flight_id, paper_id=paper.id),
    )
