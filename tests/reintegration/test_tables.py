"""The schema: what the migration makes is what the models say, and the database itself refuses what must never be."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from services.reintegration.app import WIRING, create_app
from services.reintegration.lines.models import Instalment, PlanLine
from services.reintegration.payments.models import PaidInvoice
from services.reintegration.plans.models import Plan
from services.reintegration.procurement.models import Invoice
from shared.database import Database, core, new_id
from shared.migrations import config_of, missing, upgrade
from shared.settings import Settings
from tests.reintegration.story import FI, RE, approved, at_home, line_of, payment_body
from tests.reintegration.test_procurement import line_with, ordering
from tests.world import World


async def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'fresh.db'}")
    await upgrade(WIRING, database)
    assert await missing(WIRING, database) == []

    def check(connection: Connection) -> None:
        config = config_of(WIRING)
        config.attributes["connection"] = connection
        command.check(config)
        command.downgrade(config, "base")
        command.upgrade(config, "head")

    async with database.schema_connection() as connection:
        await connection.run_sync(check)
    await database.close()


BY_HAND: dict[str, Any] = {
    "more is paid than the instalment": update(Instalment).values(paid=Decimal("10000")),
    "less than nothing is paid": update(Instalment).values(paid=Decimal("-1")),
    "more is delivered than the line": update(PlanLine).values(delivered=Decimal("10000")),
    "cash is delivered": update(PlanLine).where(col(PlanLine.code) == "rent").values(delivered=Decimal("1")),
    "a window ends before it begins": update(Instalment).values(due_until=date(2020, 1, 1)),
    "the author approves": update(Plan).values(approved_by="author"),
    "the status is unknown": update(Plan).values(status="lost"),
    "a line loses its instalments' line": delete(PlanLine),
}


async def test_the_database_refuses_what_must_never_be(world: World) -> None:
    family = await at_home(world)
    await approved(world, family)
    for statement in BY_HAND.values():
        with pytest.raises(IntegrityError):
            async with world.runtime.database.transaction() as session:
                await core(session, statement)


async def test_a_case_has_one_plan_that_is_not_cancelled_whoever_writes_it(world: World) -> None:
    family = await at_home(world)
    await approved(world, family)
    row = {
        "id": new_id(),
        "case_id": family.case,
        "status": "draft",
        "goals": [],
        "activities": [],
        "currency": "EUR",
        "decision_id": new_id(),
        "attempts": {},
        "drafted_by": "x",
        "drafted_at": world.now,
        "version": 1,
    }
    with pytest.raises(IntegrityError):
        async with world.runtime.database.transaction() as session:
            await core(session, insert(Plan).values(**row))
    async with world.runtime.database.transaction() as session:
        await core(session, insert(Plan).values(**row | {"status": "cancelled"}))


async def test_an_invoice_belongs_to_one_plan_whoever_writes_it(world: World) -> None:
    plans = [await approved(world, await at_home(world)) for _ in range(2)]
    world.now = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
    papers = [{"kind": "supplier_invoice", "reference": number} for number in ("A-1", "A-2")]
    for plan, paper in zip(plans, papers, strict=True):
        await world.post(f"/plans/{plan['plan_id']}/payments", payment_body(plan, evidence=paper), role=FI)
    with pytest.raises(IntegrityError):
        async with world.runtime.database.transaction() as session:
            await core(session, update(PaidInvoice).values(number_key="a-1"))


async def test_what_was_paid_on_invoices_before_they_were_claimed_is_claimed_by_the_migration(world: World) -> None:
    plan, line, (cheap, *_) = await line_with(world, "900.00")
    order = await world.post(f"{line}/orders", ordering(cheap), role=RE, subject="orderer")
    world.now = datetime(2022, 1, 10, 9, 0, tzinfo=UTC)
    bill = {"number": "INV-1", "amount": "400.00", "invoiced_on": "2022-01-04"}
    for number in ("INV-1", "INV-2"):
        await world.post(f"/orders/{order['order_id']}/invoices", {**bill, "number": number}, role=FI)
    goods = {"line_id": line_of(plan, "equipment"), "evidence": {"kind": "supplier_invoice", "reference": "inv-1"}}
    for _ in range(2):
        paid = payment_body(plan, 1, "100.00", **goods)
        await world.post(f"/plans/{plan['plan_id']}/payments", paid, role=FI, subject="payer")

    def again(connection: Connection) -> None:
        def kept() -> list[Any]:
            claims = select(PaidInvoice.number_key, PaidInvoice.provider, PaidInvoice.plan_id, PaidInvoice.payment_id)
            return [tuple(row) for row in connection.execute(claims)]

        config = config_of(WIRING)
        config.attributes["connection"] = connection
        before = kept()
        command.downgrade(config, "0003")
        twice = update(Invoice).where(col(Invoice.number) == "INV-2").values(number="inv-1")
        connection.execute(twice)
        command.upgrade(config, "head")
        assert kept() == before
        keys = connection.execute(select(Invoice.number_key).order_by(col(Invoice.id))).scalars().all()
        assert keys == ["inv-1", "inv-1~inv-1"], "one recorded twice by other capitals keeps a key of its own"

    async with world.runtime.database.schema_connection() as connection:
        await connection.run_sync(again)


def test_the_service_says_what_it_tells_and_hears(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    wiring = app.state.runtime.wiring
    assert all(kind.type.startswith("homeward.reintegration.") for kind in wiring.tells)
    assert all(not kind.type.startswith("homeward.reintegration.") for kind in wiring.handlers)
    assert {table.name for table in wiring.facts} == {n for n in WIRING.metadata.tables if n.startswith("fact_")}
    assert not any(table.foreign_keys for table in wiring.facts), "a rebuild empties these tables"
