"""Toxiproxy: a proxy for each connection between two parts, which can be cut, slowed, narrowed, reset and made silent.

`make toxiproxy` builds it from its source through the Go proxy. Driven over its own HTTP API.
"""

import os
import shutil
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.servers.processes import ServerFailed, ServerMissing, ServerProcess, free_port, last_lines, note, spawn

BUILT = Path(__file__).parents[2] / "build" / "toxiproxy" / "server"
HOST = "127.0.0.1"


def needed() -> str:
    """The server's binary. Raises `ServerMissing`."""
    if BUILT.exists():
        return str(BUILT)
    found = shutil.which("toxiproxy-server")
    if found is None:
        how = "make toxiproxy builds it" if shutil.which("go") else "install Go; then make toxiproxy"
        raise ServerMissing(f"no toxiproxy in build/toxiproxy ({how})")
    return found


PATIENCE = 20.0
"""Seconds for one answer: a change of a narrow link waits for what is in its pipe."""


@dataclass
class Toxiproxy:
    """The server and its proxies, by name, as long as the block lasts. Safe to use from several threads."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: ServerProcess | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "log"
        self.process = spawn([needed(), "-host", HOST, "-port", str(self.port)], log)
        note(self.folder, self.process, signal.SIGKILL)
        self._client = httpx.Client(base_url=f"http://{HOST}:{self.port}", timeout=PATIENCE, trust_env=False)
        deadline = time.monotonic() + 10
        while not self._answers():
            if not self.process.is_alive() or time.monotonic() > deadline:
                raise ServerFailed(f"toxiproxy did not start:\n{last_lines(log)}")
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        if self.process is not None:
            self.process.end(signal.SIGTERM, 3)

    def put(self, name: str) -> int:
        """A new proxy that leads nowhere yet. Gives the port at which it listens."""
        wanted = {"name": name, "listen": f"{HOST}:0", "upstream": f"{HOST}:1", "enabled": True}
        return int(self._ask("POST", "/proxies", wanted)["listen"].rsplit(":", 1)[1])

    def lead(self, name: str, upstream: int) -> None:
        """Lets it lead to a port here. It goes on listening where it did."""
        self._ask("POST", f"/proxies/{name}", {"upstream": f"{HOST}:{upstream}"})

    def cut(self, name: str) -> None:
        """Every connection ends, and no new one is taken."""
        self._ask("POST", f"/proxies/{name}", {"enabled": False})

    def slow(self, name: str, milliseconds: int, jitter: int = 0) -> None:
        """Everything arrives so much later, both ways."""
        for stream in ("upstream", "downstream"):
            self._poison(name, "latency", stream, {"latency": milliseconds, "jitter": jitter})

    def narrow(self, name: str, kilobytes: int) -> None:
        """So much passes in a second and no more, both ways."""
        for stream in ("upstream", "downstream"):
            self._poison(name, "bandwidth", stream, {"rate": kilobytes})

    def reset(self, name: str, milliseconds: int = 0) -> None:
        """Each connection is reset (RST) so long after it was opened or this was said."""
        self._poison(name, "reset_peer", "downstream", {"timeout": milliseconds})

    def silence(self, name: str) -> None:
        """Connections stay, and nothing passes: neither side is told."""
        for stream in ("upstream", "downstream"):
            self._poison(name, "timeout", stream, {"timeout": 0})

    def mend(self, name: str) -> None:
        """As new."""
        for toxic in self._ask("GET", f"/proxies/{name}/toxics"):
            self._ask("DELETE", f"/proxies/{name}/toxics/{toxic['name']}")
        self._ask("POST", f"/proxies/{name}", {"enabled": True})

    def _poison(self, name: str, kind: str, stream: str, attributes: dict[str, Any]) -> None:
        toxic = {"name": f"{kind}_{stream}", "type": kind, "stream": stream, "attributes": attributes}
        try:
            self._ask("POST", f"/proxies/{name}/toxics", toxic)
        except httpx.ReadTimeout:  # it is put on all the same, behind what is still in its pipe
            time.sleep(1)

    def _answers(self) -> bool:
        try:
            return self._client.get("/version").is_success
        except httpx.TransportError:
            return False

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._client.request(method, path, json=body)
        if not answer.is_success:
            raise ServerFailed(f"toxiproxy: {method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None


def is_there() -> bool:
    """Whether network faults can be made here."""
    try:
        return os.access(needed(), os.X_OK)
    except ServerMissing:
        return False
