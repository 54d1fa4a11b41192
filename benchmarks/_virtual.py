"""An event loop whose time jumps to the next timer: ten minutes of waiting pass in a second, exactly."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time stands still while anything runs, threads included, and jumps when there is only waiting left."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.threads = 0
        super().__init__(_Selector(self))

    def time(self) -> float:
        """Simulated seconds since the loop was made."""
        return self.passed

    def run_in_executor(
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """As in any loop; what the thread takes is no simulated time."""
        self.threads += 1
        future: asyncio.Future[T] = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._back)
        return future

    def _back(self, future: asyncio.Future[Any]) -> None:
        self.threads -= 1


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self._loop.threads or timeout is None:
            return super().select(timeout if timeout == 0 else None)
        self._loop.passed += timeout
        return super().select(0)


class VirtualClock:
    """The bot's clock, going with the loop it is made on; threads may read it."""

    def __init__(self, start: datetime) -> None:
        self._loop = asyncio.get_running_loop()
        self._start = start.astimezone(UTC) - timedelta(seconds=self._loop.time())

    def now(self) -> datetime:
        """`start` plus what has passed on the loop since."""
        return self._start + timedelta(seconds=self._loop.time())

    def ticks(self) -> float:
        """The loop's time: it never goes back."""
        return self._loop.time()


def run(work: Coroutine[Any, Any, T]) -> T:
    """asyncio.run on a loop of this kind."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
