"""A tiny service on the real floor: two tables, a few routes, three facts it hears. It stands where travel would."""

import asyncio
import inspect
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import MetaData, Table
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col, select

from shared.act import Act
from shared.auth import Role, allow
from shared.call import Call
from shared.concurrency import touch
from shared.contracts.eligibility import RestrictionLifted
from shared.contracts.registration import CaseClosed, CaseReopened
from shared.contracts.travel import FlightCancelled
from shared.database import NAMING, Session, new_id, versioned
from shared.events import Envelope, Event
from shared.fields import Body, Line
from shared.inbox import Handler, Handlers
from shared.migrations import upgrade
from shared.outbox import stage
from shared.pagination import Cursor, Limit, Page, after, page
from shared.problems import NotFound
from shared.settings import Settings
from shared.web import HomewardRoute, build_app
from shared.wiring import TOPICS, Wiring
from tests.servers.stores import store_filled
from tests.world import World

ROLE = Role.COUNSELLOR
POISON: set[str] = set()
"""Keys whose facts cannot be folded; a test that adds some takes them out again."""


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    pass


@versioned
class Note(Base, table=True):
    id: UUID = Field(default_factory=new_id, primary_key=True)
    text: str
    version: int = 1


class Heard(Base, table=True):
    """A fact that was folded. Folded twice, it violates the key."""

    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    type: str


class NoteBody(Body):
    text: Line


class NoteAnswer(BaseModel):
    id: UUID
    text: str


class NoteChanges(Body):
    text: Line | None = None
    inner: NoteBody | None = None


router = APIRouter(route_class=HomewardRoute)
FOR_THE_ROLE = [allow(ROLE)]


async def found(session: Session, note_id: UUID) -> Note:
    note = await session.get(Note, note_id, with_for_update=True)
    if note is None:
        raise NotFound("parcel")
    return note


def shown(note: Note) -> NoteAnswer:
    return NoteAnswer(id=note.id, text=note.text)


@router.post("/notes", status_code=201, dependencies=FOR_THE_ROLE)
async def make_note(body: NoteBody, call: Call) -> NoteAnswer:
    note = Note(text=body.text)
    call.session.add(note)
    await call.session.flush()
    await stage(call.session, call.act, FlightCancelled(flight=note.id), key=note.id)
    call.made("/notes", note.id)
    call.shows(note)
    return shown(note)


@router.get("/notes", dependencies=FOR_THE_ROLE)
async def list_notes(call: Call, limit: Limit = 2, cursor: Cursor = None) -> Page[NoteAnswer]:
    rows = select(Note).order_by(col(Note.id)).limit(limit + 1)
    begin = after(cursor)
    if begin is not None:
        rows = rows.where(col(Note.id) > begin)
    return page((await call.session.exec(rows)).all(), limit, shown)


@router.get("/notes/{note_id}", dependencies=FOR_THE_ROLE)
async def read_note(note_id: UUID, call: Call) -> NoteAnswer:
    note = await call.session.get(Note, note_id)
    if note is None:
        raise NotFound("parcel")
    call.shows(note)
    return shown(note)


@router.patch("/notes/{note_id}", dependencies=FOR_THE_ROLE)
async def change_note(note_id: UUID, body: NoteChanges, call: Call) -> NoteAnswer:
    note = await found(call.session, note_id)
    call.seen(note)
    note.text = body.text or note.text
    touch(note)
    await call.session.flush()
    call.shows(note)
    return shown(note)


@router.put("/notes/{note_id}", dependencies=FOR_THE_ROLE)
async def replace_note_unseen(note_id: UUID, body: NoteBody, call: Call) -> NoteAnswer:
    """Forgets to compare the version it was given."""
    note = await found(call.session, note_id)
    note.text = body.text
    return shown(note)


@router.post("/notes/{note_id}/events", dependencies=FOR_THE_ROLE)
async def tell_of_note(note_id: UUID, call: Call) -> NoteAnswer:
    note = await found(call.session, note_id)
    await stage(call.session, call.act, FlightCancelled(flight=note.id), key=note.id, subject=call.act.cause)
    return shown(note)


@router.post("/failures", dependencies=FOR_THE_ROLE)
async def fail(body: NoteBody, call: Call) -> NoteAnswer:
    """Changes something, tells of it, and then fails in a way that nobody foresaw."""
    note = Note(text=body.text)
    call.session.add(note)
    await call.session.flush()
    await stage(call.session, call.act, FlightCancelled(flight=note.id), key=note.id)
    raise ValueError(f"a secret: {body.text}")


async def keep(session: Session, envelope: Envelope, fact: Event) -> None:
    if envelope.key in POISON:
        raise ValueError(f"cannot fold {envelope.key}")
    session.add(Heard(source=envelope.source, key=envelope.key, sequence=envelope.sequence, type=fact.type))


async def answer(session: Session, act: Act, envelope: Envelope, fact: Event) -> None:
    await stage(session, act, FlightCancelled(flight=UUID(envelope.key)), key=envelope.key)


def facts() -> list[Table]:
    return [Base.metadata.tables["heard"]]


HANDLERS: Handlers = {
    CaseClosed: Handler(keep, answer),
    CaseReopened: Handler(keep),
    RestrictionLifted: Handler(keep),
}


def write_migrations(folder: Path) -> Path:
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    (folder / "env.py").write_text("from shared.migrations import run_environment\n\nrun_environment()\n")
    (folder / "versions" / "0001_start.py").write_text(
        "from alembic import op\n\n"
        "from shared.database import STANDING\n"
        "from tests.shared.toy import Base\n\n"
        'revision = "0001"\ndown_revision = None\n\n\n'
        "def upgrade():\n    STANDING.create_all(op.get_bind())\n    Base.metadata.create_all(op.get_bind())\n"
    )
    return folder


def wiring(migrations: Path, *routers: APIRouter) -> Wiring:
    return Wiring(
        "travel",
        "Toy",
        "a tiny service",
        Base.metadata,
        migrations,
        routers or (router,),
        [FlightCancelled],
        HANDLERS,
        facts(),
    )


_template: list[tempfile.TemporaryDirectory[str]] = []


@asynccontextmanager
async def playing(
    folder: Path, *, workers: bool = False, migrate: bool = True, fresh: bool = False, **settings: object
) -> AsyncIterator[World]:
    """The toy, started on files in `folder`. It is migrated once and then copied, unless it must be `fresh`."""
    made_of = wiring(write_migrations(folder / "migrations"))
    async with store_filled("toy", "travel", lambda database: upgrade(made_of, database)) as store:
        asked = {"data_dir": folder, "sqlite_synchronous": "OFF", **store, **settings}
        chosen = Settings.model_validate(asked)
        if migrate and not fresh and chosen.database_url is None:
            await copy_template(folder)
        app = build_app(made_of, chosen, workers=workers, migrate=migrate and (fresh or "database_url" in settings))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://service") as client,
        ):
            if store:  # no template was copied, in which the topics are
                await app.state.runtime.broker.create_topics(TOPICS)
            yield World(app, client)


async def copy_template(folder: Path) -> None:
    if not _template:
        made = tempfile.TemporaryDirectory(prefix="homeward-toy-")
        async with playing(Path(made.name), fresh=True, database_url=None):
            pass
        _template.append(made)
    shutil.copytree(_template[0].name, folder, dirs_exist_ok=True)


async def heard(world: World) -> list[tuple[str, int]]:
    """Key and sequence of each fact folded, sorted."""
    async with world.runtime.database.reading() as session:
        return sorted((row.key, row.sequence) for row in (await session.exec(select(Heard))).all())


async def notes(world: World) -> list[str]:
    """The texts of the notes, in the order in which they were made."""
    async with world.runtime.database.reading() as session:
        return [note.text for note in (await session.exec(select(Note).order_by(col(Note.id)))).all()]


async def until(good: Callable[[], Any], seconds: float = 5.0) -> None:
    """Waits until `good()` (or what it promises) is true. Raises AssertionError when it does not come to be."""
    for _ in range(int(seconds / 0.005)):
        found = good()
        if await found if inspect.isawaitable(found) else found:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come to be")
