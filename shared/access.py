"""How a process gets into its servers: what the settings say of certificates and passwords, as the drivers take it."""

from typing import Any

from shared.certificates import context_of, secret_in
from shared.settings import Settings


def database_options(settings: Settings) -> dict[str, Any]:
    """What asyncpg is told besides the address. Raises `CertificateRefused`."""
    options: dict[str, Any] = {}
    if settings.database_ca is not None:
        options["ssl"] = context_of(settings.database_ca, settings.database_certificate, settings.database_key)
    if settings.database_password_file is not None:
        options["password"] = secret_in(settings.database_password_file)
    return options


def broker_options(settings: Settings) -> dict[str, Any]:
    """What Kafka's clients are told besides the addresses. Raises `CertificateRefused`."""
    security = settings.broker_security
    if security == "PLAINTEXT":
        return {}
    options: dict[str, Any] = {"security_protocol": security}
    if security.endswith("SSL"):
        options["ssl_context"] = context_of(settings.broker_ca, settings.broker_certificate, settings.broker_key)
    if security.startswith("SASL") and settings.broker_password_file is not None:
        options["sasl_mechanism"] = settings.broker_mechanism
        options["sasl_plain_username"] = settings.broker_user
        options["sasl_plain_password"] = secret_in(settings.broker_password_file)
    return options
