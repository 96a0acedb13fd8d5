"""`homeward doctor`: looks at a deployment, says what is wrong and what to do, and changes nothing.

What it says names variables, files, servers, topics, counts and dates: no value of a setting, nothing of a case.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from services.command.checks import CannotStart, on_the_same_ground
from services.command.doctor import database, events, files, others
from services.command.doctor.findings import Finding, State, line_of, ok, worst, wrong
from shared.environment import SettingsRefused, read_settings
from shared.settings import SERVICES, Settings
from shared.version import VERSION

__all__ = ["Finding", "State", "examined", "line_of", "worst"]

PATIENCE = 20.0
"""Seconds that one part of the looking may take."""


def examined(service: str | None, data: Path | None, days: int) -> list[Finding]:
    """Everything that was looked at. `days`: a certificate that ends within them is worth a warning."""
    try:
        settings = read_settings(Settings, data)
        on_the_same_ground(settings)
    except SettingsRefused as error:
        return [wrong("settings", sentence, "Set it right, or unset it.") for sentence in error.sentences]
    except CannotStart as error:
        return [wrong("settings", str(error), "Set it, and run this again.")]
    return [*_of_itself(settings), *asyncio.run(_looked(settings, service, days))]


def _of_itself(settings: Settings) -> list[Finding]:
    import platform
    import sqlite3

    import fastapi
    import sqlalchemy

    given = len(settings.model_fields_set)
    return [
        ok("settings", f"{given} of {len(Settings.model_fields)} settings are set; this is {settings.mode} mode."),
        ok(
            "versions",
            f"Homeward {VERSION}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
            f"FastAPI {fastapi.__version__}, SQLAlchemy {sqlalchemy.__version__}.",
        ),
    ]


async def _looked(settings: Settings, service: str | None, days: int) -> list[Finding]:
    chosen = _services(settings, service)
    if not chosen:
        return [
            wrong("settings", "Which service these settings are for cannot be told.", "Say it with --service NAME.")
        ]
    found: list[Finding] = []
    parts = [
        ("files", files.looked(settings, days)),
        *((f"database of {name}", database.looked(name, settings, days)) for name in chosen),
        ("events", events.looked(chosen, settings, days)),
        ("services", others.looked(settings)),
    ]
    for area, part in parts:
        found += await _within_limits(area, part)
    return found


async def _within_limits(area: str, part: AsyncIterator[Finding]) -> list[Finding]:
    found: list[Finding] = []
    try:
        async with asyncio.timeout(PATIENCE):
            async for each in part:
                found.append(each)  # one by one: what was found before the time is up is kept
    except TimeoutError:
        found.append(wrong(area, f"Looking took longer than {PATIENCE:.0f} seconds.", "See whether its server hangs."))
    except Exception as error:  # one part that cannot be looked at must not hide the others
        found.append(wrong(area, f"Looking failed ({type(error).__name__}).", "Please tell who maintains Homeward."))
    return found


def _services(settings: Settings, service: str | None) -> list[str]:
    """Which services these settings are for: on servers one, which is told or has given its name to its database."""
    if service is not None:
        return [service]
    if not settings.on_servers:
        return list(SERVICES)
    name = (settings.database_url or "").rpartition("/")[2].partition("?")[0]
    return [name] if name in SERVICES else []
