"""Routes of offers of seats."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.travel.bookings.queries import take_turn
from services.travel.flights.queries import lock_flight
from services.travel.offers import actions as offers
from services.travel.offers import queries
from services.travel.offers.queries import OFFER, SeatOffer
from services.travel.seating import actions
from services.travel.seating.schemas import AcceptanceBody, ExpiryAnswer, ExpiryBody, OfferAnswer, OfferBody
from shared.auth import Role, allow
from shared.call import Call
from shared.contracts.travel import OfferEnd
from shared.pagination import Cursor, Limit, Page, after, page
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["offers of seats"])
BOOKERS = (Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)
READERS = (*BOOKERS, Role.REGISTRATION_OFFICER, Role.COUNSELLOR, Role.AUDITOR)


def _show(call: Call, offer: SeatOffer) -> OfferAnswer:
    verbs = [verb for verb in OFFER.verbs(offer.status) if verb in ("accept_offer", "decline_offer")]
    open_still = verbs if call.act.now < offer.expires_at else []
    return OfferAnswer(**offer.model_dump(), actions=call.offers(open_still, offer_id=offer.id))


@router.post("/offers", status_code=201, dependencies=[allow(*BOOKERS)])
async def offer_seats(body: OfferBody, call: Call) -> OfferAnswer:
    """Holds seats for people of a case until a moment; when it has passed they are in the pool again."""
    await take_turn(call.session, body.case_id)
    flight = await lock_flight(call.session, body.flight_id)
    offer = await actions.offer_seats(call.session, call.act, flight, body)
    call.made("/offers", offer.id)
    call.shows(offer)
    return _show(call, offer)


@router.get("/offers", dependencies=[allow(*READERS)])
async def list_offers(
    call: Call,
    case_id: Annotated[UUID, Query(description="The offers made to this case")],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[OfferAnswer]:
    rows = await queries.offers_of_case(call.session, case_id, after(cursor), limit)
    return page(rows, limit, lambda row: _show(call, row))


@router.get("/offers/{offer_id}", dependencies=[allow(*READERS)])
async def read_offer(offer_id: UUID, call: Call) -> OfferAnswer:
    offer = await queries.offer(call.session, offer_id)
    call.shows(offer)
    return _show(call, offer)


@router.post("/offers/{offer_id}/acceptance", dependencies=[allow(*BOOKERS)])
async def accept_offer(offer_id: UUID, body: AcceptanceBody, call: Call) -> OfferAnswer:
    """The held seats become a booking, whose id is in the answer. Every gate at booking is asked."""
    asked = await queries.offer(call.session, offer_id)
    await take_turn(call.session, asked.case_id)
    flight = await lock_flight(call.session, asked.flight_id)
    offer = await queries.offer(call.session, offer_id)
    call.seen(offer)
    await actions.accept_offer(call.session, call.act, flight, offer, body.split_agreed)
    call.shows(offer)
    return _show(call, offer)


@router.post("/offers/{offer_id}/refusal", dependencies=[allow(*BOOKERS)])
async def decline_offer(offer_id: UUID, call: Call) -> OfferAnswer:
    """They do not want these seats: free again at once, without a reason and without any loss."""
    flight = await lock_flight(call.session, (await queries.offer(call.session, offer_id)).flight_id)
    offer = await queries.offer(call.session, offer_id)
    call.seen(offer)
    await offers.let_go(call.session, call.act, flight, offer, OfferEnd.DECLINED)
    offers.offer_freed(call.session, call.act, flight)
    await call.session.flush()
    call.shows(offer)
    return _show(call, offer)


@router.post("/offer-sweeps", dependencies=[allow(Role.TRAVEL_OFFICER, Role.ADMINISTRATOR)])
async def expire_offers(body: ExpiryBody, call: Call) -> ExpiryAnswer:
    """Gives back what is due at the business moment of the request. In production the worker does it by itself; in
    development only who asks here does."""
    flights = await queries.flights_with_due(call.session, call.act.now, body.most)
    ended = await offers.expire_offers(call.session, call.act, flights)
    return ExpiryAnswer(
        offers=[each.id for each in ended],
        given_back=sum(each.seats for each in ended),
        more=len(flights) == body.most,
    )
