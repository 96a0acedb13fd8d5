"""Rules on papers: what may be asked where, and what a journey still asks of someone. Pure, data in and data out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from uuid import UUID

TRAVEL_DOCUMENTS: Final = ("passport", "emergency_travel_document", "laissez_passer")
FOR_ONE_JOURNEY: Final = ("emergency_travel_document", "laissez_passer")
"""Issued for the one journey home, whatever was ticked when they were recorded."""


class Applies(StrEnum):
    """Where on a journey a rule asks for its document."""

    EXIT = "exit"
    TRANSIT = "transit"
    ENTRY = "entry"


class Paper(StrEnum):
    EXIT_PERMIT = "exit_permit"
    VISA = "visa"
    TRANSIT_VISA = "transit_visa"


@dataclass(frozen=True, slots=True)
class Document:
    id: UUID
    kind: str
    valid_from: date | None
    valid_until: date | None
    for_country: str | None
    single_journey: bool
    used: bool = False

    def is_valid_on(self, first: date, last: date) -> bool:
        return (self.valid_from is None or self.valid_from <= first) and (
            self.valid_until is None or self.valid_until >= last
        )

    @property
    def for_one_journey(self) -> bool:
        return self.single_journey or self.kind in FOR_ONE_JOURNEY

    @property
    def used_up(self) -> bool:
        return self.for_one_journey and self.used


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule on papers, with its dates. `airport`, `longer_than_hours`: of one on transit that asks only there, or only
    of who waits longer for the next departure."""

    country: str
    applies: str
    document: str
    nationalities: frozenset[str] | None
    valid_from: date
    valid_until: date | None
    airport: str | None = None
    longer_than_hours: int | None = None

    def asks_at(self, airport: str, waits: timedelta) -> bool:
        """Whether it asks at this stop: a rule on transit may be of one airport, or of long stops alone."""
        return (self.airport is None or self.airport == airport) and (
            self.longer_than_hours is None or waits > timedelta(hours=self.longer_than_hours)
        )

    def asks(self, nationality: str, on: date) -> bool:
        """Whether it asks someone of that nationality on that day. Nobody needs leave to enter their own country."""
        if self.applies == "entry" and nationality == self.country:
            return False
        dated = self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)
        return dated and (self.nationalities is None or nationality in self.nationalities)


@dataclass(frozen=True, slots=True)
class Stop:
    """A take-off and landing: countries, the moments in UTC, whose days the rules go by, and where it lands."""

    from_country: str
    to_country: str
    departs: datetime
    arrives: datetime
    to_airport: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """The legs of one flight, with the rules on papers of the countries it touches."""

    stops: tuple[Stop, ...]
    papers: tuple[Asked, ...]

    @property
    def departs(self) -> datetime:
        return self.stops[0].departs

    @property
    def arrives(self) -> datetime:
        return self.stops[-1].arrives

    @property
    def destination(self) -> str:
        return self.stops[-1].to_country


def papers_missing(
    nationality: str, documents: Sequence[Document], journey: Journey | None, today: date
) -> list[tuple[str, str]]:
    """What a journey still asks of someone: pairs of a code and the country that asks (empty for a travel document).
    Without a journey: something to travel with, as of `today`."""
    first = journey.departs.date() if journey else today
    last = journey.arrives.date() if journey else today
    found = []
    travel = [each for each in documents if each.kind in TRAVEL_DOCUMENTS]
    if not travel:
        found.append(("no_travel_document", ""))
    elif not [each for each in travel if each.is_valid_on(first, last)]:
        found.append(("document_not_valid_then", ""))
    elif not _usable(travel, first, last):
        found.append(("document_used_up", ""))
    for asked, on in papers_asked(nationality, journey):
        held = [each for each in documents if each.kind == asked.document and each.for_country == asked.country]
        if not _usable(held, on, on):
            found.append((f"{asked.document}_missing", asked.country))
    return sorted(set(found))


def papers_asked(nationality: str, journey: Journey | None) -> list[tuple[Asked, date]]:
    """The rules that ask someone of that nationality for a paper on this journey, with the day each is asked on.

    Exit: of the country left first. Entry: of the country the journey ends in. Transit: of every country between.
    """
    if journey is None:
        return []
    no_wait = timedelta(0)
    places = [("exit", journey.stops[0].from_country, journey.departs.date(), "", no_wait)]
    places += [
        ("transit", stop.to_country, stop.arrives.date(), stop.to_airport, onward.departs - stop.arrives)
        for stop, onward in pairwise(journey.stops)
    ]
    places += [("entry", journey.destination, journey.arrives.date(), "", no_wait)]
    return [
        (asked, on)
        for applies, country, on, airport, waits in places
        for asked in journey.papers
        if asked.applies == applies
        and asked.country == country
        and asked.asks(nationality, on)
        and (applies != "transit" or asked.asks_at(airport, waits))
    ]


def papers_relied_on(nationality: str, documents: Sequence[Document], journey: Journey) -> list[UUID]:
    """The documents a check-in rests on: one to travel with, and each paper that was asked. One that is good for many
    journeys is taken before one that a single journey uses up."""
    first, last = journey.departs.date(), journey.arrives.date()
    travel = [each for each in documents if each.kind in TRAVEL_DOCUMENTS]
    chosen = [_usable(travel, first, last)]
    for asked, on in papers_asked(nationality, journey):
        held = [each for each in documents if each.kind == asked.document and each.for_country == asked.country]
        chosen.append(_usable(held, on, on))
    return list(dict.fromkeys(each[0].id for each in chosen if each))


def _usable(documents: Iterable[Document], first: date, last: date) -> Sequence[Document]:
    good = [each for each in documents if each.is_valid_on(first, last) and not each.used_up]
    return sorted(good, key=lambda each: (each.for_one_journey, str(each.id)))
