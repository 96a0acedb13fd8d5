"""Tokens: who is let in as whom, and which keys a service starts with."""

import json
import subprocess
import sys
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey, RSAKey

from shared.auth import (
    ANONYMOUS,
    Allowed,
    Keys,
    KeysRefused,
    Principal,
    Role,
    TokenExpired,
    TokenInvalid,
    TokenMissing,
    allow,
    allowed_on,
    bearer_token,
    describe,
    issue_token,
    load_keys,
    principal_of,
    public,
    verify,
)
from shared.settings import Settings

NOW = datetime(2021, 12, 4, 9, 0, tzinfo=UTC)
HOUR = 3600


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys.development(tmp_path / "keys")


def signed(keys: Keys, key: Any = None, header: dict[str, Any] | None = None, **changes: Any) -> str:
    claims = {
        "iss": "homeward",
        "aud": "homeward",
        "sub": "officer-1",
        "roles": ["counsellor"],
        "exp": NOW.timestamp() + 60,
    }
    claims |= changes
    assert keys.signing is not None
    head = {"alg": "EdDSA", "kid": keys.signing.kid} | (header or {})
    payload = json.dumps({name: value for name, value in claims.items() if value is not None})
    return jws.serialize_compact(head, payload, key or keys.signing, [head["alg"]])


def test_a_token_says_who_it_is_and_what_they_do(keys: Keys) -> None:
    token = issue_token(keys, "officer-1", [Role.COUNSELLOR, Role.PROTECTION], HOUR, NOW, client="desk-minsk")
    expected = Principal("officer-1", frozenset({Role.COUNSELLOR, Role.PROTECTION}), "desk-minsk")
    assert verify(token, keys, NOW) == expected
    assert verify(token, keys, NOW + timedelta(minutes=59)) == expected


def test_whoever_comes_without_a_client_is_their_own(keys: Keys) -> None:
    assert verify(issue_token(keys, "travel", [Role.SERVICE], HOUR, NOW), keys, NOW).client == "travel"


def test_an_expired_token_is_refused_even_when_it_was_good_a_moment_ago(keys: Keys) -> None:
    token = issue_token(keys, "officer-1", [Role.COUNSELLOR], HOUR, NOW)
    verify(token, keys, NOW)
    for _ in range(2):
        with pytest.raises(TokenExpired):
            verify(token, keys, NOW + timedelta(seconds=HOUR + 31))


def test_a_token_of_a_clock_that_is_ahead_is_refused_beyond_the_leeway(keys: Keys) -> None:
    token = issue_token(keys, "officer-1", [Role.COUNSELLOR], HOUR, NOW)
    verify(token, keys, NOW - timedelta(seconds=29))
    with pytest.raises(TokenInvalid):
        verify(token, keys, NOW - timedelta(seconds=31))


def test_roles_that_are_not_known_give_nothing(keys: Keys) -> None:
    assert verify(signed(keys, roles=["superuser", 7, {}]), keys, NOW).roles == frozenset()
    assert verify(signed(keys, roles=None), keys, NOW).roles == frozenset()


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "elsewhere"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"aud": ["other"]},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "Shilan Karim"},
        {"sub": "x" * 101},
        {"sub": "a\n"},
        {"client_id": ""},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"exp": 10**400},
        {"nbf": NOW.timestamp() + 3600},
        {"roles": "administrator"},
        {"more": "x" * 4096},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(keys: Keys, changes: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        verify(signed(keys, **changes), keys, NOW)


def test_a_list_of_audiences_may_name_this_one(keys: Keys) -> None:
    assert verify(signed(keys, aud=["other", "homeward"]), keys, NOW).subject == "officer-1"


def unsigned(keys: Keys) -> str:
    _, payload, _ = signed(keys).split(".")
    assert keys.signing is not None
    head = urlsafe_b64encode(json.dumps({"alg": "none", "kid": keys.signing.kid}).encode()).rstrip(b"=").decode()
    return f"{head}.{payload}."


def test_a_token_that_nobody_known_signed_is_refused(keys: Keys) -> None:
    assert keys.signing is not None
    stranger = OKPKey.generate_key("Ed25519")
    public_part = json.dumps(keys.signing.as_dict(private=False)).encode()
    good = signed(keys)
    for token in (
        unsigned(keys),
        signed(keys, key=stranger),
        signed(keys, key=stranger, header={"kid": "unknown"}),
        signed(keys, key=stranger, header={"jwk": stranger.as_dict(private=False)}),
        signed(keys, key=OctKey.import_key(public_part), header={"alg": "HS256"}),
        signed(keys, key=RSAKey.generate_key(2048), header={"alg": "RS256"}),
        good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        good + ".x.y",
        good.replace(".", "..", 1),
        "",
        "a.b.c",
        "é" * 20,
        "x" * 5000,
    ):
        with pytest.raises(TokenInvalid):
            verify(token, keys, NOW)


def test_both_names_of_the_signature_are_taken(keys: Keys) -> None:
    assert verify(signed(keys, header={"alg": "Ed25519"}), keys, NOW).subject == "officer-1"


def test_what_is_remembered_of_tokens_does_not_grow_without_end(keys: Keys) -> None:
    for number in range(1100):
        verify(issue_token(keys, f"officer-{number}", [Role.COUNSELLOR], HOUR, NOW), keys, NOW)
    assert len(keys.remembered) == 1024


def test_the_header_must_carry_a_bearer_token() -> None:
    assert bearer_token("Bearer abc") == "abc"
    assert bearer_token("bearer  abc ") == "abc"
    for header in (None, "", "Bearer", "Bearer  ", "Basic abc", "abc"):
        with pytest.raises(TokenMissing):
            bearer_token(header)


def test_a_refusal_says_how_to_authenticate() -> None:
    for kind in (TokenMissing, TokenInvalid, TokenExpired):
        assert kind.status == 401
        assert kind.headers["WWW-Authenticate"].startswith("Bearer ")


def test_the_development_key_is_kept_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = Keys.development(tmp_path / "keys")
    again = Keys.development(tmp_path / "keys")
    verify(issue_token(first, "a", [Role.AUDITOR], HOUR, NOW), again, NOW)
    (path,) = (tmp_path / "keys").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from shared.keys import Keys; print(*Keys.development(pathlib.Path(sys.argv[1])).public)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "keys")], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = {process.communicate(timeout=60)[0].strip() for process in running}
    assert len(said) == 1
    assert said.pop().startswith("dev-")
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_a_damaged_development_key_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "development.jwk.json").write_text("{")
    with pytest.raises(KeysRefused, match="is not JSON"):
        Keys.development(tmp_path)


def written(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def ed25519(kid: str | None = "issuer-1", private: bool = False) -> dict[str, Any]:
    parameters: Any = {"kid": kid} if kid else {}
    return dict(OKPKey.generate_key("Ed25519", parameters=parameters).as_dict(private=private))


def test_production_takes_the_keys_of_its_issuer(tmp_path: Path) -> None:
    own = ed25519("travel-1", private=True)
    shown = {name: value for name, value in own.items() if name != "d"}
    jwks = written(tmp_path / "jwks.json", {"keys": [ed25519(), shown]})
    keys = Keys.production(jwks, written(tmp_path / "own.json", own))
    assert verify(issue_token(keys, "travel", [Role.SERVICE], HOUR, NOW), keys, NOW).subject == "travel"
    with pytest.raises(KeysRefused, match="no private key"):
        issue_token(Keys.production(jwks), "travel", [Role.SERVICE], HOUR, NOW)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"keys": []}, "holds no keys"),
        ([], "no JSON object"),
        ({"keys": [ed25519("dev-1")]}, "made for development"),
        ({"keys": [ed25519(None)]}, "needs an id"),
        ({"keys": [{"kty": "RSA", "kid": "a"}]}, "not Ed25519"),
        ({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "!"}]}, "cannot be read"),
        ({"keys": ["key"]}, "not Ed25519"),
    ],
)
def test_production_refuses_keys_it_cannot_trust(tmp_path: Path, content: object, sentence: str) -> None:
    with pytest.raises(KeysRefused, match=sentence):
        Keys.production(written(tmp_path / "jwks.json", content))


def test_production_does_not_start_without_keys(tmp_path: Path) -> None:
    with pytest.raises(KeysRefused, match="none is set"):
        Keys.production(None)
    with pytest.raises(KeysRefused, match="cannot be read"):
        Keys.production(tmp_path / "missing.json")


def test_production_refuses_a_development_key_of_its_own(tmp_path: Path) -> None:
    Keys.development(tmp_path)
    with pytest.raises(KeysRefused, match="made for development"):
        Keys.production(written(tmp_path / "jwks.json", {"keys": [ed25519()]}), tmp_path / "development.jwk.json")


def test_a_route_is_open_to_the_roles_it_names_and_no_other() -> None:
    allowed = allowed_on([allow(Role.COUNSELLOR, Role.PROTECTION)])
    assert allowed is not None
    assert allowed.permits(Principal("a", frozenset({Role.PROTECTION, Role.MEDICAL}), "a"))
    assert not allowed.permits(Principal("a", frozenset({Role.ADMINISTRATOR}), "a"))
    assert not allowed.permits(ANONYMOUS)


def test_a_public_route_asks_nobody_who_they_are(keys: Keys) -> None:
    everyone = Allowed(frozenset(), public=True)
    assert principal_of("Bearer expired", keys, NOW, everyone) is ANONYMOUS
    assert everyone.permits(ANONYMOUS)
    with pytest.raises(TokenMissing):
        principal_of(None, keys, NOW, Allowed(frozenset({Role.MEDICAL})))


def test_the_mode_decides_which_keys_are_loaded(tmp_path: Path) -> None:
    jwks = written(tmp_path / "jwks.json", {"keys": [ed25519()]})
    development = Settings(data_dir=tmp_path, mode="development", jwks=jwks)
    assert all(kid.startswith("dev-") for kid in load_keys(development).public)
    own = written(tmp_path / "own.jwk", ed25519(private=True))
    production = Settings(data_dir=tmp_path, mode="production", jwks=jwks, service_key=own)
    assert list(load_keys(production).public) == ["issuer-1"]


@pytest.mark.parametrize("name", ["jwks", "service_key"])
@pytest.mark.parametrize("held", [None, {}, {"keys": [{"kty": "RSA"}]}, {"kty": "oct"}])
def test_development_refuses_a_file_of_keys_that_holds_none_though_it_uses_none(
    name: str, held: Any, tmp_path: Path
) -> None:
    file = tmp_path / "named.json"
    if held is not None:
        written(file, held)
    named: Any = {name: file}
    with pytest.raises(KeysRefused, match=r"named\.json"):
        load_keys(Settings(data_dir=tmp_path, **named))
    assert not (tmp_path / "keys").exists()


def test_a_route_declares_one_permission_or_none() -> None:
    assert allowed_on([]) is None
    assert allowed_on([public()]) == Allowed(frozenset(), public=True)
    with pytest.raises(TypeError, match="one permission"):
        allowed_on([public(), allow(Role.FINANCE)])
    with pytest.raises(TypeError, match="needs a role"):
        allow()


def test_the_permission_can_stand_on_a_route_and_be_described() -> None:
    router = APIRouter()

    @router.get("/cases", dependencies=[allow(Role.TRAVEL_OFFICER, Role.AIRPORT_DESK)])
    async def list_cases() -> None: ...

    (route,) = router.routes
    allowed = allowed_on(route.dependencies)  # type: ignore[attr-defined] # an APIRoute, listed as its base class
    assert allowed is not None
    assert describe(allowed) == "For: airport desk, travel officer."
    assert describe(Allowed(frozenset(), public=True)) == "Open to everyone."
