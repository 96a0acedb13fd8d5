"""What fills the lists that a crowd of cases leaves empty: around a booking, at a site, at a distribution, and what is
kept apart from any case."""

from datetime import date, timedelta
from typing import Any

from services.demo.crowd import Crowd
from services.demo.returns import decided_party
from services.demo.year import Calendar, Flight, flights_of_the_year
from tests.benchmarks.rare_flights import MONEY, NOT_PLAYED, ON, TO

FARE = {"amount": "60.00", "currency": "EUR"}
NOBODY_RETURNS_THERE = "VNM"
"""Bound for which no case of the crowd is, so that a suspension decides nobody's case again."""
ENOUGH = "100000"
MORE_THAN_A_PAGE = 60


async def beside_a_booking(do: Any, booked: dict[str, Any]) -> None:
    """A ride to the airport, a night near it, and a paper asked for."""
    at, who = Calendar(0).at, "travel_officer"
    people = [each["individual_id"] for each in booked["passengers"]]
    flight, case = f"/flights/{booked['flight_id']}", booked["case_id"]
    leaves = at("departed").date()
    when = {"pickup_place": "Hall 2", "pickup_at": at("check_in").isoformat()}
    ride = {"vehicle": "minibus", "places": 4, "cost": FARE, **when, **MONEY}
    run = await do("ride", "travel", f"{flight}/transport-runs", ride, who, "booked")
    riders = {"case_id": case, "individuals": people}
    await do("rides", "travel", f"/transport-runs/{run['id']}/riders", riders, who, "booked")
    nights = {"first_night": (leaves - timedelta(days=1)).isoformat(), "until": leaves.isoformat()}
    room = {"booking_id": booked["id"], "house": "Hotel 1", "rooms": 1, "beds": 4, "night_price": FARE}
    await do("night", "travel", "/hotel-stays", room | nights | MONEY, who, "booked")
    day = at("booked").date()
    paper = {"case_id": case, "individual_id": people[0], "document": "passport", "asked_of": "IRQ"}
    until = {"requested_on": day.isoformat(), "due_on": (day + timedelta(days=20)).isoformat(), "office": "Moscow"}
    await do("paper", "travel", "/paper-requests", paper | until, who, "booked")


async def fill_lists(many: Crowd, ids: dict[str, str], run: str, count: int) -> None:
    """So many rows more in each list, and no more than fill a page. `ids`: the site's; those of what is made once are
    added to them."""

    async def do(step: str, service: str, path: str, body: Any, role: str, at: str = "papers") -> Any:
        return await many.do(f"{run} {step}", service, path, body, role=role, at=Calendar(0).at(at))

    if "distribution" not in ids:
        ids["distribution"] = await _distribution(do, ids["site"], run)
        ids |= await _who_is_undecided(many, ids)
    for number in range(min(count, MORE_THAN_A_PAGE)):
        await _at_the_site(do, ids, number)
        await _kept_apart(do, run, number)
        await _undecided(many, ids, f"{run} {number}")


async def _distribution(do: Any, site: str, run: str) -> str:
    item, keeper = f"bread_{run}", "relief_officer"
    await do("bread", "registration", "/relief-items", {"code": item, "name": "Bread", "unit": "piece"}, keeper)
    came = {"item": item, "move": "received", "quantity": ENOUGH, "paper": "waybill 1"}
    await do("bread came", "registration", f"/sites/{site}/stock-movements", came, keeper)
    when = {"takes_place_at": Calendar(0).at("departed").isoformat(), "place": "Hall 1", "to_bring": "Your card"}
    given = {"site_id": site, "items": [{"item": item, "planned": ENOUGH, "per_person": "1"}], **when}
    made = await do("bread is given", "registration", "/distributions", given, keeper)
    await do("opened", "registration", f"/distributions/{made['distribution_id']}/opening", {}, keeper)
    return str(made["distribution_id"])


async def _at_the_site(do: Any, ids: dict[str, str], number: int) -> None:
    """Two collections with one card: the second is refused."""
    site, keeper = ids["site"], "relief_officer"
    came = {"reason": "came_in", "people": 3}
    await do(f"{number} came", "registration", f"/sites/{site}/register", came, "registration_officer")
    told = {"language": "ckb", "interpreter": False, "topics": ["relief"]}
    told |= {"attendance": [{"sex": "male", "age_group": "adult", "people": 7}]}
    await do(f"{number} were told", "registration", f"/sites/{site}/information-sessions", told, "counsellor")
    card = await do(f"{number} card", "registration", "/relief-cards", {"site_id": site, "adults": 2}, keeper)
    path, shown = f"/distributions/{ids['distribution']}/collections", {"card": card["code"]}
    for time in ("once", "again"):
        await do(f"{number} collected {time}", "registration", path, shown, keeper)


async def _kept_apart(do: Any, run: str, number: int) -> None:
    begins = date(2022, 6, 1) + timedelta(days=number)
    closed = {"country": NOBODY_RETURNS_THERE, "area": "VN-01", "source": f"note {run}"}
    closed["valid_from"] = begins.isoformat()
    await do(f"{number} is suspended", "eligibility", "/restrictions", closed, "programme_officer")
    firm = {"code": f"P-{run}-{number}", "name": "Tools Ltd", "kind": "supplier", "country": "IRQ"}
    await do(f"{number} firm", "reintegration", "/providers", firm, "finance")
    well = {"code": f"W-{run}-{number}", "goal": "Water for the street.", "activities": ["Dig."], "country": "IRQ"}
    cost = {"amount": "900.00", "currency": "EUR"}
    await do(f"{number} well", "reintegration", "/community-projects", well | cost, "programme_officer")


async def _who_is_undecided(many: Crowd, ids: dict[str, str]) -> dict[str, str]:
    """Somebody with no seat yet, and a flight to where nobody of the crowd waits to go: seats that are given back go to
    whoever waits."""
    to, case = next(
        (of.to, case)
        for of in flights_of_the_year(*NOT_PLAYED)
        for case in of.cases
        if of.to != TO and len(case.members) == 1 and not case.stays
    )
    plan = Flight(ON, to, (case,))
    at = plan.calendar.at("ground")
    flight = await many.do("lists: flight", "travel", "/flights", plan.body(), role="travel_officer", at=at)
    return {"undecided": (await decided_party(many, ids, plan, case)).id, "flight elsewhere": flight["id"]}


async def _undecided(many: Crowd, ids: dict[str, str], step: str) -> None:
    """Books and cancels, is offered seats and declines."""
    calendar = Calendar.of_departure(ON)

    async def do(what: str, path: str, body: Any) -> Any:
        return await many.do(f"{step} {what}", "travel", path, body, role="travel_officer", at=calendar.at("booked"))

    seats = {"case_id": ids["undecided"], "flight_id": ids["flight elsewhere"]}
    booked = await do("booked", "/bookings", seats)
    await do("cancelled", f"/bookings/{booked['id']}/cancellation", {"reason": "by_officer"})
    offer = await do("was offered seats", "/offers", {**seats, "expires_at": calendar.at("check_in").isoformat()})
    await do("declined", f"/offers/{offer['id']}/refusal", {})
