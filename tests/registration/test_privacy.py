"""No fact told, audit row or problem carries a name, a birth date, a number, a contact or a finding."""

import json
from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from shared.database import audit, core, outbox
from tests.registration.story import CO, DOORS, ME, PR, RO, family_body, register
from tests.world import World

SECRETS = (
    *("Hêmin", "شیلان", "Tavge", "Zanyar", "Barzinjî", "1984-02-29", "1988-07-04", "2012-05-17", "2015-11-30"),
    *("A15830247", "555 01 77", "Bruzgi, hall", "Fever", "afraid", "DC-77", "Kavalenka", "form 2021-0417"),
)


def forms(secret: str) -> set[str]:
    """As it is, and as JSON, Python and URLs would escape it."""
    return {secret, json.dumps(secret)[1:-1], quote(secret), repr(secret.encode())[2:-1], secret.casefold()}


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if any(form in text or form in text.casefold() for form in forms(secret))]


async def everything_told(world: World) -> str:
    async with world.runtime.database.reading() as session:
        bodies = (await core(session, select(outbox.c.body, outbox.c.subject, outbox.c.key))).all()
        audited = (await core(session, select(audit))).all()
    assert bodies
    assert audited
    return "\n".join([*(f"{bytes(b.body).decode()} {b.subject} {b.key}" for b in bodies), *map(str, audited)])


async def test_nothing_told_or_audited_carries_personal_data(world: World) -> None:
    family = await (await register(world)).declare()
    findings: dict[str, Any] = {
        "individual_id": str(family.ids["mother"]),
        "outcome": "fit",
        "checked_at": world.now.isoformat(),
        "findings": "Fever",
    }
    await world.post(f"{family.path}/fitness-checks", findings, role=ME)
    await world.post(f"{family.path}/holds", {"reason": "medical", "note": "afraid"}, role=PR)
    change = {"reason": "typing_error", "given_name": "Hêmin Ali", "birth_date": "1984-02-28"}
    path = f"{family.path}/members/{family.ids['father']}"
    answer = await world.call("PATCH", path, change, role=RO, etag=await family.etag())
    assert answer.status_code == 200
    await family.clear()
    stated: dict[str, Any] = {
        "occurred_at": world.now.isoformat(),
        "late_reason": "paper_form",
        "evidence": "form 2021-0417",
    }
    await family.withdraw("father", now=DOORS, **stated)
    assert found_in(await everything_told(world)) == []


async def test_the_search_would_find_what_it_looks_for() -> None:
    for secret in SECRETS:
        for form in forms(secret):
            assert secret in found_in(f"…{form}…")


async def test_no_problem_repeats_what_was_sent(world: World) -> None:
    wrong: list[dict[str, Any]] = [
        family_body(contact={"phone": 37529, "email": None, "Bruzgi, hall": "A15830247"}),
        family_body(channel="Hêmin"),
        family_body(host_country="Barzinjî"),
        family_body(arrived_in_host_country="1984-02-29 Zanyar"),
        family_body(members=[{"given_name": "شیلان", "A15830247": "Fever"}]),
    ]
    for body in wrong:
        answer = await world.call("POST", "/cases", body, role=CO)
        assert answer.status_code == 422
        assert found_in(answer.text) == [], answer.text
