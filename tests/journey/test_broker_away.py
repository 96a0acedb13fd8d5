"""While nobody carries the facts, each service goes on with its own work; when somebody does again, all arrives."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from services.demo.chapters import HELPED, tell, up_to
from services.demo.family import Family
from services.demo.ground import hold_seats
from services.demo.warehouse import register
from shared.brokers import BrokerUnavailable
from shared.brokers.embedded import EmbeddedBroker, EmbeddedSubscription
from shared.settings import SERVICES
from tests.journey.hosting import Hosted

RESTRICTION = {"country": "ERI", "valid_from": "2021-12-01", "source": "Decision 12/2021"}


@contextmanager
def broker_away() -> Iterator[None]:
    """Nothing is taken and nothing is given out, as when Kafka does not answer."""

    async def publish(_broker: Any, messages: list[Any]) -> list[Exception | None]:
        return [BrokerUnavailable("away") for _ in messages]

    async def fetch(*_: Any) -> Any:
        raise BrokerUnavailable("away")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmbeddedBroker, "publish", publish)
        patch.setattr(EmbeddedSubscription, "fetch", fetch)
        yield


def waiting(family: Family, service: str) -> int:
    return int(family.look(service, "/operations/outbox", role="administrator", at="looked")["waiting"])


def until_empty(family: Family, service: str) -> None:
    family.until(
        f"{service} had told all it had to tell",
        service,
        "/operations/outbox",
        lambda outbox: bool(outbox["waiting"] == 0 and outbox["oldest"] is None),
        role="administrator",
        at="looked",
    )


def test_each_service_takes_its_own_work_while_the_broker_is_away_and_all_arrives_later(services: Hosted) -> None:
    family = tell(services.family(), up_to(HELPED))
    another = services.family()
    another.ids["site"] = family.ids["site"]
    for service in SERVICES:
        until_empty(family, service)
    people = [family.people[label] for label in family.story["visit"]["individuals"]]
    visit = {**family.story["visit"], "individuals": people, "late_reason": "network_down", "evidence": "V-1"}
    with broker_away():
        register(another)
        hold_seats(another)
        family.do(
            "returns were suspended",
            "eligibility",
            "/restrictions",
            RESTRICTION,
            role="programme_officer",
            at="ground",
            expect=201,
        )
        family.do(
            "they were visited",
            "reintegration",
            f"{family.case}/visits",
            visit,
            role="reintegration_officer",
            at="looked",
            expect=201,
        )
        for service in SERVICES:
            assert waiting(family, service) > 0, service
            assert services.client.get(f"{services.url}/{service}/health/ready").status_code == 200
        assert family.look("eligibility", another.case, role="auditor", at="looked") is None
    for service in SERVICES:
        until_empty(family, service)
    another.until("eligibility heard of the case", "eligibility", another.case, bool, role="auditor", at="looked")
    family.until(
        "the journey shows the visit",
        "registration",
        f"{family.case}/journey",
        lambda journey: "visit_made" in [line["summary"] for line in journey["lines"]],
        role="auditor",
        at="looked",
    )
