"""Settings of eligibility: those that every service reads."""

from shared.settings import Settings


class EligibilitySettings(Settings):
    """Nothing of its own yet."""
