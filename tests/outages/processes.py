"""Outages of the services' own processes."""

import signal
import time
from random import Random

from shared.settings import SERVICES
from tests.outages.plan import STEP, Outage
from tests.outages.scene import NotReached, Scene
from tests.stack import Part

PATIENCE = 45.0
"""Seconds to wait for a process to come to the step at which it dies."""
WRITES = ("registration", "travel", "eligibility")
"""The services that the load writes to, and that tell something because of it."""
COME_TO = {"api": WRITES, "relay": WRITES, "consumer": SERVICES, "runner": ("travel",)}
"""By what a step belongs to, the services in which the load brings it about."""


def killed_at_random(scene: Scene, outage: Outage, random: Random) -> str:
    parts = random.sample(sorted(scene.stack.parts.values(), key=lambda part: part.name), random.choice((1, 1, 2)))
    for part in parts:
        with scene.resting(part):
            part.kill()
            time.sleep(outage.seconds * random.random())
    return ", ".join(part.name for part in parts)


def killed_at_a_step(scene: Scene, outage: Outage, random: Random) -> str:
    """Whichever process of a service comes there first, dies there."""
    step = outage.kind.removeprefix(STEP)
    who = step.split()[0]
    service = random.choice(COME_TO[who])
    parts = scene.stack.of(service, "api" if who == "api" else "worker")
    dead = _first_to_die(scene, parts, step)
    if dead is None:
        raise NotReached(f"no {who} of {service} came to it within {PATIENCE:g} s")
    time.sleep(outage.seconds * random.random())
    return dead.name


def _first_to_die(scene: Scene, parts: list[Part], step: str) -> Part | None:
    switches = {part.name: scene.switches(part.name) for part in parts}
    with scene.resting(*parts):
        for each in switches.values():
            each.on(step)
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                struck = [part for part in parts if not switches[part.name].is_on(step)]
                if struck:
                    code = struck[0].ended(PATIENCE)
                    assert code == -signal.SIGKILL, f"{struck[0].name} took the step's file and lives ({code})"
                    return struck[0]
                for part in parts:
                    if not part.alive():  # of something else, while it was told to rest
                        part.start()
                time.sleep(0.02)
        finally:
            for part in parts:
                if not switches[part.name].off(step):  # it took the file, and dies of it: the first, or one more
                    part.ended(PATIENCE)
    return None


def rolling_restart(scene: Scene, _outage: Outage, random: Random) -> str:
    """SIGTERM to each in turn; the next when it is ready again."""
    parts = sorted(scene.stack.parts.values(), key=lambda part: part.name)
    random.shuffle(parts)
    for part in parts:
        with scene.resting(part):
            try:
                code = part.stop()
            except AssertionError as error:
                scene.finding(str(error))
                continue
            if code not in (0, -signal.SIGTERM) and not scene.troubled:
                scene.finding(f"{part.name} ended with {code} when it was told to")
        deadline = time.monotonic() + 20
        while not part.is_ready() and time.monotonic() < deadline:
            time.sleep(0.05)
    return f"{len(parts)} processes"


def rebalanced_in_mid_batch(scene: Scene, outage: Outage, random: Random) -> str:
    """While batches are long in hand, one more worker comes into the group, and leaves it again: in order, or not."""
    service = random.choice(SERVICES)
    slow = [scene.switches(part.name) for part in scene.stack.of(service, "worker")]
    for each in slow:
        each.on("slow", "0.05")
    third = None
    try:
        time.sleep(0.5)
        third = scene.joined(service, "worker")
        time.sleep(2 + outage.seconds)
        if random.random() < 0.5:
            third.stop()
            how = "left"
        else:
            third.kill()
            how = "was killed"
        time.sleep(0.5)
    finally:
        for each in slow:
            each.off("slow")
        if third is not None:
            third.kill()
    return f"{third.name} came and {how}"
