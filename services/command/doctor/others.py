"""Whether the services answer where the settings say, and are the ones that should be there."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx

from services.command.doctor.findings import Finding, ok, warning, wrong
from shared.folder import where
from shared.settings import Settings

PATIENCE = 5.0


async def looked(settings: Settings) -> AsyncIterator[Finding]:
    addresses = settings.addresses()
    if not settings.on_servers:
        running = where(settings.data_dir) if (settings.data_dir / "owner.lock").exists() else None
        if running is None:
            yield ok("services", "They do not run just now: `homeward up` starts them.")
            return
        addresses = {name: f"{running}/{name}" for name in addresses}
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        answers = await asyncio.gather(*(_look(client, name, url) for name, url in addresses.items()))
    for each in answers:
        yield each


async def _look(client: httpx.AsyncClient, name: str, url: str) -> Finding:
    variable = f"HOMEWARD_{name.upper()}_URL"
    try:
        told: Any = (await client.get(f"{url.rstrip('/')}/asyncapi.json")).json()
        title = str(told["info"]["title"])
        health: Any = (await client.get(f"{url.rstrip('/')}/health/ready")).json()
        ready, reasons = bool(health["ready"]), " ".join(map(str, health["reasons"]))
    except httpx.HTTPError as error:
        return wrong(
            "services",
            f"{name} does not answer where it should ({type(error).__name__}).",
            f"See whether it runs, and {variable}.",
        )
    except (ValueError, KeyError, TypeError):
        return wrong("services", f"What answers where {name} should be is no service of Homeward.", f"See {variable}.")
    if title != f"Homeward {name}":
        return wrong("services", f"Where {name} should be, {title} answers.", f"See {variable}.")
    if not ready:
        return warning("services", f"{name} answers, and is not ready: {reasons}", f"Run this for {name}, too.")
    return ok("services", f"{name} answers and is ready.")
