"""Ending tasks so that they do end.

A cancellation can get lost: a library swallows it, or a time limit that runs out in the same moment takes it for its
own. A process that then waits for the task never stops.
"""

import asyncio
from collections.abc import Collection
from typing import Any

import structlog

log = structlog.get_logger("ending")

AGAIN = 1.0
"""Seconds after which a task that goes on is cancelled once more."""

PATIENCE = 15.0
"""Seconds after which it is left behind; less than whoever stops a process waits before he kills it."""


async def ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancels them, and returns when all have ended, or `PATIENCE` is over."""
    left = set(tasks)
    tries = 0
    while left and tries * AGAIN < PATIENCE:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN)
        tries += 1
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()  # asked for, so that asyncio does not complain that nobody did
    if left:
        log.error("tasks did not end", tasks=sorted(str(task.get_coro()) for task in left))
