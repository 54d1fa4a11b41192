"""Later: what is due is done when the tick comes, each due row in a unit of its own.

The stored row is the truth; the tick only asks what is due (bot.ticking). A tick first claims what
is due, so that a process that dies over a row, or another one beside it, does not do it twice at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot import logs, texts
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.runner import Runner
from playbooks.model import Refusal
from playbooks.room import Member
from storage.books import RoomBooks
from storage.rows import Due, Handled, Outgoing
from storage.store import NotSaved, Shelf

log = logging.getLogger(__name__)

AT_ONCE = 50
LEASE = timedelta(minutes=1)
AWAY = timedelta(minutes=2)
"""A row found this late came due while nobody was there to do it: a tick comes every second."""
UNSAVED_REST = timedelta(seconds=30)
"""How long a room whose disk takes nothing is left alone."""
HANDLED_KEPT = timedelta(days=2)
"""Telegram redelivers for a day at most; ids of handled updates are kept twice as long."""
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Claim:
    """A row as this tick leased it. `missed`: it came due while the bot was away."""

    row: Due
    missed: bool


class Later:
    """The tick over all rooms."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._handlers = {kind: handler for duty in runner.duties for kind, handler in duty.due.items()}
        self._rests: dict[str, datetime] = {}
        self._unread: set[str] = set()
        """Rooms of which it was logged that a row cannot be read."""

    async def take_back(self) -> None:
        """Free what a former process had claimed: a crash must not delay a reminder until the lease runs out.

        For the start of a store's only process; the claims of others that still run are theirs.
        """
        now = self._runner.clock.now()
        for key in self._runner.store.rooms():
            try:
                if any(row.leased_until for row in overdue(self._runner.view(key).due, now)):
                    await self._runner.unit(key, lambda raw: _free_all(RoomBooks(raw), now), durable=False)
            except NotSaved as error:  # the leases run out by themselves
                log.error("what was claimed in %s stays so for a minute: %s", key, error)
            except Exception as error:
                self._skip(key, error)

    async def tick(self) -> None:
        """Do what is due by now in every room."""
        for key in self._runner.store.rooms():
            try:
                while (due := self._next(key)) and due <= self._runner.clock.now():
                    await self._tick(key)
            except NotSaved as error:
                log.error("what is due in %s waits, it cannot be saved: %s", key, error)
                self._rests[key] = self._runner.clock.now() + UNSAVED_REST
            except Exception as error:  # a row nobody can read holds up its own room alone
                self._skip(key, error)

    def _skip(self, key: str, error: Exception) -> None:
        if key not in self._unread:
            log.error("what is due in %s cannot be done: %s", key, logs.stack(error))
        self._unread.add(key)
        self._rests[key] = self._runner.clock.now() + UNSAVED_REST

    def set_back(self) -> None:
        """The clock was set back: no room is left alone that much longer."""
        self._rests.clear()

    def next_due(self) -> datetime | None:
        """When the tick next has something to do."""
        return min((due for key in self._runner.store.rooms() if (due := self._next(key))), default=None)

    def _next(self, room: str) -> datetime | None:
        books, now = self._runner.view(room), self._runner.clock.now()
        if room in self._unread and self._rests.get(room, now) > now:
            return self._rests[room]
        handled = books.handled.next_due()
        ready = _first_ready(books.due, now)
        moments = [ready, books.vanishing.next_due(), handled and handled + HANDLED_KEPT]
        first = min((m for m in moments if m), default=None)
        return max(first, self._rests.get(room, first)) if first else None

    async def _tick(self, key: str) -> None:
        now = self._runner.clock.now()
        # Claims need not outlive a power cut: whoever comes after it claims again.
        claims = await self._runner.unit(key, lambda raw: self._begin(RoomBooks(raw), now), durable=False)
        await asyncio.gather(*(self._attempt(key, claim, now) for claim in claims))

    def _begin(self, books: RoomBooks, now: datetime) -> list[Claim]:
        _tidy(books, now)
        ready = [row for row in overdue(books.due, now) if _ready_at(row) <= now]
        return list(self._claimed(books, ready[:AT_ONCE], now))

    def _claimed(self, books: RoomBooks, rows: list[Due], now: datetime) -> Iterator[Claim]:
        for row in rows:
            if row.tries >= row.at_most:  # every try ended with the process
                self._give_up(books, row, now)
                continue
            leased = books.due.put(row.changed(tries=row.tries + 1, leased_until=now + LEASE))
            yield Claim(leased, missed=now - _ready_at(row) > AWAY)

    async def _attempt(self, key: str, claim: Claim, now: datetime) -> None:
        row = claim.row
        try:
            await self._runner.unit(key, lambda raw: self._do(RoomBooks(raw), key, claim, now))
        except NotSaved as error:  # no fault of the row's: it stays claimed until its lease runs out
            log.error("due row %s is not saved: %s", row.id, error)
        except Refusal as refusal:
            log.warning("due row %s was refused (%s) and is dropped", row.id, refusal.key)
            await self._runner.unit(key, lambda raw: _drop(RoomBooks(raw), row))
        except Exception as error:
            tried = f"try {row.tries} of {row.at_most}"
            log.error("due row %s failed, %s: %s", row.id, tried, logs.stack(error))
            await self._runner.unit(key, lambda raw: self._put_off(RoomBooks(raw), row, now))

    def _do(self, books: RoomBooks, key: str, claim: Claim, now: datetime) -> None:
        row, room = claim.row, books.room.get(key)
        if room is None or not _drop(books, row):
            return
        nobody = Member(id="", name="")
        desk = Desk(books, self._runner.front(), room, nobody, None, now=now)
        cards = self._handlers[row.kind](row, desk)
        if cards:
            books.handled.put(Handled(id=row.id, at=now))
        _space(books, row, now, said=bool(cards))
        self._runner.post(books, cards, now, missed=row.due_at if claim.missed else None)

    def _put_off(self, books: RoomBooks, row: Due, now: datetime) -> None:
        """After a fault it rests; `due_at` stays what it was, the moment people were promised."""
        if books.due.get(row.id) != row:
            return
        if row.tries >= row.at_most:
            self._give_up(books, row, now)
        else:
            books.due.put(row.changed(leased_until=now + timedelta(seconds=row.cool_down)))

    def _give_up(self, books: RoomBooks, row: Due, now: datetime) -> None:
        """It fails every time: the managers are told once, so that somebody does it by hand."""
        log.error("due row %s is given up after %d tries", row.id, row.tries)
        books.due.drop(row.id)
        named = f"due.{row.kind}"
        kind = line(named) if texts.known(named) else line("common.verbatim", text=row.kind)
        said = line("due.given_up", kind=kind, about=row.about, tries=row.tries)
        managers = [m for m in books.members.scan() if "manager" in m.roles]
        self._runner.post(books, [tell(m.id, said, key=f"given-up:{row.id}:{m.id}") for m in managers], now)


def overdue(shelf: Shelf[Due], before: datetime) -> list[Due]:
    """The rows due at or before `before`, claimed or not, earliest first."""
    return shelf.due(before, len(shelf))


def _ready_at(row: Due) -> datetime:
    """When the row may be claimed: once due, and not while somebody has it or it rests after a fault."""
    return max(row.due_at, row.leased_until or row.due_at)


def _first_ready(shelf: Shelf[Due], now: datetime) -> datetime | None:
    """When the first row may be claimed; rows that are claimed now do not hide the one after them."""
    first = shelf.next_due()
    if first is None or first > now:
        return first
    late = overdue(shelf, now)
    following = shelf.due(FAR, len(late) + 1)[len(late) :]
    return min(_ready_at(row) for row in (*late, *following))


def _free_all(books: RoomBooks, now: datetime) -> None:
    for row in overdue(books.due, now):
        books.due.put(row.changed(leased_until=None))


def _drop(books: RoomBooks, row: Due) -> bool:
    """Take the claimed row away; False where it was taken back or planned anew since: that one is not lost."""
    if books.due.get(row.id) != row:
        return False
    books.due.drop(row.id)
    return True


def _space(books: RoomBooks, row: Due, now: datetime, *, said: bool) -> None:
    """What the handler planned anew keeps the cool-down after what was just said, and what was missed several
    times over is not caught up on time by time."""
    again = books.due.get(row.id)
    if again and (said or again.due_at <= now):
        rested = now + timedelta(seconds=again.cool_down)
        books.due.put(again.changed(due_at=max(again.due_at, rested)))


def _tidy(books: RoomBooks, now: datetime) -> None:
    for gone in books.vanishing.due(now, AT_ONCE):
        books.vanishing.drop(gone.id)
        books.outbox.put(
            Outgoing(
                id=books.new_id("o"), card=Card(rank="board"), does="delete", at=now,
                chat_id=gone.chat_id, message_id=gone.message_id,
            )
        )  # fmt: skip
    for handled in books.handled.due(now - HANDLED_KEPT, 500):
        books.handled.drop(handled.id)
