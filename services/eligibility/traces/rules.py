"""One rule's entry in a decision's trace: what it said, of whom, what it saw, and the sentence that says so."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from services.eligibility.criteria.rules import Known, Result, Unknown, Value, is_of_a_member
from services.eligibility.inputs.rules import Shown
from services.eligibility.programmes.rules import PLACEHOLDER
from services.eligibility.titles.rules import Titles
from shared.fields import Answer

Said = Literal["passed", "failed", "missing"]


class FactSeen(Answer):
    """What a rule saw; `value` None: it is not known."""

    fact: str
    individual: UUID | None
    value: Shown | None


class SaidOfMember(Answer):
    """`on_exception`: that they fail is not held against them, by this exception that names them."""

    individual: UUID
    said: Said
    on_exception: UUID | None = None


class RuleSaid(Answer):
    """One rule of the trace. `version`: the programme's. `members`: what it said of each, where it asks each.
    `on_exception`: it failed, and this exception keeps that from being held against the case; where exceptions name
    individuals, the first of those in `members`."""

    code: str
    title: str
    version: int
    source: str
    said: Said
    saw: tuple[FactSeen, ...]
    members: tuple[SaidOfMember, ...]
    sentence: str
    on_exception: UUID | None = None
    titles: Titles = Field(default_factory=dict)

    @property
    def hinders(self) -> bool:
        return self.said == "failed" and self.on_exception is None

    @property
    def relies_on(self) -> frozenset[UUID]:
        """The exceptions without which it would hinder."""
        if self.on_exception is None:
            return frozenset()
        return frozenset((self.on_exception, *(each.on_exception for each in self.members if each.on_exception)))


def word_of(result: Result) -> Said:
    if isinstance(result, Unknown):
        return "missing"
    return "passed" if result is True else "failed"


def facts_seen(names: Sequence[str], known: Known) -> tuple[FactSeen, ...]:
    seen: list[FactSeen] = []
    for name in names:
        if is_of_a_member(name):
            for each in known.people:
                seen.append(FactSeen(fact=name, individual=UUID(each.individual), value=_shown(each.facts.get(name))))
        else:
            seen.append(FactSeen(fact=name, individual=None, value=_shown(known.case.get(name))))
    return tuple(seen)


def _shown(value: Value | None) -> Shown | None:
    return value.isoformat() if isinstance(value, date) else value


def in_words(sentence: str, saw: Sequence[FactSeen]) -> str:
    """The sentence with what the rule saw in place of each `{fact}`."""
    return PLACEHOLDER.sub(lambda found: _words_of(found[1], saw), sentence)


def _words_of(fact: str, saw: Sequence[FactSeen]) -> str:
    words = dict.fromkeys(_word(each.value) for each in saw if each.fact == fact)
    return ", ".join(words) or "nobody"


def _word(value: Shown | None) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
