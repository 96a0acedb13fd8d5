"""Exceptions: a rule that fails, and is not held against a case, because two people said so, until a day."""
