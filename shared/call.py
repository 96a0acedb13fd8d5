"""What a route function is handed: the session of its transaction, the act, and the version the caller expects."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends, Request

from shared.act import Act
from shared.auth import Principal
from shared.concurrency import Versioned
from shared.database import Database, Session
from shared.offers import OfferedAction, offered, offers
from shared.problems import CallerNotMeant, StaleVersion
from shared.wiring import Runtime


class Shown(Protocol):
    """A row with its version, to be looked at."""

    @property
    def version(self) -> int: ...


@dataclass(slots=True)
class CallState:
    """One request on its way through a route. `version` becomes the answer's ETag; `location` its Location."""

    act: Act
    principal: Principal
    runtime: Runtime
    expected: int | None = None
    version: int | None = None
    location: str | None = None
    compared: bool = False
    open_session: Session | None = None
    begin_reading: Callable[[], Session] | None = None

    @property
    def database(self) -> Database:
        """For one question that needs no transaction (`shared.asked`)."""
        return self.runtime.database

    @property
    def session(self) -> Session:
        if self.open_session is None and self.begin_reading is not None:
            self.open_session = self.begin_reading()
        if self.open_session is None:
            raise RuntimeError("this route calls outside, and so has no transaction: use runtime.database.reading()")
        return self.open_session

    def offers(self, verbs: Iterable[str], **ids: object) -> list[OfferedAction]:
        """Those of the verbs (names of routes) that this caller may do, with method and path."""
        return offers(self.runtime.offers, verbs, self.principal, **ids)

    def offered(self, verbs: Iterable[str], **ids: object) -> list[dict[str, str]]:
        """The same as plain values, for answers that are `ready`."""
        return offered(self.runtime.offers, verbs, self.principal, **ids)

    def only_from(self, service: str) -> None:
        """A service is given no more than it needs: what is meant for one is not answered to another.

        Raises `CallerNotMeant`.
        """
        if self.principal.subject != service:
            raise CallerNotMeant(meant=service)

    def seen(self, row: Versioned) -> None:
        """Compares the version the caller expects with the row's, under its lock. Raises `StaleVersion`."""
        self.compared = True
        if self.expected is not None and self.expected != row.version:
            raise StaleVersion(current=row.version)

    def shows(self, row: Shown) -> None:
        """The answer shows this row as it now is."""
        self.version = row.version

    def made(self, path: str, row_id: UUID) -> None:
        """The answer is to a creation: where it can be read."""
        self.location = f"{path}/{row_id}"


async def current_call(request: Request) -> Any:
    return request.state.call


Call = Annotated[CallState, Depends(current_call)]


class OutsideMarker:
    """On a route that asks another service: it gets no session of its own, for none may be open meanwhile."""

    async def __call__(self) -> None:
        return None


def calls_outside() -> Any:
    """`dependencies=[allow(...), calls_outside()]`: the route reads through `call.runtime.database.reading()`."""
    return Depends(OutsideMarker())


class VersionMarker:
    """On a POST that decides on what somebody else wrote: what is decided on must be what was read."""

    async def __call__(self) -> None:
        return None


def names_version() -> Any:
    """`dependencies=[allow(...), names_version()]`: the route needs If-Match, and compares it by `call.seen(row)`."""
    return Depends(VersionMarker())
