"""The keys that tokens are signed and checked with (Ed25519, RFC 8037).

Development keys are made on first start and say so in their id; production refuses them.
"""

import json
import os
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.permissions import Principal
from shared.settings import Settings

_DEVELOPMENT: Final = "dev-"
_DEVELOPMENT_FILE: Final = "development.jwk.json"


class KeysRefused(Exception):
    """The keys a service was given to start with cannot be used; the message is a sentence for who started it."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a token said when its signature was checked; times in seconds since 1970."""

    principal: Principal
    not_before: float
    expires: float


@dataclass(slots=True)
class Keys:
    """The public keys that tokens are checked with, by id, and the private key for tokens of one's own, if any."""

    public: Mapping[str, OKPKey]
    signing: OKPKey | None = None
    issuer: str = "homeward"
    # Tokens verified before, by digest, with what they said: see `verify` in shared/auth.py.
    remembered: OrderedDict[bytes, "Verified"] = field(default_factory=OrderedDict, repr=False)

    @classmethod
    def development(cls, folder: Path) -> "Keys":
        """The development key kept in `folder`, made on first use; processes that start at once agree on one.

        Raises KeysRefused where the file is there and is no such key.
        """
        path = folder / _DEVELOPMENT_FILE
        if not path.exists():
            _make_development_key(path)
        key = _ed25519(_json_file(path), path)
        if not key.is_private or not key.kid or not key.kid.startswith(_DEVELOPMENT):
            raise KeysRefused(f"{path} is not a development key. Move it away; a new one is made at the next start.")
        return cls({key.kid: key}, key)

    @classmethod
    def production(cls, jwks: Path | None, signing: Path | None = None, issuer: str = "homeward") -> "Keys":
        """The public keys in the JWKS file `jwks`, and the service's own private JWK in `signing`.

        Raises KeysRefused for a missing or unreadable file, a development key, and keys that are not Ed25519.
        """
        if jwks is None:
            raise KeysRefused("Production needs the file of public keys (JWKS) of whoever issues tokens; none is set.")
        keys = _public_in(jwks)
        own = _private_in(signing) if signing else None
        for key in [*keys, *([own] if own else [])]:
            if not key.kid:
                raise KeysRefused("Every key needs an id (`kid`), so that it can be replaced.")
            if key.kid.startswith(_DEVELOPMENT):
                raise KeysRefused(f"The key {key.kid} was made for development. Production does not start with it.")
        return cls({str(key.kid): key for key in keys}, own, issuer)


def load_keys(settings: Settings) -> Keys:
    """The keys that the settings name for their mode. Raises KeysRefused."""
    if settings.development:
        check_unused(settings)
        return Keys.development(_folder(settings.data_dir))
    return Keys.production(settings.jwks, settings.service_key)


def has_development_keys(data_dir: Path) -> bool:
    """Whether development keys were made there before."""
    return (_folder(data_dir) / _DEVELOPMENT_FILE).exists()


def _folder(data_dir: Path) -> Path:
    return data_dir / "keys"


def check_unused(settings: Settings) -> None:
    """Whether files of keys that development does not use are such, so that production does not stop at them later.

    Raises KeysRefused.
    """
    if settings.jwks is not None:
        _public_in(settings.jwks)
    if settings.service_key is not None:
        _private_in(settings.service_key)


def _public_in(jwks: Path) -> list[OKPKey]:
    listed = _json_file(jwks).get("keys")
    if not isinstance(listed, list) or not listed:
        raise KeysRefused(f"{jwks} holds no keys: a JWKS is an object with a list `keys`.")
    return [_ed25519(entry, jwks) for entry in listed]


def _private_in(file: Path) -> OKPKey:
    key = _ed25519(_json_file(file), file)
    if not key.is_private:
        raise KeysRefused(f"{file} holds no private key, so this service could not sign its own calls.")
    return key


def _make_development_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = OKPKey.generate_key("Ed25519", parameters={"kid": _DEVELOPMENT + secrets.token_hex(8), "use": "sig"})
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            json.dump(key.as_dict(private=True), file)
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole or not at all, and never over the key of a process that was faster.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _json_file(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise KeysRefused(f"The key file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysRefused(f"The key file {path} is not JSON.") from error
    if not isinstance(found, dict):
        raise KeysRefused(f"The key file {path} holds no JSON object.")
    return found


def _ed25519(entry: Any, path: Path) -> OKPKey:
    if not isinstance(entry, dict) or entry.get("kty") != "OKP" or entry.get("crv") != "Ed25519":
        raise KeysRefused(f"{path} holds a key that is not Ed25519; no other kind is accepted.")
    try:
        return OKPKey.import_key(entry)
    except (JoseError, ValueError, TypeError) as error:
        raise KeysRefused(f"{path} holds a key that cannot be read.") from error
