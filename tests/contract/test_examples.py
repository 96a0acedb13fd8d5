"""The bodies that are sent most have examples in their API pages, and each example is one that is taken."""

import importlib
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import BaseModel

from shared.settings import SERVICES, Settings

SENT_MOST = {
    "registration": {
        ("/cases", "CaseBody"),
        ("/cases/{case_id}/declarations", "DeclarationBody"),
        ("/cases/{case_id}/withdrawal", "WithdrawalBody"),
    },
    "eligibility": {("/cases/{case_id}/answers", "AnswersBody"), ("/restrictions", "RestrictionBody")},
    "travel": {
        ("/flights", "FlightBody"),
        ("/bookings", "BookingBody"),
        ("/flights/{flight_id}/passengers/{individual_id}/willingness", "WillingnessBody"),
    },
    "reintegration": {("/cases/{case_id}/plans", "PlanBody"), ("/plans/{plan_id}/payments", "PaymentBody")},
}


def page_of(service: str, tmp_path: Path) -> Any:
    app = importlib.import_module(f"services.{service}.app").create_app(Settings(data_dir=tmp_path))
    return app.openapi()


def bodies(service: str) -> dict[str, type[BaseModel]]:
    """The bodies and answers of a service by their names."""
    found: dict[str, type[BaseModel]] = {}
    for file in Path(f"services/{service}").glob("*/schemas.py"):
        module = importlib.import_module(f"services.{service}.{file.parent.name}.schemas")
        own = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]
        found |= {each.__name__: each for each in own if issubclass(each, BaseModel)}
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_the_bodies_that_are_sent_most_are_shown_with_examples_that_are_taken(service: str, tmp_path: Path) -> None:
    document, models = page_of(service, tmp_path), bodies(service)
    schemas = document["components"]["schemas"]
    for path, name in SENT_MOST[service]:
        sent = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert sent["$ref"] == f"#/components/schemas/{name}", path
        assert schemas[name].get("examples"), name
    shown = {
        name: schema["examples"] for name, schema in schemas.items() if "properties" in schema and "examples" in schema
    }
    assert {name for _, name in SENT_MOST[service]} <= set(shown)
    for name, examples in shown.items():
        for example in examples:
            taken = models[name].model_validate_json(orjson.dumps(example))
            assert example.keys() <= taken.model_fields_set, name
