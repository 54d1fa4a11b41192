"""What happens every so many seconds, whatever becomes of the time of day.

Not by APScheduler, which plans its next run by the machine's clock: set back eight hours, by NTP once the network
is there, it would not run for eight hours.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot import logs

log = logging.getLogger(__name__)


class Ticking:
    """Calls `work` every `seconds`, never twice at once; a fault is logged and does not end it."""

    def __init__(self, name: str, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._seconds = seconds
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with a first call at once."""
        self._task = asyncio.create_task(self._on_and_on(), name=self._name)

    async def stop(self) -> None:
        """End; a call under way is cut off."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _on_and_on(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                await self._work()
            except Exception as error:
                log.error("%s failed; it goes on: %s", self._name, logs.stack(error))
            await asyncio.sleep(max(0.0, begun + self._seconds - loop.time()))
