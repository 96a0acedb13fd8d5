"""Calls from one service to another: with its own token, a deadline, and never while a transaction is open."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from shared.act import Act
from shared.clock import rfc3339
from shared.database import transaction_is_open
from shared.problems import OtherServiceUnavailable, Problem

if TYPE_CHECKING:  # loaded at the first question: not every process asks another service
    import httpx

log = structlog.get_logger("http")

DEADLINE_SECONDS = 5.0


class AnswerUnexpected(Problem):
    slug = "other-service-refused"
    status = 502
    title = "Another service refused what this one asked"
    remedy = "Look at `problem` and `service`; an administrator finds both logs under the same correlation id."


class OtherServices:
    """The other services by name, at the addresses the settings give.

    `token` makes this service's own short-lived token. `dev_time`: whether business time goes along (development).
    """

    def __init__(self, addresses: Mapping[str, str], token: Callable[[], str], *, dev_time: bool) -> None:
        self._addresses = dict(addresses)
        self._token = token
        self._dev_time = dev_time
        self._client: httpx.AsyncClient | None = None

    async def ask(self, service: str, path: str, body: Any, *, act: Act | None, key: UUID) -> Any:
        """POST `body` to a service; `key` is the Idempotency-Key, so a repeat is the same request.

        Raises `OtherServiceUnavailable` when it cannot be reached or is not ready, `AnswerUnexpected` when it refuses,
        and RuntimeError when a transaction is open.
        """
        import httpx

        if transaction_is_open():
            raise RuntimeError("another service was called while a transaction was open")
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=httpx.Timeout(DEADLINE_SECONDS), trust_env=False)
        headers = {"Authorization": f"Bearer {self._token()}", "Idempotency-Key": str(key)}
        if act is not None:
            headers["X-Correlation-Id"] = str(act.correlation)
            headers["traceparent"] = act.traced.traceparent
            if act.traced.state is not None:
                headers["tracestate"] = act.traced.state
            if self._dev_time:
                headers["Business-Time"] = rfc3339(act.now)
        try:  # the client's own limits are for each read; this one is for the whole
            async with asyncio.timeout(DEADLINE_SECONDS):
                answer = await self._client.post(self._addresses[service] + path, json=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            log.warning("service away", service=service, reason=type(error).__name__)
            raise OtherServiceUnavailable(service=service) from error
        if answer.status_code >= 500 or answer.status_code in (408, 425, 429):
            raise OtherServiceUnavailable(service=service)
        if not answer.is_success:
            slug = _slug(answer)
            log.error("service refused", service=service, status=answer.status_code, problem=slug)
            raise AnswerUnexpected(service=service, problem=slug)
        try:
            return answer.json() if answer.content else None
        except ValueError:
            log.error("service answered what is not JSON", service=service, status=answer.status_code)
            raise AnswerUnexpected(service=service, problem="unreadable") from None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


def _slug(answer: "httpx.Response") -> str:
    try:
        return str(answer.json()["type"]).rsplit("/", 1)[-1]
    except (ValueError, KeyError, TypeError):
        return "unreadable"
