"""Looking after events: over HTTP where the services run, else on the folder itself.

The services are imported where they are needed: who asks a running process should not wait for them.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson

from services.command.checks import CannotStart
from services.command.chosen import create
from shared.auth import Role, issue_token
from shared.brokers import open_broker
from shared.clock import machine_now
from shared.environment import read_settings
from shared.events import topic_of
from shared.folder import where
from shared.keys import has_development_keys, load_keys
from shared.logs import configure
from shared.settings import SERVICES, Settings


def settings_of(data: Path | None) -> Settings:
    return read_settings(Settings, data)


def token(data: Path | None, roles: list[Role], subject: str, seconds: int) -> str:
    """A token signed with the development key of the data folder. Raises `KeysRefused` outside development."""
    settings = settings_of(data)
    if not settings.development:
        raise PermissionError("Only development mode makes tokens; in production they come from your issuer.")
    return issue_token(load_keys(settings), subject, roles, seconds, machine_now())


def knows_no_keys(data: Path | None) -> str | None:
    """What to say to who asks for a token where no service has started: keys made now are known only to those that
    start on the same folder. None where there are keys."""
    folder = settings_of(data).data_dir
    if has_development_keys(folder):
        return None
    return (
        f"No service has started on {folder.absolute()} yet, so its keys are new. Services that run on another folder "
        "refuse this token: name theirs with --data."
    )


def _check_started(settings: Settings) -> None:
    """Whoever looks after a folder where nothing ever started is in the wrong one: that all is well there says nothing.

    Raises `CannotStart`.
    """
    folder = settings.data_dir
    if settings.development and not settings.on_servers and not has_development_keys(folder):
        raise CannotStart(f"No service has started on {folder.absolute()} yet. Name theirs with --data.")


def operate(data: Path | None, service: str, method: str, path: str) -> Any:
    """One operator's request to a service. It goes to the process that owns the folder, or to the app itself."""
    settings = settings_of(data)
    _check_started(settings)
    headers = {"Authorization": f"Bearer {token(data, [Role.ADMINISTRATOR], 'command-line', 60)}"}
    if method == "POST":
        headers["Idempotency-Key"] = str(uuid.uuid4())
    url = where(settings.data_dir)
    if url is not None:
        answer = httpx.request(method, f"{url}/{service}{path}", headers=headers, timeout=300, trust_env=False)
    else:
        answer = asyncio.run(_in_process(settings, service, method, path, headers))
    if answer.status_code >= 400:
        raise RuntimeError(f"{answer.json()['title']}. {answer.json()['remedy']}")
    return answer.json()


async def _in_process(
    settings: Settings, service: str, method: str, path: str, headers: dict[str, str]
) -> httpx.Response:
    configure(service, "WARNING")
    app = create(service, settings, migrate=not settings.on_servers)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.request(method, path, headers=headers)


async def tail(data: Path | None, services: list[str], *, follow: bool) -> AsyncIterator[dict[str, Any]]:
    """The events in the topics of these services, or of all where none is named: topic after topic, as they lie there;
    with `follow`, those that come after, too, of which nothing is read twice."""
    from shared.access import broker_options

    settings = settings_of(data)
    _check_started(settings)
    broker = open_broker(settings.broker(), broker_options(settings))
    await broker.start()
    places: dict[str, dict[int, int]] = {service: {} for service in services or SERVICES}
    try:
        while True:
            for service, seen in places.items():
                async for delivery in broker.read(topic_of(service), after=dict(seen)):
                    seen[delivery.partition] = delivery.offset + 1
                    yield orjson.loads(delivery.value)
            if not follow:
                return
            await asyncio.sleep(0.5)
    finally:
        await broker.stop()
