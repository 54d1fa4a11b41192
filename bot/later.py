"""Later: what is due is done when the tick comes, each due row in a unit of its own.

The stored row is the truth; APScheduler, through PTB's JobQueue, only calls the tick.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.card import Card
from bot.desk import Desk
from bot.runner import Runner
from playbooks.model import Refusal
from playbooks.room import Member
from storage.books import RoomBooks
from storage.rows import Due, Outgoing

log = logging.getLogger(__name__)

DUE_AT_ONCE = 50
TRY_AGAIN_IN = timedelta(minutes=1)
HANDLED_KEPT = timedelta(days=2)
"""Telegram redelivers for a day at most; ids of handled updates are kept twice as long."""


class Later:
    """The tick over all rooms."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._handlers = {kind: handler for duty in runner.duties for kind, handler in duty.due.items()}

    async def tick(self) -> None:
        """Do what is due by now in every room."""
        for key in self._runner.store.rooms():
            while (due := self._next(key)) and due <= self._runner.clock.now():
                await self._tick(key)

    def next_due(self) -> datetime | None:
        """When the tick next has something to do."""
        return min((due for key in self._runner.store.rooms() if (due := self._next(key))), default=None)

    def _next(self, room: str) -> datetime | None:
        books = self._runner.view(room)
        handled = books.handled.next_due()
        moments = [books.due.next_due(), books.vanishing.next_due(), handled and handled + HANDLED_KEPT]
        return min((m for m in moments if m), default=None)

    async def _tick(self, key: str) -> None:
        now = self._runner.clock.now()
        await self._runner.unit(key, lambda raw: self._tidy(RoomBooks(raw), now))
        for row in self._runner.view(key).due.due(now, DUE_AT_ONCE):
            try:
                await self._runner.unit(key, lambda raw, row=row: self._do(RoomBooks(raw), key, row, now))  # type: ignore[misc]
            except Refusal as refusal:
                log.info("due row %s refused: %s", row.id, refusal.key)
                await self._runner.unit(key, lambda raw, row=row: RoomBooks(raw).due.drop(row.id))  # type: ignore[misc]
            except Exception:
                log.exception("due row %s failed", row.id)
                await self._runner.unit(key, lambda raw, row=row: _put_off(RoomBooks(raw), row, now))  # type: ignore[misc]

    def _do(self, books: RoomBooks, key: str, row: Due, now: datetime) -> None:
        room = books.room.get(key)
        if room is None or books.due.get(row.id) != row:
            return  # taken back or replaced since the tick looked
        books.due.drop(row.id)
        nobody = Member(id="", name="")
        self._runner.post(
            books,
            self._handlers[row.kind](row, Desk(books, self._runner.front(), room, nobody, None, now=now)),
            now,
        )

    def _tidy(self, books: RoomBooks, now: datetime) -> None:
        for gone in books.vanishing.due(now, DUE_AT_ONCE):
            books.vanishing.drop(gone.id)
            books.outbox.put(
                Outgoing(
                    id=books.new_id("o"), card=Card(rank="board"), does="delete", at=now,
                    chat_id=gone.chat_id, message_id=gone.message_id,
                )
            )  # fmt: skip
        for handled in books.handled.due(now - HANDLED_KEPT, 500):
            books.handled.drop(handled.id)


def _put_off(books: RoomBooks, row: Due, now: datetime) -> None:
    if row.tries + 1 < row.at_most:
        books.due.put(row.changed(tries=row.tries + 1, due_at=now + TRY_AGAIN_IN))
    else:
        books.due.drop(row.id)
