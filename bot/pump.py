"""The pump: one for all rooms. Chats are served side by side, one call in flight in each, the most urgent first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

from bot import logs
from bot.clock import Clock
from bot.pace import Pace
from bot.worker import Worker
from storage.rows import RANKS, Rank
from storage.store import NotSaved

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Calls in flight together; the connections of bot/build.py are more."""
AFTER_A_FAULT = timedelta(seconds=5)
"""How long a chat rests when what should leave could not be prepared or settled, for want of disk for example."""
LAST_WORDS = 5.0
"""Seconds a stopping pump gives the calls in flight: one that is cut off goes again after the start, marked."""

Lane = tuple[int, bool]
"""A chat, and whether Telegram counts the call there: deletions go beside what waits for the chat's next second."""


@dataclass(frozen=True, eq=False)
class Item:
    """Something that may be handed to Telegram. `counts`: False for a deletion, which counts only overall.

    `what` is its source's own.
    """

    room: str
    chat: int
    rank: Rank
    at: datetime
    what: Any
    counts: bool = True

    @property
    def lane(self) -> Lane:
        """What can only be done one after another."""
        return self.chat, self.counts

    @property
    def urgency(self) -> tuple[int, datetime]:
        """The less, the sooner: by rank, then by age."""
        return RANKS.index(self.rank), self.at


class Source(Protocol):
    """Where items come from: the stored cards, and the screens drawn from the books."""

    def items(self, now: datetime) -> Iterable[Item]:
        """What may leave as far as the source knows; several for one lane are allowed."""

    def later(self, now: datetime) -> datetime | None:
        """When, after `now`, something more will wait."""

    async def prepare(self, room: str, items: list[Item]) -> Mapping[Item, Any]:
        """Make items of one room ready to leave, in one unit where one is needed; those left out do not leave."""

    async def send(self, item: Item, ready: Any) -> None:
        """Hand one to Telegram and note what came of it."""


class Pump:
    """Picks, prepares and sends. `paused`: chat -> until when Telegram asked for silence there."""

    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace
        self._busy: set[Lane] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.sources: list[Source] = []
        self.paused: dict[int, datetime] = {}
        self.worker = Worker("outbox", self._pass)

    def start(self, *, ticking: bool = False) -> None:
        """Begin; see Worker.start."""
        self.worker.start(ticking=ticking)

    async def stop(self) -> None:
        """End; what is marked as leaving has a moment to leave and to be settled, the calls in flight to end."""
        await self.worker.stop()
        over = asyncio.get_running_loop().time() + LAST_WORDS
        while self._tasks and (left := over - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)  # what was being prepared becomes calls of its own
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def wake(self) -> None:
        """There may be something to send."""
        self.worker.wake()

    def pause(self, chat: int, until: datetime) -> None:
        """Nothing leaves for `chat` before `until`."""
        now = self._clock.now()
        self.paused = {one: end for one, end in self.paused.items() if end > now}
        self.paused[chat] = max(until, self.paused.get(chat, until))

    def set_back(self, by: timedelta) -> None:
        """The clock was set back `by`: a chat's silence is not that much longer."""
        self.paused = {chat: until - by for chat, until in self.paused.items()}

    @property
    def quiet(self) -> bool:
        """Nothing may leave now and nothing is in flight."""
        return self.worker.quiet and not self._tasks

    def next_moment(self) -> datetime | None:
        """When there is next something to send that only the clock brings."""
        now = self._clock.now()
        return self._next(self._items(now), now)

    def _next(self, items: Iterable[tuple[int, Item]], now: datetime) -> datetime | None:
        later = (at for source in self.sources if (at := source.later(now)))
        waiting = (self.when(item, now) for _, item in items if item.lane not in self._busy)
        return min((at for at in (*later, *waiting) if at > now), default=None)

    def when(self, item: Item, now: datetime) -> datetime:
        """When the item may leave: the chat's silence over, the limits kept."""
        free = self.paused.get(item.chat, now)
        return max(free, self._pace.when(item.chat if item.counts else 0, item.rank, now))

    async def _pass(self) -> None:
        """Everything that may leave now leaves, and the pump is woken when the next may."""
        now = self._clock.now()
        items = list(self._items(now))
        chosen = list(self._chosen(items, now))
        for (at, room), some in groupby(chosen, key=lambda one: (one[0], one[1].room)):
            self._task(self._leave(self.sources[at], room, [item for _, item in some]))
        # Asked with the same moment as above: what comes free in between is not overlooked.
        if first := self._next(items, now):
            self.worker.wake_in(first - now)

    def _items(self, now: datetime) -> Iterator[tuple[int, Item]]:
        """What the sources have, with the source's place."""
        return ((at, item) for at, source in enumerate(self.sources) for item in source.items(now))

    def _chosen(self, items: Iterable[tuple[int, Item]], now: datetime) -> Iterator[tuple[int, Item]]:
        """At most one a lane, grouped by source and room: what is prepared together is one unit."""
        best: dict[Lane, tuple[int, Item]] = {}
        for at, item in items:
            first = best.get(item.lane)
            if item.lane not in self._busy and (first is None or item.urgency < first[1].urgency):
                best[item.lane] = at, item
        picked = []
        for at, item in sorted(best.values(), key=lambda one: one[1].urgency):
            if len(self._busy) >= AT_ONCE:
                break
            if self.when(item, now) <= now:
                self._pace.spent(item.chat if item.counts else 0, now)
                self._busy.add(item.lane)
                picked.append((at, item))
        return iter(sorted(picked, key=lambda one: (one[0], one[1].room)))

    async def _leave(self, source: Source, room: str, items: list[Item]) -> None:
        ready: Mapping[Item, Any] = {}
        try:
            ready = await source.prepare(room, items)
        except Exception as error:
            log.error("what should leave from %s could not be prepared: %s", room, _why(error))
            self._rest(items)
        for item in items:
            if item in ready:
                self._task(self._send(source, item, ready[item]))
            else:
                self._done(item)

    async def _send(self, source: Source, item: Item, ready: Any) -> None:
        try:
            await source.send(item, ready)
        except Exception as error:
            log.error("what left for a chat of %s could not be settled: %s", item.room, _why(error))
            self._rest([item])
        finally:
            self._done(item)

    def _rest(self, items: Iterable[Item]) -> None:
        for item in items:
            self.pause(item.chat, self._clock.now() + AFTER_A_FAULT)

    def _done(self, item: Item) -> None:
        self._busy.discard(item.lane)
        self.wake()

    def _task(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)


def _why(error: Exception) -> str:
    """For the log. Where a disk that takes nothing was met is no riddle."""
    return str(error) if isinstance(error, NotSaved) else logs.stack(error)
