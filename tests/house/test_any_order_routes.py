"""Every write of a service is sent by a state machine, or it is said why not."""

from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from services.together import CREATE
from shared.settings import Settings
from tests.any_order_routes import SENT, UNSENT


@pytest.mark.parametrize("service", CREATE)
def test_every_write_is_sent_by_a_machine_or_named_with_the_reason(service: str, tmp_path: Path) -> None:
    routes = [route for route in CREATE[service](Settings(data_dir=tmp_path)).routes if isinstance(route, APIRoute)]
    writes = {f"{method} {route.path}" for route in routes for method in (route.methods or set()) - {"GET", "HEAD"}}
    sent = {route for machine, listed in SENT.items() if machine.split()[0] == service for route in listed}
    named = set(UNSENT[service])
    assert sorted(writes - sent - named) == [], "in neither list of tests/any_order_routes.py"
    assert sorted(sent & named) == [], "sent, and said to be sent by none"
    assert sorted((sent | named) - writes) == [], "no write of this service any more"


def test_each_reason_says_something() -> None:
    assert all(len(why.split()) > 2 for reasons in UNSENT.values() for why in reasons.values())
