"""Calling a route's function.

FastAPI solves the dependencies of a route anew for each request, two stacks of clean-ups around them; a route of this
house has none but the call it is handed and what only marks it. For such a route the same parameters are read by
FastAPI's own readers, with the same refusals, and the answer is written by the same model.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.routing import APIRoute
from pydantic_core import PydanticUndefined

from shared.call import OutsideMarker, VersionMarker, current_call
from shared.permissions import Allowed

Answering = Callable[[Request], Awaitable[Response]]


def called_plainly(route: APIRoute) -> Answering | None:
    """What calls the route's function; None for a route that needs more of FastAPI than this does."""
    if not _is_plain(route):
        return None
    found, answers = route.dependant, route.response_field
    assert answers is not None
    assert found.call is not None
    function: Callable[..., Awaitable[Any]] = found.call
    handed = [each.name for each in found.dependencies if each.call is current_call and each.name is not None]
    path, query, body = found.path_params, found.query_params, found.body_params
    embedded, status = route._embed_body_fields, route.status_code or 200

    async def answer(request: Request) -> Response:
        values: dict[str, Any] = dict.fromkeys(handed, request.state.call)
        wrong: list[Any] = []
        for fields, given in ((path, request.path_params), (query, request.query_params if query else None)):
            if fields and given is not None:
                read, refused = request_params_to_args(fields, given)
                values.update(read)
                wrong += refused
        sent: Any = PydanticUndefined
        if body:
            sent = await request.json() if await request.body() else PydanticUndefined
            read, refused = await request_body_to_args(body, sent, embedded)
            values.update(read)
            wrong += refused
        if wrong:
            raise RequestValidationError(wrong, body=None if sent is PydanticUndefined else sent)
        made = await function(**values)
        if isinstance(made, Response):
            return made
        shown, wrong = answers.validate(made, {}, loc=("response",))
        if wrong:
            raise ResponseValidationError(wrong, body=made)
        return Response(answers.serialize_json(shown), status, media_type="application/json")

    return answer


def _is_plain(route: APIRoute) -> bool:
    found: Dependant = route.dependant
    more = (
        found.header_params,
        found.cookie_params,
        found.request_param_name,
        found.http_connection_param_name,
        found.websocket_param_name,
        found.response_param_name,
        found.background_tasks_param_name,
        found.security_scopes_param_name,
        route.stream_item_field,
        any(isinstance(field.field_info, params.Form) for field in found.body_params),
    )
    return (
        route.response_field is not None
        and route.response_class.__class__.__name__ == "DefaultPlaceholder"
        and route.status_code not in (204, 304)
        and not any(more)
        and all(_is_known(each) for each in found.dependencies)
    )


def _is_known(dependant: Dependant) -> bool:
    return dependant.call is current_call or isinstance(dependant.call, Allowed | OutsideMarker | VersionMarker)
