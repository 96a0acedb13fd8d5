"""How the returns of the year are played: each case from the first talk to the seat, each flight to its arrival."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.demo.crowd import Crowd, crowd, together
from services.demo.family import Family
from services.demo.teller import Teller
from services.demo.year import Calendar, Case, Flight, flights_of_the_year, story, year

FLIGHTS_AT_ONCE = 3
TOLD_AFTER = 0.12
"""Seconds in which what was just decided or found can hardly be known to travel yet."""
NO_AT_THE_GATE = "said no at the gate on "
"""Begins the name of the case of somebody who stayed."""


@dataclass
class Party:
    """A case on its way. `people`: the individuals' ids by label."""

    case: Case
    id: str
    people: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/cases/{self.id}"


def play_returns(family: Family, since: date, until: date, but: Collection[str] = ()) -> None:
    """Everyone who flew between two days, both counted in; `but` on the flights of these names. Raises
    `StoryDiffers`."""
    flights = [each for each in flights_of_the_year(since, until) if each.name not in but]
    asyncio.run(_play(family.teller, family.ids, flights))


async def _play(teller: Teller, ids: dict[str, str], flights: Sequence[Flight]) -> None:
    turn = asyncio.Semaphore(FLIGHTS_AT_ONCE)
    async with crowd(teller) as many:

        async def one(flight: Flight) -> None:
            async with turn:
                path = await hold_seats_on(many, flight)
                parties = await decided_parties(many, ids, flight)
                await book_all(many, flight, parties, path)
                await fly(many, ids, flight, parties, path)

        await together(one(flight) for flight in flights)


# All of a flight take each part together: what the last waits for has then long been told of the first.
async def decided_parties(many: Crowd, ids: dict[str, str], flight: Flight) -> list[Party]:
    async def decided(case: Case) -> Party:
        async with many.parties:
            return await decided_party(many, ids, flight, case)

    return await together(decided(case) for case in flight.cases)


async def book_all(many: Crowd, flight: Flight, parties: Sequence[Party], path: str) -> None:
    async def booked(party: Party) -> None:
        async with many.parties:
            await book(many, flight, party, path)

    await together(booked(party) for party in parties)


async def fly(many: Crowd, ids: dict[str, str], flight: Flight, parties: Sequence[Party], path: str) -> None:
    """From the desk to the arrival, of those who have their seats."""
    at = flight.calendar.at

    async def at_the_desk(party: Party) -> None:
        async with many.parties:
            await _at_the_desk(many, ids, flight, party, path)

    await many.until(
        f"the desk of {flight.name} knew what it asks of everyone",
        "travel",
        f"{path}/passengers",
        lambda listed: all(each["gates"]["at_check_in"]["passed"] for each in listed["passengers"]),
        role="airport_desk",
        at=at("check_in"),
        not_before=TOLD_AFTER,
    )
    await together(at_the_desk(party) for party in parties)
    await many.do(
        f"the doors of {flight.name} were closed", "travel", f"{path}/doors", role="airport_desk", at=at("doors")
    )
    await many.until(
        f"registration cleared {flight.name}",
        "travel",
        f"{path}/doors",
        lambda doors: doors["status"] in ("closed", "departed"),
        role="airport_desk",
        at=at("doors"),
    )
    await many.do(
        f"the flight of {flight.name} left",
        "travel",
        f"{path}/departure",
        {"departed_at": at("departed").isoformat()},
        role="travel_officer",
        at=at("departed"),
    )
    home = {"airport": year()["places"][flight.to]["airport"], "country": flight.to, "met_by": "partner"}
    body = {**home, "at": at("arrived").isoformat()}
    await together(
        many.do(
            f"{party.case.name} {label} arrived",
            "travel",
            f"{path}/passengers/{one}/arrival",
            body,
            role="reintegration_officer",
            at=at("arrived"),
        )
        for party in parties
        if not party.case.stays
        for label, one in party.people.items()
    )


async def hold_seats_on(many: Crowd, flight: Flight) -> str:
    """Where travel has the flight. Held twice, it is held once: it is the same step."""
    made = await many.do(
        f"seats were held on the flight of {flight.name}",
        "travel",
        "/flights",
        flight.body(),
        role="travel_officer",
        at=flight.calendar.at("ground"),
    )
    return f"/flights/{made['id']}"


async def decided_party(many: Crowd, ids: dict[str, str], flight: Flight, case: Case) -> Party:
    """From the first talk to the programme's decision."""
    party = await _registered(many, ids, flight, case)
    await _decided(many, flight.calendar, party)
    return party


async def _registered(many: Crowd, ids: dict[str, str], flight: Flight, case: Case) -> Party:
    at = flight.calendar.at
    body = {
        **story()["case"],
        "site_id": ids["site"] if case.channel == "outreach_visit" else ids["office"],
        "channel": case.channel,
        "destination": {"country": flight.to, "area": None},
        "arrived_in_host_country": case.arrived.isoformat(),
        "contact": {"phone": None, "email": None, "address": None},
        "members": case.members,
    }
    made = await many.do(
        f"{case.name} was registered",
        "registration",
        "/cases",
        body,
        role="registration_officer",
        at=at("registered"),
    )
    party = Party(case, made["id"], {each["ref"]: each["individual_id"] for each in made["members"]})
    language = case.members[0]["languages"][0]
    talk = {**story()["counselling"], "language": language, "individuals": [party.people[one] for one in case.adults]}
    await many.do(
        f"{case.name} was counselled",
        "registration",
        f"{party.path}/counselling-sessions",
        talk,
        role="counsellor",
        at=at("counselled"),
    )
    for member in case.members:
        signers = member.get("responsible") or [member["ref"]]
        signed = [{"signer": party.people[one], "method": "signature", "witness": None} for one in signers]
        form = {"form_version": story()["declaration"]["form_version"], "language": language, "signatures": signed}
        paper = {} if case.speaks is None else {"sole_responsibility": case.speaks}
        await many.do(
            f"{case.name} {member['ref']} declared",
            "registration",
            f"{party.path}/declarations",
            {**form, **paper, "individual_id": party.people[member["ref"]]},
            role="counsellor",
            at=at("declared"),
        )
    return party


async def _decided(many: Crowd, calendar: Calendar, party: Party) -> None:
    await many.until(
        f"the programme looked at {party.case.name}",
        "eligibility",
        party.path,
        lambda standing: bool(standing["missing"]) or standing["status"] == "eligible",
        role="counsellor",
        at=calendar.at("declared"),
    )
    await many.do(
        f"the programme's questions on {party.case.name} were answered",
        "eligibility",
        f"{party.path}/answers",
        {"answers": story()["answers"]},
        role="registration_officer",
        at=calendar.at("answered"),
    )


async def book(many: Crowd, flight: Flight, party: Party, path: str) -> None:
    """Seats for all of the party, and what is asked of each before check-in."""
    await seat(many, flight, party, path)
    await check(many, flight, party)


async def seat(many: Crowd, flight: Flight, party: Party, path: str) -> None:
    at = flight.calendar.at("booked")
    flight_id = path.rsplit("/", 1)[-1]
    await _bookable(many, party, flight_id, at)
    body = {"case_id": party.id, "flight_id": flight_id}
    await many.do(f"{party.case.name} was booked", "travel", "/bookings", body, role="travel_officer", at=at)


async def check(many: Crowd, flight: Flight, party: Party) -> None:
    """Each is seen by a doctor, two days before the flight."""
    for label, one in party.people.items():
        await many.do(
            f"{party.case.name} {label} was found fit to travel",
            "registration",
            f"{party.path}/fitness-checks",
            {"individual_id": one, "outcome": "fit", "checked_at": flight.calendar.at("checked").isoformat()},
            role="medical",
            at=flight.calendar.at("checked"),
        )


async def _bookable(many: Crowd, party: Party, flight_id: str, at: datetime) -> None:
    def passed(ready: Any) -> bool:
        found = ready["individuals"]
        return len(found) == len(party.people) and all(each["at_booking"]["passed"] for each in found)

    await many.until(
        f"{party.case.name} may be booked",
        "travel",
        f"{party.path}/readiness?flight_id={flight_id}",
        passed,
        role="travel_officer",
        at=at,
        not_before=TOLD_AFTER,
    )


async def _at_the_desk(many: Crowd, ids: dict[str, str], flight: Flight, party: Party, path: str) -> None:
    """On board, or with a no at the gate: then the case is noted."""

    async def desk(step: str, label: str, verb: str, moment: str, body: Any = None) -> None:
        await many.do(
            f"{party.case.name} {label} {step}",
            "travel",
            f"{path}/passengers/{party.people[label]}/{verb}",
            body,
            role="airport_desk",
            at=flight.calendar.at(moment),
        )

    for label in party.people:
        await desk("checked in", label, "check-in", "check_in")
    answer = "no" if party.case.stays else "yes"
    for label in party.case.asked:
        language = party.case.members[0]["languages"][0]
        said = {"answer": answer, "asked_alone": True, "language": language}
        await desk(f"was asked alone and said {answer}", label, "willingness", "asked", said)
    if party.case.stays:
        ids[NO_AT_THE_GATE + flight.on.isoformat()] = party.id
        return
    for label in party.people:
        await desk("boarded", label, "boarding", "boarded")
