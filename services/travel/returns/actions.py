"""The ledger of departures is written with the fact it tells of; reports only read it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from uuid import UUID

from services.travel.bookings.queries import bookings_by_id
from services.travel.facts.queries import Traits, links_around, traits_of
from services.travel.fares.actions import note_flown
from services.travel.flights.queries import Flight
from services.travel.passengers.queries import Passenger
from services.travel.returns.models import Departure, DepartureBeside, DepartureUndone
from services.travel.returns.queries import (
    Asked,
    beside_now,
    counted,
    counted_by,
    departure_of,
    planned_by_flight,
    returns_of,
)
from services.travel.returns.rules import (
    DEFINITION,
    By,
    Left,
    PositionUnknown,
    check_days,
    check_public,
    counted_beside_another,
    share,
    shown_to_the_public,
    total_shown_to_the_public,
)
from services.travel.returns.schemas import PlannedFlight, PlannedReport, ReturnsCell, ReturnsReport
from shared.act import Act
from shared.contracts.registration import PeopleLinked, PeopleUnlinked
from shared.contracts.travel import DepartureCount, DepartureCountedAgain, DepartureCountedOnce
from shared.database import Session, new_id
from shared.events import Envelope
from shared.outbox import last_position, stage


async def note_departures(
    session: Session, act: Act, flight: Flight, left: Mapping[UUID, Passenger], *, on_paper: bool = False
) -> None:
    """Writes down that these passengers left, with what is known of them now. `left`: by the event that tells of it."""
    bookings = await bookings_by_id(session, {each.booking_id for each in left.values()})
    await note_flown(session, act, flight, left.values(), {each.id: each.made_at for each in bookings})
    known = await traits_of(session, [each.case_id for each in left.values()])
    for event, passenger in left.items():
        assert passenger.departed_at is not None
        traits = known.get((passenger.case_id, passenger.individual_id), Traits())
        session.add(_departure(act, event, flight, passenger, traits, on_paper))
    await session.flush()
    people = {each.individual_id for each in left.values()}
    if await links_around(session, people):
        await count_once(session, act, people)


def _departure(
    act: Act, event: UUID, flight: Flight, passenger: Passenger, traits: Traits, on_paper: bool
) -> Departure:
    assert passenger.departed_at is not None
    return Departure(
        id=new_id(),
        event_id=event,
        case_id=passenger.case_id,
        individual_id=passenger.individual_id,
        attempt=passenger.attempt,
        flight_id=flight.id,
        departed_on=passenger.departed_at.astimezone(UTC).date(),
        nationality=traits.nationality,
        sex=traits.sex,
        age_group=traits.age_group,
        site_id=traits.site,
        destination=flight.to_country,
        flight_kind=flight.kind,
        from_airport=flight.from_airport,
        on_paper=on_paper,
        recorded_at=act.now,
    )


async def on_people_linked(session: Session, act: Act, envelope: Envelope, fact: PeopleLinked | PeopleUnlinked) -> None:
    """One person, or two again: what is counted of their departures follows."""
    await session.flush()
    await count_once(session, act, {fact.duplicate, fact.stands})


async def count_once(session: Session, act: Act, individuals: Collection[UUID]) -> None:
    """Of the records that are one person, the departures of one are counted; derived anew from all links, so that doing
    it again changes nothing."""
    links = await links_around(session, individuals)
    people = {*individuals, *(each for link in links for each in link)}
    left = {each.id: each for each in await returns_of(session, people)}
    beside = counted_beside_another(
        links, [Left(each.id, each.individual_id, each.departed_on) for each in left.values()]
    )
    now = await beside_now(session, left)
    for departure in sorted(beside - set(now)):
        event = await _tell_count(session, act, DepartureCountedOnce, left[departure])
        session.add(DepartureBeside(departure_id=departure, event_id=event, recorded_at=act.now))
    for departure in sorted(set(now) - beside):
        now[departure].undone_event_id = await _tell_count(session, act, DepartureCountedAgain, left[departure])


async def _tell_count(session: Session, act: Act, kind: type[DepartureCount], left: Departure) -> UUID:
    fact = kind(departure=left.id, individual=left.individual_id, flight=left.flight_id)
    return await stage(session, act, fact, key=left.id, subject=left.individual_id, attempt=left.attempt)


async def note_non_admission(session: Session, act: Act, event: UUID, passenger: Passenger, kind: str) -> None:
    """From now on the departure is no return. `event`: the fact that tells of it."""
    left = await departure_of(session, passenger.individual_id, passenger.attempt)
    if left is not None:
        session.add(DepartureUndone(departure_id=left.id, event_id=event, kind=kind, recorded_at=act.now))
        await session.flush()
        await count_once(session, act, {left.individual_id})


async def report_returns(
    session: Session, asked: Asked, by: By | None, as_known_at: int | None, *, public: date | None
) -> ReturnsReport:
    """`asked.position` is set here. `public`: today's date, where it is for the public.

    Raises `DaysTurned`, `PositionUnknown`, `PublicReportNotWhole`.
    """
    check_days(asked.since, asked.as_of)
    last = await last_position(session)
    if as_known_at is not None and as_known_at > last:
        raise PositionUnknown(last=last)
    position = last if as_known_at is None else as_known_at
    asked = replace(asked, position=position)
    if public is not None:
        return await _for_the_public(session, asked, by, public, as_known_at)
    count = await counted(session, asked)
    year = await counted(session, Asked(date(asked.as_of.year, 1, 1), asked.as_of, position))
    within = asked.since.year == asked.as_of.year
    cells = await counted_by(session, asked, by) if by is not None else {}
    return _report(asked, by, count, year, share(count, year) if within else None, cells)


async def _for_the_public(
    session: Session, asked: Asked, by: By | None, today: date, as_known_at: int | None
) -> ReturnsReport:
    everywhere = (asked.from_airport, asked.site, asked.flight_kind, as_known_at) == (None, None, None, None)
    months = [
        replace(asked, since=since, as_of=as_of)
        for since, as_of in check_public(asked.since, asked.as_of, today, whole=everywhere)
    ]
    told = total_shown_to_the_public(await counted(session, asked), [await counted(session, each) for each in months])
    if by is None:
        return _report(asked, by, told, None, None, {})
    cells = shown_to_the_public(
        await counted_by(session, asked, by), [await counted_by(session, each, by) for each in months]
    )
    return _report(asked, by, told, None, None, cells)


def _report(
    asked: Asked,
    by: By | None,
    count: int | None,
    year: int | None,
    of_year: Decimal | None,
    cells: Mapping[str | None, int | None],
) -> ReturnsReport:
    return ReturnsReport(
        definition=DEFINITION,
        since=asked.since,
        as_of=asked.as_of,
        as_known_at=asked.position,
        from_airport=asked.from_airport,
        count=count,
        year_to_date=year,
        share=of_year,
        by=by,
        cells=[ReturnsCell(key=key, count=value) for key, value in cells.items()],
    )


async def report_planned(session: Session, act: Act, days: int) -> PlannedReport:
    """Seats planned from now on, within so many days."""
    found = await planned_by_flight(session, act.now, days)
    return PlannedReport(
        asked_at=act.now,
        days=days,
        persons=sum(persons for _, persons in found),
        flights=[
            PlannedFlight(
                flight_id=flight.id,
                departs_at=flight.departs_at,
                destination=flight.to_country,
                kind=flight.kind,
                persons=persons,
                seats=flight.seats,
            )
            for flight, persons in found
        ],
    )
