"""The `homeward` command: thin, one function a command.

Each imports what it runs, when it runs: a process should load no more than it uses, and a question be answered at once.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from shared.permissions import Role
from shared.settings import SERVICES, Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Homeward: assisted voluntary return and reintegration, from the first conversation to the last visit.",
)
events_app = typer.Typer(no_args_is_help=True, help="Look after the facts that the services tell each other.")
app.add_typer(events_app, name="events")
Service = StrEnum("Service", {name.upper(): name for name in SERVICES})  # type: ignore[misc]  # made from the list
MaybeData = Annotated[
    Path | None, typer.Option("--data", help="Folder of databases, event log and keys; else the settings'.")
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")]
PagesPort = Annotated[int | None, typer.Option("--port", help="Port of its pages; else the settings'.")]
Result = TypeVar("Result")


def _said(action: Callable[[], Result]) -> Result:
    """Runs it, and turns what stops it into a sentence instead of a stack trace."""
    try:
        return action()
    except Exception as error:
        from services.command.refusals import sentence_of  # it knows every kind, and so loads much

        sentence = sentence_of(error)
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        raise typer.Exit(1) from None


@app.command()
def up(data: MaybeData = None, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run all four services in one process on SQLite files and a durable event log. Ctrl-C stops them."""

    from services.command import run

    def ready(url: str, folder: Path) -> None:
        typer.echo(f"Homeward is up at {typer.style(url, bold=True)}, on {folder}. Ctrl-C stops it.")

    _said(lambda: run.up(data, host, port, ready))


@app.command()
def serve(service: Service, host: Host = "127.0.0.1", port: Port = 8001) -> None:
    """Run one service's API. For PostgreSQL and Kafka; settings come from the environment."""
    from services.command import run

    _said(lambda: run.serve(service.value, host, port, lambda url: typer.echo(f"{service.value} answers at {url}")))


@app.command()
def work(service: Service, host: Host = "127.0.0.1", port: PagesPort = None) -> None:
    """Run one service's worker: relay, consumer and what it carries on. Several may run side by side.

    Its pages are /health/live, /health/ready and /metrics.
    """
    from services.command import run

    _said(lambda: run.work(service.value, host, port, lambda url: typer.echo(f"The worker's pages are at {url}")))


@app.command()
def migrate(services: Annotated[list[Service] | None, typer.Argument()] = None, data: MaybeData = None) -> None:
    """Bring schemas and topics up to date (all services unless some are named). Harmless when they are."""
    from services.command import run

    chosen = [each.value for each in services or []] or list(SERVICES)
    _said(lambda: run.migrate(chosen, data))
    typer.echo(f"Up to date: {', '.join(chosen)}.")


@app.command()
def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="As docs/settings.md has them.")] = False,
) -> None:
    """List every setting: what it takes, its default, and whether the environment sets it. Shows no value.

    Marks those that are wrong and says what is; it then ends with 1.
    """
    from shared import environment

    if markdown:
        typer.echo(environment.as_markdown(), nl=False)
        return
    wrong = environment.refusals(Settings)
    for each in environment.listed():
        standing = "set" if os.environ.get(each.variable) else each.default or "not set"
        if any(sentence.startswith(f"{each.variable}:") for sentence in wrong):
            standing = "set, and wrong"
        typer.echo(f"{typer.style(each.variable, bold=True)} ({standing}): {each.takes}. {each.about}")
    for sentence in wrong:
        typer.echo(sentence, err=True)
    if wrong:
        raise typer.Exit(1)


@app.command()
def doctor(
    service: Annotated[Service | None, typer.Option(help="The service that these settings are for.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for a program.")] = False,
    days: Annotated[int, typer.Option(help="Warn of certificates that end within these days.", min=0)] = 30,
    data: MaybeData = None,
) -> None:
    """Look at a deployment, and say what is wrong and what to do. Changes nothing.

    Ends with 0 where all is well, 1 where something is worth a warning, 2 where something is wrong.
    """
    from services.command import doctor as looking

    found = _said(lambda: looking.examined(service.value if service else None, data, days))
    state = looking.worst(found)
    if as_json:
        import json

        typer.echo(json.dumps({"state": state.name.lower(), "findings": [each.told() for each in found]}, indent=2))
    else:
        for each in found:
            typer.echo(looking.line_of(each))
    raise typer.Exit(state)


@app.command("catch-up")
def catch_up(service: Service, data: MaybeData = None) -> None:
    """After restoring a back-up: take back from the service's own topic what it told since. Stop its workers first."""
    from services.command import catch_up as command

    for sentence in _said(lambda: command.catch_up(service.value, data)):
        typer.echo(sentence)


@app.command()
def demo(
    expect: Annotated[Path | None, typer.Option(help="File of figures to find, instead of the story's own.")] = None,
    against: Annotated[
        str | None, typer.Option(help="Play the family, to services that run: the address naming the four.")
    ] = None,
    arrived: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Another day of arrival in the host country.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the folder with databases, events and log behind.")
    ] = False,
    data: Annotated[Path | None, typer.Option("--data", help="Folder to play on; with --against, their keys.")] = None,
    family: Annotated[bool, typer.Option("--family", help="Play the family's way home alone.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="Play all of it --against services that are empty.")] = False,
) -> None:
    """Play the year 2021 through the four services, and compare what they say with the published figures."""
    from services.demo import play

    day = None if arrived is None else arrived.date()
    try:
        code = _said(lambda: play.play(play.Wanted(expect, against, day, keep, data, family, whole)))
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
    from services.command import events as event_commands

    new = _said(lambda: event_commands.knows_no_keys(data))
    typer.echo(_said(lambda: event_commands.token(data, role, subject, seconds)))
    if new:
        typer.echo(new, err=True)


@events_app.command("tail")
def tail(
    service: Annotated[list[Service] | None, typer.Option(help="Only what these services tell; else all four.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes.")] = False,
    data: MaybeData = None,
) -> None:
    """Print the events in the topics, one JSON object a line: topic after topic, each in its order."""
    import orjson

    from services.command import events as event_commands

    async def run_tail() -> None:
        async for event in event_commands.tail(data, [each.value for each in service or []], follow=follow):
            sys.stdout.write(orjson.dumps(event).decode() + "\n")
            if follow:
                sys.stdout.flush()  # whoever filters what comes is not made to wait for a full buffer

    try:
        _said(lambda: asyncio.run(run_tail()))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@events_app.command("parked")
def parked(data: MaybeData = None) -> None:
    """Show the facts that could not be handled, by service, with why."""
    from rich.console import Console
    from rich.table import Table

    table = Table("service", "id", "type", "key", "sequence", "reason")
    for service in SERVICES:
        for fact in _operate(data, service, "GET", "/operations/parked"):
            row = (str(fact["id"]), fact["type"], fact["key"], str(fact["sequence"]), fact["reason"])
            table.add_row(service, *row)
    Console().print(table if table.row_count else "Nothing is parked.")


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
    from rich.console import Console
    from rich.table import Table

    table = Table("service", "waiting", "oldest")
    for service in SERVICES:
        waits = _operate(data, service, "GET", "/operations/outbox")
        table.add_row(service, str(waits["waiting"]), waits["oldest"] or "-")
    Console().print(table)


def _operate(data: Path | None, service: str, method: str, path: str) -> Any:
    from services.command import events as event_commands

    return _said(lambda: event_commands.operate(data, service, method, path))


def main() -> None:
    app()


if __name__ == "__main__":
    main()
