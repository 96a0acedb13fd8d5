"""W3C Trace Context: which trace a request, a fact or an errand belongs to, and under which span it is carried on.

One trace leads from a request in one service to what follows from it in the others: a request takes it from its
headers or begins one, a fact carries it in its envelope (CloudEvents' distributed tracing extension), a call to another
service carries it on. Nothing is exported: a span is what a service logs under its `span_id`, with its duration.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self
from uuid import UUID

LONGEST_STATE = 512
"""Characters of a `tracestate` that are carried on; of a longer one, the members that fit."""
MOST_MEMBERS = 32

_NOBODYS = "5b0c3a7e6a654f0e9d1f3c1f0e6f7a10"
_PARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
_MEMBER = re.compile(
    r"(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})"
    r"=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]",
    re.ASCII,
)
_SAMPLED = 0x01
_KNOWN_FLAGS = 0x03


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in a trace: 32 hexadecimal digits for the trace, 16 for the span, and what other tracers want passed on.

    `state` is theirs, and may be anything: it goes on with calls to other services, and is written down nowhere.
    """

    trace_id: str
    span_id: str
    flags: int = _SAMPLED
    state: str | None = None

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"

    def child(self, span_id: str | None = None) -> Self:
        """A new span of the same trace."""
        return type(self)(self.trace_id, span_id or _random(8), self.flags, self.state)


def begin() -> Trace:
    """A trace that nobody began before."""
    return Trace(_random(16), _random(8))


def follow(traceparents: Sequence[str], tracestates: Iterable[str] = ()) -> Trace | None:
    """What the headers of these names say; None where there is not exactly one valid `traceparent`, as the standard
    has it. A `tracestate` that cannot be read is left out."""
    if len(traceparents) != 1:
        return None
    found = _PARENT.fullmatch(traceparents[0].strip(" \t"))
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if version == "ff" or (version == "00" and more) or not int(trace_id, 16) or not int(span_id, 16):
        return None
    return Trace(trace_id, span_id, int(flags, 16) & _KNOWN_FLAGS, _state(",".join(tracestates)))


def resumed(traceparent: str | None, wish: UUID) -> Trace | None:
    """The trace of a wish that was written down with it, in the span of carrying it out: the same at each attempt."""
    told = follow([traceparent]) if traceparent else None
    return None if told is None else told.child(span_of(wish, "errand"))


def of_correlation(correlation: UUID, seed: UUID) -> Trace:
    """The trace of what carries none: its id is the correlation's, the span that of `seed`. The same each time."""
    return Trace(correlation.hex if correlation.int else _NOBODYS, span_of(seed, "origin"))


def span_of(seed: UUID, name: str) -> str:
    """The span under which `name` handles `seed`: the same when it is handled again, so that a repeated reaction
    makes the same fact."""
    return sha256(seed.bytes + name.encode()).hexdigest()[:16]


def _state(text: str) -> str | None:
    members = [each.strip(" \t") for each in text.split(",")]
    members = [each for each in members if each]
    names = [each.partition("=")[0] for each in members]
    if len(members) > MOST_MEMBERS or len(set(names)) < len(names):
        return None
    if not all(_MEMBER.fullmatch(each) for each in members):
        return None
    kept = ""
    for each in members:  # the first are the latest; what does not fit is cut off whole
        longer = f"{kept},{each}" if kept else each
        if len(longer) > LONGEST_STATE:
            break
        kept = longer
    return kept or None


def _random(size: int) -> str:
    while not any(made := os.urandom(size)):
        continue  # all zeros would mean "none"
    return made.hex()
