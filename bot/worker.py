"""A loop that works when it is woken and can say whether it is quiet."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot import logs

log = logging.getLogger(__name__)


class Worker:
    """Runs `work` once for any number of wake-ups that came before; a fault is logged and does not end it."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._work = work
        self._woken = asyncio.Event()
        self._busy = False
        self._ticking = False
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, *, ticking: bool = False) -> None:
        """Begin; what was left over from before a restart is looked at once.

        `ticking`: the bot's clock goes with the machine's, so that `wake_in` has something to wait for.
        """
        self._ticking = ticking
        self._task = asyncio.create_task(self._loop(), name=self._name)
        self.wake()

    async def stop(self) -> None:
        """End after the work at hand is cut off; what it did not finish is still stored."""
        if self._timer:
            self._timer.cancel()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """There is something to do."""
        self._woken.set()

    def wake_in(self, span: timedelta) -> None:
        """There is something to do after `span`, in place of what was said before. On a clock that is wound by
        hand nothing comes by waiting: who winds it wakes the worker."""
        if self._timer:
            self._timer.cancel()
        if self._ticking:
            self._timer = asyncio.get_running_loop().call_later(max(span.total_seconds(), 0), self.wake)

    @property
    def quiet(self) -> bool:
        """Nothing to do and nothing being done."""
        return not self._busy and not self._woken.is_set()

    async def _loop(self) -> None:
        while True:
            await self._woken.wait()
            self._busy = True
            self._woken.clear()
            try:
                await self._work()
            except Exception as error:
                log.error("%s failed; it goes on: %s", self._name, logs.stack(error))
            finally:
                self._busy = False
