"""What people do with the family's case at reintegration: the bodies they send, and how far a test begins."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from shared.auth import Role
from tests.reintegration.family import AT_HOME, Family, Told
from tests.world import World

__all__ = ["Family", "Told"]

RE, AP, FI, PO = Role.REINTEGRATION_OFFICER, Role.APPROVER, Role.FINANCE, Role.PROGRAMME_OFFICER
SCHEME: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "deploy/scenarios/survey_scheme_provisional.json").read_text(encoding="utf-8")
)


async def hear(world: World, family: Family, *facts: Told) -> None:
    for fact, about in facts:
        await world.hear(fact, key=family.case, **about)


async def hear_at_once(world: World, family: Family, *facts: Told) -> None:
    """The same in one batch: quicker, where how they are handled is not what is tested."""
    await world.runtime.consumer.take([world.delivery(fact, key=family.case, **about) for fact, about in facts])
    assert await world.parked() == []


async def expected(world: World) -> Family:
    """A family that is registered, eligible and booked."""
    family = Family()
    await hear_at_once(world, family, family.registered(), family.decided(), family.booked())
    return family


async def at_home(world: World) -> Family:
    """The family after its arrival; business time is some days later."""
    family = Family()
    before = (family.registered(), family.decided(), family.booked())
    journey = (fact(who) for fact in (family.departed, family.arrived) for who in family.everyone)
    await hear_at_once(world, family, *before, *journey)
    world.now = AT_HOME
    return family


def instalment(amount: str, due_from: str, due_until: str) -> dict[str, str]:
    return {"amount": amount, "due_from": due_from, "due_until": due_until}


def plan_body() -> dict[str, Any]:
    """A small restaurant: its equipment in kind, its rent in three instalments."""
    account = {"project_code": "RT.0123", "budget_line": "2.1", "currency": "EUR"}
    return deepcopy(
        {
            "goals": ["A small restaurant that feeds the family"],
            "activities": ["Buy kitchen equipment", "Rent a place for three months"],
            "lines": [
                {
                    "code": "equipment",
                    "description": "Stove, refrigerator, pots",
                    "modality": "in_kind",
                    "package_line": "business:case",
                    "amount": "1500.00",
                    "instalments": [instalment("1500.00", "2021-12-20", "2022-03-31")],
                    **account,
                },
                {
                    "code": "rent",
                    "description": "Rent of the place",
                    "modality": "cash",
                    "package_line": "rent:case",
                    "amount": "900.00",
                    "instalments": [
                        instalment("300.00", "2022-01-01", "2022-01-31"),
                        instalment("300.00", "2022-02-01", "2022-02-28"),
                        instalment("300.00", "2022-03-01", "2022-03-31"),
                    ],
                    **account,
                },
            ],
        }
    )


async def drafted(world: World, family: Family) -> Any:
    return await world.post(f"/cases/{family.case}/plans", plan_body(), role=RE, subject="author")


async def submitted(world: World, family: Family) -> Any:
    plan = await drafted(world, family)
    return await world.post(f"/plans/{plan['plan_id']}/submission", role=RE, subject="author")


async def approved(world: World, family: Family) -> Any:
    plan = await submitted(world, family)
    return await world.post(f"/plans/{plan['plan_id']}/approval", role=AP, subject="approver", etag=etag_of(plan))


def etag_of(plan: Any) -> str:
    """The version of the plan that whoever decides on it has read."""
    return f'"{plan["version"]}"'


def line_of(plan: Any, code: str) -> str:
    found = next(line for line in plan["lines"] if line["code"] == code)
    return str(found["line_id"])


def payment_body(plan: Any, number: int = 1, amount: str = "300.00", **changes: Any) -> dict[str, Any]:
    body = {
        "line_id": line_of(plan, "rent"),
        "instalment": number,
        "amount": amount,
        "currency": "EUR",
        "rate_date": "2022-01-03",
        "paid_on": "2022-01-03",
        "evidence": {"kind": "signed_receipt", "reference": f"R-{number}"},
    }
    return body | changes


def delivery_body(plan: Any, amount: str = "1500.00", **changes: Any) -> dict[str, Any]:
    body = {
        "line_id": line_of(plan, "equipment"),
        "amount": amount,
        "certificate": {"number": "HC-1", "signed_on": "2022-01-03"},
        "delivered_on": "2022-01-03",
        "provider_code": "ETTC",
    }
    return body | changes


def survey_body(family: Family, number: int = 1, **changes: Any) -> dict[str, Any]:
    """Everything answered with its best option."""
    sets = SCHEME["option_sets"]
    answers = {q["id"]: next(iter(sets[q["option_set"]])) for q in SCHEME["questions"]}
    body = {
        "individual_id": str(family.father),
        "round": number,
        "scheme": "RSS",
        "scheme_version": 1,
        "interviewed_on": "2022-01-03",
        "method": "in_person",
        "answers": answers,
    }
    return body | changes


def cheaper_rent() -> dict[str, Any]:
    """The line of the rent as a change to the approved plan names it: its last instalment is 200."""
    line = plan_body()["lines"][1]
    first, second, last = line["instalments"]
    parts = [first, second, last | {"amount": "200.00"}]
    changed: dict[str, Any] = line | {"amount": "800.00", "instalments": parts}
    return changed


def feasibility_body(option: str, **findings: str) -> dict[str, Any]:
    """Everything met, except what is said."""
    useful = ("high_unproductive_debt", "no_income", "extreme_vulnerability", "remoteness")
    provided = ["endangers_nobody", "breaks_the_debt_cycle", "little_tension", "safe_delivery_channel"]
    provided += ["low_procurement_risk", "low_corruption_risk"] if option == "in_kind" else []
    found = dict.fromkeys((*useful, *provided), "met") | findings
    return {"aspect": "income", "option": option, "findings": found, "checked_on": "2021-12-20"}


def project_body(**changes: Any) -> dict[str, Any]:
    """A bakery that a neighbourhood builds together."""
    body = {
        "code": "EBL-BAKERY",
        "goal": "A bakery for the neighbourhood",
        "activities": ["Buy an oven"],
        "country": "IRQ",
        "amount": "3000.00",
        "currency": "EUR",
    }
    return body | changes


def closure_body(reason: str = "completed", **changes: Any) -> dict[str, Any]:
    return {"reason": reason, "final_report": "What was achieved.", "closed_on": "2022-01-03"} | changes
