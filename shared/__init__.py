"""What every service stands on: the event, the write, the outbox and the inbox. It knows no service."""

import sys
from typing import Any

# What two libraries would load, and nobody here uses: 7 MB of each process, and a tenth of its start.
_loaded: dict[str, Any] = sys.modules  # None in it says that there is no such module
# FastAPI asks of each model whether it is one of pydantic's first version, and loads all of that to find out.
_loaded.setdefault("pydantic.v1", None)
if "rich" not in _loaded:  # structlog brings it, with pygments and attrs, for the coloured lines that we do not write
    _loaded["rich"] = None
    try:
        import structlog  # noqa: F401 - it is loaded here so that it looks for rich now
    finally:
        del _loaded["rich"]
