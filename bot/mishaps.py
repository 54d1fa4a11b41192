"""What becomes of a card that did not leave as it should: each fault of Telegram its own way, none holds up others."""

from __future__ import annotations

import logging
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)  # fmt: skip

from bot import logs
from bot.card import line, tell
from bot.chats import Chats
from bot.pump import Pump
from bot.runner import Runner
from bot.sender import Gone, Parked
from storage.books import DeskBooks, RoomBooks
from storage.rows import Outgoing
from storage.store import DESK

log = logging.getLogger(__name__)

SEND_AGAIN_AFTER = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=1)
COPIES = 2
COPIES_ON_AIR = 3
"""After as many time-outs that leave it open whether a card was said, the managers are told instead."""
FAILED = "card-failed"
HARMLESS = (
    "message is not modified",
    "message to delete not found",
    "message can't be deleted",
    "to edit not found",
)
NO_TOPIC = ("message thread not found", "topic_closed")
NO_CHAT = ("chat not found", "not enough rights to send", "have no rights to send", "chat_write_forbidden")
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Mishaps:
    """Settles rows after an error. Whoever calls it has the row as stored, or as it was last stored."""

    def __init__(self, runner: Runner, pump: Pump, chats: Chats) -> None:
        self._runner = runner
        self._pump = pump
        self._chats = chats

    async def after(self, key: str, row: Outgoing, chat: int, error: Exception) -> None:
        """Note what became of `row` of room `key`, which `error` kept from `chat`."""
        match error:
            case RetryAfter():
                self._pump.pause(chat, self._runner.clock.now() + seconds_of(error))
                await self._settle(key, row, row)
            case TimedOut():
                await self._timed_out(key, row, error)
            case Forbidden():
                await self._shut_out(key, row, chat)
            case ChatMigrated():
                await self._settle(key, row, row)
                await self.moved(key, error.new_chat_id)
            case BadRequest():
                await self._refused(key, row, chat, error)
            case NetworkError():
                await self._put_off(key, row, again=_may_have_arrived(row, error))
            case InvalidToken() | EndPointNotFound() | Conflict():  # the bot's trouble, not the card's
                await self._put_off(key, row)
            case Gone():
                await self._runner.unit(key, lambda raw: _forget(RoomBooks(raw), row), durable=False)
            case Parked():  # the private chat closed just now: the card waits
                await self._settle(key, row, row)
            case _:  # one card that cannot be said must not hold up the others
                await self._fail(key, row, error)

    async def _timed_out(self, key: str, row: Outgoing, error: TimedOut) -> None:
        """It may have arrived. A lost announcement is worse than a double, so it goes once more, marked, what is on
        air twice; more copies help nobody, so after that the managers are told. What never left us is no matter of
        doubt."""
        if not _may_have_arrived(row, error):
            await self._put_off(key, row)
        elif row.doubts + 1 >= (COPIES_ON_AIR if row.card.rank == "air" else COPIES):
            await self._fail(key, row, error)
        else:
            await self._put_off(key, row, wait=SEND_AGAIN_AFTER * 2**row.doubts, doubts=1, again=True)

    async def _put_off(
        self, key: str, row: Outgoing, *, wait: timedelta | None = None, doubts: int = 0, again: bool = False
    ) -> None:
        """A network that is away comes back: what waits is never given up, only tried less often. An edit may be
        repeated, so it is first tried at once."""
        if wait is None:
            at_once = not row.tries and (row.does != "say" or row.card.edit)
            wait = timedelta() if at_once else timedelta(seconds=2 ** min(row.tries + 1, 6))
        later = row.changed(
            tries=row.tries + 1, not_before=self._runner.clock.now() + min(wait, LONGEST_WAIT),
            doubts=row.doubts + doubts, again=again or row.again,
        )  # fmt: skip
        await self._settle(key, row, later)

    async def _settle(self, key: str, row: Outgoing, later: Outgoing | None) -> None:
        """`later` in place of the row, which is not leaving any more; None drops it."""
        rest = later.changed(leaving=False) if later else None
        await self._runner.unit(key, lambda raw: settle(RoomBooks(raw), row, rest), durable=False)

    async def _fail(self, key: str, row: Outgoing, error: Exception) -> None:
        """Telegram will not have this card, or it cannot be said: it is kept with the error, and managers are told."""
        why = error if isinstance(error, TelegramError) else logs.stack(error)
        log.error("card %s was not sent: %s", row.id, why)
        failed = row.changed(state="failed", leaving=False, error=str(error)[:200])
        await self._runner.unit(key, lambda raw: self._told_of(RoomBooks(raw), row, failed))

    def _told_of(self, books: RoomBooks, row: Outgoing, failed: Outgoing) -> None:
        settle(books, row, failed)
        if row.does != "say" or row.card.key == FAILED:
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

    async def _refused(self, key: str, row: Outgoing, chat: int, error: BadRequest) -> None:
        said = error.message.lower()
        if row.does != "say" or any(one in said for one in HARMLESS):
            await self._settle(key, row, None)
        elif any(one in said for one in NO_TOPIC):
            await self._without_topic(key, row)
        elif any(one in said for one in NO_CHAT):
            await self._shut_out(key, row, chat)
        else:
            await self._fail(key, row, error)

    async def _without_topic(self, key: str, row: Outgoing) -> None:
        """What cannot be said in its topic goes to the main one; where that is closed itself, it waits."""
        room, topic = self._runner.view(key).room.get(key), row.card.topic
        if row.thread:
            await self._settle(key, row, row.changed(thread=0))
        elif room and topic in room.topics:
            await self._runner.unit(key, lambda raw: forget_topic(RoomBooks(raw), key, topic))
            await self._settle(key, row, row)
        else:
            await self._put_off(key, row)

    async def _shut_out(self, key: str, row: Outgoing, chat: int) -> None:
        """A closed door: what cannot be said there waits, what would only have tidied up there does not matter."""
        await self._settle(key, row, row if row.does == "say" else None)
        await self.shut(key, chat)

    async def shut(self, key: str, chat: int) -> None:
        """Nothing may be said in `chat`: a group that threw the bot out, or a person who stopped it."""
        await (self._chats.shut(key, chat) if chat < 0 else self._chats.shut_private(str(chat)))

    async def moved(self, key: str, new_chat_id: int) -> None:
        """The group became a supergroup: the room and all its messages stand in the new chat."""
        await self._runner.unit(DESK, lambda raw: _rebind(DeskBooks(raw), key, new_chat_id))
        await self._runner.unit(key, lambda raw: _move(RoomBooks(raw), key, new_chat_id))


def seconds_of(error: RetryAfter) -> timedelta:
    """How long Telegram asks to wait; PTB gives seconds or, newer, a timedelta."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def settle(books: RoomBooks, row: Outgoing, later: Outgoing | None) -> None:
    """Put `later` in the place of the row that was sent, or drop it, unless a newer edit stands there by now."""
    if books.outbox.get(row.id) != row:
        return
    if later is None:
        books.outbox.drop(row.id)
    else:
        books.outbox.put(later)


def forget_topic(books: RoomBooks, key: str, topic: str) -> None:
    """The topic was deleted: what belongs there goes to the main one from now on."""
    room = books.room.get(key)
    if room:
        books.room.put(room.changed(topics={t: n for t, n in room.topics.items() if t != topic}))


def _may_have_arrived(row: Outgoing, error: NetworkError) -> bool:
    """Whether Telegram may have done it all the same, and doing it again would show."""
    return row.does == "say" and row.leaving and in_doubt(error)


def in_doubt(error: TelegramError) -> bool:
    """Whether it is open if Telegram did what it was asked: the connection ended without an answer."""
    return error.__cause__ is not None and not isinstance(error.__cause__, NEVER_LEFT)


def _forget(books: RoomBooks, row: Outgoing) -> None:
    """Where the card stood nothing stands any more: its edit waits on, to be said as a new message."""
    books.sent.drop(row.card.key)
    if waits := books.outbox.get(row.id):
        books.outbox.put(waits.changed(leaving=False))


def _rebind(books: DeskBooks, key: str, new_chat_id: int) -> None:
    for binding in books.bindings.by("room", key):
        books.bindings.drop(binding.id)
        books.bindings.put(binding.changed(id=str(new_chat_id), closed_at=None))


def _move(books: RoomBooks, key: str, new_chat_id: int) -> None:
    room = books.room.get(key)
    if room is None or room.chat_id == new_chat_id:
        return
    for sent in list(books.sent.scan()):
        if sent.chat_id == room.chat_id:
            books.sent.drop(sent.id)  # messages of the old chat cannot be edited from the new one
    books.room.put(room.changed(chat_id=new_chat_id))
