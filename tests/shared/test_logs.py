"""Logs: where a line belongs, and what never stands in one."""

import asyncio
import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import structlog

from shared.logs import configure, context, error_of
from shared.states import NotPossibleNow

NAME = "Shilan Karim"
CASE = "0190b5a0-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def _configured() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook)
    configure("travel")
    yield
    root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook = before
    logging.captureWarnings(False)
    logging.getLogger("uvicorn.access").disabled = False
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail() -> None:
    passport = f"passport of {NAME}"
    raise ValueError(passport)


def test_a_line_says_service_request_and_case(capsys: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger("relay")
    with context(request="r1", case=CASE):
        log.info("sent", count=3)
    log.info("waits")
    first, second = lines(capsys)
    assert {
        "event": "sent",
        "service": "travel",
        "room": "relay",
        "request": "r1",
        "case": CASE,
        "count": 3,
    }.items() <= first.items()
    assert first["time"].endswith("Z")
    assert "case" not in second


def test_four_services_in_one_process_each_say_their_name(capsys: pytest.CaptureFixture[str]) -> None:
    with context(service="registration"):
        structlog.get_logger().info("started")
    assert lines(capsys)[0]["service"] == "registration"


def test_an_exception_is_told_by_type_and_frames_and_never_by_message(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError(NAME) from error
    except RuntimeError as error:
        structlog.get_logger().error("stumbled", exc_info=error)
        structlog.get_logger().exception("stumbled")
        structlog.get_logger().warning("stumbled", reason=error)
    written = capsys.readouterr().err
    assert NAME not in written
    told = json.loads(written.splitlines()[0])["error"]
    assert told["type"] == "builtins.RuntimeError"
    assert told["frames"][0].startswith("tests/shared/test_logs.py:")
    assert told["causes"][0]["type"] == "builtins.ValueError"
    assert told["causes"][0]["frames"][-1].endswith(" fail")
    assert json.loads(written.splitlines()[1])["error"] == told
    assert json.loads(written.splitlines()[2])["reason"] == "builtins.RuntimeError"


def test_a_refusal_of_our_own_is_told_with_its_detail() -> None:
    told = error_of(NotPossibleNow("close is not taken while the case is held"))
    assert (told["problem"], told["detail"]) == ("not-possible-now", "close is not taken while the case is held")


def test_a_group_of_exceptions_is_told_one_by_one() -> None:
    told = error_of(ExceptionGroup(NAME, [ValueError(NAME), KeyError(NAME)]))
    assert [each["type"] for each in told["group"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert NAME not in str(told)


def test_exceptions_that_cause_each_other_come_to_an_end() -> None:
    one, two = ValueError(), KeyError()
    one.__cause__, two.__cause__ = two, one
    assert len(error_of(one)["causes"]) == 1


def test_another_library_s_line_comes_without_what_it_filled_in(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("some.library")
    logger.info("hidden")
    logger.warning("refused %s", NAME)
    logger.error("Task exception was never retrieved\nfuture: <Task exception=%r>", NAME)
    logging.getLogger("aiokafka.client").warning("no node at %s", "kafka:9092")
    said = [(line["level"], line["event"], line["room"]) for line in lines(capsys)]
    assert said == [
        ("warning", "refused %s", "some.library"),
        ("error", "Task exception was never retrieved", "some.library"),
        ("warning", "no node at kafka:9092", "aiokafka.client"),
    ]


def test_an_access_log_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("uvicorn.access").warning("GET /cases?name=%s", NAME)
    assert lines(capsys) == []


def test_a_warning_comes_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn(NAME, UserWarning, stacklevel=1)
        logging.captureWarnings(False)
    written = capsys.readouterr().err
    assert "UserWarning" in written
    assert NAME not in written


async def test_a_task_nobody_waited_for_is_told_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": ValueError(NAME), "future": NAME}
    )
    written = capsys.readouterr().err
    assert NAME not in written
    assert json.loads(written)["error"]["type"] == "builtins.ValueError"


@dataclass
class Row:
    name: str = NAME


def test_a_value_that_is_no_plain_one_is_named_by_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("x", row=Row(), case=UUID(CASE), roles=frozenset({"b", "a"}), odd="\ud800", big=2**70)
    (line,) = lines(capsys)
    assert line["row"] == "<Row>"
    structlog.get_logger().info("x", case=UUID(CASE), roles=frozenset({"b", "a"}))
    (line,) = lines(capsys)
    assert (line["case"], line["roles"]) == (CASE, ["a", "b"])


def test_a_log_that_cannot_be_written_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    structlog.get_logger().info("committed")


def test_what_nobody_caught_ends_the_process_without_its_message() -> None:
    program = f"from shared.logs import configure; configure('travel'); raise ValueError({NAME!r})"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert NAME not in ended.stderr
    assert json.loads(ended.stderr)["error"]["type"] == "builtins.ValueError"


def test_an_interrupt_is_no_error() -> None:
    program = "from shared.logs import configure; configure('travel'); raise KeyboardInterrupt"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stderr == ""


def test_what_kafka_repeats_is_told_once_in_a_while(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("shared.logs.monotonic", lambda: now[0])
    kafka = logging.getLogger("aiokafka.client")
    for _ in range(50):
        kafka.error("Unable connect to node with id %s: %s", 1, "refused")
        now[0] += 0.5
    kafka.error("Something else")
    told = lines(capsys)
    assert [line["event"] for line in told] == ["Unable connect to node with id 1: refused"] * 3 + ["Something else"]
    assert [line.get("repeated") for line in told] == [None, 19, 19, None]


def test_the_first_join_of_a_fresh_broker_is_no_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("shared.logs.monotonic", lambda: now[0])
    kafka = logging.getLogger("aiokafka.consumer.group_coordinator")
    for _ in range(3):
        kafka.error("Group Coordinator Request failed: %s", "[Error 15] GroupCoordinatorNotAvailableError")
        now[0] += 1
    assert lines(capsys) == []
    now[0] += 10
    kafka.error("Group Coordinator Request failed: %s", "[Error 15] GroupCoordinatorNotAvailableError")
    assert [line["repeated"] for line in lines(capsys)] == [3]
