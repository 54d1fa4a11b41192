"""Units of work off the event loop: those of one room in turn, many saved by one wait for the disk."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from storage.store import Books, NotSaved, Store

T = TypeVar("T")

AT_ONCE = 64
"""Units saved together at most."""
THREADS = 4


@dataclass(frozen=True, slots=True)
class _Asked:
    fn: Callable[[Books], Any]
    durable: bool
    quiet: bool
    result: asyncio.Future[Any]


class Units:
    """What is asked for while a room is being saved is saved together next: one fsync for all of it.

    `on_commit(room)` is called after every save of a unit that is not quiet. Waiting for a room holds up nobody
    else's.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked: dict[str, deque[_Asked]] = {}
        self._saving: dict[str, asyncio.Task[None]] = {}
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="unit")
        self._unflushed = False
        self._refused: dict[str, tuple[int, str]] = {}
        """Room -> after which unit the disk refused one, and why."""
        self.on_commit: list[Callable[[str], None]] = []
        self.told: Counter[str] = Counter()
        """How many saves of each room were told of: what is shown of a room is true as long as this stands."""

    async def run(
        self, room: str, fn: Callable[[Books], T], *, durable: bool = True, quiet: bool = False
    ) -> T:
        """A unit of work; what it returns. See Store.run_all for `durable`. `quiet`: it changes nothing that
        waits to be told of. A caller who is cancelled does not undo it."""
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(room, deque()).append(_Asked(fn, durable, quiet, result))
        if room not in self._saving:
            self._saving[room] = asyncio.create_task(self._save(room), name=f"units of {room}")
        return await asyncio.shield(result)

    async def _save(self, room: str) -> None:
        try:
            while some := self._next(room):
                await self._together(room, some)
        finally:
            del self._saving[room]

    def _next(self, room: str) -> list[_Asked]:
        asked = self._asked[room]
        return [asked.popleft() for _ in range(min(len(asked), AT_ONCE))]

    async def _together(self, room: str, some: list[_Asked]) -> None:
        loop = asyncio.get_running_loop()
        durable = any(one.durable for one in some)
        try:
            results = await loop.run_in_executor(
                self._threads, lambda: self._store.run_all(room, [one.fn for one in some], durable=durable)
            )
        except Exception as error:
            results = [error] * len(some)
            if isinstance(error, NotSaved):
                self._refused[room] = self._store.view(room).sequence, str(error)
        told = False
        for one, result in zip(some, results, strict=True):
            if isinstance(result, Exception):
                one.result.set_exception(result)
                one.result.exception()  # a caller who was cancelled looks at it no more
            else:
                one.result.set_result(result)
                told = told or not one.quiet
        self._unflushed = self._unflushed or not durable
        if told:  # what failed changed nothing: telling of it would only have it tried again, and again
            self.told[room] += 1
            for tell in self.on_commit:
                tell(room)

    def unsaved(self) -> dict[str, str]:
        """Rooms whose last unit the disk refused -> why, in English; until one of theirs is saved again."""
        return {
            room: why
            for room, (after, why) in self._refused.items()
            if self._store.view(room).sequence == after
        }

    async def flush(self) -> None:
        """Until all that was written outlives a power cut; nothing is done where all does already. NotSaved."""
        if self._unflushed:
            self._unflushed = False
            try:
                await asyncio.get_running_loop().run_in_executor(self._threads, self._store.flush)
            except BaseException:
                self._unflushed = True
                raise

    async def finish(self) -> None:
        """Until nothing is being saved any more."""
        while self._saving:
            await asyncio.gather(*self._saving.values())

    def close(self) -> None:
        """Wait for units under way."""
        self._threads.shutdown(wait=True)
