"""Finishing what is in hand when a process is told to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

AT_MOST = 10.0
"""Seconds that a stop waits for it; what takes longer is broken off, and begins again at the next start."""


async def finished(work: Coroutine[Any, Any, Result]) -> Result:
    """Awaits `work`. Whoever cancels this meanwhile waits for its end: a batch that was begun is not thrown away."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=AT_MOST)
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # looked at, so that nobody reports it as forgotten
        raise
