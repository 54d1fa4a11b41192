"""Groups that let the bot say nothing: closed until it is back, their cards waiting, the managers told once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.card import line, tell
from bot.runner import Runner
from storage.books import DeskBooks, RoomBooks
from storage.store import DESK

log = logging.getLogger(__name__)

KNOCK_EVERY = timedelta(minutes=5)
"""Telegram does not say that a group has given the bot its rights back: one card is tried this often."""


class Chats:
    """Which groups are closed, since when; as stored, so that a restart does not knock at them one card at a time."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.closed: dict[int, datetime] = {}
        """Chat -> since when."""
        self._tried: dict[int, datetime] = {}

    def begin(self) -> None:
        """Read what was noted before the start."""
        bindings = self._runner.front().bindings.scan()
        self.closed = {int(one.id): one.closed_at for one in bindings if one.closed_at}

    async def shut(self, key: str, chat: int) -> None:
        """The group threw the bot out, or lets it write no more."""
        now = self._tried[chat] = self._runner.clock.now()
        if chat in self.closed:
            return  # two calls that fail together are told of once
        log.warning("the group of %s is closed to the bot", key)
        self.closed[chat] = now
        try:
            await self._runner.unit(DESK, lambda raw: _note(DeskBooks(raw), chat, now))
            await self._runner.unit(key, lambda raw: self._tell_managers(RoomBooks(raw), now))
        except Exception:  # nobody was told: that is done when it is next found closed
            self.closed.pop(chat, None)
            raise

    def may_try(self, chat: int, now: datetime) -> bool:
        """Whether a card may leave for the chat: it is open, or it is time to see whether it is open again."""
        return chat not in self.closed or self._next_try(chat) <= now

    def next_knock(self, now: datetime) -> datetime | None:
        """When, after `now`, a closed group is next tried."""
        return min((at for chat in self.closed if (at := self._next_try(chat)) > now), default=None)

    def set_back(self, by: timedelta) -> None:
        """The clock was set back `by`: a closed group is not waited for that much longer."""
        self.closed = {chat: since - by for chat, since in self.closed.items()}
        self._tried = {chat: at - by for chat, at in self._tried.items()}

    def _next_try(self, chat: int) -> datetime:
        return self._tried.get(chat, self.closed[chat]) + KNOCK_EVERY

    async def reopen(self, chat: int) -> None:
        """The bot may write there again."""
        if self.closed.pop(chat, None):
            log.info("a group is open to the bot again")
            await self._runner.unit(DESK, lambda raw: _note(DeskBooks(raw), chat, None))

    async def shut_private(self, person: str) -> None:
        """The person stopped the bot, or never opened the chat: their cards wait until they come (back)."""
        await self._runner.unit(DESK, lambda raw: _close_private(DeskBooks(raw), person))

    def _tell_managers(self, books: RoomBooks, now: datetime) -> None:
        managers = [m for m in books.members.scan() if "manager" in m.roles]
        said = line("outbox.group_closed")
        self._runner.post(books, [tell(m.id, said, key=f"group-closed:{m.id}") for m in managers], now)


def _note(books: DeskBooks, chat: int, closed_at: datetime | None) -> None:
    binding = books.bindings.get(str(chat))
    if binding:
        books.bindings.put(binding.changed(closed_at=closed_at))


def _close_private(books: DeskBooks, person: str) -> None:
    met = books.people.get(person)
    if met:
        books.people.put(met.changed(private=False))
