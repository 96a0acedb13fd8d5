"""Answers that are shown often, as bytes made from rows: no object of a model between them.

A route of such an answer still declares its model, which describes it; a test holds the bytes against the model's own.
"""

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


def _written(value: Any) -> str:
    if isinstance(value, UUID):  # the driver's are of a class of its own
        return str(value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__qualname__} has no form in an answer")
