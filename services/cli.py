"""The `homeward` command: thin, one function a command."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from services.command import events as event_commands
from services.command import run
from services.demo import play
from services.demo.scenario import ScenarioMissing
from shared.auth import KeysRefused, Role
from shared.folder import FolderInUse
from shared.settings import SERVICES

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Homeward: assisted voluntary return and reintegration, from the first conversation to the last visit.",
)
events_app = typer.Typer(no_args_is_help=True, help="Look after the facts that the services tell each other.")
app.add_typer(events_app, name="events")
console = Console()

Service = StrEnum("Service", {name.upper(): name for name in SERVICES})  # type: ignore[misc]  # made from the list
MaybeData = Annotated[
    Path | None, typer.Option("--data", help="Folder of databases, event log and keys; else the settings'.")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")]
Result = TypeVar("Result")


def _said(action: Callable[[], Result]) -> Result:
    """Runs it, and turns what stops it into a sentence instead of a stack trace."""
    try:
        return action()
    except (run.CannotStart, ScenarioMissing, FolderInUse, KeysRefused, PermissionError, RuntimeError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except ValidationError as error:
        for wrong in error.errors():
            name = "_".join(["HOMEWARD", *map(str, wrong["loc"])]).upper()
            typer.echo(f"{name}: {wrong['msg']}", err=True)
        raise typer.Exit(1) from None


@app.command()
def up(data: MaybeData = None, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run all four services in one process on SQLite files and a durable event log. Ctrl-C stops them."""

    def ready(url: str, folder: Path) -> None:
        console.print(f"Homeward is up at [bold]{url}[/bold], on {folder}. Ctrl-C stops it.", highlight=False)

    _said(lambda: run.up(data, host, port, ready))


@app.command()
def serve(service: Service, host: Host = "127.0.0.1", port: Port = 8001) -> None:
    """Run one service's API. For PostgreSQL and Kafka; settings come from the environment."""
    _said(lambda: run.serve(service.value, host, port, lambda url: typer.echo(f"{service.value} answers at {url}")))


@app.command()
def work(service: Service) -> None:
    """Run one service's worker: relay, consumer and what it carries on. Several may run side by side."""
    _said(lambda: run.work(service.value))


@app.command()
def migrate(services: Annotated[list[Service] | None, typer.Argument()] = None, data: MaybeData = None) -> None:
    """Bring schemas and topics up to date (all services unless some are named). Harmless when they are."""
    chosen = [each.value for each in services or []] or list(SERVICES)
    _said(lambda: run.migrate(chosen, data))
    typer.echo(f"Up to date: {', '.join(chosen)}.")


@app.command()
def demo(
    expect: Annotated[Path | None, typer.Option(help="File of figures to find, instead of the story's own.")] = None,
    against: Annotated[str | None, typer.Option(help="Play to services that run: the address naming the four.")] = None,
    arrived: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Another day of arrival in the host country.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the folder with databases, events and log behind.")
    ] = False,
    data: Annotated[Path | None, typer.Option("--data", help="Folder to play on; with --against, their keys.")] = None,
) -> None:
    """Play a family's way home through the four services, and compare what they say with the story."""
    day = None if arrived is None else arrived.date()
    try:
        code = _said(lambda: play.play(play.Wanted(expect, against, day, keep, data)))
    except KeyboardInterrupt:
        code = 130
    raise typer.Exit(code)


@app.command()
def token(
    role: Annotated[list[Role], typer.Option(help="A role of the field; may be given more than once.")],
    subject: Annotated[str, typer.Option(help="Who the token is for: an opaque id, never a name.")] = "developer",
    seconds: Annotated[int, typer.Option(help="How long it is good for.", min=1, max=86_400)] = 3_600,
    data: MaybeData = None,
) -> None:
    """Print a development token. Refused in production mode."""
    typer.echo(_said(lambda: event_commands.token(data, role, subject, seconds)))


@events_app.command("tail")
def tail(
    service: Annotated[list[Service] | None, typer.Option(help="Only what these services tell.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes.")] = False,
    data: MaybeData = None,
) -> None:
    """Print the events in the topics, one JSON object a line."""
    import orjson

    async def run_tail() -> None:
        async for event in event_commands.tail(data, [each.value for each in service or []], follow=follow):
            sys.stdout.write(orjson.dumps(event).decode() + "\n")

    try:
        _said(lambda: asyncio.run(run_tail()))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@events_app.command("parked")
def parked(data: MaybeData = None) -> None:
    """Show the facts that could not be handled, by service, with why."""
    table = Table("service", "id", "type", "key", "sequence", "reason")
    for service in SERVICES:
        for fact in _operate(data, service, "GET", "/operations/parked"):
            row = (str(fact["id"]), fact["type"], fact["key"], str(fact["sequence"]), fact["reason"])
            table.add_row(service, *row)
    console.print(table if table.row_count else "Nothing is parked.")


@events_app.command("replay")
def replay(service: Service, data: MaybeData = None) -> None:
    """Handle again what a service has parked, key by key in order."""
    done = _operate(data, service.value, "POST", "/operations/replays")
    typer.echo(f"Applied {done['applied']}; still parked {done['still_parked']}.")


@events_app.command("rebuild")
def rebuild(service: Service, data: MaybeData = None) -> None:
    """Empty what a service folded from the others' facts, and fold it again from the topics. Tells nothing new."""
    done = _operate(data, service.value, "POST", "/operations/rebuilds")
    typer.echo(f"Folded {done['folded']} facts again.")


@events_app.command("outbox")
def outbox(data: MaybeData = None) -> None:
    """Show how many facts of each service wait to leave, and since when."""
    table = Table("service", "waiting", "oldest")
    for service in SERVICES:
        waits = _operate(data, service, "GET", "/operations/outbox")
        table.add_row(service, str(waits["waiting"]), waits["oldest"] or "-")
    console.print(table)


def _operate(data: Path | None, service: str, method: str, path: str) -> Any:
    return _said(lambda: event_commands.operate(data, service, method, path))


def main() -> None:
    app()


if __name__ == "__main__":
    main()
