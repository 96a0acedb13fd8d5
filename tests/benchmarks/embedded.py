"""The embedded default: from a commit in one service to its effect in the next, and whole journeys a second.

The services are `homeward up` in a process of their own, with its defaults (SQLite files, synchronous FULL, real HTTP).
"""

import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.demo.chapters import CHAPTERS, GROUND, tell
from services.demo.family import Family
from services.demo.ground import lay_the_ground
from services.demo.hosting import names_four, services_up
from services.demo.play import STORY, tokens_for
from services.demo.scenario import read_scenario
from services.demo.teller import Teller
from services.demo.warehouse import register
from shared.keys import load_keys
from shared.settings import Settings

BAR_MS = 50.0
"""The p99 of commit to effect that the embedded default must keep under."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """Running services and the folder they run on."""

    addresses: dict[str, str]
    folder: Path

    @contextmanager
    def family(self) -> Iterator[Family]:
        tokens = tokens_for(load_keys(Settings(data_dir=self.folder)))
        with httpx.Client(timeout=30, trust_env=False) as client:
            yield Family(Teller(self.addresses, tokens, uuid4().hex, client=client), read_scenario(STORY))


@contextmanager
def hosted() -> Iterator[Hosted]:
    with TemporaryDirectory(prefix="homeward-bench-") as name:
        folder = Path(name)
        with services_up(folder) as url:
            addresses = names_four(url)
            if addresses is None:
                raise RuntimeError("the services did not say where they answer")
            yield Hosted(addresses, folder)


def effect_times(where: Hosted, count: int, seed: int) -> dict[str, Any]:
    """Registers `count` cases, one after another at random intervals, and times from the answer of each (its commit
    came before) until eligibility's decision on it can be read from eligibility's own database."""
    waits: list[float] = []
    chance = random.Random(seed)
    with where.family() as first:
        lay_the_ground(first)
        with closing(sqlite3.connect(f"file:{where.folder}/eligibility.db?mode=ro", uri=True)) as database:
            for _ in range(count):
                first.teller.run = uuid4().hex
                register(first)
                begun = time.perf_counter()
                case = UUID(first.ids["case"]).hex
                while database.execute("SELECT 1 FROM decision WHERE case_id = ?", (case,)).fetchone() is None:
                    if time.perf_counter() - begun > 10:
                        raise RuntimeError("no decision within ten seconds")
                    time.sleep(0.0005)
                waits.append((time.perf_counter() - begun) * 1_000)
                time.sleep(chance.uniform(0, 0.02))
    waits.sort()
    return {
        "what": "case registered (201) to decision committed in eligibility, embedded default",
        "events": count,
        "p50_ms": round(median(waits), 2),
        "p99_ms": round(waits[int(count * 0.99) - 1], 2),
        "worst_ms": round(waits[-1], 2),
        "bar_p99_ms": BAR_MS,
        "kept": waits[int(count * 0.99) - 1] < BAR_MS,
    }


def journeys(where: Hosted, seconds: float, tellers: int) -> dict[str, Any]:
    """Whole stories (registration to closure) told side by side by `tellers` threads of this process."""
    done: list[float] = []
    failed: list[str] = []
    stop = time.perf_counter() + seconds

    def tell_on() -> None:
        try:
            while time.perf_counter() < stop:
                with where.family() as family:
                    begun = time.perf_counter()
                    tell(family, (GROUND, *CHAPTERS[1:]))
                    done.append(time.perf_counter() - begun)
        except Exception as error:  # reported below: a bench that hides failures measures nothing
            failed.append(f"{type(error).__name__}: {error}")

    begun = time.perf_counter()
    threads = [threading.Thread(target=tell_on) for _ in range(tellers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    if failed:
        raise RuntimeError(failed[0])
    return {
        "what": "whole journeys, registration to closure (about 75 requests each), services and load on the same cores",
        "journeys": len(done),
        "seconds": round(took, 1),
        "side_by_side": tellers,
        "journeys_per_second": round(len(done) / took, 2),
        "median_seconds_each": round(median(done), 2),
    }


EVENTS, SECONDS, TELLERS, SEED = 500, 20.0, 4, 2021


def run() -> list[dict[str, Any]]:
    with hosted() as where:
        return [effect_times(where, EVENTS, SEED), {**journeys(where, SECONDS, TELLERS), "kept": True}]
