"""Registering and reading a case in bare FastAPI routes, each statement hand-written for asyncpg, its pool as it comes.

The tables, rows, facts and answers are Homeward's own; the rules of the field, the refusals, metrics and logs are not
here. The token is checked by the same function.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response

from services.registration.cases.rules import name_keys
from shared.auth import Keys, Principal, Role, bearer_token, verify
from shared.clock import rfc3339
from shared.columns import new_id
from shared.text import last_digits
from tests.benchmarks.reference import statements as sql
from tests.benchmarks.reference.bodies import NewCase, age_band, offered

MAY_REGISTER = {Role.REGISTRATION_OFFICER, Role.COUNSELLOR}


def create_app(dsn: str, folder: Path) -> FastAPI:
    keys = Keys.development(folder / "keys")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(dsn, min_size=10, max_size=10) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    async def caller(authorization: Annotated[str, Header()]) -> Principal:
        return verify(bearer_token(authorization), keys, datetime.now(UTC))

    Caller = Annotated[Principal, Depends(caller)]  # noqa: N806 - a type

    @app.post("/cases")
    async def register_case(
        body: NewCase, request: Request, idempotency_key: Annotated[str, Header()], who: Caller
    ) -> Response:
        if who.roles.isdisjoint(MAY_REGISTER):
            raise HTTPException(403)
        return await _register(request.app.state.pool, body, await request.body(), idempotency_key, who)

    @app.get("/cases")
    async def list_cases(request: Request, who: Caller, limit: int = 50) -> Response:
        async with request.app.state.pool.acquire() as connection:
            return Response(_json(await _listed(connection, limit)), media_type="application/json")

    @app.get("/cases/{case_id}")
    async def read_case(case_id: UUID, request: Request, who: Caller) -> Response:
        async with request.app.state.pool.acquire() as connection:
            case, shown = await _read(connection, case_id)
        return Response(_json(shown), headers={"ETag": f'"{case["version"]}"'}, media_type="application/json")

    return app


def _json(shown: Any) -> bytes:
    return orjson.dumps(shown, default=str)  # the driver's UUIDs are of a class of its own


async def _register(pool: Any, body: NewCase, raw: bytes, key: str, who: Principal) -> Response:
    now = datetime.now(UTC)
    cause = uuid4()
    async with pool.acquire() as connection, connection.transaction():
        taken = await connection.fetchval(sql.CLAIM, who.client, key, hashlib.sha256(raw).digest(), now)
        if taken is None:
            kept = await connection.fetchrow(sql.FIND, who.client, key)
            return Response(kept["body"], kept["status"], orjson.loads(kept["headers"]))
        if body.site_id is not None and not await connection.fetchval(sql.SITE, body.site_id):
            raise HTTPException(422)
        household, case = new_id(), new_id()
        ids = {member.ref: new_id() for member in body.members}
        contact = body.contact
        reached_by = last_digits(contact.phone or "")
        about = (contact.phone, contact.email, contact.address, now, reached_by)
        await connection.execute(sql.HOUSEHOLD, household, *about)
        await connection.executemany(
            sql.INDIVIDUAL,
            [
                (
                    ids[m.ref],
                    household,
                    m.given_name,
                    m.family_name,
                    m.birth_date,
                    m.sex,
                    m.nationality,
                    orjson.dumps(m.other_nationalities).decode(),
                    orjson.dumps(m.languages).decode(),
                    m.last_assisted_return,
                    *name_keys(m.given_name, m.family_name),
                )
                for m in body.members
            ],
        )
        await connection.execute(
            sql.CASE,
            case,
            household,
            body.site_id,
            body.channel,
            body.host_country,
            body.destination.country,
            body.destination.area,
            body.arrived_in_host_country,
            now.date(),
            body.means,
            now,
            who.subject,
        )
        bands = {m.ref: age_band(m.birth_date, now.date()) for m in body.members}
        alone = {m.ref: bands[m.ref] != "adult" and not m.responsible for m in body.members}
        await connection.executemany(
            sql.MEMBER,
            [
                (
                    case,
                    ids[m.ref],
                    place,
                    m.relation,
                    orjson.dumps([ids[ref] for ref in m.responsible]).decode(),
                    alone[m.ref],
                )
                for place, m in enumerate(body.members)
            ],
        )
        papers = [(new_id(), m, paper) for m in body.members for paper in m.documents]
        if papers:
            await connection.executemany(
                sql.DOCUMENT,
                [
                    (
                        paper_id,
                        case,
                        ids[m.ref],
                        p.kind,
                        p.number,
                        p.issuing_country,
                        p.valid_from,
                        p.valid_until,
                        p.for_country,
                        p.single_journey,
                        now,
                        who.subject,
                    )
                    for paper_id, m, p in papers
                ],
            )
        facts: list[tuple[str, UUID | None, dict[str, Any]]] = [
            ("homeward.registration.case.registered.v1", None, fact_of(body, case, ids, bands))
        ]
        facts += [
            ("homeward.registration.protection.pending.v1", ids[ref], {"individual": ids[ref]})
            for ref, pending in alone.items()
            if pending
        ]
        facts += [
            (
                "homeward.registration.document.recorded.v1",
                paper_id,
                {
                    "individual": ids[m.ref],
                    "document": paper_id,
                    "kind": p.kind,
                    "issuing_country": p.issuing_country,
                    "valid_from": p.valid_from,
                    "valid_until": p.valid_until,
                    "for_country": p.for_country,
                    "single_journey": p.single_journey,
                    "valid": True,
                },
            )
            for paper_id, m, p in papers
        ]
        last = await connection.fetchval(sql.SEQUENCE, str(case), len(facts), now)
        rows = []
        for sequence, (kind, subject, data) in enumerate(facts, last - len(facts) + 1):
            event = uuid4()
            envelope = envelope_of(event, kind, case, subject, sequence, now, cause, data)
            told = None if subject is None else str(subject)
            rows.append((event, str(case), sequence, kind, told, now, orjson.dumps(envelope)))
        await connection.executemany(sql.OUTBOX, rows)
        await connection.execute(
            sql.AUDIT,
            now,
            who.subject,
            ",".join(sorted(who.roles)),
            "register_case",
            f'{{"made": "{case}"}}',
            201,
            cause,
        )
        answer = orjson.dumps(
            {
                "id": case,
                "household_id": household,
                "status": "open",
                "registered_at": rfc3339(now),
                "members": [
                    {
                        "ref": m.ref,
                        "individual_id": ids[m.ref],
                        "age_band": bands[m.ref],
                        "protection_pending": alone[m.ref],
                        "documents": [paper_id for paper_id, holder, _ in papers if holder is m],
                    }
                    for m in body.members
                ],
                "actions": offered(case),
            }
        )
        headers = {"Location": f"/cases/{case}", "ETag": '"1"', "content-type": "application/json"}
        await connection.execute(sql.KEEP, who.client, key, 201, orjson.dumps(headers).decode(), answer)
    return Response(answer, 201, headers)


def fact_of(body: NewCase, case: UUID, ids: dict[str, UUID], bands: dict[str, str]) -> dict[str, Any]:
    return {
        "case": case,
        "site": body.site_id,
        "channel": body.channel,
        "host_country": body.host_country,
        "destination_country": body.destination.country,
        "destination_area": body.destination.area,
        "arrived_in_host_country": body.arrived_in_host_country,
        "means": body.means,
        "members": [
            {
                "individual": ids[m.ref],
                "relation": m.relation,
                "nationality": m.nationality,
                "sex": m.sex,
                "age_band": bands[m.ref],
                "responsible": [ids[ref] for ref in m.responsible],
                "attempt": 1,
                "last_assisted_return": m.last_assisted_return,
            }
            for m in body.members
        ],
    }


def envelope_of(
    event: UUID, kind: str, case: UUID, subject: UUID | None, sequence: int, now: datetime, cause: UUID, data: Any
) -> dict[str, Any]:
    moment = rfc3339(now)
    return {
        "specversion": "1.0",
        "id": event,
        "source": "homeward/registration",
        "type": kind,
        "time": moment,
        "datacontenttype": "application/json",
        "partitionkey": case,
        "sequence": sequence,
        "recordedtime": moment,
        "machinetime": moment,
        "causationid": cause,
        "correlationid": cause,
        "traceparent": f"00-{cause.hex}-{event.hex[:16]}-01",
        **({} if subject is None else {"subject": subject}),
        "data": data,
    }


async def _read(connection: Any, case_id: UUID) -> tuple[Any, dict[str, Any]]:
    case = await connection.fetchrow(sql.READ_CASE, case_id)
    if case is None:
        raise HTTPException(404)
    members = await connection.fetch(sql.READ_MEMBERS, case_id)
    documents = await connection.fetch(sql.READ_DOCUMENTS, case_id)
    holds = await connection.fetch(sql.READ_HOLDS, case_id)
    held = {one for hold in holds for one in orjson.loads(hold["individuals"])}
    today = datetime.now(UTC).date()
    return case, {
        **{name: case[name] for name in sql.SHOWN_OF_A_CASE},
        "closed_at": None if case["closed_at"] is None else rfc3339(case["closed_at"]),
        "registered_at": rfc3339(case["registered_at"]),
        "contact": {"phone": case["phone"], "email": case["email"], "address": case["address"]},
        "members": [
            {
                **{name: m[name] for name in sql.SHOWN_OF_A_MEMBER},
                "age_band": age_band(m["birth_date"], today),
                "responsible": orjson.loads(m["responsible"]),
                "held": str(m["individual_id"]) in held,
                "alone": None,  # nobody in these cases is a child without those responsible
                "personal": {
                    "given_name": m["given_name"],
                    "family_name": m["family_name"],
                    "birth_date": m["birth_date"],
                    "other_nationalities": orjson.loads(m["other_nationalities"]),
                    "languages": orjson.loads(m["languages"]),
                },
                "documents": [
                    {
                        **{name: d[name] for name in sql.SHOWN_OF_A_DOCUMENT},
                        "recorded_at": rfc3339(d["recorded_at"]),
                    }
                    for d in documents
                    if d["individual_id"] == m["individual_id"]
                ],
            }
            for m in members
        ],
        "actions": offered(case_id),
    }


async def _listed(connection: Any, limit: int) -> dict[str, Any]:
    cases = await connection.fetch(sql.LIST_CASES, limit + 1)
    members = await connection.fetch(sql.LIST_MEMBERS, [case["id"] for case in cases[:limit]])
    today = datetime.now(UTC).date()
    of: dict[UUID, list[dict[str, Any]]] = {}
    for m in members:
        of.setdefault(m["case_id"], []).append(
            {
                "individual_id": m["individual_id"],
                "relation": m["relation"],
                "status": m["status"],
                "age_band": age_band(m["birth_date"], today),
                "given_name": m["given_name"],
                "family_name": m["family_name"],
            }
        )
    items = [
        {
            **{name: case[name] for name in sql.LISTED_OF_A_CASE},
            "registered_at": rfc3339(case["registered_at"]),
            "members": of.get(case["id"], []),
        }
        for case in cases[:limit]
    ]
    return {"items": items, "next": "more" if len(cases) > limit else None}
