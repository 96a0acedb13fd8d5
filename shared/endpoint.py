"""Calling a route's function.

FastAPI solves the dependencies of a route anew for each request, two stacks of clean-ups around them; a route of this
house has none but the call it is handed and what only marks it. For such a route the same parameters are read by
FastAPI's own readers, with the same refusals, and the answer is written by the same model.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.routing import APIRoute
from pydantic_core import PydanticUndefined

from shared.call import OutsideMarker, VersionMarker, current_call
from shared.fields import FieldError
from shared.permissions import Allowed
from shared.problems import InvalidBody, UnknownParameter

Answering = Callable[[Request], Awaitable[Response]]

MOST_REMEMBERED, LONGEST_REMEMBERED = 64, 100
"""How many texts of parameters a route remembers with what they say, and of how many characters."""


def check_parameters(given: Mapping[str, str], known: set[str]) -> None:
    """Raises `UnknownParameter`, and `InvalidBody` for a control character: there is none in any parameter, and no
    column of text takes a NUL."""
    if not known.issuperset(given):
        raise UnknownParameter(takes=sorted(known))
    wrong = [name for name, value in given.items() if any(each < " " for each in value)]
    if wrong:
        said = "must not contain control characters"
        raise InvalidBody(
            errors=[FieldError(field=f"/query/{n}", kind="control_character", message=said) for n in wrong]
        )


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
    read_before: dict[bytes, dict[str, Any]] = {}

    async def answer(request: Request) -> Response:
        values: dict[str, Any] = dict.fromkeys(handed, request.state.call)
        wrong: list[Any] = []
        if path:
            read, wrong = request_params_to_args(path, request.path_params)
            values.update(read)
        if query:
            text = request.scope["query_string"]
            known = read_before.get(text)
            if known is None:
                known, refused = request_params_to_args(query, request.query_params)
                wrong += refused
                _remember(read_before, text, known, refused)
            values.update(known)
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


def _remember(read_before: dict[bytes, dict[str, Any]], text: bytes, read: dict[str, Any], refused: Any) -> None:
    """A desk asks for the same page of the same list all day: its parameters are read once. What could be changed by
    whoever is handed it is read anew."""
    if refused or len(text) > LONGEST_REMEMBERED or any(isinstance(each, list | dict | set) for each in read.values()):
        return
    if len(read_before) >= MOST_REMEMBERED:
        read_before.clear()
    read_before[text] = read


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
