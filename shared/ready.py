"""Answers that are shown often, as bytes made from rows: no object of a model between them.

A route of such an answer still declares its model, which describes it; a test holds the bytes against the model's own.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from starlette.responses import Response

from shared.clock import rfc3339


def ready(shown: Any, status: int = 200) -> Response:
    """JSON of plain values, ids, dates and moments, as an `Answer` writes them. Raises TypeError for any other."""
    written = orjson.dumps(shown, default=_written, option=orjson.OPT_PASSTHROUGH_DATETIME)
    return Response(written, status, media_type="application/json")


_FORMS: dict[type, Callable[[Any], str]] = {datetime: rfc3339, date: date.isoformat}


def _written(value: Any) -> str:
    form = _FORMS.get(type(value))
    if form is not None:
        return form(value)
    if isinstance(value, UUID):  # the driver's are of a class of its own
        _FORMS[type(value)] = str
        return str(value)
    raise TypeError(f"{type(value).__qualname__} has no form in an answer")
