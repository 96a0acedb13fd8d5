"""What is in hand is finished before a stop, as long as that takes no time without end."""

import asyncio

import pytest

from shared import finishing
from shared.finishing import finished


async def test_who_is_stopped_waits_for_what_is_in_hand() -> None:
    done: list[str] = []

    async def batch() -> None:
        await asyncio.sleep(0.05)
        done.append("applied")

    task = asyncio.create_task(finished(batch()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["applied"]


async def test_what_never_ends_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "AT_MOST", 0.05)
    ended: list[str] = []

    async def hanging() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("rolled back")

    task = asyncio.create_task(finished(hanging()))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == ["rolled back"]


async def test_what_fails_in_hand_fails_as_it_would_alone() -> None:
    async def failing() -> None:
        raise ValueError("as it was")

    with pytest.raises(ValueError, match="as it was"):
        await finished(failing())


async def test_a_result_is_given_back_as_it_is() -> None:
    async def counting() -> int:
        return 7

    assert await finished(counting()) == 7
