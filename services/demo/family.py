"""The family, as the one who tells its story knows it: who they are in the services, and what was made for them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.demo.scenario import Scenario
from services.demo.teller import Teller


@dataclass
class Family:
    """`people`: each member's label in the story with the id that registration gave. `ids`: what was made on the way
    (case, flight, booking, plan ...), by its noun. `found`: figures that services answered on the way, by their names
    in the expectation."""

    teller: Teller
    story: Scenario
    people: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def members(self) -> list[dict[str, Any]]:
        members: list[dict[str, Any]] = self.story["members"]
        return members

    @property
    def adults(self) -> list[str]:
        """Those who hold responsibility or for whom nobody does, by their labels."""
        return [each["ref"] for each in self.members if not each.get("responsible")]

    @property
    def children(self) -> list[str]:
        return [each["ref"] for each in self.members if each.get("responsible")]

    @property
    def everyone(self) -> list[str]:
        return [each["ref"] for each in self.members]

    @property
    def case(self) -> str:
        """Where the case is found in every service."""
        return f"/cases/{self.ids['case']}"

    @property
    def flight(self) -> str:
        return f"/flights/{self.ids['flight']}"

    def passenger(self, label: str) -> str:
        return f"{self.flight}/passengers/{self.people[label]}"

    def label(self, individual: str | None) -> str | None:
        """What the story calls somebody."""
        return next((label for label, known in self.people.items() if known == individual), None)

    def at(self, moment: str | datetime) -> datetime:
        """A moment of the story, by its name."""
        return moment if isinstance(moment, datetime) else datetime.fromisoformat(self.story["times"][moment])

    def do(
        self,
        step: str,
        service: str,
        path: str,
        body: Any = None,
        *,
        role: str,
        at: str | datetime,
        expect: int | None = None,
        etag: str | None = None,
    ) -> Any:
        """One step of the story; see `Teller.do`."""
        sent = {} if body is None else body
        return self.teller.do(step, service, path, sent, role=role, at=self.at(at), expect=expect, etag=etag)

    def look(self, service: str, path: str, *, role: str, at: str | datetime) -> Any:
        return self.teller.look(service, path, role=role, at=self.at(at))

    def listed(self, service: str, path: str, *, role: str, at: str | datetime) -> list[Any]:
        return list(self.teller.listed(service, path, role=role, at=self.at(at)))

    def until(
        self, step: str, service: str, path: str, good: Callable[[Any], bool], *, role: str, at: str | datetime
    ) -> Any:
        """Waits for what another service told; see `Teller.until`."""
        return self.teller.until(step, service, path, good, role=role, at=self.at(at))

    def until_all_is_told(self, service: str) -> None:
        """Waits until a service has published what it committed: a report of it says nothing less from then on."""

        def nothing_waits(outbox: Any) -> bool:
            return bool(outbox["waiting"] == 0)

        step, path = f"everything that {service} knows was told", "/operations/outbox"
        self.until(step, service, path, nothing_waits, role="administrator", at="looked")

    def seats(self, at: str | datetime) -> list[Any]:
        """Their bookings that were not cancelled."""
        found = self.listed("travel", f"/bookings?case_id={self.ids['case']}", role="travel_officer", at=at)
        return [each for each in found if each["status"] != "cancelled"]

    def passengers(self, at: str | datetime) -> dict[str, Any]:
        """The family's lines of the desk's list, by label."""
        listed = self.look("travel", f"{self.flight}/passengers", role="airport_desk", at=at)
        return {label: each for each in listed["passengers"] if (label := self.label(each["individual_id"]))}


def the(label: str) -> str:
    return f"the {label.replace('_', ' ')}"


def all_of(labels: Iterable[str]) -> str:
    """The father, the mother and the son."""
    names = [the(label) for label in labels]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
