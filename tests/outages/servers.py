"""Outages of Kafka and PostgreSQL."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from random import Random

from tests.outages.plan import Outage
from tests.outages.scene import NotReached, Scene, ask, started
from tests.servers.kafka import Kafka
from tests.servers.postgres import Postgres

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
    return _away(scene, scene.stack.kafka, scene.stack.kafka.stop, outage.seconds)


def kafka_killed(scene: Scene, outage: Outage, _random: Random) -> str:
    return _away(scene, scene.stack.kafka, scene.stack.kafka.kill, outage.seconds / 2)


def postgres_restarted(scene: Scene, outage: Outage, _random: Random) -> str:
    return _away(scene, scene.stack.postgres, scene.stack.postgres.stop, outage.seconds / 2)


def postgres_killed(scene: Scene, outage: Outage, _random: Random) -> str:
    """It gets up by replaying its log."""
    return _away(scene, scene.stack.postgres, scene.stack.postgres.kill, outage.seconds / 2)


def _away(scene: Scene, server: Kafka | Postgres, end: Callable[[], None], seconds: float) -> str:
    """Ends the server, and starts it again after so long."""
    with scene.trouble():
        end()
        time.sleep(seconds)
        started(server)
    return f"{seconds:.1f} s"


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
