"""Registering a case in the style of the well-known full-stack FastAPI template: synchronous SQLModel, a session a
request, objects added, committed and refreshed. The tables are Homeward's own."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Response
from pydantic import BaseModel
from sqlalchemy.orm import configure_mappers, registry
from sqlmodel import Session, create_engine, select

from services.registration.cases.models import Case, CaseMember, Household, Individual
from services.registration.documents.models import Document
from services.registration.sites.models import Site
from shared.auth import Keys, Principal, bearer_token, verify
from shared.columns import new_id
from shared.standing import audit, outbox, request_key, stream
from tests.benchmarks.reference.bodies import NewCase, age_band, offered
from tests.benchmarks.reference.by_hand import MAY_REGISTER, envelope_of, fact_of

NAMED_BY_CASES = Site  # its table must be known to whoever inserts a case


class Kept:
    """A row of one of the standing tables, as an object of the unit of work."""

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)


class RequestKey(Kept):
    fingerprint: bytes
    status: int
    headers: dict[str, str]
    body: bytes


class Stream(Kept):
    sequence: int


class Outbox(Kept): ...


class Audit(Kept): ...


for kind, table in ((RequestKey, request_key), (Stream, stream), (Outbox, outbox), (Audit, audit)):
    registry().map_imperatively(kind, table)


class RegisteredMember(BaseModel):
    ref: str
    individual_id: UUID
    age_band: str
    protection_pending: bool
    documents: list[UUID]


class Registered(BaseModel):
    id: UUID
    household_id: UUID
    status: str
    registered_at: datetime
    members: list[RegisteredMember]
    actions: list[dict[str, str]]


def create_app(dsn: str, folder: Path) -> FastAPI:
    keys = Keys.development(folder / "keys")
    engine = create_engine(dsn.replace("postgresql://", "postgresql+psycopg://"), pool_size=10)
    configure_mappers()  # and a first connection: not by the first requests, several threads at once
    engine.connect().close()

    def get_session() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    def caller(authorization: Annotated[str, Header()]) -> Principal:
        return verify(bearer_token(authorization), keys, datetime.now(UTC))

    app = FastAPI()

    @app.post("/cases", status_code=201, response_model=Registered)
    def register_case(
        body: NewCase,
        response: Response,
        idempotency_key: Annotated[str, Header()],
        session: Annotated[Session, Depends(get_session)],
        who: Annotated[Principal, Depends(caller)],
    ) -> Any:
        if who.roles.isdisjoint(MAY_REGISTER):
            raise HTTPException(403)
        now, cause = datetime.now(UTC), uuid4()
        kept = session.get(RequestKey, (who.client, idempotency_key))
        if kept is not None:
            return Response(kept.body, kept.status, kept.headers)
        print_ = hashlib.sha256(body.model_dump_json().encode()).digest()
        key = RequestKey(client=who.client, key=idempotency_key, fingerprint=print_, made_at=now)
        session.add(key)
        session.flush()
        case, members, documents = _rows(session, body, who, now)
        _told(session, body, case, members, documents, now, cause)
        session.add(
            Audit(
                at=now,
                machine=now,
                by=who.subject,
                roles=",".join(sorted(who.roles)),
                action="register_case",
                ids={"made": str(case.id)},
                status=201,
                cause=cause,
                correlation=cause,
            )
        )
        answer = Registered(
            id=case.id,
            household_id=case.household_id,
            status=case.status,
            registered_at=now,
            members=[
                RegisteredMember(
                    ref=m.ref,
                    individual_id=one.individual_id,
                    age_band=age_band(m.birth_date, now.date()),
                    protection_pending=one.protection_pending,
                    documents=[d.id for d in documents if d.individual_id == one.individual_id],
                )
                for m, one in zip(body.members, members, strict=True)
            ],
            actions=offered(case.id),
        )
        response.headers["Location"] = f"/cases/{case.id}"
        key.status, key.headers, key.body = 201, dict(response.headers), answer.model_dump_json().encode()
        session.add(key)
        session.commit()
        session.refresh(case)
        return answer

    return app


def _rows(
    session: Session, body: NewCase, who: Principal, now: datetime
) -> tuple[Case, list[CaseMember], list[Document]]:
    household = Household(id=new_id(), made_at=now, **body.contact.model_dump())
    session.add(household)
    session.flush()
    ids = {member.ref: new_id() for member in body.members}
    for m in body.members:
        about = m.model_dump(exclude={"ref", "relation", "documents", "responsible"})
        session.add(Individual(id=ids[m.ref], household_id=household.id, **about))
    case = Case(
        id=new_id(),
        household_id=household.id,
        bands_told_on=now.date(),
        destination_country=body.destination.country,
        destination_area=body.destination.area,
        registered_at=now,
        registered_by=who.subject,
        **body.model_dump(exclude={"destination", "contact", "members"}),
    )
    session.add(case)
    session.flush()
    members = [
        CaseMember(
            case_id=case.id,
            individual_id=ids[m.ref],
            place=place,
            relation=m.relation,
            responsible=[ids[ref] for ref in m.responsible],
            protection_pending=age_band(m.birth_date, now.date()) != "adult" and not m.responsible,
        )
        for place, m in enumerate(body.members)
    ]
    documents = [
        Document(
            id=new_id(),
            case_id=case.id,
            individual_id=ids[m.ref],
            recorded_at=now,
            recorded_by=who.subject,
            **paper.model_dump(),
        )
        for m in body.members
        for paper in m.documents
    ]
    session.add_all([*members, *documents])
    session.flush()
    return case, members, documents


def _told(
    session: Session,
    body: NewCase,
    case: Case,
    members: list[CaseMember],
    documents: list[Document],
    now: datetime,
    cause: UUID,
) -> None:
    ids = {m.ref: one.individual_id for m, one in zip(body.members, members, strict=True)}
    bands = {m.ref: age_band(m.birth_date, now.date()) for m in body.members}
    facts: list[tuple[str, UUID | None, dict[str, Any]]] = [
        ("homeward.registration.case.registered.v1", None, fact_of(body, case.id, ids, bands))
    ]
    hidden = {"id", "case_id", "individual_id", "number", "recorded_at", "recorded_by", "version", "invalid_reason"}
    facts += [
        (
            "homeward.registration.document.recorded.v1",
            d.id,
            {"individual": d.individual_id, "document": d.id, **d.model_dump(exclude=hidden)},
        )
        for d in documents
    ]
    head = session.exec(select(Stream).where(stream.c.key == str(case.id)).with_for_update()).first()
    if head is None:
        head = Stream(key=str(case.id), sequence=0, recorded=now)
    for kind, subject, data in facts:
        head.sequence += 1
        event = uuid4()
        envelope = envelope_of(event, kind, case.id, subject, head.sequence, now, cause, data)
        session.add(
            Outbox(
                event_id=event,
                key=str(case.id),
                sequence=head.sequence,
                type=kind,
                subject=None if subject is None else str(subject),
                occurred=now,
                recorded=now,
                body=orjson.dumps(envelope),
            )
        )
    session.add(head)
