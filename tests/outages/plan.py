"""What is done to the services, and when: drawn from a seed, so that the same seed gives the same outages.

There are lanes, worked beside each other: a process may die while the network is slow and a handler is at fault. In a
lane one outage follows another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random

from tests.outages.suffering import STEPS

STEP = "killed: "
KILLS = tuple(STEP + step for steps in STEPS.values() for step in steps)
PROCESSES = ("killed at random", *KILLS, "rolling restart", "group rebalanced in mid-batch")
SERVERS = (
    "Kafka paused",
    "Kafka stopped and started",
    "Kafka killed and restarted",
    "PostgreSQL restarted",
    "PostgreSQL killed and recovered",
    "PostgreSQL backend killed",
    "PostgreSQL connections cut",
)
WIRES = (
    "load to API",
    "API to PostgreSQL",
    "worker to PostgreSQL",
    "worker to Kafka",
    "travel to registration",
    "reintegration to registration",
)
"""The last is asked for contacts, whenever somebody looks at an arrival."""
WAYS = ("cut", "slowed", "narrow", "reset", "silent")
NETWORK = (*(f"network {way}: {wire}" for wire in WIRES for way in WAYS), "registration away while doors close")
MESSAGES = (
    "clock jumped ahead",
    "clock jumped back",
    "events doubled by the relay",
    "events doubled in the topic",
    "events delayed and reordered across cases",
    "events malformed",
    "events of an unknown type",
    "events of a newer version",
    "poison fact",
    "poison case",
)
LANES = {"processes": PROCESSES, "servers": SERVERS, "network": NETWORK, "messages": MESSAGES}

SHORT = {
    "processes": KILLS,
    "servers": ("Kafka killed and restarted", "PostgreSQL restarted", "PostgreSQL connections cut"),
    "messages": (
        "events doubled in the topic",
        "events malformed",
        "events of an unknown type",
        "events of a newer version",
        "poison fact",
        "poison case",
    ),
}
"""The form that runs with all other tests."""

PAUSES = {"processes": (0.3, 4.0), "servers": (4.0, 14.0), "network": (1.0, 5.0), "messages": (1.0, 6.0)}
"""Seconds between the end of an outage and the next of its lane."""
LASTS = {"processes": (0.0, 2.0), "servers": (1.0, 8.0), "network": (1.0, 7.0), "messages": (2.0, 6.0)}


@dataclass(frozen=True)
class Outage:
    """`after` so many seconds of quiet in its lane; `seconds`: how long it lasts, where that can be said; `seed`:
    from which its own choices are drawn."""

    kind: str
    after: float
    seconds: float
    seed: int


def planned(seed: int, lane: str, kinds: Sequence[str], *, haste: float = 1.0) -> Iterator[Outage]:
    """Without end: first each kind once, in an order of its own, then any. `haste` shortens them, and
    what is between them."""
    random = Random(f"{seed} {lane}")
    first = random.sample(list(kinds), len(kinds))
    for kind in chain(first, iter(lambda: random.choice(kinds), None)):
        after, seconds = random.uniform(*PAUSES[lane]) / haste, random.uniform(*LASTS[lane]) / haste
        yield Outage(kind, after, seconds, random.randrange(2**32))
