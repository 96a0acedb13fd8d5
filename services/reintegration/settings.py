"""Settings of reintegration: those every service has."""

from shared.settings import Settings


class ReintegrationSettings(Settings):
    """Nothing of its own yet."""
