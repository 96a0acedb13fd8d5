"""A process that is told to stop stops, whatever its tasks do with a cancellation."""

import asyncio

import pytest

from shared import ending


async def test_a_task_that_swallows_a_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN", 0.05)
    swallowed = []

    async def deaf() -> None:
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                swallowed.append(True)
                if len(swallowed) == 3:
                    raise

    async def broken() -> None:
        raise ValueError("it had failed before")

    tasks = [asyncio.create_task(deaf()), asyncio.create_task(broken())]
    await asyncio.sleep(0)
    await ending.ended(tasks)
    assert len(swallowed) == 3
    assert all(task.done() for task in tasks)


async def test_a_task_that_never_ends_is_left_behind_and_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ending, "AGAIN", 0.02)
    monkeypatch.setattr(ending, "PATIENCE", 0.1)
    free = asyncio.Event()

    async def deaf() -> None:
        while not free.is_set():
            try:
                await free.wait()
            except asyncio.CancelledError:
                continue

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await ending.ended([task])
    assert not task.done()
    free.set()
    await task
