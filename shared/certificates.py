"""Certificates: the ones a process is given, and the ones servers show. Nothing here changes anything."""

import asyncio
import os
import ssl
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

POSTGRES_ASKS_FOR_TLS = struct.pack("!II", 8, 80_877_103)
"""PostgreSQL begins in the clear; the client asks, and is answered S (yes) or N (no)."""


class CertificateRefused(Exception):
    """A file of certificates or keys that a process was given cannot be used: a sentence for who started it."""


def context_of(ca: Path | None, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """What servers are checked with: their names, too. `ca` None: the system's authorities.

    Raises:
        CertificateRefused: a file is missing, or is not what it should be.
    """
    for file in (ca, certificate, key):
        if file is not None:
            _readable(file)
    try:
        context = ssl.create_default_context(cafile=ca)
    except (ssl.SSLError, ValueError):
        raise CertificateRefused(f"{ca} holds no certificates: a file of authorities is PEM.") from None
    if certificate is not None:
        try:
            # Without a word to give, OpenSSL would ask whoever sits there for the passphrase, or fail for want of one.
            context.load_cert_chain(certificate, key, password=lambda: "")
        except (OSError, ValueError):  # ssl.SSLError is an OSError
            raise CertificateRefused(
                f"{certificate} and {key} are not a certificate with its key: both are PEM, without a passphrase."
            ) from None
    return context


def ends(file: Path) -> datetime:
    """When the first certificate to end in a PEM file does. Raises `CertificateRefused`."""
    _readable(file)
    try:
        found = x509.load_pem_x509_certificates(file.read_bytes())
    except ValueError:
        raise CertificateRefused(f"{file} holds no certificates: it should be PEM.") from None
    return min(each.not_valid_after_utc for each in found)


def secret_in(file: Path) -> str:
    """The first line of a file with a password. Raises `CertificateRefused`."""
    _readable(file)
    lines = file.read_text(errors="replace").splitlines()
    if not lines or not lines[0]:
        raise CertificateRefused(f"{file} is empty: it should hold a password.")
    return lines[0]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server showed: when its certificate ends (None: it speaks in the clear), or why it was not believed."""

    ends: datetime | None = None
    trouble: str | None = None


async def shown_by(
    host: str, port: int, context: ssl.SSLContext | None, *, postgres: bool = False, seconds: float = 5.0
) -> Shown:
    """Shakes hands with a server. `trouble` is a sentence; a server that is away is one, too."""
    place = f"{host}:{port}"
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(host, port)
            if context is None:
                return Shown()
            if postgres:
                writer.write(POSTGRES_ASKS_FOR_TLS)
                if await reader.read(1) != b"S":
                    return Shown(trouble=f"{place} does not speak TLS: switch it on there (ssl=on).")
            await writer.start_tls(context, server_hostname=host)
            # In the binary form: Python gives the readable one only of what it has checked, and this it has.
            shown = writer.get_extra_info("ssl_object").getpeercert(True)
            return Shown(ends=x509.load_der_x509_certificate(shown).not_valid_after_utc)
    except ssl.SSLCertVerificationError as error:
        return Shown(trouble=_not_believed(place, error))
    except ssl.SSLError as error:
        return Shown(trouble=f"{place} and this process found no common TLS ({error.reason or 'no reason given'}).")
    except TimeoutError:
        return Shown(trouble=f"{place} did not answer within {seconds:.0f} seconds.")
    except OSError as error:
        why = os.strerror(error.errno) if error.errno is not None and error.errno > 0 else type(error).__name__
        return Shown(trouble=f"{place} cannot be reached ({why}).")
    finally:
        if writer is not None:
            writer.close()


def days_left(end: datetime, now: datetime) -> int:
    """Whole days until then; negative when it is past."""
    return (end.astimezone(UTC) - now).days


def _not_believed(place: str, error: ssl.SSLCertVerificationError) -> str:
    why = error.verify_message
    if "expired" in why:
        return f"The certificate that {place} shows has expired: renew it there."
    if "not yet valid" in why:
        return f"The certificate that {place} shows is not valid yet: look at both clocks."
    if "ostname" in why or "IP address" in why:
        return f"The certificate that {place} shows is for another name: address it by the name it has there."
    return f"The certificate that {place} shows is signed by nobody in the file of authorities ({why})."


def _readable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise CertificateRefused(f"{file} cannot be read: {error.strerror}.") from None
