"""Settings of registration: those that every service has."""

from shared.settings import Settings


class RegistrationSettings(Settings):
    """Nothing of its own yet."""
