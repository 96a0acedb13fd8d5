"""Carrying the plan out: lanes worked beside each other, each outage noted with when and what came of it."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from tests.outages import messages, network, processes, servers
from tests.outages.plan import KILLS, LANES, NETWORK, Outage, planned
from tests.outages.scene import NotReached, Scene

Doing = Callable[[Scene, Outage, Random], str]
"""Brings an outage about, ends it, and gives a few words on it. Raises `NotReached`."""

DOINGS: Mapping[str, Doing] = {
    "killed at random": processes.killed_at_random,
    **dict.fromkeys(KILLS, processes.killed_at_a_step),
    "rolling restart": processes.rolling_restart,
    "group rebalanced in mid-batch": processes.rebalanced_in_mid_batch,
    "Kafka paused": servers.kafka_paused,
    "Kafka stopped and started": servers.kafka_stopped,
    "Kafka killed and restarted": servers.kafka_killed,
    "PostgreSQL restarted": servers.postgres_restarted,
    "PostgreSQL killed and recovered": servers.postgres_killed,
    "PostgreSQL backend killed": servers.backend_killed,
    "PostgreSQL connections cut": servers.connections_cut,
    **dict.fromkeys(NETWORK[:-1], network.disturbed),
    NETWORK[-1]: network.registration_away_at_the_doors,
    "clock jumped ahead": messages.clock_jumped,
    "clock jumped back": messages.clock_jumped,
    "events doubled by the relay": messages.sent_otherwise("doubled"),
    "events doubled in the topic": messages.doubled_in_the_topic,
    "events delayed and reordered across cases": messages.sent_otherwise("muddled"),
    "events malformed": messages.malformed,
    "events of an unknown type": messages.unknown_type,
    "events of a newer version": messages.newer_version,
    "poison fact": messages.poison_fact,
    "poison case": messages.poison_case,
}
TRIES = 4
"""Of an outage that was not reached, before the next has its turn."""
TURNS = 3
"""Of a kind that was not reached, before it counts as missing: Kafka may be away for all tries of one."""


@dataclass(frozen=True)
class Done:
    """`began` and `ended`: seconds from the start of the lanes, and by the wall's clock what the journal has."""

    kind: str
    lane: str
    began: float
    ended: float
    at: float
    until: float
    told: str
    reached: bool = True


@dataclass
class Lanes:
    """All lanes of `kinds`, from one seed. Each kind once at least; after that, new ones until `seconds` are over."""

    scene: Scene
    kinds: Mapping[str, Sequence[str]]
    seed: int
    seconds: float
    haste: float = 1.0
    tell: Callable[[str], None] = print
    done: list[Done] = field(default_factory=list)

    def run(self) -> None:
        """Returns when all lanes have ended."""
        self._began = time.monotonic()
        threads = [threading.Thread(target=self._lane, args=(lane,), name=lane) for lane in self.kinds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _lane(self, lane: str) -> None:
        kinds = list(self.kinds[lane])
        waiting, turns = set(kinds), Counter[str]()
        for outage in planned(self.seed, lane, kinds, haste=self.haste):
            over = time.monotonic() - self._began > self.seconds
            if self.scene.over.is_set() or (over and not waiting):
                return
            if over and outage.kind not in waiting:
                continue
            self.scene.over.wait(outage.after)
            turns[outage.kind] += 1
            try:
                reached = self._carry_out(lane, outage)
            except Exception as error:
                self.scene.finding(f"the harness failed at {outage.kind}: {type(error).__name__}: {error}")
                reached = False
            if reached or turns[outage.kind] == TURNS:
                waiting.discard(outage.kind)

    def _carry_out(self, lane: str, outage: Outage) -> bool:
        """Whether it came about, at the first try or another."""
        doing = DOINGS[outage.kind]
        for time_tried in range(1, TRIES + 1):
            began, at = time.monotonic() - self._began, time.time()
            random = Random(f"{outage.seed} {time_tried}")
            try:
                told, reached = doing(self.scene, outage, random), True
            except NotReached as error:
                told, reached = str(error), False
            ended = time.monotonic() - self._began
            self.done.append(Done(outage.kind, lane, began, ended, at, time.time(), told, reached))
            self.tell(f"{began:7.1f} s  {'' if reached else 'NOT REACHED '}{outage.kind} ({told})")
            if reached or self.scene.over.is_set():
                return reached
            time.sleep(1)
        return False

    @property
    def counts(self) -> dict[str, int]:
        """By kind, in the plan's order, how often it came about."""
        found = Counter(each.kind for each in self.done if each.reached)
        return {
            kind: found[kind]
            for lane, kinds in LANES.items()
            if lane in self.kinds
            for kind in kinds
            if kind in self.kinds[lane]
        }

    def told(self) -> list[dict[str, Any]]:
        return [asdict(each) for each in sorted(self.done, key=lambda each: each.began)]
