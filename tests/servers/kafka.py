"""A real Kafka for tests: one process, broker and controller in one, from the jars that `make kafka` fetches."""

import fcntl
import secrets
import shutil
import signal
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tests.servers.processes import ServerFailed, ServerMissing, ServerProcess, free_port, last_lines, note, spawn

JARS = Path(__file__).parents[2] / "build" / "kafka" / "libs"
OLDEST_JAVA = 17
NOTHING: Mapping[int, int] = MappingProxyType({})
STARTED = "Kafka Server started"
JAVA = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.showDateTime=true"]


def needed() -> str:
    """The Java to run it with. Raises `ServerMissing` where Java or the jars are missing."""
    java = shutil.which("java")
    if java is None:
        raise ServerMissing("no Java (Debian: apt install default-jre-headless maven)")
    if not list(JARS.glob("kafka_*.jar")):
        fetch = "make kafka fetches them" if shutil.which("mvn") else "Debian: apt install maven; then make kafka"
        raise ServerMissing(f"no jars in build/kafka ({fetch})")
    told = subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=False)
    version = next((line for line in told.stderr.splitlines() if "java.specification.version " in line), "= 0")
    if float(version.split("=")[1]) < OLDEST_JAVA:
        raise ServerMissing(f"Java is older than {OLDEST_JAVA}")
    return java


@dataclass
class Kafka:
    """One broker and its log in `folder`. Started again after it was stopped or killed, it answers where it did."""

    folder: Path
    port: int = field(default_factory=free_port)
    controller_port: int = field(default_factory=free_port)
    process: ServerProcess | None = None

    @property
    def url(self) -> str:
        return f"kafka://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def make(self, *, advertised_port: int | None = None, behind: Mapping[int, int] = NOTHING) -> None:
        """Makes the log's folder. `advertised_port`: where clients are told to come, if a proxy stands there.

        `behind`: further ports that it listens on, each with the port of a proxy before it: who comes that way is told
        to go on coming that way.
        """
        java = needed()
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = self.folder / "server.properties"
        told = self._settings({"PLAINTEXT": (self.port, advertised_port or self.port), **_ways(behind)})
        settings.write_text("".join(f"{k}={v}\n" for k, v in told.items()))
        cluster = urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=").replace("-", "A")
        tool = [java, "-cp", f"{JARS}/*", "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(settings)]
        made = subprocess.run(tool, capture_output=True, text=True, check=False)
        if made.returncode:
            raise ServerFailed(f"Kafka's folder could not be made:\n{made.stdout[-2000:]}{made.stderr[-2000:]}")

    def start(self, seconds: float = 60) -> None:
        """Starts it and waits until it answers. Raises `ServerFailed`."""
        behind = self.log.stat().st_size if self.log.exists() else 0
        command = [needed(), *JAVA, "-cp", f"{JARS}/*", "kafka.Kafka", str(self.folder / "server.properties")]
        self.process = spawn(command, self.log)
        note(self.folder, self.process, signal.SIGKILL)
        deadline = time.monotonic() + seconds
        while STARTED not in self._said_since(behind):
            if not self.process.is_alive() or time.monotonic() > deadline:
                raise ServerFailed(f"Kafka did not start:\n{last_lines(self.log)}")
            time.sleep(0.1)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else of the run makes or deletes the house's topics here meanwhile; who comes second waits."""
        with (self.folder / "alone.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def stop(self) -> None:
        """Ends it in order."""
        if self.process is not None:
            self.process.end(signal.SIGTERM, 30)

    def kill(self) -> None:
        """Ends it as a crash does."""
        if self.process is not None:
            self.process.end(signal.SIGKILL)

    def pause(self) -> None:
        """It goes on listening, and says nothing."""
        if self.process is not None:
            self.process.send(signal.SIGSTOP)

    def resume(self) -> None:
        if self.process is not None:
            self.process.send(signal.SIGCONT)

    def _said_since(self, place: int) -> str:
        try:
            with self.log.open("rb") as log:
                log.seek(place)
                return log.read().decode(errors="replace")
        except FileNotFoundError:
            return ""

    def _settings(self, ways: Mapping[str, tuple[int, int]]) -> dict[str, str]:
        """`ways`: the listeners by name, each with its port and the one that clients are told."""
        one = dict.fromkeys(
            (
                "offsets.topic.replication.factor",
                "transaction.state.log.replication.factor",
                "transaction.state.log.min.isr",
                "share.coordinator.state.topic.replication.factor",
                "share.coordinator.state.topic.min.isr",
            ),
            "1",
        )
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": ",".join(
                [f"{name}://127.0.0.1:{port}" for name, (port, _) in ways.items()]
                + [f"CONTROLLER://127.0.0.1:{self.controller_port}"]
            ),
            "advertised.listeners": ",".join(f"{name}://127.0.0.1:{told}" for name, (_, told) in ways.items()),
            "listener.security.protocol.map": ",".join(f"{name}:PLAINTEXT" for name in ("CONTROLLER", *ways)),
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": str(self.folder / "data"),
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.num.partitions": "4",
            "group.initial.rebalance.delay.ms": "0",
            "auto.create.topics.enable": "false",
            "message.max.bytes": "1048588",
            **one,
        }


def _ways(behind: Mapping[int, int]) -> dict[str, tuple[int, int]]:
    return {f"BEHIND_{number}": way for number, way in enumerate(behind.items())}
