"""A file people sent, read in its guarded child process off the event loop, with word of how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Unpack
from zoneinfo import ZoneInfo

from storage.exports.guard import Asked, Child, Found

TOLD_EVERY = 3.0
"""Seconds: a file that takes less is not talked about, and a message is edited no more often."""


async def read(
    name: str,
    data: bytes,
    zone: ZoneInfo,
    heard: Callable[[int], Awaitable[None]],
    **asked: Unpack[Asked],
) -> Found:
    """What the file is and says; `heard` is told every `TOLD_EVERY` seconds how many rows are read so far.
    `asked`: as `Child.read` takes it, without `progress`.

    Cancelled, it ends the child. Raises as `Child.read` does.
    """
    child, loop = Child(), asyncio.get_running_loop()
    rows: asyncio.Queue[int | None] = asyncio.Queue()

    def say(count: int | None) -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(rows.put_nowait, count)

    def work() -> Found:
        try:
            return child.read(name, data, zone, **asked)
        finally:
            say(None)

    asked["progress"] = say
    reading = asyncio.create_task(asyncio.to_thread(work))
    reading.add_done_callback(lambda task: task.cancelled() or task.exception())  # nobody may ask any more
    try:
        await _hear(rows, heard)
        return await reading
    finally:
        child.kill()


async def _hear(rows: asyncio.Queue[int | None], heard: Callable[[int], Awaitable[None]]) -> None:
    loop = asyncio.get_running_loop()
    told_at = loop.time()
    while (count := await rows.get()) is not None:
        if loop.time() - told_at >= TOLD_EVERY:
            told_at = loop.time()
            await heard(count)
