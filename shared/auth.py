"""Who is it: bearer tokens (JWT, RFC 7519), signed with Ed25519 and nothing else."""

import hashlib
import json
import warnings
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, Final

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import GuestProtocol, OKPKey

from shared.keys import Keys, KeysRefused, Verified, load_keys
from shared.permissions import ANONYMOUS, Allowed, Principal, Role, allow, allowed_on, describe, public
from shared.problems import Problem

__all__ = [
    "ANONYMOUS",
    "AUDIENCE",
    "Allowed",
    "Keys",
    "KeysRefused",
    "Principal",
    "Role",
    "TokenExpired",
    "TokenInvalid",
    "TokenMissing",
    "allow",
    "allowed_on",
    "bearer_token",
    "describe",
    "issue_token",
    "load_keys",
    "principal_of",
    "public",
    "verify",
]

AUDIENCE: Final = "homeward"
_ALGORITHMS: Final = ("EdDSA", "Ed25519")  # RFC 8037's name, and RFC 9864's for the same signature
_LONGEST_TOKEN: Final = 4096
_LONGEST_SUBJECT: Final = 100
_LEEWAY: Final = 30.0  # seconds: clocks of two machines differ
_REMEMBERED: Final = 1024

# Issuers will say "EdDSA" for years; a warning for each of their tokens helps nobody.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)


class TokenMissing(Problem):
    slug = "token-missing"
    status = 401
    title = "This needs a bearer token"
    remedy = "Send `Authorization: Bearer <token>`. In development, `homeward token --role ROLE` makes one."
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="homeward"'}


class TokenInvalid(Problem):
    slug = "token-invalid"
    status = 401
    title = "That bearer token is not accepted here"
    remedy = (
        "Ask the issuer for a new token: signed with Ed25519 by a key known here, for the audience `homeward`. In "
        "development: `homeward token`, in the folder in which the services were started, or with the same `--data`."
    )
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="homeward", error="invalid_token"'}


class TokenExpired(Problem):
    slug = "token-expired"
    status = 401
    title = "That bearer token has expired"
    remedy = "Ask the issuer for a new token and send the same request again with the same Idempotency-Key."
    headers: ClassVar[Mapping[str, str]] = {
        "WWW-Authenticate": 'Bearer realm="homeward", error="invalid_token", error_description="expired"'
    }


def issue_token(
    keys: Keys, subject: str, roles: Iterable[Role], ttl: int, now: datetime, client: str | None = None
) -> str:
    """A token for `subject`, valid from `now` (machine time) for `ttl` seconds. Raises KeysRefused without a key."""
    if keys.signing is None:
        raise KeysRefused("There is no private key here to sign a token with.")
    issued = int(now.timestamp())
    claims = {
        "iss": keys.issuer,
        "aud": AUDIENCE,
        "sub": subject,
        "client_id": client or subject,
        "roles": sorted(roles),
        "iat": issued,
        "exp": issued + ttl,
    }
    header = {"alg": "EdDSA", "typ": "JWT", "kid": keys.signing.kid}
    return jws.serialize_compact(header, json.dumps(claims), keys.signing, list(_ALGORITHMS))


def bearer_token(authorization: str | None) -> str:
    """The token in an Authorization header. Raises TokenMissing."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing
    return token.strip()


def principal_of(authorization: str | None, keys: Keys, now: datetime, allowed: Allowed) -> Principal:
    """Who sent a request, from its Authorization header; on a public route ANONYMOUS, whatever the header says.

    Raises TokenMissing, TokenInvalid or TokenExpired.
    """
    return ANONYMOUS if allowed.public else verify(bearer_token(authorization), keys, now)


def verify(token: str, keys: Keys, now: datetime) -> Principal:
    """Who the token speaks for at `now` (machine time). Raises TokenInvalid or TokenExpired.

    Roles that are not known here are left out: such a caller is somebody who may do nothing.
    """
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise TokenInvalid
    # The digest, so that the tokens themselves do not lie in memory.
    digest = hashlib.sha256(token.encode()).digest()
    found = keys.remembered.get(digest)
    if found is None:
        found = _read(token, keys)
    instant = now.timestamp()
    if instant >= found.expires + _LEEWAY:
        keys.remembered.pop(digest, None)
        raise TokenExpired
    if instant < found.not_before - _LEEWAY:
        raise TokenInvalid
    keys.remembered[digest] = found
    keys.remembered.move_to_end(digest)
    if len(keys.remembered) > _REMEMBERED:
        keys.remembered.popitem(last=False)
    return found.principal


def _read(token: str, keys: Keys) -> Verified:
    def known_key(signed: GuestProtocol) -> OKPKey:
        # By id and from here alone: a key or an address inside the token is never followed.
        identifier = signed.headers().get("kid")
        if not isinstance(identifier, str) or identifier not in keys.public:
            raise TokenInvalid
        return keys.public[identifier]

    try:
        claims = json.loads(jws.deserialize_compact(token, known_key, _ALGORITHMS).payload or b"")
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise TokenInvalid from None
    if not isinstance(claims, dict) or claims.get("iss") != keys.issuer:
        raise TokenInvalid
    audience = claims.get("aud")
    if AUDIENCE not in (audience if isinstance(audience, list) else [audience]):
        raise TokenInvalid
    subject = _identifier(claims.get("sub"))
    roles = claims.get("roles", [])
    if not isinstance(roles, list):
        raise TokenInvalid
    return Verified(
        Principal(
            subject,
            frozenset(role for role in Role if role in roles),
            _identifier(claims.get("client_id", subject)),
        ),
        _instant(claims.get("nbf", claims.get("iat", 0))),
        _instant(claims.get("exp")),
    )


def _identifier(value: object) -> str:
    # It goes into the audit and the idempotency key as it is.
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_SUBJECT:
        raise TokenInvalid
    if not value.isascii() or not value.isprintable() or " " in value:
        raise TokenInvalid
    return value


def _instant(value: object) -> float:
    # Seconds since 1970; the bounds also keep out NaN, infinities and integers no float can hold.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**12:
        raise TokenInvalid
    return float(value)
