"""Settings that every service reads from the environment (`HOMEWARD_...`); each adds its own in its settings.py.

What a variable takes and an example of it stand beside it here, and nowhere else: `homeward settings`, docs/settings.md
and the sentence that refuses a wrong value are made from them (shared/environment.py).
"""

import re
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.addresses import trouble_in

SERVICES = ("registration", "eligibility", "travel", "reintegration")
PREFIX = "HOMEWARD_"


_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")


def _setting(default: Any, about: str, example: str = "", **limits: Any) -> Any:
    """A setting; `about` says what it is for, `example` what may stand there."""
    return Field(default, description=about, examples=[example or str(default)], **limits)


class Settings(BaseSettings):
    """One service's settings, frozen. Each can be set as `HOMEWARD_<NAME>` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True
    )

    mode: Literal["development", "production"] = _setting(
        "development",
        "development makes its own keys and lets a request set business time; production does neither",
        "production",
    )
    data_dir: Path = _setting(Path("data"), "folder of the embedded default: databases, event log, development keys")
    database_url: str | None = _setting(
        None,
        "this service's database; a file in the data folder unless set. With a server, give the broker's address, too",
        "postgresql+asyncpg://registration@db.example.org/registration",
    )
    database_password_file: Path | None = _setting(
        None, "file with the password for the database, where the address carries none", "/run/secrets/database"
    )
    database_ca: Path | None = _setting(
        None,
        "file with the authorities (PEM) that PostgreSQL's certificate is checked against. With it, nothing is sent "
        "to a server that is not the one addressed",
        "/etc/homeward/ca.pem",
    )
    database_certificate: Path | None = _setting(
        None, "file with this service's own certificate (PEM), for a PostgreSQL that asks", "/etc/homeward/own.pem"
    )
    database_key: Path | None = _setting(None, "file with the key of that certificate (PEM)", "/etc/homeward/own.key")
    broker_url: str | None = _setting(
        None,
        "kafka://host:port[,host:port], or embedded:FILE; a file in the data folder unless set",
        "kafka://one.example.org:9092,two.example.org:9092",
    )
    broker_security: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = _setting(
        "PLAINTEXT", "how Kafka is spoken to: SSL encrypts, SASL signs in with a password", "SASL_SSL"
    )
    broker_ca: Path | None = _setting(
        None,
        "file with the authorities (PEM) that Kafka's certificates are checked against; the system's unless set",
        "/etc/homeward/ca.pem",
    )
    broker_certificate: Path | None = _setting(
        None, "file with this service's own certificate (PEM), for a Kafka that asks", "/etc/homeward/own.pem"
    )
    broker_key: Path | None = _setting(None, "file with the key of that certificate (PEM)", "/etc/homeward/own.key")
    broker_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = _setting(
        "SCRAM-SHA-512", "how it signs in, where broker security is SASL"
    )
    broker_user: str | None = _setting(None, "whom it signs in as", "registration")
    broker_password_file: Path | None = _setting(None, "file with the password for that", "/run/secrets/kafka")
    jwks: Path | None = _setting(
        None,
        "file with the public keys (JWKS, Ed25519) of whoever issues tokens; needed in production. In "
        "development it is not used, and refused where it is no such file",
        "/etc/homeward/jwks.json",
    )
    service_key: Path | None = _setting(
        None,
        "file with this service's own private key (JWK, Ed25519), for its calls to the others; needed in production. "
        "A service calls with a token whose subject is its name (registration, eligibility, travel, reintegration): "
        "give no other token the role `service` with such a subject, for what is meant for one service is answered "
        "to that subject alone. In development it is not used, and refused where it is no such file",
        "/run/secrets/travel.jwk",
    )
    sqlite_synchronous: Literal["OFF", "NORMAL", "FULL"] = _setting("FULL", "FULL survives a power cut")
    pool: int = _setting(10, "connections to PostgreSQL a process may hold", ge=2, le=100)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = _setting(
        "INFO", "what is logged, and what is more urgent"
    )
    max_body_bytes: int = _setting(262_144, "a larger body is refused", ge=1_024, le=10_000_000)
    root_path: str = _setting(
        "",
        "the path under which a front lays an API out, and which it takes off before it passes a request on: the API "
        "page and Location need it",
        "/registration",
    )
    worker_port: int = _setting(
        9000, "port of a worker's pages (health and metrics); 0 takes a free one", "9000", ge=0, le=65_535
    )
    base_url: str = _setting(
        "http://127.0.0.1:8000",
        "where the page that names the services answers; each service lies under it unless its own address is set",
    )
    reintegration_recipients: str = _setting(
        "IOM Iraq",
        "which organisations reintegration works for, as consents name their recipient, with ; between them: "
        "registration passes contacts on to it on a consent to one of these and to nobody else",
        "IOM Iraq; IOM Lebanon",
    )
    registration_url: str | None = _setting(None, "where registration answers", "http://registration:8000")
    eligibility_url: str | None = _setting(None, "where eligibility answers", "http://eligibility:8000")
    travel_url: str | None = _setting(None, "where travel answers", "http://travel:8000")
    reintegration_url: str | None = _setting(None, "where reintegration answers", "http://reintegration:8000")

    @field_validator("database_url")
    @classmethod
    def _an_address_of_a_database(cls, url: str | None) -> str | None:
        if url is None or url.startswith("sqlite+aiosqlite:///"):
            return url
        if not url.startswith("postgresql+asyncpg://"):
            raise ValueError("begins with postgresql+asyncpg:// (or sqlite+aiosqlite:///)")
        if (trouble := trouble_in(url)) is not None:
            raise ValueError(trouble)
        return url

    @field_validator("broker_url")
    @classmethod
    def _an_address_of_a_broker(cls, url: str | None) -> str | None:
        if url is None or (url.startswith("embedded:") and url != "embedded:"):
            return url
        if not url.startswith("kafka://") or not all(_is_host_and_port(each) for each in url[8:].split(",")):
            raise ValueError("is kafka://host:port[,host:port], or embedded:FILE")
        return url

    @field_validator("base_url", *(f"{name}_url" for name in SERVICES))
    @classmethod
    def _an_address_of_a_service(cls, url: str | None) -> str | None:
        if url is not None and (not url.startswith(("http://", "https://")) or not urlsplit(url).hostname):
            raise ValueError("begins with http:// or https://, and names a host")
        return url

    @field_validator("reintegration_recipients")
    @classmethod
    def _names_of_organisations(cls, names: str) -> str:
        if not all(_parted(names)):
            raise ValueError("names organisations with ; between them, and none is empty")
        return names

    @field_validator("root_path")
    @classmethod
    def _a_path_of_a_front(cls, path: str) -> str:
        if not _PATH.fullmatch(path):
            raise ValueError(
                "begins with a / and does not end with one, with letters, digits and . _ ~ - between the slashes"
            )
        return path

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wrong = [sentence for sentence in self._what_does_not_fit() if sentence]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _what_does_not_fit(self) -> list[str | None]:
        """What is right by itself and wrong beside another setting, in sentences."""
        postgres = (self.database_url or "").startswith("postgresql")
        kafka = (self.broker_url or "").startswith("kafka://")
        signs_in = self.broker_security.startswith("SASL")
        encrypts = self.broker_security.endswith("SSL")
        theirs = (self.database_ca, self.database_certificate, self.database_key, self.database_password_file)
        certificates = (self.broker_ca, self.broker_certificate, self.broker_key)
        return [
            "HOMEWARD_JWKS must name a file of public keys in production: development keys are refused."
            if self.mode == "production" and self.jwks is None
            else None,
            "HOMEWARD_SERVICE_KEY must name the file of this service's own private key in production: without it, it "
            "could not call the others."
            if self.mode == "production" and self.service_key is None
            else None,
            "HOMEWARD_DATABASE_CA, _CERTIFICATE, _KEY and _PASSWORD_FILE are for PostgreSQL: HOMEWARD_DATABASE_URL "
            "names none."
            if any(theirs) and not postgres
            else None,
            "HOMEWARD_DATABASE_CERTIFICATE and HOMEWARD_DATABASE_KEY are of use together only, and with "
            "HOMEWARD_DATABASE_CA."
            if (self.database_certificate or self.database_key)
            and not (self.database_certificate and self.database_key and self.database_ca)
            else None,
            "HOMEWARD_BROKER_SECURITY is for Kafka: HOMEWARD_BROKER_URL names none."
            if self.broker_security != "PLAINTEXT" and not kafka
            else None,
            "HOMEWARD_BROKER_USER and HOMEWARD_BROKER_PASSWORD_FILE are both needed where HOMEWARD_BROKER_SECURITY "
            "begins with SASL."
            if signs_in and not (self.broker_user and self.broker_password_file)
            else None,
            "HOMEWARD_BROKER_USER and HOMEWARD_BROKER_PASSWORD_FILE are used only where HOMEWARD_BROKER_SECURITY is "
            "SASL_SSL or SASL_PLAINTEXT."
            if (self.broker_user or self.broker_password_file) and not signs_in
            else None,
            "HOMEWARD_BROKER_CA, _CERTIFICATE and _KEY are used only where HOMEWARD_BROKER_SECURITY is SSL or SASL_SSL."
            if any(certificates) and not encrypts
            else None,
            "HOMEWARD_BROKER_CERTIFICATE and HOMEWARD_BROKER_KEY are of use together only."
            if bool(self.broker_certificate) != bool(self.broker_key)
            else None,
        ]

    @property
    def development(self) -> bool:
        return self.mode == "development"

    @property
    def on_servers(self) -> bool:
        """Whether database and events lie on servers, which processes side by side need."""
        return (self.database_url or "").startswith("postgresql") and (self.broker_url or "").startswith("kafka://")

    def database_of(self, service: str) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / f'{service}.db').resolve()}"

    def recipients_of_contacts(self) -> list[str]:
        """To whom a person consents who may be reached by reintegration."""
        return _parted(self.reintegration_recipients)

    def broker(self) -> str:
        return self.broker_url or f"embedded:{(self.data_dir / 'events.db').resolve()}"

    def addresses(self) -> dict[str, str]:
        """Where each service answers."""
        return {name: getattr(self, f"{name}_url") or f"{self.base_url.rstrip('/')}/{name}" for name in SERVICES}


def _parted(names: str) -> list[str]:
    return [each.strip() for each in names.split(";")]


def _is_host_and_port(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isdigit() and 0 < int(port) < 65_536
