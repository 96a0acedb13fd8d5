"""Structured logs: one JSON object a line on stderr, with the service, the request and the case they belong to.

Logs are kept longer and read by more people than a case file, so what could carry personal data stays out: of an
exception its type and frames, never its message or its variables; of another library's line its words, never what it
filled in. Our own lines carry ids, codes and figures.
"""

import json
import logging
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar, Token
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final

import orjson
import structlog

from shared.clock import monotonic
from shared.problems import Problem

_HERE: Final = str(Path(__file__).parent.parent) + "/"
_FRAMES: Final = 20
_CAUSES: Final = 5
_LONGEST_FOREIGN_LINE: Final = 200
_SAY_AGAIN: Final = 10.0
_FORGET: Final = 60.0
# Sees topics, addresses and offsets, and events that carry nothing personal: what it fills in is what helps.
_FILLS_IN_NOTHING_PERSONAL: Final = ("aiokafka",)

Line = MutableMapping[str, Any]
_bound: ContextVar[Mapping[str, str]] = ContextVar("bound", default=MappingProxyType({}))


def configure(service: str, level: str = "INFO") -> None:
    """Sends every log of this process to stderr as JSON. `service` stands on lines that say no other.

    Other libraries are heard from WARNING on; uvicorn's access log is off (it writes URLs), if uvicorn is started with
    `log_config=None`. What nobody caught is logged too, instead of printed with its message.
    """

    def at_home(_logger: Any, _method: str, line: Line) -> Line:
        line.setdefault("service", service)
        return line

    structlog.configure(
        processors=[
            _say_where,
            at_home,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _name_the_room,
            _tell_the_error,
            _render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Stderr,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Foreign(logging.WARNING)]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = name != "uvicorn.access"
    logging.getLogger("uvicorn.access").disabled = True
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_a_thread
    sys.unraisablehook = _unraisable


class context:  # noqa: N801 - it reads as a verb where it is used, and a class is entered faster than a generator
    """Binds ids to every line until the block ends: `with context(service="travel", request=rid, case=case_id):`."""

    __slots__ = ("_ids", "_token")

    def __init__(self, **ids: str) -> None:
        self._ids = ids

    def __enter__(self) -> None:
        self._token: Token[Mapping[str, str]] = _bound.set({**_bound.get(), **self._ids})

    def __exit__(self, *_: object) -> None:
        _bound.reset(self._token)


def error_of(error: BaseException) -> dict[str, Any]:
    """An exception for the log: type, frames (`file:line function`), causes. Of a Problem also kind and detail."""
    told = _without_causes(error)
    causes: list[dict[str, Any]] = []
    seen = {id(error)}
    current = _cause(error)
    while current is not None and id(current) not in seen and len(causes) < _CAUSES:
        seen.add(id(current))
        causes.append(_without_causes(current))
        current = _cause(current)
    if causes:
        told["causes"] = causes
    return told


def _without_causes(error: BaseException) -> dict[str, Any]:
    told: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
    if isinstance(error, Problem):
        told |= {"problem": error.slug, "detail": error.detail}
    told["frames"] = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in list(traceback.walk_tb(error.__traceback__))[-_FRAMES:]
    ]
    if isinstance(error, BaseExceptionGroup):
        told["group"] = [_without_causes(each) for each in error.exceptions[:_CAUSES]]
    return told


def _cause(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short(path: str) -> str:
    # The folders before the package are this machine's business.
    if path.startswith(_HERE):
        return path.removeprefix(_HERE)
    _, found, after = path.rpartition("/site-packages/")
    return after if found else path.rpartition("/")[2]


class _Stderr:
    """Writes lines to whatever stderr is now. A log that cannot be written must not fail what it tells about."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        try:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = warn = error = critical = fatal = exception = log = msg


def _say_where(_logger: Any, _method: str, line: Line) -> Line:
    for name, value in _bound.get().items():
        line.setdefault(name, value)
    return line


def _name_the_room(logger: Any, _method: str, line: Line) -> Line:
    if name := getattr(logger, "name", ""):
        line.setdefault("room", name)
    return line


def _tell_the_error(_logger: Any, _method: str, line: Line) -> Line:
    found = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        line["error"] = error_of(found)
    # Whoever logs `reason=error` means well; str() of it would be its message.
    for name, value in line.items():
        if isinstance(value, BaseException):
            line[name] = f"{type(value).__module__}.{type(value).__qualname__}"
    return line


def _only_plain(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    # repr() of a row or a body would carry everything in it.
    return f"<{type(value).__qualname__}>"


def _render(_logger: Any, _method: str, line: Line) -> str:
    try:
        return orjson.dumps(dict(line), default=_only_plain, option=_WRITING).decode()
    except (TypeError, ValueError):  # a lone surrogate, a number beyond 64 bits, a key that is no text
        return json.dumps({str(name): value for name, value in line.items()}, default=_only_plain, skipkeys=True)


_WRITING: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class _Foreign(logging.Handler):
    """Takes what other libraries log: the first line of their words, without what they filled in."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._again = _Again()

    def emit(self, record: logging.LogRecord) -> None:
        words = str(record.msg)
        found: dict[str, Any] = {"exc_info": record.exc_info} if record.exc_info else {}
        if record.name.startswith(_FILLS_IN_NOTHING_PERSONAL):
            passed_over = self._again.passed_over(record)
            if passed_over is None:
                return
            found |= {"repeated": passed_over} if passed_over else {}
            words = record.getMessage()
        elif record.name == "py.warnings":  # "file:line: Category: message", and the message could say anything
            words = ": ".join(record.getMessage().split(": ")[:2])
        first = (words.strip().splitlines() or [""])[0][:_LONGEST_FOREIGN_LINE]
        log = structlog.get_logger(record.name)
        getattr(log, record.levelname.lower() if record.levelno < logging.CRITICAL else "critical", log.error)(
            first, **found
        )


class _Again:
    """aiokafka says the same several times a second while a broker is away: once in a while is enough."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def passed_over(self, record: logging.LogRecord) -> int | None:
        """How many lines like this one were left out since the last that was told; None where this one is left out."""
        kind, now = (record.name, str(record.msg)), monotonic()
        last, left_out = self._told.get(kind, (-_FORGET, 0))
        begins = now - last >= _FORGET
        # A fresh broker makes its table of groups when the first group joins, and until then has no coordinator.
        if (begins and "GroupCoordinatorNotAvailable" in record.getMessage()) or (
            not begins and now - last < _SAY_AGAIN
        ):
            self._told[kind] = (now if begins else last, 1 if begins else left_out + 1)
            return None
        self._told[kind] = (now, 0)
        return 0 if begins else left_out


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger("process").critical("nobody caught this", exc_info=error.with_traceback(trace))


def _uncaught_in_a_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


def _unraisable(told: Any) -> None:
    found: Mapping[str, Any] = {"exc_info": told.exc_value} if told.exc_value else {}
    structlog.get_logger("process").error("failed where it could not be raised", **found)
