"""Settings: everything wrong is said at once, in sentences that never hold a value."""

from pathlib import Path

import pytest

from shared.environment import SettingsRefused, as_markdown, listed, read_settings, unknown
from shared.settings import Settings

SECRET = "open-sesame"


def refusals(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    for name, value in environment.items():
        monkeypatch.setenv(f"HOMEWARD_{name}", value)
    with pytest.raises(SettingsRefused) as refused:
        read_settings(Settings)
    assert SECRET not in str(refused.value)
    return refused.value.sentences


@pytest.mark.parametrize(
    ("name", "takes"),
    [
        ("MODE", "takes one of development, production, for example production."),
        ("POOL", "takes a whole number from 2 to 100, for example 10."),
        ("MAX_BODY_BYTES", "takes a whole number from 1024 to 10000000, for example 262144."),
        (
            "DATABASE_URL",
            "begins with postgresql+asyncpg:// (or sqlite+aiosqlite:///), for example postgresql+asyncpg:",
        ),
        ("BROKER_URL", "is kafka://host:port[,host:port], or embedded:FILE, for example kafka://"),
        ("BROKER_SECURITY", "takes one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL, for example SASL_SSL."),
        ("ROOT_PATH", "begins with a / and does not end with one, with letters, digits and . _ ~ - between"),
        ("REINTEGRATION_RECIPIENTS", "names organisations with ; between them, and none is empty, for example IOM"),
        ("TRAVEL_URL", "begins with http:// or https://, and names a host, for example http://travel:8000."),
    ],
)
def test_a_wrong_value_is_refused_by_what_the_setting_takes(
    name: str, takes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sentence,) = refusals(monkeypatch, **{name: f"{SECRET};"})
    assert sentence.startswith(f"HOMEWARD_{name}: {takes}")


def test_an_unknown_name_is_refused_with_the_nearest_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusals(monkeypatch, DATABSE_URL=SECRET, POOL="none") == [
        "HOMEWARD_DATABSE_URL is no setting. Did you mean HOMEWARD_DATABASE_URL?",
        "HOMEWARD_POOL: takes a whole number from 2 to 100, for example 10.",
    ]
    assert list(unknown({"HOMEWARD_ZZZ": ""})) == ["HOMEWARD_ZZZ is no setting. `homeward settings` lists them."]


def test_what_others_put_into_the_environment_is_not_taken_for_a_setting() -> None:
    kubernetes = {"HOMEWARD_TRAVEL_SERVICE_HOST": "", "HOMEWARD_TRAVEL_PORT_80_TCP_ADDR": "", "HOMEWARD_PORT": ""}
    assert list(unknown({**kubernetes, "HOMEWARD_TESTS_SERVERS": "", "PATH": "", "homeward_pool": ""})) == []


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MODE": "production", "SERVICE_KEY": "own.jwk"}, "HOMEWARD_JWKS must name a file of public keys in prod"),
        ({"MODE": "production", "JWKS": "jwks.json"}, "HOMEWARD_SERVICE_KEY must name the file of this service's own"),
        ({"DATABASE_CA": "ca.pem"}, "are for PostgreSQL"),
        ({"BROKER_SECURITY": "SSL"}, "is for Kafka"),
        ({"BROKER_URL": "kafka://a:1", "BROKER_SECURITY": "SASL_SSL"}, "are both needed where"),
        ({"BROKER_URL": "kafka://a:1", "BROKER_USER": "me"}, "are used only where HOMEWARD_BROKER_SECURITY is SASL"),
        ({"BROKER_URL": "kafka://a:1", "BROKER_CA": "ca.pem"}, "is SSL or SASL_SSL"),
        (
            {"BROKER_URL": "kafka://a:1", "BROKER_SECURITY": "SSL", "BROKER_KEY": "own.key"},
            "HOMEWARD_BROKER_CERTIFICATE and HOMEWARD_BROKER_KEY are of use together only",
        ),
        ({"DATABASE_URL": "postgresql+asyncpg://a/b?sslmode=require"}, "takes ssl=... at its end"),
        ({"DATABASE_URL": f"postgresql+asyncpg://me:{SECRET}@host:notaport/b"}, "with a number for the port"),
        ({"DATABASE_URL": f"postgresql+asyncpg://me:{SECRET}@host:99999/b"}, "takes a port from 1 to 65535"),
        ({"DATABASE_URL": f"postgresql+asyncpg://host/b?pas={SECRET}"}, "takes nothing at its end but ssl, host, port"),
        ({"DATABASE_URL": "postgresql+asyncpg://host/b?ssl=nonsense"}, "takes as ssl one of disable, allow, prefer"),
        ({"DATABASE_URL": "postgresql+asyncpg:///b?host=/run/pg&port=x"}, "takes a number as port"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(
    environment: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sentence,) = refusals(monkeypatch, **environment)
    assert said in sentence


def test_an_empty_value_is_none_and_what_is_given_goes_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOMEWARD_DATABASE_URL", "")
    monkeypatch.setenv("HOMEWARD_DATA_DIR", "elsewhere")
    settings = read_settings(Settings, tmp_path)
    assert settings.database_url is None
    assert settings.data_dir == tmp_path


def test_every_setting_says_what_it_is_for_and_shows_an_example() -> None:
    assert len(listed()) == len(Settings.model_fields)
    for each in listed():
        assert each.about, each.variable
        assert each.example, each.variable
        assert f"| `{each.variable}` | {each.takes} |" in as_markdown()
