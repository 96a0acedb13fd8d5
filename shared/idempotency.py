"""Repeats: a POST carries an Idempotency-Key, and its answer is kept in the transaction of what it did.

The same key and request of the same person give the same answer, byte for byte. A refusal is not kept: it changed
nothing, and may well succeed later.
"""

import hashlib
import re
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import sqlite

from shared.clock import machine_now
from shared.database import Session, core, request_key
from shared.joined import later, on_driver
from shared.on_file import OnFile
from shared.problems import IdempotencyKeyMissing, IdempotencyKeyReused, IdempotencyKeyUnusable

CAUSES = UUID("5b6f1c0e-33e5-4f0c-8f0e-0b8d4f2a9f10")
USABLE = re.compile(r"[!#-~]{8,100}")
KEPT_HEADERS = ("etag", "location", "content-type")


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    status: int
    headers: dict[str, str]
    body: bytes


def usable_key(header: str | None) -> str:
    """The key in the header. Raises `IdempotencyKeyMissing` or `IdempotencyKeyUnusable`."""
    if header is None:
        raise IdempotencyKeyMissing()
    key = header.strip().strip('"')
    if not USABLE.fullmatch(key):
        raise IdempotencyKeyUnusable()
    return key


def cause_of(service: str, client: str, key: str) -> UUID:
    """The id of what a request causes: the same for its repeats, so that even they would make the same events."""
    return uuid5(CAUSES, f"{service}|{client}|{key}")


def fingerprint(by: str, method: str, path: str, query: str, body: bytes) -> bytes:
    """Of a request and who sent it. People who share a client share its keys, and the second of two who approve sends
    the same bytes as the first: an answer that is another's must not pass for theirs, nor show them what it shows."""
    return hashlib.sha256(b"\0".join((by.encode(), method.encode(), path.encode(), query.encode(), body))).digest()


# Built once: making a statement anew costs several times what running it does.
CLAIM = OnFile(
    sqlite.insert(request_key).on_conflict_do_nothing().returning(request_key.c.key),
    ("client", "key", "fingerprint", "made_at"),
)
CLAIM_ON_POSTGRES = """
    INSERT INTO request_key (client, key, fingerprint, made_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING RETURNING key
"""
_OF = (request_key.c.client == bindparam("of_client"), request_key.c.key == bindparam("of_key"))
FIND = select(request_key.c.fingerprint, request_key.c.status, request_key.c.headers, request_key.c.body).where(*_OF)


async def claim(session: Session, client: str, key: str, print_: bytes) -> KeptAnswer | None:
    """Takes the key for this transaction, or gives the answer it has. First insert, then look: who comes second waits
    for the first to commit. Raises `IdempotencyKeyReused` when the key stands for another request."""
    row = {"client": client, "key": key, "fingerprint": print_, "made_at": machine_now()}
    if session.get_bind().dialect.name == "postgresql":
        taken = await on_driver(session, CLAIM_ON_POSTGRES, list(row.values()))
    else:
        taken = await CLAIM(session, **row)
    if taken:
        return None
    kept = (await core(session, FIND, {"of_client": client, "of_key": key})).one()
    if bytes(kept.fingerprint) != print_:
        raise IdempotencyKeyReused()
    return KeptAnswer(kept.status, dict(kept.headers), bytes(kept.body))


async def keep(session: Session, client: str, key: str, answer: KeptAnswer) -> None:
    """Stores the answer with what it answers."""
    row = {"client": client, "key": key, "status": answer.status, "headers": answer.headers, "body": answer.body}
    later(session, request_key, row, by=("client", "key"))
