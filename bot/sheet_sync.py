"""Keeps bound spreadsheets and rooms in step: reads every 20 s, writes 5 s after something changed.

One thread of its own talks to Google, never the event loop. The bot's own store stays the truth all along: nothing
waits for a spreadsheet. A pass is bot/sheet_pass.py; what is told of trouble bot/sheet_trouble.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot import logs
from bot.runner import Runner
from bot.sheet_pass import RoomPass, shown_state
from bot.sheet_tabs import own_title, plans, usual_title
from bot.sheet_trouble import LONGEST_WAIT, Going, Troubles, Wrong
from bot.sheet_units import AT_ONCE, BoundAnew, Units
from bot.worker import Worker
from playbooks.room import Room
from playbooks.sheets import TAB_KINDS, SheetBinding, SheetHealth, SheetRow, TabKind
from storage.books import RoomBooks
from storage.sheet_access import Access
from storage.sheets import Account, Book, KeyRefused, Made, QuotaUsed, SheetFault
from storage.store import Books, NotSaved

log = logging.getLogger(__name__)
T = TypeVar("T")
READ_EVERY = timedelta(seconds=20)
FLUSH_AFTER = timedelta(seconds=5)


@dataclass
class _Room:
    """How a room stands, in memory: the next pass begins with reading, so nothing of it has to outlive a restart."""

    steps: RoomPass
    bound: SheetBinding
    """As it was set up: any other is a new beginning."""
    next_at: datetime
    last_at: datetime | None = None
    seen: tuple[object, ...] = ()
    going: Going = field(default_factory=Going)


class SheetSync:
    """The rooms' spreadsheets, one pass after another. `access` is made use of once there is a bound room."""

    def __init__(self, runner: Runner, access: Access | None) -> None:
        self._runner = runner
        self._access = access
        self._account: Account | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._rooms: dict[str, _Room] = {}
        self._troubles = Troubles(runner)
        self.worker = Worker("sheets", self._work)

    # -- when --------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Begin where a room's time has come; the tick does not wait for it."""
        due = self.next_moment()
        if due and due <= self._runner.clock.now():
            self.worker.wake()

    def next_moment(self) -> datetime | None:
        """When the next pass is due."""
        if self._access is None:
            return None
        return min((due for key in self._runner.store.rooms() if (due := self._next(key))), default=None)

    def set_back(self) -> None:
        """The clock was set back: every room is due now, not that much later."""
        for one in self._rooms.values():
            one.next_at = self._runner.clock.now()
            one.last_at = None

    def _next(self, key: str) -> datetime | None:
        books = self._runner.view(key)
        if not len(books.sheet_bindings):
            self._rooms.pop(key, None)
            return self._runner.clock.now() if len(books.sheet_rows) else None
        one = self._rooms.get(key)
        if one is None or one.bound != books.sheet_bindings.get(key):
            return self._runner.clock.now()
        if one.going.tries == 0 and one.last_at and shown_state(books) != one.seen:
            return min(one.next_at, one.last_at + FLUSH_AFTER)
        return one.next_at

    # -- work --------------------------------------------------------------------------------------------

    async def call(self, work: Callable[[], T]) -> T:
        """What waits for Google, in the one thread for it."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sheets")
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def account(self) -> Account:
        """The service account, loaded when first asked for. Raises KeyRefused."""
        if self._account is None:
            access, ticks = self._access, self._runner.clock.ticks
            if access is None:
                raise KeyRefused("no service account's key is set")
            if access.open_to_all:
                log.warning("other users of this machine can read the service account's key file: chmod 600")
            self._account = await self.call(lambda: access.account(ticks))
        return self._account

    def close(self) -> None:
        """Wait for the call under way."""
        if self._thread:
            self._thread.shutdown(wait=True)

    async def _work(self) -> None:
        now = self._runner.clock.now()
        due = {key: at for key in self._runner.store.rooms() if (at := self._next(key)) and at <= now}
        for key in sorted(due, key=lambda one: due[one]):  # who waited longest goes first
            room, binding = self._runner.room(key), self._runner.view(key).sheet_bindings.get(key)
            if room is not None and binding is not None:
                await self._one(room, binding)
            elif binding is None:
                await self._forget(key, TAB_KINDS)

    async def _one(self, room: Room, binding: SheetBinding) -> None:
        one = self._rooms.get(room.id)
        if one is None or one.bound != binding:
            steps = RoomPass(self._runner, room.id, self.call)
            one = self._rooms[room.id] = _Room(steps, binding, self._now())
        try:
            await self._pass(one, room, binding)
        except BoundAnew:
            one.next_at = self._now()
        except QuotaUsed as used:  # our own count, no fault of anybody's
            one.next_at = self._now() + timedelta(seconds=used.retry_after or 1)
        except SheetFault as fault:
            one.last_at = self._now()
            one.next_at = await self._troubles.failed(one.going, room, binding, fault)
        except NotSaved as error:
            log.error("the spreadsheet of %s waits, nothing can be saved: %s", room.id, error)
            one.next_at = self._now() + LONGEST_WAIT
        except Exception as error:
            log.error("the spreadsheet of %s was not gone through: %s", room.id, logs.stack(error))
            one.next_at = self._now() + LONGEST_WAIT

    async def _pass(self, one: _Room, room: Room, binding: SheetBinding) -> None:
        if binding.stale:
            await self._forget(room.id, binding.stale)
            units = Units(self._runner, room, binding)
            await units.run(lambda desk: (desk.books.sheet_bindings.put(binding.changed(stale=())), []))
            return
        book = (await self.account()).open(binding.key)
        if binding.made_at is None:
            await self._set_up(one, book, room, binding)
            return
        seen = shown_state(self._runner.view(room.id))
        done = await one.steps.run(book, binding, room, self._ours(binding))
        one.last_at = one.going.read_at = self._now()
        one.next_at = self._now() + (FLUSH_AFTER if done.again else READ_EVERY)
        one.seen = seen if done.edits else shown_state(self._runner.view(room.id))
        wrong = Wrong(one.steps.wrong, one.steps.lacks)
        await self._troubles.well(one.going, room, binding, wrong, done)

    async def _set_up(self, one: _Room, book: Book, room: Room, binding: SheetBinding) -> None:
        """Make what is missing; where another room of the shop has a tab of the usual title, under another one."""
        ours = self._ours(binding)
        other = {kind: own_title(kind, room) for kind in binding.tabs.keys() - ours.keys()}
        usual = {kind for kind in other if binding.tabs[kind] == usual_title(kind, room)}
        if usual:
            tabs = {kind: other[kind] if kind in usual else title for kind, title in binding.tabs.items()}
            units = Units(self._runner, room, binding)
            await units.run(lambda desk: (desk.books.sheet_bindings.put(binding.changed(tabs=tabs)), []))
            return
        todo = plans(room, binding.changed(tabs=ours))
        made = await self.call(partial(book.setup, todo)) if todo else Made()
        title = await self.call(book.title)
        await self._troubles.set_up(room, binding, made, title)
        one.last_at = one.next_at = self._now()

    async def _forget(self, key: str, kinds: tuple[TabKind, ...]) -> None:
        """What both sides agreed on in another spreadsheet or tab, some rows a unit: a press is answered in between."""
        for kind in kinds:
            ids = [row.id for row in await asyncio.to_thread(self._rows_of, key, kind)]
            for at in range(0, len(ids), AT_ONCE):
                await self._runner.unit(key, partial(_drop, ids=ids[at : at + AT_ONCE]))

    def _rows_of(self, key: str, kind: TabKind) -> list[SheetRow]:
        return list(self._runner.view(key).sheet_rows.scan("kind", kind))

    def _ours(self, binding: SheetBinding) -> dict[TabKind, str]:
        """The room's tabs but those another room bound before it: two of them in one tab would undo each other."""
        others = (self._runner.view(key).sheet_bindings.get(key) for key in self._runner.store.rooms())
        taken = {
            title
            for other in others
            if other and other.key == binding.key and (other.at, other.id) < (binding.at, binding.id)
            for title in other.tabs.values()
        }
        return {kind: title for kind, title in binding.tabs.items() if title not in taken}

    def _now(self) -> datetime:
        return self._runner.clock.now()

    # -- what is shown -----------------------------------------------------------------------------------

    def health(self, key: str) -> SheetHealth:
        """How a room's sync stands."""
        return self._troubles.health(key)

    def read_at(self, key: str) -> datetime | None:
        """When a room's spreadsheet was last read whole, since the process began."""
        one = self._rooms.get(key)
        return one.going.read_at if one else None

    @property
    def quota(self) -> dict[str, int] | None:
        """How many calls the last minute has left; None before any."""
        if self._account is None:
            return None
        quota = self._account.quota
        return {"read": quota.left("read"), "write": quota.left("write")}


def _drop(raw: Books, *, ids: Sequence[str]) -> None:
    books = RoomBooks(raw)
    for id in ids:
        books.sheet_rows.drop(id)
