"""Settings that every service reads from the environment (`HOMEWARD_...`); each adds its own in its settings.py."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SERVICES = ("registration", "eligibility", "travel", "reintegration")


class Settings(BaseSettings):
    """One service's settings, frozen. Each can be set as `HOMEWARD_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="HOMEWARD_", frozen=True, extra="ignore", hide_input_in_errors=True)

    mode: Literal["development", "production"] = Field(
        "development", description="development makes its own keys and lets a request set business time"
    )
    data_dir: Path = Field(Path("data"), description="folder of the embedded default: databases, event log, keys")
    database_url: str | None = Field(None, description="this service's database; a file in data_dir unless set")
    broker_url: str | None = Field(
        None, description="kafka://host:port, or embedded:FILE; a file in data_dir unless set"
    )
    jwks: Path | None = Field(None, description="file with the public keys that sign tokens (needed in production)")
    service_key: Path | None = Field(None, description="file with this service's own private key (JWK, production)")
    sqlite_synchronous: Literal["OFF", "NORMAL", "FULL"] = Field("FULL", description="FULL survives a power cut")
    pool: int = Field(10, ge=2, le=100, description="connections to PostgreSQL a process may hold")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    max_body_bytes: int = Field(262_144, ge=1_024, le=10_000_000, description="a larger body is refused")
    base_url: str = Field("http://127.0.0.1:8000", description="where the page that names the services answers")
    registration_url: str | None = None
    eligibility_url: str | None = None
    travel_url: str | None = None
    reintegration_url: str | None = None

    @model_validator(mode="after")
    def _production_is_complete(self) -> Self:
        if self.mode == "production" and self.jwks is None:
            raise ValueError(
                "HOMEWARD_JWKS must name a file of public keys in production: development keys are refused"
            )
        return self

    @property
    def development(self) -> bool:
        return self.mode == "development"

    def database_of(self, service: str) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / f'{service}.db').resolve()}"

    def broker(self) -> str:
        return self.broker_url or f"embedded:{(self.data_dir / 'events.db').resolve()}"

    def addresses(self) -> dict[str, str]:
        """Where each service answers."""
        return {name: getattr(self, f"{name}_url") or f"{self.base_url.rstrip('/')}/{name}" for name in SERVICES}
