"""The outbox 发件箱: stored cards leave for Telegram, the most urgent first.

A card leaves the outbox in the unit that records where its message stands; after a crash in between it is
sent once more. Limits per chat and the reserve for on-air cards are laid over `_ready` by a later issue.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)  # fmt: skip

from bot.card import line, tell
from bot.runner import Runner
from bot.sender import Parked, Sender, vanish
from bot.worker import Worker
from storage.books import DeskBooks, RoomBooks
from storage.rows import RANKS, Outgoing, Sent
from storage.store import DESK

log = logging.getLogger(__name__)

SEND_AGAIN_AFTER = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=1)
FAILED = "card-failed"
HARMLESS = ("message is not modified", "message to delete not found", "message can't be deleted")


class Outbox:
    """Sends what the rooms' outboxes hold. `settled` cards are gone from them; failed ones stay, with the error."""

    def __init__(self, sender: Sender, runner: Runner) -> None:
        self._sender = sender
        self._runner = runner
        self.paused: dict[int, datetime] = {}
        self.worker = Worker("outbox", self._pump)

    def next_moment(self) -> datetime | None:
        """When a card that waits for its time may leave."""
        waiting = (
            row
            for key in self._runner.store.rooms()
            for row in self._runner.view(key).outbox.by("state", "waiting")
        )
        moments = [*(row.not_before for row in waiting), *self.paused.values()]
        return min((m for m in moments if m and m > self._runner.clock.now()), default=None)

    async def _pump(self) -> None:
        """Rooms side by side: a send that hangs in one holds up no other."""
        await asyncio.gather(*(self._pump_room(key) for key in self._runner.store.rooms()))

    async def _pump_room(self, key: str) -> None:
        while row := self._ready(key):
            await self._leave(key, row)

    def _ready(self, key: str) -> Outgoing | None:
        """The most urgent card that may leave now: by rank, then by age."""
        now = self._runner.clock.now()
        books, people = self._runner.view(key), self._runner.front()
        stored = books.outbox.by("state", "waiting")
        unsent = {
            row.card.key for row in stored if not row.card.edit
        }  # an edit waits for the message it edits
        waiting = [
            row
            for row in stored
            if not (row.not_before and row.not_before > now)
            and not (row.card.edit and row.card.key in unsent)
            and not self._held_up(books, people, key, row, now)
        ]
        return min(waiting, key=lambda row: RANKS.index(row.card.rank), default=None)

    def _held_up(self, books: RoomBooks, people: DeskBooks, key: str, row: Outgoing, now: datetime) -> bool:
        try:
            place = self._sender.place(books, people, key, row)
        except Parked:
            return True
        return self.paused.get(place.chat_id, now) > now

    async def _leave(self, key: str, row: Outgoing) -> None:
        try:
            sent = await self._sender.deliver(key, row)
        except Parked:
            return  # the private chat closed just now: the card waits
        except RetryAfter as error:
            self._pause(key, row, error)
        except TimedOut as error:
            await self._timed_out(key, row, error)
        except Forbidden as error:
            await self._shut_out(key, row, error)
        except ChatMigrated as error:
            await self.moved(key, error.new_chat_id)
        except BadRequest as error:
            await self._refused(key, row, error)
        except NetworkError as error:
            await self._put_off(key, row, timedelta(seconds=2 ** min(row.tries + 1, 6)), error=str(error))
        except Exception as error:  # one card that cannot be said must not hold up the others
            await self._fail(key, row, error)
        else:
            await self._runner.unit(key, lambda raw: self._record(RoomBooks(raw), row, sent))

    async def _timed_out(self, key: str, row: Outgoing, error: TimedOut) -> None:
        """It may have arrived. A lost announcement is worse than a double, so it goes once more, marked; a third
        copy helps nobody, so after that the managers are told. What never left us is no matter of doubt."""
        if isinstance(error.__cause__, httpx.ConnectTimeout | httpx.PoolTimeout):
            await self._put_off(key, row, SEND_AGAIN_AFTER)
        elif row.does == "delete" or row.card.edit:
            await self._put_off(key, row, timedelta(seconds=1))
        elif row.again:
            await self._fail(key, row, error)
        else:
            await self._put_off(key, row, SEND_AGAIN_AFTER, again=True)

    def _record(self, books: RoomBooks, row: Outgoing, sent: Sent | None) -> None:
        _settle(books, row, None)
        if sent is None:
            return
        if row.card.key:
            books.sent.put(sent.changed(id=row.card.key))
        if row.card.person and sent.chat_id == row.chat_id:
            vanish(books, sent)

    def _pause(self, key: str, row: Outgoing, error: RetryAfter) -> None:
        """`retry_after` pauses that chat only."""
        place = self._sender.place(self._runner.view(key), self._runner.front(), key, row)
        self.paused[place.chat_id] = self._runner.clock.now() + seconds_of(error)

    async def _put_off(
        self, key: str, row: Outgoing, wait: timedelta, *, again: bool = False, error: str = ""
    ) -> None:
        """A network that is away comes back: what waits is never given up, only tried less often."""
        later = row.changed(
            tries=row.tries + 1, not_before=self._runner.clock.now() + min(wait, LONGEST_WAIT),
            again=again or row.again, error=error,
        )  # fmt: skip
        await self._runner.unit(key, lambda raw: _settle(RoomBooks(raw), row, later))

    async def _fail(self, key: str, row: Outgoing, error: Exception) -> None:
        """Telegram will not have this card, or it cannot be said: it is kept with the error, and managers are told."""
        log.error("card %s was not sent: %s", row.id, error, exc_info=not isinstance(error, TelegramError))
        failed = row.changed(state="failed", error=str(error)[:200])
        await self._runner.unit(key, lambda raw: self._told_of(RoomBooks(raw), row, failed))

    def _told_of(self, books: RoomBooks, row: Outgoing, failed: Outgoing) -> None:
        _settle(books, row, failed)
        if row.does == "delete" or row.card.key == FAILED:
            return
        about = (
            row.card.lines[0]
            if row.card.lines
            else line("common.verbatim", text=row.card.attach or row.card.told)
        )
        said = line("common.card_failed", about=about, error=failed.error[:80])
        managers = [m for m in books.members.scan() if "manager" in m.roles]
        cards = [tell(m.id, said, key=FAILED, rank="answer") for m in managers if m.id != row.card.person]
        self._runner.post(books, cards, self._runner.clock.now())

    async def _refused(self, key: str, row: Outgoing, error: BadRequest) -> None:
        said = error.message.lower()
        if any(one in said for one in HARMLESS):
            await self._runner.unit(key, lambda raw: _settle(RoomBooks(raw), row, None))
        elif "message thread not found" in said and row.card.topic:
            await self._runner.unit(key, lambda raw: forget_topic(RoomBooks(raw), key, row.card.topic))
        else:
            await self._fail(key, row, error)

    async def _shut_out(self, key: str, row: Outgoing, error: Forbidden) -> None:
        """A person blocked the bot or never opened the chat: their cards wait. The group threw it out: it fails."""
        person = row.card.person
        met = self._runner.front().people.get(person) if person else None
        if met is None or not met.private:
            await self._fail(key, row, error)
            return
        await self._runner.unit(DESK, lambda raw: _close_private(DeskBooks(raw), person))

    async def moved(self, key: str, new_chat_id: int) -> None:
        """The group became a supergroup: the room and all its messages stand in the new chat."""
        await self._runner.unit(DESK, lambda raw: _rebind(DeskBooks(raw), key, new_chat_id))
        await self._runner.unit(key, lambda raw: _move(RoomBooks(raw), key, new_chat_id))


def seconds_of(error: RetryAfter) -> timedelta:
    """How long Telegram asks to wait; PTB gives seconds or, newer, a timedelta."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def _settle(books: RoomBooks, row: Outgoing, later: Outgoing | None) -> None:
    """Put `later` in the place of the row that was sent, or drop it, unless a newer edit stands there by now."""
    if books.outbox.get(row.id) != row:
        return
    if later is None:
        books.outbox.drop(row.id)
    else:
        books.outbox.put(later)


def _close_private(books: DeskBooks, person: str) -> None:
    met = books.people.get(person)
    if met:
        books.people.put(met.changed(private=False))


def forget_topic(books: RoomBooks, key: str, topic: str) -> None:
    """The topic was deleted: what belongs there goes to the main one from now on."""
    room = books.room.get(key)
    if room:
        books.room.put(room.changed(topics={t: n for t, n in room.topics.items() if t != topic}))


def _rebind(books: DeskBooks, key: str, new_chat_id: int) -> None:
    for binding in books.bindings.by("room", key):
        books.bindings.drop(binding.id)
        books.bindings.put(binding.changed(id=str(new_chat_id)))


def _move(books: RoomBooks, key: str, new_chat_id: int) -> None:
    room = books.room.get(key)
    if room is None or room.chat_id == new_chat_id:
        return
    for sent in list(books.sent.scan()):
        if sent.chat_id == room.chat_id:
            books.sent.drop(sent.id)  # messages of the old chat cannot be edited from the new one
    books.room.put(room.changed(chat_id=new_chat_id))
