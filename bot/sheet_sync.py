"""Keeps bound spreadsheets and rooms in step: reads every 20 s, writes 5 s after something changed, tells of trouble.

One thread of its own talks to Google, never the event loop. What fails is tried again, each time later; after five
times, or where a person has to mend something, there is one notice, and one when it is over. The bot's own store
stays the truth all along: nothing waits for a spreadsheet.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from bot import logs
from bot.card import Card, button, line, tell
from bot.runner import Runner
from bot.sheet_pass import BoundAnew, Done, RoomPass, shown_state
from bot.sheet_tabs import plans
from bot.sheet_words import heading
from bot.worker import Worker
from playbooks.room import Room
from playbooks.sheets import COLUMNS, SheetBinding, SheetHealth, TabKind
from playbooks.sheets.model import SyncState
from storage.books import RoomBooks
from storage.rows import Line
from storage.sheet_access import Access
from storage.sheets import (
    Account,
    ApiDisabled,
    KeyRefused,
    Made,
    QuotaUsed,
    SheetDown,
    SheetFault,
    SheetForbidden,
    SheetMissing,
)
from storage.store import Books, NotSaved

log = logging.getLogger(__name__)
T = TypeVar("T")
READ_EVERY = timedelta(seconds=20)
FLUSH_AFTER = timedelta(seconds=5)
PROBE_EVERY = timedelta(minutes=5)
LONGEST_WAIT = timedelta(minutes=1)
TRIES = 5
HELPLESS: dict[type[SheetFault], SyncState] = {
    SheetForbidden: "forbidden", SheetMissing: "missing", KeyRefused: "key", ApiDisabled: "disabled",
}  # fmt: skip
"""What only a person can mend."""


@dataclass
class _Room:
    """How a room stands, in memory: the next pass begins with reading, so nothing of it has to outlive a restart."""

    steps: RoomPass
    bound: SheetBinding
    """As it was set up: any other is a new beginning."""
    next_at: datetime
    last_at: datetime | None = None
    read_at: datetime | None = None
    seen: tuple[object, ...] = ()
    tries: int = 0
    edits: int = 0
    rows: int = 0
    """Taken over and written since the last outage began."""
    told_wrong: dict[TabKind, str] = field(default_factory=dict)


class SheetSync:
    """The rooms' spreadsheets, one pass after another. `access` is made use of once there is a bound room."""

    def __init__(self, runner: Runner, access: Access | None) -> None:
        self._runner = runner
        self._access = access
        self._account: Account | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._rooms: dict[str, _Room] = {}
        self._random = random.Random()  # noqa: S311 - spreads what is tried again
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
            return None
        one = self._rooms.get(key)
        if one is None or one.bound != books.sheet_bindings.get(key):
            return self._runner.clock.now()
        if one.tries == 0 and one.last_at and shown_state(books) != one.seen:
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

    async def _one(self, room: Room, binding: SheetBinding) -> None:
        one = self._rooms.get(room.id)
        if one is None or one.bound != binding:
            steps = RoomPass(self._runner, room.id, self.call)
            one = self._rooms[room.id] = _Room(steps, binding, self._runner.clock.now())
        try:
            await self._pass(one, room, binding)
        except BoundAnew:
            one.next_at = self._runner.clock.now()
        except QuotaUsed as used:  # our own count, no fault of anybody's
            one.next_at = self._runner.clock.now() + timedelta(seconds=used.retry_after or 1)
        except SheetFault as fault:
            await self._failed(one, room, binding, fault)
        except NotSaved as error:
            log.error("the spreadsheet of %s waits, nothing can be saved: %s", room.id, error)
            one.next_at = self._runner.clock.now() + LONGEST_WAIT
        except Exception as error:
            log.error("the spreadsheet of %s was not gone through: %s", room.id, logs.stack(error))
            one.next_at = self._runner.clock.now() + LONGEST_WAIT

    async def _pass(self, one: _Room, room: Room, binding: SheetBinding) -> None:
        book = (await self.account()).open(binding.key)
        if binding.made_at is None:
            made = await self.call(partial(book.setup, plans(room, binding)))
            title = await self.call(book.title)
            await self._unit(
                room.id, partial(_set_up, binding=binding, made=made, title=title, now=self._now())
            )
            one.last_at = one.next_at = self._now()
            return
        seen = shown_state(self._runner.view(room.id))
        done = await one.steps.run(book, binding, room, self._ours(binding))
        one.last_at = one.read_at = self._now()
        one.next_at = self._now() + (FLUSH_AFTER if done.again else READ_EVERY)
        one.tries, one.seen = 0, seen if done.edits else shown_state(self._runner.view(room.id))
        await self._went_well(one, room, binding, done)

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

    async def _unit(self, key: str, decide: Callable[[RoomBooks], list[Card]]) -> None:
        def unit(raw: Books) -> None:
            books = RoomBooks(raw)
            self._runner.post(books, decide(books), self._now())

        await self._runner.unit(key, unit)

    # -- how it goes -------------------------------------------------------------------------------------

    async def _went_well(self, one: _Room, room: Room, binding: SheetBinding, done: Done) -> None:
        health, steps = self.health(room.id), one.steps
        one.edits, one.rows = one.edits + done.edits, one.rows + done.rows
        same = (health.wrong, health.lacks) == (steps.wrong, steps.lacks)
        if health.state == "ok" and same:
            one.edits = one.rows = 0
            return
        said: list[Line] = []
        if health.told:
            away = int((self._now() - health.since).total_seconds() // 60) if health.since else 0
            said.append(line("sheet_tab.back_again", minutes=away, edits=one.edits, rows=one.rows))
        said += [
            _wrong(kind, steps, binding, room)
            for kind in steps.wrong
            if steps.wrong[kind] != health.wrong.get(kind)
        ]
        said += [
            line("sheet_tab.tab_well", tab=binding.tabs[kind])
            for kind in health.wrong
            if kind not in steps.wrong and kind in binding.tabs
        ]
        await self._keep(room.id, binding, said, again=bool(steps.wrong), state="ok", since=None, why="", told=False,
                         wrong=dict(steps.wrong), lacks=dict(steps.lacks))  # fmt: skip
        one.edits = one.rows = 0

    async def _failed(self, one: _Room, room: Room, binding: SheetBinding, fault: SheetFault) -> None:
        """Tried again later; told once, when it has failed often enough, or at once where a person must help."""
        one.tries += 1
        one.last_at = self._now()
        health, helpless = self.health(room.id), HELPLESS.get(type(fault))
        wait = min(timedelta(seconds=2**one.tries + self._random.random()), LONGEST_WAIT)
        if isinstance(fault, SheetDown) and fault.retry_after:
            wait = max(wait, timedelta(seconds=fault.retry_after))
        one.next_at = self._now() + (PROBE_EVERY if helpless else wait)
        state: SyncState = helpless or "down"
        log.info("the spreadsheet of %s: %s", room.id, fault.why)
        if not helpless and one.tries < TRIES:
            return
        if health.told and health.state == state:
            return
        since = health.since if health.told else one.read_at or self._now()
        address = fault.address if isinstance(fault, SheetForbidden) else ""
        said = line(
            f"sheet_tab.fault_{state}", title=binding.title or binding.key, address=address, why=fault.why
        )
        await self._keep(
            room.id,
            binding,
            [said],
            again=helpless is not None,
            state=state,
            since=since,
            why=fault.why,
            told=True,
        )

    async def _keep(
        self, key: str, binding: SheetBinding, said: list[Line], *, again: bool, **fields: Any
    ) -> None:
        def decide(books: RoomBooks) -> list[Card]:
            known = books.sheet_health.get(key) or SheetHealth(id=key)
            books.sheet_health.put(known.changed(**fields))
            buttons = ((button("sheets.again", "gsheet again"),),) if again else ()
            return [tell(binding.by, said, buttons=buttons, rank="work")] if said else []

        await self._unit(key, decide)

    # -- what is shown -----------------------------------------------------------------------------------

    def health(self, key: str) -> SheetHealth:
        """How a room's sync stands."""
        return self._runner.view(key).sheet_health.get(key) or SheetHealth(id=key)

    def read_at(self, key: str) -> datetime | None:
        """When a room's spreadsheet was last read whole, since the process began."""
        one = self._rooms.get(key)
        return one.read_at if one else None

    @property
    def quota(self) -> dict[str, int] | None:
        """How many calls the last minute has left; None before any."""
        if self._account is None:
            return None
        quota = self._account.quota
        return {"read": quota.left("read"), "write": quota.left("write")}


def _set_up(books: RoomBooks, *, binding: SheetBinding, made: Made, title: str, now: datetime) -> list[Card]:
    """In a unit: the spreadsheet is ready, unless it was unbound or bound anew meanwhile."""
    known = books.sheet_bindings.get(binding.id)
    if known != binding:
        return []
    books.sheet_bindings.put(binding.changed(made_at=now, title=title))
    books.sheet_health.put(SheetHealth(id=binding.id))
    tabs = tuple(line("common.verbatim", text=name) for name in binding.tabs.values())
    said = [line("sheet_tab.set_up", title=title, tabs=tabs)]
    if made.tabs:
        said.append(
            line("sheet_tab.made_tabs", tabs=tuple(line("common.verbatim", text=t) for t in made.tabs))
        )
    said += [
        line("sheet_tab.made_headings", tab=tab, names=tuple(line("common.verbatim", text=t) for t in names))
        for tab, names in made.headings.items()
        if tab not in made.tabs
    ]
    return [tell(binding.by, said)]


def _wrong(kind: TabKind, steps: RoomPass, binding: SheetBinding, room: Room) -> Line:
    """What is wrong with a tab, with the cure; its last good data stays in force."""
    key, tab = steps.wrong[kind], binding.tabs[kind]
    if key == "sheet_tab.header":
        fields = steps.lacks[kind].split(",")
        known = {one.field for one in COLUMNS[kind]}
        names = tuple(
            line("common.verbatim", text=heading(room.lang, kind if f in known else "pending", f))
            for f in fields
        )
        return line("sheet_tab.header_gone", tab=tab, names=names)
    return line(key if key in ("sheet_tab.tab_gone", "sheet_tab.taken") else "sheet_tab.unreadable", tab=tab)
