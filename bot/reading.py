"""A file people sent, read in its guarded child process off the event loop, with word of how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from storage.exports.guard import Child, Found

TOLD_EVERY = 3.0
"""Seconds: a file that takes less is not talked about, and a message is edited no more often."""


async def read(
    name: str, data: bytes, zone: ZoneInfo, tell: Callable[[int], Awaitable[None]], every: float = TOLD_EVERY
) -> Found:
    """What the file is and says; `tell` hears every `every` seconds how many rows are read so far.

    Cancelled, it ends the child. Raises as `Child.read` does.
    """
    child, rows = Child(), [0]
    reading = asyncio.create_task(
        asyncio.to_thread(child.read, name, data, zone, progress=lambda count: rows.__setitem__(0, count))
    )
    try:
        told = 0
        while not (await asyncio.wait({reading}, timeout=every))[0]:
            if rows[0] > told:
                told = rows[0]
                await tell(told)
        return reading.result()
    finally:
        child.kill()
