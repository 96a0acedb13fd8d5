"""One run of pytest that has everything imported.

It learns which test reaches which statement of the rules; then each mutant is tried in a child process of its own.
"""

import gc
import hashlib
import json
import os
import resource
import shutil
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.making import Mutant, module_of, mutants_of
from tests.mutants.swapping import functions_of, statements_of, swap, watch
from tests.mutants.telling import ENDED, KILLED, LIVED, NOT_MADE, NOT_REACHED, kept

NO_TIME = 0.05
LONGEST_TEST = 3.0
"""Seconds of a core, as `NO_TIME`. A test that takes longer on the untouched rules is not asked."""


@dataclass
class Trial:
    """Plugin of a run of pytest. `seconds` bounds the tests asked for one mutant, in what they took without it."""

    root: Path
    places: Sequence[Path]
    answers: Path
    seconds: float
    calls_too: bool = True
    took: dict[str, float] = field(default_factory=dict)
    reached: dict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    worth: dict[tuple[str, str, str], float] = field(default_factory=lambda: defaultdict(float))
    alive: Counter[str] = field(default_factory=Counter)
    killers: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self) -> None:
        """A counterexample of hypothesis need not be small, nor be kept. Imported here: pytest looks at it first."""
        import hypothesis

        without = [one for one in hypothesis.Phase if one.name not in ("shrink", "explain")]
        hypothesis.settings.register_profile("mutants", phases=without, database=None, deadline=None)
        hypothesis.settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:  # whatever its tests would notice would be told as living
            raise session.Interrupted("a file of tests cannot be read: no mutant was tried")
        items = {item.nodeid: item for item in session.items}
        self._warm(session)
        learnt = self.answers.with_suffix(".reached")
        known = json.loads(learnt.read_text()).get("known", {}) if learnt.exists() else {}
        now = self._as_they_are(session.items)
        new = [item for item in session.items if known.get(item.nodeid) != now[item.nodeid]]
        if new:
            self._apart(lambda: self._learn(new, learnt, known | now), 3600)
        told = json.loads(learnt.read_text())
        self.took = {name: seconds for name, seconds in told["took"].items() if name in items}
        for module, line, tests in told["reached"]:
            self.reached[module, line] = [name for name in tests if name in self.took]
        gc.freeze()
        print(f"{len(self.took)} of {len(items)} tests can be asked", flush=True)
        done = set()
        for one in kept(self.answers):
            done.add((one["module"], one["name"]))
            if one["killer"]:
                self._remember(one["module"], one["function"], one["killer"])
        for place in self.places:
            self._weigh(place)
        kinds = (False, True) if self.calls_too else (False,)
        for place, about_calls in [(place, about) for about in kinds for place in self.places]:
            begins = statements_of(place)
            for mutant in mutants_of(self.root, place):
                if mutant.about_a_call != about_calls:
                    continue
                key = (mutant.module, mutant.name)
                if key in done:
                    continue
                self._judge(mutant, begins.get(mutant.line, mutant.line), items)
        return True

    def _remember(self, module: str, function: str, killer: str) -> None:
        known = self.killers[module, function]
        if killer in known:
            known.remove(killer)
        known.insert(0, killer)

    def _weigh(self, place: Path) -> None:
        module = module_of(self.root, place)
        for line, function in functions_of(place).items():
            tests = self.reached.get((module, line), ())
            for name in tests:
                self.worth[module, function, name] += 1 / len(tests)

    def _warm(self, session: pytest.Session) -> None:
        """One test with a running service, so that what is made once a run is there before the children are."""
        one = next((item for item in session.items if "world" in getattr(item, "fixturenames", ())), None)
        if one is not None:
            runtestprotocol(one, nextitem=None, log=False)
        assert threading.active_count() == 1, threading.enumerate()

    def _as_they_are(self, items: Sequence[pytest.Item]) -> dict[str, str]:
        """Of each test what stands in its file and in the rules: where either is changed, it may reach other lines."""
        rules = b"".join(place.read_bytes() for place in sorted((self.root / "services").glob("*/*/rules.py")))
        files = {item.path: item.path.read_bytes() for item in items}
        marks = {path: hashlib.sha256(rules + text).hexdigest() for path, text in files.items()}
        return {item.nodeid: marks[item.path] for item in items}

    def _learn(self, items: Sequence[pytest.Item], learnt: Path, known: dict[str, str]) -> None:
        now: set[tuple[str, int]] = set()
        for place in (self.root / "services").glob("*/*/rules.py"):
            watch(module_of(self.root, place), place, lambda m, n: now.add((m, n)))
        reached: dict[tuple[str, int], list[str]] = defaultdict(list)
        took: dict[str, float] = {}
        for at, item in enumerate(items):
            now.clear()
            begun = time.process_time()
            reports = runtestprotocol(item, nextitem=items[at + 1] if at + 1 < len(items) else None, log=False)
            seconds = time.process_time() - begun
            if all(report.passed for report in reports) and seconds < LONGEST_TEST:
                took[item.nodeid] = round(seconds, 4)
                for place_and_line in now:
                    reached[place_and_line].append(item.nodeid)
        if learnt.exists():  # a run that goes on, with tests that are new or changed
            before, again = json.loads(learnt.read_text()), {item.nodeid for item in items}
            took = {name: seconds for name, seconds in before["took"].items() if name not in again} | took
            for module, line, tests in before["reached"]:
                reached[module, line][:0] = [name for name in tests if name not in again]
        whole = [[module, line, tests] for (module, line), tests in reached.items()]
        learnt.write_text(json.dumps({"known": known, "took": took, "reached": whole}))

    def _asked(self, mutant: Mutant, line: int) -> list[str]:
        """Who killed a neighbour first; then what takes no time; then what reaches what few reach in the function: a
        guard that everybody passes is noticed by whom it stops. One of each name comes before the second of any."""
        able = set(self.reached.get((mutant.module, line), ()))
        met: dict[str, int] = defaultdict(int)
        ranked: list[tuple[bool, int, int, str]] = []
        for name in sorted(able, key=lambda one: (-self.worth[mutant.module, mutant.function, one], self.took[one])):
            plain = name.split("[")[0]
            ranked.append((self.took[name] > NO_TIME, met[plain], len(ranked), name))
            met[plain] += 1
        first = [name for name in self.killers[mutant.module, mutant.function] if name in able][:2]
        ordered = [*first, *(name for *_, name in sorted(ranked) if name not in first)]
        chosen: list[str] = []
        seconds = 0.0
        # Where one after another lives, the function is not looked at by these tests, and the next will live as well.
        most = self.seconds if self.alive[mutant.function] < 3 else self.seconds / 4
        for name in ordered:
            seconds += self.took[name]
            if chosen and seconds > most:
                break
            chosen.append(name)
        return chosen

    def _judge(self, mutant: Mutant, line: int, items: dict[str, pytest.Item]) -> None:
        asked = self._asked(mutant, line)
        begun = time.monotonic()
        state, killer = NOT_REACHED, None
        if asked:
            limit = int(5 + 3 * sum(self.took[name] for name in asked))
            code = self._apart(lambda: self._try(mutant, [items[name] for name in asked]), limit)
            if code is None:
                state = ENDED
            elif code == 250:
                state = NOT_MADE
            elif code:
                state, killer = KILLED, asked[min(code, 249) - 1]
                self._remember(mutant.module, mutant.function, killer)
            else:
                state = LIVED
        self.alive[mutant.function] = self.alive[mutant.function] + 1 if state == LIVED else 0
        told = {k: v for k, v in vars(mutant).items() if k != "source"}
        told |= {"state": state, "asked": len(asked), "able": len(self.reached.get((mutant.module, line), []))}
        told |= {"killer": killer, "seconds": round(time.monotonic() - begun, 3)}
        with self.answers.open("a") as out:
            out.write(json.dumps(told) + "\n")

    @staticmethod
    def _try(mutant: Mutant, items: Sequence[pytest.Item]) -> int:
        """0 when nobody notices, else the place (from one) of the test that does."""
        resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, 2 << 30))
        if not swap(mutant):
            return 250
        for at, item in enumerate(items):
            reports = runtestprotocol(item, nextitem=items[at + 1] if at + 1 < len(items) else None, log=False)
            if any(report.failed for report in reports):
                return min(at + 1, 249)
        return 0

    @staticmethod
    def _apart(work: Any, limit: int) -> int | None:
        """What `work` gives in a child of its own; None when it took longer than `limit` seconds of a core."""
        base = Path(os.environ["HOMEWARD_MUTANTS"])
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
            signal.alarm(30 + 20 * limit)
            code = 1
            try:
                code = work() or 0
            except MemoryError:
                code = 1
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        for left in base.iterdir() if base.exists() else ():
            shutil.rmtree(left, ignore_errors=True)
        return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else None
