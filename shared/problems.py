"""Refusals (RFC 9457): each kind has a stable type, a status, a title and what to do; rendered once, here.

A service adds its own kinds beside the rule that raises them, as subclasses of `Problem`. The catalogue is what
Python knows of those subclasses, so a kind cannot be missing from it.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from starlette.responses import Response

PROBLEM_JSON = "application/problem+json"
RESERVED = frozenset({"type", "title", "status", "detail", "remedy", "instance"})
"""What RFC 9457 and every problem of ours say under these names."""


class Problem(Exception):
    """A request that is refused and changed nothing.

    `detail` and `members` are for this one occurrence. They carry ids, codes, states and figures, never a value the
    caller sent that could be personal data.
    """

    slug: ClassVar[str] = ""
    status: ClassVar[int] = 500
    title: ClassVar[str] = ""
    remedy: ClassVar[str] = ""
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        if taken := RESERVED & members.keys():
            raise TypeError(f"{sorted(taken)}: the members of every problem are not for one occurrence")
        super().__init__(detail or self.title)
        self.detail = detail
        self.members = members

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """The problem as the members of an RFC 9457 document."""
        body: dict[str, Any] = {"type": f"/problems/{self.slug}", "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        body["remedy"] = self.remedy
        if instance:
            body["instance"] = instance
        body.update(self.members)
        return body

    def response(self, request_id: str) -> Response:
        body = orjson.dumps(self.document(f"urn:uuid:{request_id}"), default=str)
        return Response(body, self.status, self.headers, PROBLEM_JSON)


class InvalidBody(Problem):
    slug = "invalid-body"
    status = 422
    title = "The request is not in the form this route takes"
    remedy = (
        "Look at `errors`: each names a field and says what it must be. Nothing was changed; mend it and send again."
    )


class UnknownParameter(Problem):
    slug = "unknown-parameter"
    status = 422
    title = "The address carries a parameter this route does not take"
    remedy = "`takes` lists the parameters of this route. Personal data never goes into an address: send it in a body."


class MalformedJson(Problem):
    slug = "malformed-json"
    status = 400
    title = "The body is not JSON in UTF-8"
    remedy = "Send a JSON object encoded in UTF-8, with Content-Type: application/json."


class UnsupportedMediaType(Problem):
    slug = "unsupported-media-type"
    status = 415
    title = "The body is not said to be JSON"
    remedy = "Send a JSON object encoded in UTF-8, with Content-Type: application/json."


class BodyNotExpected(Problem):
    slug = "body-not-expected"
    status = 422
    title = "This request takes no body"
    remedy = "Send none, or `{}`: nothing in it would be looked at, and you would not know."


class BodyTooLarge(Problem):
    slug = "body-too-large"
    status = 413
    title = "The body is larger than this service reads"
    remedy = "Send less than `limit` bytes. Scans of documents are not taken here."
    headers: ClassVar[Mapping[str, str]] = {"Connection": "close"}


class NotFound(Problem):
    slug = "not-found"
    status = 404
    title = "There is nothing here under that id"
    remedy = "Check the id and the path; `GET /` lists the services and their API pages."

    def __init__(self, what: str | None) -> None:
        """`what`: the noun that was looked for, since a request may name several; None where no route has the path."""
        super().__init__(None if what is None else f"No {what} has that id.")


class MethodNotAllowed(Problem):
    slug = "method-not-allowed"
    status = 405
    title = "This resource does not take that method"
    remedy = "The API page lists the methods of each path."


class CallerNotMeant(Problem):
    slug = "caller-not-meant"
    status = 403
    title = "This is asked by another service"
    remedy = "Only the service in `meant` asks this, with a token whose subject is its name."


class Forbidden(Problem):
    slug = "forbidden"
    status = 403
    title = "Your role may not do this"
    remedy = "Ask someone with one of the roles in `allowed`, or an administrator for the role."


class IdempotencyKeyMissing(Problem):
    slug = "idempotency-key-missing"
    status = 400
    title = "A POST needs an Idempotency-Key"
    remedy = "Send `Idempotency-Key: <a new UUID>`, and the same one when you repeat this request after a lost answer."


class IdempotencyKeyUnusable(Problem):
    slug = "idempotency-key-unusable"
    status = 400
    title = "That Idempotency-Key cannot be used"
    remedy = "Use 8 to 100 visible ASCII characters without spaces or quotes, best a new UUID."


class IdempotencyKeyReused(Problem):
    slug = "idempotency-key-reused"
    status = 422
    title = "That Idempotency-Key was already used for another request"
    remedy = "Use a new key for a new request, and for another person's; the earlier one stands as it was answered."


class PreconditionMissing(Problem):
    slug = "precondition-missing"
    status = 428
    title = "A change needs the version it was made from"
    remedy = "Read the resource, and send its ETag as If-Match."


class PreconditionUnusable(Problem):
    slug = "precondition-unusable"
    status = 400
    title = "This action compares no version"
    remedy = "Send the request again without If-Match."


class StaleVersion(Problem):
    slug = "stale-version"
    status = 412
    title = "Somebody changed this since you read it"
    remedy = "Read it again, look at what changed, and send your change with the new ETag."


class TryAgain(Problem):
    slug = "try-again"
    status = 503
    title = "Too many writers at once"
    remedy = "Nothing was changed. Send the same request again with the same Idempotency-Key."
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


class StoreUnavailable(Problem):
    slug = "store-unavailable"
    status = 503
    title = "This service cannot reach its database"
    remedy = "Send the same request again with the same Idempotency-Key in a while: it takes effect once, or has."
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}


class OtherServiceUnavailable(Problem):
    slug = "other-service-unavailable"
    status = 503
    title = "Another service that is needed for this answer cannot be reached"
    remedy = "Try again in a while; `service` names which one."
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}


class BusinessTimeRefused(Problem):
    slug = "business-time-refused"
    status = 400
    title = "Business time cannot be set here"
    remedy = "Leave out the Business-Time header. Only a service in development mode takes it, as RFC 3339 with offset."


class UnforeseenFailure(Problem):
    slug = "unforeseen-failure"
    status = 500
    title = "Something failed here that nobody foresaw"
    remedy = "Nothing was changed. Give the id in `instance` to whoever runs the service: the log has it."


def catalogue() -> dict[str, type[Problem]]:
    """Every kind of problem that is loaded, by slug."""
    found: dict[str, type[Problem]] = {}
    waiting = list(Problem.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.slug:
            if found.get(kind.slug, kind) is not kind:
                raise TypeError(f"two problems share the slug {kind.slug}")
            found[kind.slug] = kind
    return dict(sorted(found.items()))


def kind_of(slug: str) -> type[Problem]:
    """The kind of that slug. Raises `NotFound`."""
    kind = catalogue().get(slug)
    if kind is None:
        raise NotFound(None)
    return kind


def page_of(kind: type[Problem]) -> dict[str, Any]:
    """What a problem's `type` leads to."""
    return {"type": f"/problems/{kind.slug}", "status": kind.status, "title": kind.title, "remedy": kind.remedy}
