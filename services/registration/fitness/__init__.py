"""Fitness to travel: the pre-embarkation check. Its outcome is told; what was found stays here."""
