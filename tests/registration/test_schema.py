"""The migrations make the schema that the models say, on a database of its own."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from services.registration.app import WIRING
from shared.database import STANDING, Database
from shared.migrations import missing, upgrade


async def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'registration.db'}")
    await upgrade(WIRING, database)
    assert await missing(WIRING, database) == []

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = list(compare_metadata(context, [WIRING.metadata, STANDING]))  # type: ignore[arg-type]  # it takes several metadata, as alembic's own env does
        return found

    async with database.schema_connection() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


def test_every_mutable_table_has_a_version_or_says_why_not() -> None:
    without = {name for name, table in WIRING.metadata.tables.items() if "version" not in table.c}
    assert without == {
        "assistance_fact",  # folded
        "journey_line",
        "passage_fact",
        "seat_fact",
        "flight_fact",
        "case_member",  # guarded by the version of the case
        "clearance",  # written once, in one transaction
        "correction",  # never changed
        "counselling_session",
        "departure",
        "fitness_check",
        "membership_change",  # never changed
        "notice_telling",  # never changed
        "reckoned",  # given its position once
        "report_edition",  # never changed
        "recorded_return",
        "screening",
        "site",
        "vulnerability_assessment",
        "vulnerability_category",
        "relief_item",
        "outreach_visit",
        "information_session",
        "feedback_step",
        "relief_card_change",
        "relief_receipt",
        "relief_second_attempt",
        "stock_movement",
        "distributed_item",  # guarded by the version of the distribution
        "headcount",
        "site_condition",
        "site_movement",
    }


def test_only_folded_facts_are_emptied_by_a_rebuild() -> None:
    folded = {"journey_line", "passage_fact", "seat_fact", "flight_fact", "assistance_fact"}
    assert {table.name for table in WIRING.facts} == folded
