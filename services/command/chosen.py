"""One service by its name. Only that one is loaded: a process of travel has no use for the tables of registration."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from shared.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shared.wiring import Wiring


def create(service: str, settings: Settings, **options: Any) -> "FastAPI":
    """What `create_app` of the service's own app.py makes."""
    app: FastAPI = import_module(f"services.{service}.app").create_app(settings, **options)
    return app


def wiring_of(service: str) -> "Wiring":
    wiring: Wiring = import_module(f"services.{service}.app").WIRING
    return wiring
