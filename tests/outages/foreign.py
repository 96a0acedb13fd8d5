"""Messages that no service told, and how an auditor knows them: by their keys."""

from uuid import uuid4

FOREIGN = "f0e1a700-"
"""Every key that the outages make up begins so. No case or flight of the load's does."""


def foreign_key() -> str:
    """A key like a case's, which nobody's case has."""
    return FOREIGN + str(uuid4())[len(FOREIGN) :]


def is_foreign(key: str) -> bool:
    """Whether the outages put it there: such a key may lie in topics, inboxes and what is parked, and nowhere else.
    A message without a key is theirs, too."""
    return key == "" or key.startswith(FOREIGN)
