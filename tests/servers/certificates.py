"""Certificates for tests: an authority of one's own, and what it signs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, each a PEM file; `both`: one file with the two, as Kafka wants them."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """Signs for servers and clients; `file` is what they are checked against."""

    def __init__(self, folder: Path, name: str = "Authority of a test") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        made = (
            _of(self._name, self._name, self._key.public_key(), (-400, 400))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / "ca.pem"
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def sign(self, name: str, *, days: tuple[int, int] = (-1, 365), host: str = HERE) -> Pair:
        """A certificate for `host` that is valid from and until so many days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            _of(_named(name), self._name, key.public_key(), days)
            .add_extension(x509.SubjectAlternativeName([_host(host)]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = made.public_bytes(serialization.Encoding.PEM)
        pair = Pair(*(self.folder / f"{name}.{end}" for end in ("pem", "key", "both.pem")))
        pair.certificate.write_bytes(public)
        for file, content in ((pair.key, private), (pair.both, private + public)):
            file.touch(mode=0o600)
            file.write_bytes(content)
        return pair


def _of(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: tuple[int, int]
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
