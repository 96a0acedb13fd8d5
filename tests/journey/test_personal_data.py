"""A whole demo run, everything of it kept: no name, birth date, number or contact outside registration's tables."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from services.demo import chapters
from services.demo.family import Family
from services.demo.figures import ask_the_services
from services.demo.hosting import LOG, names_four, services_up
from services.demo.play import STORY, tokens_for
from services.demo.scenario import read_scenario
from services.demo.teller import Teller
from shared.auth import load_keys
from shared.brokers import open_broker
from shared.events import topic_of
from shared.settings import SERVICES, Settings
from tests.journey.personal import forms, personal_values, traces

STORY_TOLD = read_scenario(STORY)
PERSONAL = personal_values(STORY_TOLD)
PROBLEM = "application/problem+json"


@dataclass
class Kept:
    """What was left behind by a run: files, and what went over the wire."""

    folder: Path
    urls: list[str] = field(default_factory=list)
    problems: list[bytes] = field(default_factory=list)
    problems_at: dict[str, list[bytes]] = field(default_factory=dict)
    metrics: dict[str, bytes] = field(default_factory=dict)

    def stored(self, name: str) -> bytes:
        """A database with what its journal holds."""
        found = sorted(self.folder.glob(f"{name}.db*"))
        return b"".join(path.read_bytes() for path in found)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    left = Kept(tmp_path_factory.mktemp("kept"))
    with services_up(left.folder) as url, httpx.Client(timeout=30, trust_env=False) as client:
        client.event_hooks = {"request": [lambda request: left.urls.append(str(request.url))]}
        addresses = names_four(url)
        assert addresses is not None
        token = tokens_for(load_keys(Settings(data_dir=left.folder)))
        family = chapters.tell(Family(Teller(addresses, token, uuid4().hex, client=client), STORY_TOLD))
        ask_the_services(family)
        family.look("travel", f"{family.flight}/manifest", role="airport_desk", at="looked")
        client.event_hooks = {"request": []}  # what is provoked now carries names in its addresses on purpose
        left.problems = list(provoked(client, addresses, token, family))
        for name, (role, path) in OTHERS.items():
            left.problems_at[name] = list(provoked_at(client, addresses[name], token(role), path))
        left.metrics = {name: client.get(f"{addresses[name]}/metrics").content for name in SERVICES}
    return left


def provoked(client: httpx.Client, addresses: dict[str, str], token: object, family: Family) -> Iterator[bytes]:
    """Problems of every kind that could repeat what was sent: in bodies, field names, paths, parameters, headers."""
    father = STORY_TOLD["members"][0]
    name, born, number = father["given_name"], father["birth_date"], father["documents"][0]["number"]
    whole = {**STORY_TOLD["case"], "members": STORY_TOLD["members"], "site_id": family.ids["site"]}

    def person(**changes: object) -> dict[str, object]:
        return {**whole, "members": [{**father, **changes}, *STORY_TOLD["members"][1:]]}

    bodies: list[object] = [
        {**whole, name: born},
        {**whole, "channel": name},
        {**whole, "arrived_in_host_country": f"{born} {name}"},
        person(given_name=name + "\u0007"),
        person(given_name=name * 200),
        person(given_name=[name]),
        person(birth_date=f"{born}T00:00"),
        person(birth_date="2086-03-11"),
        person(sex=name),
        person(nationality=name),
        person(languages=[name]),
        person(relation="spouse"),
        person(documents=[{"kind": name, "number": number}]),
        [name, born],
        name,
    ]
    registration = addresses["registration"]
    officer = {"Authorization": f"Bearer {family.teller.token('registration_officer')}"}

    def keyed(**more: str) -> dict[str, str]:
        return {**officer, "Idempotency-Key": str(uuid4()), **more}

    answers = [client.post(f"{registration}/cases", json=body, headers=keyed()) for body in bodies]
    malformed = json.dumps(whole, ensure_ascii=False).encode()[:-1]
    answers.append(
        client.post(f"{registration}/cases", content=malformed, headers=keyed(**{"Content-Type": "application/json"}))
    )
    answers.append(
        client.post(f"{registration}/cases", content=malformed, headers=keyed(**{"Content-Type": "text/plain"}))
    )
    answers.append(client.get(f"{registration}/cases", params={"name": name}, headers=officer))
    answers.append(client.get(f"{registration}/cases", params={"status": name}, headers=officer))
    answers.append(client.get(f"{registration}/cases", params={"cursor": number}, headers=officer))
    answers.append(client.get(f"{registration}/cases/{name}", headers=officer))
    answers.append(client.get(f"{registration}/people/{name}/{number}", headers=officer))
    answers.append(client.get(f"{registration}/cases", headers={"Authorization": f"Bearer {number}"}))
    answers.append(client.post(f"{registration}/cases", json=whole, headers={**officer, "Idempotency-Key": number}))
    for service in SERVICES:
        answers.append(client.request("PURGE", f"{addresses[service]}/cases/{name}", headers=officer))
        answers.append(client.post(f"{addresses[service]}/cases/{name}/closure", json=whole, headers=keyed()))
    for answer in answers:
        if answer.headers.get("content-type") == PROBLEM:
            yield answer.content


OTHERS = {
    "eligibility": ("programme_officer", "/programmes"),
    "travel": ("travel_officer", "/flights"),
    "reintegration": ("programme_officer", "/survey-schemes"),
}
"""The services that must know nothing personal: who may write there, and to which collection."""


def provoked_at(client: httpx.Client, address: str, token: str, path: str) -> Iterator[bytes]:
    """The same at a service that knows no names: what a caller sends by mistake is not told back either."""
    father = STORY_TOLD["members"][0]
    name, number = father["given_name"], father["documents"][0]["number"]
    officer = {"Authorization": f"Bearer {token}"}
    where = address + path

    def keyed(**more: str) -> dict[str, str]:
        return {**officer, "Idempotency-Key": str(uuid4()), **more}

    text = json.dumps(father, ensure_ascii=False)
    as_json, as_text = {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}
    answers = [
        client.post(where, json=father, headers=keyed()),
        client.post(where, json={name: number}, headers=keyed()),
        client.post(where, content=text.encode()[:-1], headers=keyed(**as_json)),
        client.post(where, content=text.encode(), headers=keyed(**as_text)),
        client.post(where, json=father, headers=officer),
        client.post(where, json=father, headers={**officer, "Idempotency-Key": f"{number} {number}"}),
        client.post(where, json=father),
        client.get(where, headers={"Authorization": f"Bearer {number}"}),
        client.get(where, params={"name": name}, headers=officer),
        client.get(where, params={"cursor": number}, headers=officer),
        client.get(f"{where}/{name}", headers=officer),
        client.get(f"{address}/people/{name}/{number}", headers=officer),
        client.request("PURGE", where, json=father, headers=officer),
        client.post(f"{address}/operations/replays", json=father, headers=keyed()),
    ]
    for answer in answers:
        if answer.headers.get("content-type") == PROBLEM:
            yield answer.content


async def told(folder: Path) -> bytes:
    """Every fact in every topic, as a consumer is given it by the broker: key, headers and body."""
    broker = open_broker(Settings(data_dir=folder).broker())
    await broker.start()
    try:
        found = [delivery for name in SERVICES async for delivery in broker.read(topic_of(name))]
    finally:
        await broker.stop()
    return b"\n".join(part for each in found for part in (each.key.encode(), repr(each.headers).encode(), each.value))


def test_no_topic_carries_what_is_personal(kept: Kept) -> None:
    topics = kept.stored("events")
    assert b"homeward.registration.case.registered.v1" in topics
    assert traces(topics, PERSONAL) == []


def test_no_fact_that_the_broker_gives_carries_what_is_personal(kept: Kept) -> None:
    facts = asyncio.run(told(kept.folder))
    for service in SERVICES:
        assert f'"homeward.{service}.'.encode() in facts
    assert traces(facts, PERSONAL) == []


def test_no_log_line_carries_what_is_personal(kept: Kept) -> None:
    log = (kept.folder / LOG).read_bytes()
    assert b'"route":"/cases/{case_id}/declarations"' in log
    assert traces(log, PERSONAL) == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_figure_of_a_service_carries_what_is_personal(kept: Kept, service: str) -> None:
    assert b"/cases/{case_id}" in kept.metrics[service]
    assert traces(kept.metrics[service], PERSONAL) == []


def test_no_address_that_was_asked_carries_what_is_personal(kept: Kept) -> None:
    assert len(kept.urls) > 100
    assert traces("\n".join(kept.urls).encode(), PERSONAL) == []


def test_no_problem_answer_repeats_what_was_sent(kept: Kept) -> None:
    kinds = {json.loads(problem)["type"] for problem in kept.problems}
    assert len(kept.problems) > 20
    assert len(kinds) > 8, kinds
    assert traces(b"\n".join(kept.problems), PERSONAL) == []


@pytest.mark.parametrize("service", OTHERS)
def test_no_problem_answer_of_another_service_repeats_what_was_sent(kept: Kept, service: str) -> None:
    kinds = {json.loads(problem)["type"] for problem in kept.problems_at[service]}
    assert len(kinds) >= 5, kinds
    assert traces(b"\n".join(kept.problems_at[service]), PERSONAL) == []


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "registration"])
def test_no_other_service_stores_what_is_personal(kept: Kept, service: str) -> None:
    stored = kept.stored(service)
    assert b"homeward." in stored
    assert traces(stored, PERSONAL) == []


def test_the_same_search_finds_all_of_it_where_it_belongs(kept: Kept) -> None:
    assert traces(kept.stored("registration"), PERSONAL) == PERSONAL


@pytest.mark.parametrize("value", PERSONAL)
def test_the_search_finds_every_form_of_a_value_that_was_planted(value: str) -> None:
    for form in forms(value):
        assert traces(b"\x00before " + form + b" after\xff", [value]) == [value]
    assert traces(b"nothing of the kind \\u00ea %C3%AA", [value]) == []
