"""The routes of the manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from services.travel.allowances.queries import still_to_pay
from services.travel.escorts.queries import Escort, booked_on
from services.travel.flights.queries import Flight, FlightLeg, flight, legs_of
from services.travel.gates.queries import Gatekeeper, gatekeeper
from services.travel.manifests.rules import Sheet, SheetRow, as_csv, as_html, parties
from services.travel.manifests.schemas import (
    ManifestAnswer,
    ManifestEscort,
    ManifestLine,
    NamedPassenger,
    NamesState,
    PassengerNames,
)
from services.travel.passengers.queries import Passenger, living_on, parties_of
from shared.auth import Role, allow
from shared.call import Call, calls_outside
from shared.database import new_id
from shared.http import AnswerUnexpected
from shared.problems import OtherServiceUnavailable
from shared.web import HomewardRoute

router = APIRouter(route_class=HomewardRoute, tags=["manifests"])


WORKERS = (Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)
NOT_KEPT: Final = {"Cache-Control": "no-store"}
A_PAGE_ALONE: Final = {**NOT_KEPT, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


class TableResponse(Response):
    media_type = "text/csv"


@dataclass(frozen=True, slots=True)
class Gathered:
    """A flight with everyone who has a seat, and the names registration gave; None where it gave none."""

    on: Flight
    legs: Sequence[FlightLeg]
    living: Sequence[Passenger]
    money: Mapping[UUID, Mapping[str, Decimal]]
    keeper: Gatekeeper
    escorts: Sequence[Escort]
    party: Mapping[UUID, UUID]
    names: dict[UUID, NamedPassenger] | None

    @property
    def state(self) -> NamesState:
        if self.names is None:
            return NamesState.NOT_AVAILABLE
        return NamesState.INCOMPLETE if len(self.names) < len(self.living) else NamesState.COMPLETE

    def name(self, individual: UUID) -> NamedPassenger | None:
        return (self.names or {}).get(individual)


@router.get("/flights/{flight_id}/manifest", dependencies=[allow(*WORKERS), calls_outside()])
async def read_manifest(flight_id: UUID, call: Call) -> ManifestAnswer:
    """Everyone with a seat, with the names registration gives at this moment, in one question; they are not kept. While
    registration cannot be reached the list comes without them, so that a flight can still be worked."""
    found = await _gather(call, flight_id)
    return ManifestAnswer(
        flight_id=flight_id,
        flight_number=found.legs[0].flight_number,
        status=found.on.status,
        departs=found.on.departs_at,
        made_at=call.act.now,
        names=found.state,
        lines=[_line(found, each) for each in found.living],
        escorts=[ManifestEscort(reference=each.reference, kind=each.kind) for each in found.escorts],
    )


@router.get(
    "/flights/{flight_id}/manifest.html",
    dependencies=[allow(*WORKERS), calls_outside()],
    response_class=HTMLResponse,
)
async def print_manifest(flight_id: UUID, call: Call) -> HTMLResponse:
    """The manifest as one page to print before, and to work from when everything is down: who, what is still to be
    paid, and room for what is marked by hand."""
    sheet = _sheet(call, await _gather(call, flight_id))
    return HTMLResponse(as_html(sheet), headers=A_PAGE_ALONE)


@router.get(
    "/flights/{flight_id}/manifest.csv",
    dependencies=[allow(*WORKERS), calls_outside()],
    response_class=TableResponse,
)
async def export_manifest(flight_id: UUID, call: Call) -> TableResponse:
    """The same sheet as a table."""
    sheet = _sheet(call, await _gather(call, flight_id))
    return TableResponse(as_csv(sheet), headers=NOT_KEPT)


async def _gather(call: Call, flight_id: UUID) -> Gathered:
    async with call.runtime.database.reading() as session:
        on = await flight(session, flight_id)
        legs = (await legs_of(session, [flight_id]))[flight_id]
        living = await living_on(session, flight_id)
        money = await still_to_pay(session, flight_id, living)
        keeper = await gatekeeper(session, {each.case_id for each in living}, legs, call.act.today)
        escorts = await booked_on(session, flight_id)
        party = await parties_of(session, living)
    return Gathered(on, legs, living, money, keeper, escorts, party, await _names(call, flight_id, living))


def _sheet(call: Call, found: Gathered) -> Sheet:
    party = parties(found.party[each.booking_id] for each in found.living)
    stops = [found.legs[0].from_airport, *(leg.to_airport for leg in found.legs)]
    rows = [_row(found, each, party[found.party[each.booking_id]]) for each in found.living]
    along = [(each.reference, each.kind) for each in found.escorts]
    number, departs = found.legs[0].flight_number, found.on.departs_at
    return Sheet(found.on.id, number, " - ".join(stops), departs, call.act.now, str(found.state), rows, along)


def _row(found: Gathered, passenger: Passenger, party: int) -> SheetRow:
    who = found.name(passenger.individual_id)
    paper = who.document if who else None
    by = found.keeper.fly_before(passenger.case_id, passenger.individual_id)
    return SheetRow(
        individual=passenger.individual_id,
        party=party,
        family_name=(who.family_name or "") if who else "",
        given_name=who.given_name if who else "",
        birth_date=who.birth_date.isoformat() if who else "",
        nationality=who.nationality if who else "",
        document=f"{paper.issuing_country} {paper.number}" if paper else "",
        adult=passenger.adult,
        status=passenger.status,
        bags=passenger.bags,
        pocket_money=found.money.get(passenger.individual_id, {}),
        support=found.keeper.support(passenger.case_id, passenger.individual_id),
        fly_before=by.isoformat() if by else "",
    )


async def _names(call: Call, flight_id: UUID, living: Sequence[Passenger]) -> dict[UUID, NamedPassenger] | None:
    """The names by individual; None when registration does not give them."""
    if not living:
        return {}
    body = {"flight_id": str(flight_id), "individuals": [str(each.individual_id) for each in living]}
    try:
        answer = await call.runtime.others.ask("registration", "/passenger-names", body, act=call.act, key=new_id())
    except (OtherServiceUnavailable, AnswerUnexpected):
        return None
    return {each.individual_id: each for each in PassengerNames.model_validate(answer).passengers}


def _line(found: Gathered, passenger: Passenger) -> ManifestLine:
    named = found.name(passenger.individual_id)
    return ManifestLine(
        individual_id=passenger.individual_id,
        booking_id=passenger.booking_id,
        status=passenger.status,
        adult=passenger.adult,
        given_name=named.given_name if named else None,
        family_name=named.family_name if named else None,
        birth_date=named.birth_date if named else None,
        nationality=named.nationality if named else None,
        document=named.document if named else None,
        support=found.keeper.support(passenger.case_id, passenger.individual_id),
        fly_before=found.keeper.fly_before(passenger.case_id, passenger.individual_id),
    )
