"""Keys, certificates, passwords, and the data folder of the embedded default."""

import os
import shutil
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from services.command.doctor.findings import Finding, certificate, ok, warning, wrong
from shared.auth import issue_token, verify
from shared.certificates import CertificateRefused, context_of, ends, secret_in
from shared.clock import machine_now
from shared.folder import where
from shared.keys import Keys, KeysRefused, check_unused, load_keys
from shared.permissions import Role
from shared.problems import Problem
from shared.settings import Settings

LITTLE_SPACE = 1_000_000_000
NO_SPACE = 100_000_000


async def looked(settings: Settings, days: int) -> AsyncIterator[Finding]:
    for part in (_keys(settings), _secrets(settings), _certificates(settings, days), _folder(settings)):
        for each in part:
            yield each


def _keys(settings: Settings) -> Iterator[Finding]:
    development = settings.data_dir / "keys" / "development.jwk.json"
    try:
        if settings.development and not development.exists():
            check_unused(settings)
            yield ok("keys", "There is no development key yet; the first start makes one.")
            return
        keys = load_keys(settings)
    except OSError as error:
        yield wrong("keys", f"The keys cannot be read ({error.strerror}).", "Let the user of this process read them.")
        return
    except KeysRefused as error:
        yield wrong("keys", str(error), "Put the right file in its place.")
        return
    yield ok("keys", f"{len(keys.public)} public key{'s are' if len(keys.public) > 1 else ' is'} known.")
    if settings.development:
        yield from _for_its_owner_alone("keys", development, "the development key")
    yield _own_key(keys)


def _own_key(keys: Keys) -> Finding:
    try:
        verify(issue_token(keys, "doctor", [Role.SERVICE], 60, machine_now()), keys, machine_now())
    except (Problem, KeysRefused):
        return wrong(
            "keys",
            "What this service signs is not believed by the public keys it was given.",
            "Add the public half of its key, under the same `kid`, to the file that HOMEWARD_JWKS names everywhere.",
        )
    return ok("keys", "What this service signs is believed.")


def _secrets(settings: Settings) -> Iterator[Finding]:
    named = {
        "HOMEWARD_SERVICE_KEY": settings.service_key,
        "HOMEWARD_DATABASE_KEY": settings.database_key,
        "HOMEWARD_DATABASE_PASSWORD_FILE": settings.database_password_file,
        "HOMEWARD_BROKER_KEY": settings.broker_key,
        "HOMEWARD_BROKER_PASSWORD_FILE": settings.broker_password_file,
    }
    for variable, file in named.items():
        if file is None:
            continue
        yield from _for_its_owner_alone("secrets", file, f"the file that {variable} names")
        if variable.endswith("PASSWORD_FILE"):
            try:
                secret_in(file)
            except CertificateRefused as error:
                yield wrong("secrets", str(error), f"Put the password there, or name another file with {variable}.")


def _for_its_owner_alone(area: str, file: Path, what: str) -> Iterator[Finding]:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return  # whoever reads it says that it is missing
    if mode & stat.S_IRWXO:
        yield wrong(area, f"Everybody on this machine may open {what} ({file}, {mode:o}).", f"chmod o= {file}")
    else:
        yield ok(area, f"Only its owner{' and group' if mode & stat.S_IRWXG else ''} may open {what}.")


def _certificates(settings: Settings, days: int) -> Iterator[Finding]:
    for what, ca, own, key in (
        ("DATABASE", settings.database_ca, settings.database_certificate, settings.database_key),
        ("BROKER", settings.broker_ca, settings.broker_certificate, settings.broker_key),
    ):
        if ca is None and own is None:
            continue
        try:
            context_of(ca, own, key)
        except CertificateRefused as error:
            yield wrong("certificates", str(error), f"See HOMEWARD_{what}_CA, _CERTIFICATE and _KEY.")
            continue
        for variable, file in ((f"HOMEWARD_{what}_CA", ca), (f"HOMEWARD_{what}_CERTIFICATE", own)):
            if file is not None:
                yield certificate("certificates", f"The certificate in {variable}", ends(file), days)


def _folder(settings: Settings) -> Iterator[Finding]:
    if settings.on_servers:
        return
    folder = settings.data_dir
    there = next(each for each in (folder, *folder.resolve().parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield wrong("folder", f"Nothing can be kept in {folder}.", "Give another with HOMEWARD_DATA_DIR or --data.")
        return
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:.1f} GB are free where {folder} lies."
    if free < NO_SPACE:
        yield wrong("folder", said, "Make space: writes will be refused.")
    elif free < LITTLE_SPACE:
        yield warning("folder", said, "Make space before writes are refused.")
    else:
        yield ok("folder", said)
    for file in sorted(folder.glob("*.db")):
        if stat.S_IMODE(file.stat().st_mode) & stat.S_IRWXO:
            yield wrong("folder", f"Everybody on this machine may open {file}.", f"chmod o= {file}")
    if (folder / "owner.lock").exists():
        url = where(folder)
        yield ok("folder", f"A Homeward process works on it, at {url}." if url else "No process works on it now.")
