"""The outbox 发件箱: stored cards leave for Telegram, the most urgent first.

A card leaves the outbox in the unit that records where its message stands; after a crash in between it is
sent once more. Limits per chat and the reserve for on-air cards are laid over `_ready` by a later issue.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot import render
from bot.attachments import Attachments
from bot.card import line, tell
from bot.runner import Runner
from bot.texts import DEFAULT, say
from bot.worker import Worker
from playbooks.room import Room
from storage.books import DeskBooks, RoomBooks
from storage.rows import RANKS, Outgoing, Sent, Vanishing
from storage.store import DESK

log = logging.getLogger(__name__)

VANISHES_AFTER = timedelta(seconds=30)
SEND_AGAIN_AFTER = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=1)
FAILED = "card-failed"
HARMLESS = ("message is not modified", "message to delete not found", "message can't be deleted")


@dataclass(frozen=True)
class Place:
    """Where a card goes. `stranger`: the asker has no private chat open, so the answer removes itself."""

    chat_id: int
    thread: int = 0
    reply_to: int = 0
    stranger: bool = False


class Parked(Exception):
    """The card's person has not opened a private chat yet."""


class Outbox:
    """Sends what the rooms' outboxes hold. `settled` cards are gone from them; failed ones stay, with the error."""

    def __init__(self, bot: Bot, runner: Runner, attachments: Attachments) -> None:
        self._bot = bot
        self._runner = runner
        self._attachments = attachments
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
            place = self._place(books, people, key, row)
        except Parked:
            return True
        return self.paused.get(place.chat_id, now) > now

    def _place(self, books: RoomBooks, people: DeskBooks, key: str, row: Outgoing) -> Place:
        person = row.card.person
        if not person and row.chat_id:
            return Place(row.chat_id, row.thread)
        if not person:
            room = books.room.get(key)
            assert room is not None
            return Place(room.chat_id, room.topics.get(row.card.topic, 0))
        met = people.people.get(person)
        if met and met.private:
            return Place(int(person))
        if row.chat_id:
            return Place(row.chat_id, row.thread, row.reply_to, stranger=True)
        raise Parked(person)

    async def _leave(self, key: str, row: Outgoing) -> None:
        try:
            sent = await self.deliver(key, row)
        except Parked:
            return  # the private chat closed just now: the card waits
        except RetryAfter as error:
            self._pause(key, row, error)
        except TimedOut:
            # It may have arrived. A lost announcement is worse than a double, so it goes once more, marked.
            again = row.does == "say" and not row.card.edit
            await self._put_off(key, row, SEND_AGAIN_AFTER if again else timedelta(seconds=1), again=again)
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

    # -- sending -------------------------------------------------------------------------------------

    async def deliver(self, key: str, row: Outgoing) -> Sent | None:
        """Send, edit or delete now; the message it became. Raises TelegramError, or Parked."""
        if row.does == "delete":
            await self._bot.delete_message(row.chat_id, row.message_id)
            return None
        books = self._runner.view(key)
        room = books.room.get(key)
        assert room is not None
        place = self._place(books, self._runner.front(), key, row)
        row = row.changed(card=await self._attachments.told(room, row.card))
        before = books.sent.get(row.card.key) if row.card.key else None
        if row.card.edit and before:
            edited = await self._edit(room, row, before)
            if edited:
                return edited
        sent = await self._send(room, row, place)
        if before:
            await self._take_buttons_off(before)
        if row.card.pin:
            await self._pin(sent)
        return sent

    async def answer(self, key: str, row: Outgoing) -> None:
        """Deliver an answer that was never stored: what only reads needs no outbox."""
        if not key:
            await self._answer_outside(row)
            return
        try:
            sent = await self.deliver(key, row)
        except Parked:
            return
        if sent and row.chat_id and sent.chat_id == row.chat_id:
            await self._runner.unit(key, lambda raw: _vanish(RoomBooks(raw), sent))

    async def _answer_outside(self, row: Outgoing) -> None:
        lang = DEFAULT
        chat_id = row.chat_id or int(row.card.person)
        await self._bot.send_message(
            chat_id, render.text_html(row.card, lang), parse_mode=ParseMode.HTML,
            message_thread_id=row.thread or None, reply_markup=render.keyboard(row.card, lang, "-"),
        )  # fmt: skip

    async def _send(self, room: Room, row: Outgoing, place: Place) -> Sent:
        card, private = row.card, bool(row.card.person)
        text = render.text_html(card, room.lang, room.shop if private else "", again=row.again)
        keyboard = (
            self._opens_private(room, row) if place.stranger else render.keyboard(card, room.lang, room.id)
        )
        reply = ReplyParameters(place.reply_to, allow_sending_without_reply=True) if place.reply_to else None
        common: dict[str, object] = {
            "message_thread_id": place.thread or None, "reply_markup": keyboard, "parse_mode": ParseMode.HTML,
            "disable_notification": card.silent, "reply_parameters": reply,
        }  # fmt: skip
        message = await self._message(room, card.attach, place.chat_id, text, common)
        return Sent(
            id=card.key or row.id, chat_id=place.chat_id, thread=place.thread,
            message_id=message.message_id, sent_at=self._runner.clock.now(),
        )  # fmt: skip

    async def _message(
        self, room: Room, attach: str, chat_id: int, text: str, common: dict[str, object]
    ) -> Message:
        if not attach:
            return await self._bot.send_message(chat_id, text, **common)  # type: ignore[arg-type]
        made = await self._attachments.made(room, attach)
        if made.photo:
            return await self._bot.send_photo(chat_id, made.data, caption=text, filename=made.name, **common)  # type: ignore[arg-type]
        return await self._bot.send_document(chat_id, made.data, caption=text, filename=made.name, **common)  # type: ignore[arg-type]

    def _opens_private(self, room: Room, row: Outgoing) -> InlineKeyboardMarkup:
        """A stranger's answer in the group carries no buttons of its own, only the one that opens the private chat."""
        url = f"https://t.me/{self._bot.username}?start={room.id}"
        return InlineKeyboardMarkup([[InlineKeyboardButton(say(room.lang, "common.open_private"), url=url)]])

    async def _edit(self, room: Room, row: Outgoing, before: Sent) -> Sent | None:
        """The message edited in place, or None where it is gone and must be sent anew."""
        text = render.text_html(row.card, room.lang, room.shop if row.card.person else "")
        try:
            await self._bot.edit_message_text(
                text, before.chat_id, before.message_id, parse_mode=ParseMode.HTML,
                reply_markup=render.keyboard(row.card, room.lang, room.id),
            )  # fmt: skip
        except BadRequest as error:
            if "not modified" in error.message.lower():
                return before
            if (
                "message to edit not found" in error.message.lower()
                or "can't be edited" in error.message.lower()
            ):
                return None
            raise
        return before.changed(edited_at=self._runner.clock.now())

    async def _take_buttons_off(self, before: Sent) -> None:
        """A superseded card loses its buttons; that it may be gone already is no matter."""
        try:
            await self._bot.edit_message_reply_markup(before.chat_id, before.message_id, reply_markup=None)
        except TelegramError as error:
            log.info("buttons of %s stay: %s", before.id, error)

    async def _pin(self, sent: Sent) -> None:
        try:
            await self._bot.pin_chat_message(sent.chat_id, sent.message_id, disable_notification=True)
        except TelegramError as error:
            log.warning("%s is not pinned: %s", sent.id, error)

    # -- recording -----------------------------------------------------------------------------------

    def _record(self, books: RoomBooks, row: Outgoing, sent: Sent | None) -> None:
        _settle(books, row, None)
        if sent is None:
            return
        if row.card.key:
            books.sent.put(sent.changed(id=row.card.key))
        if row.card.person and sent.chat_id == row.chat_id:
            _vanish(books, sent)

    def _pause(self, key: str, row: Outgoing, error: RetryAfter) -> None:
        """`retry_after` pauses that chat only."""
        place = self._place(self._runner.view(key), self._runner.front(), key, row)
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


def _vanish(books: RoomBooks, sent: Sent) -> None:
    gone_at = sent.sent_at + VANISHES_AFTER
    books.vanishing.put(
        Vanishing(
            id=f"{sent.chat_id}:{sent.message_id}",
            chat_id=sent.chat_id,
            message_id=sent.message_id,
            due_at=gone_at,
        )
    )


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
