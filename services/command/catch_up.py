"""After a back-up was restored: what the service told since is taken back from its own topic."""

import asyncio
from contextlib import nullcontext
from pathlib import Path

from services.command.checks import CannotStart, schema_is_current
from services.command.chosen import create
from shared.brokers import BrokerUnavailable
from shared.database import StoreAway
from shared.environment import read_settings
from shared.folder import owned
from shared.logs import configure
from shared.recovery import catch_up as take_back
from shared.restored import TakenBack
from shared.settings import Settings

SHOWN = 20


def catch_up(service: str, data: Path | None) -> list[str]:
    """Takes back what was told, and gives what was done in sentences. Raises `CannotStart`, and `FolderInUse` where
    the embedded services run."""
    settings = read_settings(Settings, data)
    configure("catch-up", settings.log_level)
    # On files `homeward up` must be stopped; on servers, the workers: the broker says whether they are.
    with owned(settings.data_dir) if settings.database_url is None else nullcontext():
        return _sentences(service, asyncio.run(_done(service, settings)))


async def _done(service: str, settings: Settings) -> TakenBack:
    runtime = create(service, settings).state.runtime
    try:
        await schema_is_current(runtime.wiring, runtime.database)
        await runtime.broker.start()
        return await take_back(runtime.consumer)
    except BrokerUnavailable as error:
        raise CannotStart(
            f"The database was not changed: {error}. Kafka must be there, and the workers of {service} must be stopped."
        ) from None
    except StoreAway as error:
        raise CannotStart(f"The database of {service} was not changed: it cannot be reached ({error}).") from None
    finally:
        await runtime.close()


def _sentences(service: str, done: TakenBack) -> list[str]:
    added = sum(done.added.values())
    said = [f"{service} knows again of {added} facts that it told after the back-up, and hears the others' again."]
    said += [f"  {count} × {kind}" for kind, count in sorted(done.added.items())]
    if done.known:
        said.append(f"{done.known} facts that were here were marked as sent.")
    if done.renumbered:
        said.append(f"{done.renumbered} facts that were told to nobody yet come behind them.")
    if done.lost:
        said.append(f"{done.lost} facts were committed after the back-up and never sent: nobody knows them any more.")
    if done.keys:
        more = f", and {len(done.keys) - SHOWN} more" if len(done.keys) > SHOWN else ""
        said.append(
            "What people entered after the back-up is not in this database and has to be entered again; it is about: "
            f"{', '.join(done.keys[:SHOWN])}{more}."
        )
    return said
