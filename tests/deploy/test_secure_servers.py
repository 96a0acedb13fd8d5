"""Kafka and PostgreSQL over TLS, Kafka with a password; and what is said when a certificate is not believed."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import confluent_kafka.admin
import pytest
from sqlalchemy import text

from shared.access import broker_options, database_options
from shared.brokers import BrokerUnavailable, Delivery, Message, open_broker
from shared.database import Database, StoreAway, core
from shared.settings import SERVICES, Settings
from shared.wiring import TOPICS
from tests.deploy.commands import found_by_doctor, homeward, refused, said
from tests.servers import session
from tests.servers.certificates import Authority
from tests.servers.kafka import Kafka
from tests.servers.plugin import leave_out
from tests.servers.postgres import ROLES, Postgres, ordinary_user
from tests.servers.processes import ServerMissing, free_port

USER, PASSWORD = "registration", "that nobody sees"
LISTENERS = ("GOOD", "OLD", "OTHER", "SIGNED")


@dataclass
class SecureKafka(Kafka):
    """It listens with a good certificate, an expired one, one for another name, and a good one with a password."""

    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in LISTENERS})
    certificates: Mapping[str, Path] = field(default_factory=dict)

    def at(self, listener: str) -> str:
        return f"kafka://127.0.0.1:{self.ports[listener]}"

    def _settings(self, ways: Mapping[str, tuple[int, int]]) -> dict[str, str]:
        plain = super()._settings(ways)
        more = ",".join(f"{name}://127.0.0.1:{port}" for name, port in self.ports.items())
        kinds = ",".join(f"{name}:{'SASL_SSL' if name == 'SIGNED' else 'SSL'}" for name in self.ports)
        stores = {
            f"listener.name.{name.lower()}.ssl.keystore.{what}": value
            for name in self.ports
            for what, value in (("type", "PEM"), ("location", str(self.certificates[name])))
        }
        return {
            **plain,
            **stores,
            "listeners": f"{plain['listeners']},{more}",
            "advertised.listeners": f"{plain['advertised.listeners']},{more}",
            "listener.security.protocol.map": f"CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,{kinds}",
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.name.signed.sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.signed.scram-sha-512.sasl.jaas.config": (
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"
            ),
        }

    def let_in(self, user: str, password: str) -> None:
        """Makes a user."""
        kafka: Any = confluent_kafka.admin
        client = kafka.AdminClient({"bootstrap.servers": f"127.0.0.1:{self.port}"})
        how = kafka.ScramCredentialInfo(kafka.ScramMechanism.SCRAM_SHA_512, 4096)
        made = client.alter_user_scram_credentials([kafka.UserScramCredentialUpsertion(user, how, password.encode())])
        made[user].result(30)


@dataclass
class Secured:
    kafka: SecureKafka
    authority: Authority
    password: Path

    def settings(self, listener: str, **more: str) -> dict[str, str]:
        """For the environment of a process of registration."""
        found = {
            "HOMEWARD_BROKER_URL": self.kafka.at(listener),
            "HOMEWARD_BROKER_SECURITY": "SSL",
            "HOMEWARD_BROKER_CA": str(self.authority.file),
        }
        if listener == "SIGNED":
            found |= {
                "HOMEWARD_BROKER_SECURITY": "SASL_SSL",
                "HOMEWARD_BROKER_USER": USER,
                "HOMEWARD_BROKER_PASSWORD_FILE": str(self.password),
            }
        return found | more


@pytest.fixture(scope="module")
def secured() -> Iterator[Secured]:
    folder = session.own_folder("secure")
    authority = Authority(folder / "certificates")
    good = authority.sign("kafka").both
    certificates = {
        "GOOD": good,
        "SIGNED": good,
        "OLD": authority.sign("old", days=(-30, -3)).both,
        "OTHER": authority.sign("other", host="kafka.example.org").both,
    }
    try:
        server = SecureKafka(folder / "kafka", certificates=certificates)
        server.make()
        server.start()
    except ServerMissing as missing:
        leave_out("Kafka", missing)
    password = folder / "password"
    password.touch(mode=0o600)
    password.write_text(PASSWORD)
    server.let_in(USER, PASSWORD)
    yield Secured(server, authority, password)
    server.kill()


async def _uses(settings: Settings) -> None:
    """Publishes, reads in a group and looks at topics: each of the three kinds of client."""
    broker = open_broker(settings.broker(), broker_options(settings))
    await broker.start()
    try:
        await broker.create_topics(TOPICS)
        assert await broker.check_topics(TOPICS) == []
        assert await broker.publish([Message(TOPICS[0].name, "a", b"{}", {})]) == [None]
        assert [each.key async for each in broker.read(TOPICS[0].name)][-1] == "a"
        async with broker.subscribe("a group", [TOPICS[0].name]) as subscription:
            found: list[Delivery] = []
            while not found:
                found = await subscription.fetch(10, 1)
            await subscription.commit(found)
    finally:
        await broker.stop()


@pytest.mark.parametrize("listener", ["GOOD", "SIGNED"])
async def test_kafka_is_spoken_to_over_tls_and_with_a_password(
    secured: Secured, listener: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in secured.settings(listener).items():
        monkeypatch.setenv(name, value)
    await _uses(Settings())


@pytest.mark.parametrize("listener", ["OLD", "OTHER"])
async def test_a_kafka_with_a_wrong_certificate_is_told_nothing(
    secured: Secured, listener: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in secured.settings(listener).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BrokerUnavailable):
        await _uses(Settings())


POSTGRES = "postgresql+asyncpg://registration:registration@{host}:{port}/registration"


@dataclass
class SecurePostgres:
    server: Postgres
    authority: Authority

    def show(self, **options: Any) -> None:
        """From here on it shows a certificate of its own; `options` as `Authority.sign` takes them."""
        pair = self.authority.sign("postgres", **options)
        for name, file in (("cert", pair.certificate), ("key", pair.key)):
            shown = self.server.folder / f"server.{name}"
            shutil.copyfile(file, shown)
            shown.chmod(0o600)
            if (user := ordinary_user()) is not None:
                shutil.chown(shown, user)
        for question in (
            f"ALTER SYSTEM SET ssl_cert_file = '{self.server.folder / 'server.cert'}'",
            f"ALTER SYSTEM SET ssl_key_file = '{self.server.folder / 'server.key'}'",
            "ALTER SYSTEM SET ssl = on",
        ):
            self.ask(question)
        self.server.stop()
        self.server.start()

    def ask(self, question: str) -> None:
        script = self.authority.folder / "question.sql"
        script.write_text(f"{question};\n")
        self.server.run_script(script, {})

    def settings(self, kafka: str, host: str = "127.0.0.1") -> dict[str, str]:
        return {
            "HOMEWARD_DATABASE_URL": POSTGRES.format(host=host, port=self.server.port),
            "HOMEWARD_DATABASE_CA": str(self.authority.file),
            "HOMEWARD_BROKER_URL": kafka,
        }


@pytest.fixture
def postgres_with_tls(own_postgres: Postgres, tmp_path: Path) -> SecurePostgres:
    own_postgres.run_script(ROLES, {f"{role.upper()}_PASSWORD": role for role in SERVICES})
    return SecurePostgres(own_postgres, Authority(tmp_path / "certificates"))


async def _encrypted(settings: Settings) -> bool:
    database = Database(settings.database_of("registration"), options=database_options(settings))
    try:
        async with database.reading() as session:
            asked = await core(session, text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
            return bool(asked.scalar_one())
    finally:
        await database.close()


async def test_postgres_is_spoken_to_over_tls_and_its_name_is_checked(
    postgres_with_tls: SecurePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_with_tls.show()
    for name, value in postgres_with_tls.settings("kafka://127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    assert await _encrypted(Settings())
    monkeypatch.setenv("HOMEWARD_DATABASE_URL", POSTGRES.format(host="localhost", port=postgres_with_tls.server.port))
    with pytest.raises(StoreAway, match="SSLCertVerificationError"):
        await _encrypted(Settings())  # it is there, and shows a certificate for 127.0.0.1


def test_an_expired_certificate_is_named_at_the_start_and_by_the_doctor(
    postgres_with_tls: SecurePostgres, secured: Secured
) -> None:
    postgres_with_tls.show(days=(-30, -2))
    settings = postgres_with_tls.settings("kafka://127.0.0.1:1")
    expired = f"The certificate that 127.0.0.1:{postgres_with_tls.server.port} shows has expired"
    assert "a certificate that is not believed" in refused("migrate", "registration", settings=settings)
    code, findings = found_by_doctor(settings=settings)
    assert code == 2
    assert expired in said(findings, "wrong")

    settings = {"HOMEWARD_DATABASE_URL": POSTGRES.format(host="127.0.0.1", port=postgres_with_tls.server.port)}
    settings |= secured.settings("OLD")
    expired = f"The certificate that 127.0.0.1:{secured.kafka.ports['OLD']} shows has expired"
    told = refused("migrate", "registration", settings=settings)
    assert expired in told
    assert "No schema was changed" in told
    code, findings = found_by_doctor(settings=settings)
    assert code == 2
    assert expired in said(findings, "wrong")
    assert "It has no schema yet" in said(findings, "wrong")


def test_the_doctor_says_until_when_certificates_are_good(secured: Secured, own_postgres: Postgres) -> None:
    own_postgres.run_script(ROLES, {f"{role.upper()}_PASSWORD": role for role in SERVICES})
    settings = {"HOMEWARD_DATABASE_URL": POSTGRES.format(host="127.0.0.1", port=own_postgres.port)}
    settings |= secured.settings("SIGNED")
    # where no other Homeward of this machine answers
    settings["HOMEWARD_BASE_URL"] = f"http://127.0.0.1:{free_port()}"
    assert homeward("migrate", "registration", settings=settings).returncode == 0
    code, findings = found_by_doctor(settings=settings)
    assert "The certificate of 127.0.0.1" in said(findings, "ok")
    assert PASSWORD not in str(findings)
    assert "All 4 topics are as they should be" in said(findings, "ok")
    code, findings = found_by_doctor("--days", "366", settings=settings)
    assert "in 36" in said(findings, "warning")  # 364 days: signed for 365, a moment ago
    assert "services: travel does not answer" in said(findings, "wrong")
    assert code == 2


def test_a_wrong_password_for_kafka_is_refused_in_a_sentence(secured: Secured, tmp_path: Path) -> None:
    guess = tmp_path / "guess"
    guess.write_text("a guess")
    settings = secured.settings("SIGNED", HOMEWARD_BROKER_PASSWORD_FILE=str(guess))
    settings["HOMEWARD_DATABASE_URL"] = "postgresql+asyncpg://registration@127.0.0.1:1/registration"
    code, findings = found_by_doctor(settings=settings)
    assert code == 2
    assert "user and password" in said(findings, "wrong")
    assert "Everybody on this machine may open the file that HOMEWARD_BROKER_PASSWORD_FILE" in said(findings, "wrong")
    assert "a guess" not in str(findings)
