"""Outages of the connections between the parts."""

import time
from random import Random

from tests.outages.plan import Outage
from tests.outages.scene import AWAY, NotReached, Scene
from tests.stack.reading import rows

DOORS_CLOSE_WITHIN = 60.0
CLOSING = "SELECT count(*) AS count FROM flight WHERE status = 'closing'"


def disturbed(scene: Scene, outage: Outage, random: Random) -> str:
    """One to all connections of a kind are cut, slowed, narrowed, reset or made silent for a while."""
    wires = scene.wires
    assert wires is not None
    way, _, which = outage.kind.removeprefix("network ").partition(": ")
    names = wires.between(which)
    chosen = random.sample(names, random.randint(1, len(names)))
    with scene.trouble():
        try:
            for name in chosen:
                if way == "cut":
                    wires.proxies.cut(name)
                elif way == "slowed":
                    wires.proxies.slow(name, random.randint(50, 400), random.randint(0, 100))
                elif way == "narrow":
                    wires.proxies.narrow(name, random.randint(5, 100))
                elif way == "reset":
                    wires.proxies.reset(name, random.randint(0, 500))
                else:
                    wires.proxies.silence(name)
            time.sleep(outage.seconds)
        finally:
            wires.mend(chosen)
    return f"{len(chosen)} of {len(names)} for {outage.seconds:.1f} s"


def registration_away_at_the_doors(scene: Scene, outage: Outage, random: Random) -> str:
    """Travel finds no registration, until doors have closed meanwhile and have waited a while for it."""
    wires = scene.wires
    assert wires is not None
    names = wires.between("travel to registration")
    with scene.trouble():
        try:
            for name in names:
                wires.proxies.cut(name) if random.random() < 0.5 else wires.proxies.silence(name)
            deadline = time.monotonic() + DOORS_CLOSE_WITHIN
            while not (waiting := _closing(scene)):
                if time.monotonic() > deadline:
                    raise NotReached("no doors closed meanwhile")
                time.sleep(0.3)
            time.sleep(outage.seconds)
            waiting = max(waiting, _closing(scene))
        finally:
            wires.mend(names)
    return f"{waiting} flights waited"


def _closing(scene: Scene) -> int:
    try:
        return int(rows(scene.stack, "travel", CLOSING)[0]["count"])
    except AWAY:  # PostgreSQL is away, too
        return 0
