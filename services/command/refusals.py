"""What stops a command, and the sentence for it."""

from services.command.checks import CannotStart, database_is_away, file_trouble
from services.demo.scenario import ScenarioMissing
from shared.brokers import BrokerUnavailable
from shared.certificates import CertificateRefused
from shared.environment import SettingsRefused
from shared.folder import FolderInUse
from shared.keys import KeysRefused
from shared.migrations import SchemaIsNewer
from shared.store_errors import StoreAway

REFUSALS = (
    CannotStart,
    CertificateRefused,
    FolderInUse,
    KeysRefused,
    ScenarioMissing,
    SchemaIsNewer,
    SettingsRefused,
    BrokerUnavailable,
    StoreAway,
    OSError,
    RuntimeError,
)


def sentence_of(error: Exception) -> str | None:
    """What is said instead of a stack trace; None for what nobody foresaw, which needs one."""
    if not isinstance(error, REFUSALS):
        return None
    if isinstance(error, StoreAway):
        return database_is_away("the services", error)
    if isinstance(error, BrokerUnavailable):
        return f"The log of events cannot be used: {error}."
    if isinstance(error, OSError) and error.strerror:
        return file_trouble(error)
    return str(error)
