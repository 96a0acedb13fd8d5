"""A stand-in for registration, which travel asks when doors close and for names."""

from typing import Any
from uuid import UUID

from shared.http import OtherServices
from shared.problems import OtherServiceUnavailable
from tests.world import World


class Registration(OtherServices):
    """Stands in for registration: clears everyone but those in `refused`, once for each clearance id."""

    def __init__(self) -> None:
        self.away = False
        self.loses_answers = False
        self.refused: dict[UUID, str] = {}
        self.asked: list[tuple[str, Any, UUID]] = []
        self.decided: dict[str, Any] = {}
        self.names: dict[UUID, dict[str, Any]] = {}

    @classmethod
    def beside(cls, world: World) -> "Registration":
        made = cls()
        world.runtime.others = made
        world.runtime.runner.others = made
        return made

    async def ask(self, service: str, path: str, body: Any, *, act: Any, key: UUID) -> Any:
        assert service == "registration"
        if self.away:
            raise OtherServiceUnavailable(service=service)
        self.asked.append((path, body, key))
        answer = self._names_of(body) if path == "/passenger-names" else self._clear(body)
        if self.loses_answers:
            raise OtherServiceUnavailable(service=service)
        return answer

    def _clear(self, body: Any) -> Any:
        individuals = [UUID(each["individual_id"]) for each in body["passengers"]]
        answer = {
            "clearance_id": body["clearance_id"],
            "cleared": [str(each) for each in individuals if each not in self.refused],
            "refused": [
                {"individual_id": str(each), "reason": self.refused[each]}
                for each in individuals
                if each in self.refused
            ],
        }
        return self.decided.setdefault(body["clearance_id"], answer)

    def _names_of(self, body: Any) -> Any:
        wanted = [UUID(each) for each in body["individuals"]]
        known = [{"individual_id": str(each), **self.names[each]} for each in wanted if each in self.names]
        return {"passengers": known, "unavailable": [str(each) for each in wanted if each not in self.names]}

    async def close(self) -> None:
        return None


async def carry(world: World) -> None:
    """One round of the worker that carries hand-overs on; registration being away is nothing unusual to it."""
    try:
        await world.runtime.runner.turn()
    except OtherServiceUnavailable:
        return
