"""Outages of Kafka and PostgreSQL."""

import asyncio
import os
import signal
import time
from random import Random

from tests.outages.plan import Outage
from tests.outages.scene import NotReached, Scene, ask, started

CUT = """SELECT count(pg_terminate_backend(pid)) AS count FROM pg_stat_activity
         WHERE application_name LIKE 'homeward%'"""
BUSY = """SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'homeward%'
          ORDER BY state = 'active' DESC, state_change DESC LIMIT 5"""


def kafka_paused(scene: Scene, outage: Outage, _random: Random) -> str:
    """It goes on listening, and says nothing."""
    with scene.trouble():
        scene.stack.kafka.pause()
        try:
            time.sleep(1 + 2 * outage.seconds)
        finally:
            scene.stack.kafka.resume()
    return f"{1 + 2 * outage.seconds:.1f} s"


def kafka_stopped(scene: Scene, outage: Outage, _random: Random) -> str:
    with scene.trouble():
        scene.stack.kafka.stop()
        time.sleep(outage.seconds)
        started(scene.stack.kafka)
    return f"{outage.seconds:.1f} s"


def kafka_killed(scene: Scene, outage: Outage, _random: Random) -> str:
    with scene.trouble():
        scene.stack.kafka.kill()
        time.sleep(outage.seconds / 2)
        started(scene.stack.kafka)
    return f"{outage.seconds / 2:.1f} s"


def postgres_restarted(scene: Scene, outage: Outage, _random: Random) -> str:
    with scene.trouble():
        scene.stack.postgres.stop()
        time.sleep(outage.seconds / 2)
        started(scene.stack.postgres)
    return f"{outage.seconds / 2:.1f} s"


def postgres_killed(scene: Scene, outage: Outage, _random: Random) -> str:
    """It gets up by replaying its log."""
    with scene.trouble():
        scene.stack.postgres.kill()
        time.sleep(outage.seconds / 2)
        started(scene.stack.postgres)
    return f"{outage.seconds / 2:.1f} s"


def backend_killed(scene: Scene, _outage: Outage, random: Random) -> str:
    """The process behind one connection dies; the server throws out all others, and recovers."""
    with scene.trouble():
        busy = asyncio.run(ask(scene.stack, BUSY))
        if not busy:
            raise NotReached("no connection was there")
        os.kill(random.choice(busy)["pid"], signal.SIGKILL)
        deadline = time.monotonic() + 20
        time.sleep(0.2)
        while not scene.stack.postgres.answers():
            if time.monotonic() > deadline:
                scene.finding("PostgreSQL did not recover from the death of a backend")
                break
            time.sleep(0.05)
    return "one of the busy ones"


def connections_cut(scene: Scene, _outage: Outage, _random: Random) -> str:
    with scene.trouble():
        count = asyncio.run(ask(scene.stack, CUT))[0]["count"]
    return f"{count} connections"
