"""Travel's settings: those of every service."""

from shared.settings import Settings


class TravelSettings(Settings):
    """Nothing of its own yet."""
