"""State tables: which verb leads from which status to which, checked when the table is made, and drawn for the docs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.problems import Problem


class NotPossibleNow(Problem):
    slug = "not-possible-now"
    status = 409
    title = "That cannot be done in the status this is in"
    remedy = "`state` says where it stands and `possible` which verbs are taken now. Read it again before you act."


@dataclass(frozen=True, slots=True)
class Move:
    """A verb, the statuses it is taken in, and the status it leads to; `target` None leaves the status as it is."""

    verb: str
    sources: frozenset[str]
    target: str | None


def move(verb: str, *sources: str, to: str | None = None) -> Move:
    """`move("withdraw", "registered", "declared", to="withdrawn")`."""
    return Move(verb, frozenset(sources), to)


@dataclass(frozen=True, slots=True)
class StateTable:
    """The statuses of one noun. One verb may be told in several moves, as long as no status has it twice.

    Raises ValueError when made with a move from or to an unknown status, a status nothing leads to, a move without a
    source, or a verb with two targets from one status.
    """

    name: str
    states: tuple[str, ...]
    initial: str
    moves: tuple[Move, ...]
    _targets: Mapping[tuple[str, str], str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(set(self.states)) != len(self.states):
            raise ValueError(f"{self.name}: a status is listed twice")
        if self.initial not in self.states:
            raise ValueError(f"{self.name}: unknown initial status {self.initial}")
        targets: dict[tuple[str, str], str] = {}
        for each in self.moves:
            if not each.sources:
                raise ValueError(f"{self.name}: {each.verb} starts nowhere")
            unknown = {*each.sources, each.target or self.initial} - set(self.states)
            if unknown:
                raise ValueError(f"{self.name}: {each.verb} names unknown statuses {sorted(unknown)}")
            for source in each.sources:
                if (source, each.verb) in targets:
                    raise ValueError(f"{self.name}: {each.verb} leads to two places from {source}")
                targets[source, each.verb] = each.target or source
        object.__setattr__(self, "_targets", targets)
        unreached = set(self.states) - self._reached()
        if unreached:
            raise ValueError(f"{self.name}: nothing leads to {sorted(unreached)}")

    def _reached(self) -> set[str]:
        reached: set[str] = set()
        waiting = [self.initial]
        while waiting:
            status = waiting.pop()
            if status not in reached:
                reached.add(status)
                waiting.extend(target for (source, _), target in self._targets.items() if source == status)
        return reached

    def may(self, status: str, verb: str) -> bool:
        """Whether `verb` is taken in `status`."""
        return (status, verb) in self._targets

    def after(self, status: str, verb: str) -> str:
        """The status that `verb` leads to. Raises NotPossibleNow, naming the status and what is possible instead."""
        target = self._targets.get((status, verb))
        if target is None:
            raise NotPossibleNow(
                f"{verb} is not taken while the {self.name} is {status}",
                state=status,
                asked=verb,
                possible=self.verbs(status),
            )
        return target

    def verbs(self, status: str) -> list[str]:
        """What is possible in `status`, in the table's order."""
        return [each.verb for each in self.moves if status in each.sources]

    @property
    def final(self) -> frozenset[str]:
        """The statuses that nothing leads out of."""
        return frozenset(
            status
            for status in self.states
            if all(source != status or target == status for (source, _), target in self._targets.items())
        )

    def drawing(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for each in self.moves:
            lines += [
                f"    {status} --> {each.target or status}: {each.verb}"
                for status in self.states
                if status in each.sources
            ]
        lines += [f"    {status} --> [*]" for status in self.states if status in self.final]
        return "\n".join(lines) + "\n"
