"""What looks for errands may not write, nor lock: it runs in a transaction that only reads."""

from importlib import import_module

import pytest

from shared.database import Database
from shared.settings import SERVICES
from shared.wiring import Wiring
from tests.servers.databases import Databases

DUE_AT_ONCE = {"make_report_edition"}
"""Where nothing is there yet there is nothing to do, but for the edition of this month, which nobody made."""


@pytest.mark.parametrize("service", SERVICES)
async def test_the_look_for_each_errand_only_reads(service: str, databases: Databases) -> None:
    app = import_module(f"services.{service}.app")
    wiring: Wiring = app.WIRING
    async with databases.of(app.create_app) as url:
        database = Database(url)
        try:
            for errand in wiring.errands:
                async with database.reading() as session:
                    assert bool(await errand.take(session)) is (errand.name in DUE_AT_ONCE), errand.name
        finally:
            await database.close()
    assert wiring.errands or service == "reintegration"
