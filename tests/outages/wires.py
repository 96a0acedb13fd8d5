"""A proxy between any two parts of a stack: every connection of the services goes through one of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.settings import SERVICES
from tests.outages.toxiproxy import Toxiproxy
from tests.servers.processes import free_port
from tests.stack import Stack
from tests.stack.parts import HOST

LOAD = "load"
"""Who sends the requests."""


def wire(part: str, what: str) -> str:
    """The proxy's name. Kafka tells who comes to it where to come again, so each service has one way to it."""
    return f"{part.split('-', 1)[0]}.kafka" if what == "kafka" else f"{part}.{what}"


@dataclass
class Wires:
    """Made before Kafka is, which must know the proxies before it; joined when the stack's ports are known."""

    proxies: Toxiproxy
    ports: dict[str, int] = field(default_factory=dict)
    kafka_ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in SERVICES})
    stack: Stack | None = None

    @property
    def behind(self) -> dict[int, int]:
        """The ports that Kafka listens at, each with that of the proxy before it."""
        return {port: self.port(wire(service, "kafka")) for service, port in self.kafka_ports.items()}

    def port(self, name: str) -> int:
        """Where that proxy listens. It does so from the first time it is asked for: nobody else gets the port."""
        if name not in self.ports:
            self.ports[name] = self.proxies.put(name)
        return self.ports[name]

    def addresses(self, part: str, what: str) -> tuple[str, int]:
        """Where a part finds "postgres", "kafka" or another service."""
        port = self.port(wire(part, what))
        if self.stack is not None and what != "kafka":  # a part that came later
            self._lead(part, what, self.stack)
        return HOST, port

    def join(self, stack: Stack) -> None:
        """Lets every proxy lead where it should. Before any process is started."""
        for part in stack.parts.values():
            for what in ("postgres", *SERVICES):
                self._lead(part.name, what, stack)
            if part.kind == "api":
                self.port(wire(LOAD, part.name))
                self.proxies.lead(wire(LOAD, part.name), part.port)
        for service, port in self.kafka_ports.items():
            self.proxies.lead(wire(service, "kafka"), port)
        self.stack = stack

    def addresses_for_the_load(self, stack: Stack) -> dict[str, list[str]]:
        """By service, where the load finds its APIs."""
        return {
            service: [f"http://{HOST}:{self.port(wire(LOAD, part.name))}" for part in stack.of(service, "api")]
            for service in SERVICES
        }

    def between(self, which: str) -> list[str]:
        """The proxies of one kind of connection, as the plan calls it."""
        kind, _, what = which.partition(" to ")
        if kind == "load":
            return [name for name in self.ports if name.startswith(f"{LOAD}.")]
        if what == "Kafka":
            return [wire(service, "kafka") for service in SERVICES]
        if kind in SERVICES:
            return [name for name in self.ports if name.startswith(f"{kind}-") and name.endswith(f".{what}")]
        return [name for name in self.ports if f"-{kind.lower()}-" in name and name.endswith(".postgres")]

    def mend(self, names: Iterable[str] | None = None) -> None:
        for name in list(self.ports) if names is None else names:
            self.proxies.mend(name)

    def _lead(self, part: str, what: str, stack: Stack) -> None:
        port = stack.postgres.port
        if what != "postgres":
            apis = stack.of(what, "api")
            port = apis[int(part.rsplit("-", 1)[1]) % len(apis)].port
        self.port(wire(part, what))
        self.proxies.lead(wire(part, what), port)
