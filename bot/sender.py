"""Sends one card now: where it goes, as a new message or an edit, with what comes along."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot import render
from bot.attachments import Attachments
from bot.runner import Runner
from bot.texts import DEFAULT, say
from playbooks.room import Room
from storage.books import DeskBooks, RoomBooks
from storage.rows import Outgoing, Sent, Vanishing

log = logging.getLogger(__name__)

VANISHES_AFTER = timedelta(seconds=30)
GONE = ("message to edit not found", "message can't be edited")


@dataclass(frozen=True)
class Place:
    """Where a card goes. `stranger`: the asker has no private chat open, so the answer removes itself."""

    chat_id: int
    thread: int = 0
    reply_to: int = 0
    stranger: bool = False


class Parked(Exception):
    """The card's person has not opened a private chat yet."""


class Sender:
    """Turns an outgoing row into Telegram calls; what becomes of the row is the outbox's to record."""

    def __init__(self, bot: Bot, runner: Runner, attachments: Attachments) -> None:
        self._bot = bot
        self._runner = runner
        self._attachments = attachments

    def place(self, books: RoomBooks, people: DeskBooks, key: str, row: Outgoing) -> Place:
        """Where the row goes now. Raises Parked where its person has no private chat and asked nowhere else."""
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

    async def deliver(self, key: str, row: Outgoing) -> Sent | None:
        """Send, edit or delete now; the message it became. Raises TelegramError, or Parked."""
        if row.does == "delete":
            await self._bot.delete_message(row.chat_id, row.message_id)
            return None
        books = self._runner.view(key)
        room = books.room.get(key)
        assert room is not None
        place = self.place(books, self._runner.front(), key, row)
        row = row.changed(card=await self._attachments.told(room, row.card))
        before = books.sent.get(row.card.key) if row.card.key else None
        if row.card.edit and before:
            edited = await self._edit(room, row, before)
            if edited:
                return edited
        sent = await self._send(room, row, place)
        if before:
            await self._take_buttons_off(before)
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
            await self._runner.unit(key, lambda raw: vanish(RoomBooks(raw), sent))

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
            if any(one in error.message.lower() for one in GONE):
                return None
            raise
        return before.changed(edited_at=self._runner.clock.now())

    async def _take_buttons_off(self, before: Sent) -> None:
        """A superseded card loses its buttons; that it may be gone already is no matter."""
        try:
            await self._bot.edit_message_reply_markup(before.chat_id, before.message_id, reply_markup=None)
        except TelegramError as error:
            log.info("buttons of %s stay: %s", before.id, error)


def vanish(books: RoomBooks, sent: Sent) -> None:
    """Have the message remove itself in half a minute."""
    gone_at = sent.sent_at + VANISHES_AFTER
    books.vanishing.put(
        Vanishing(
            id=f"{sent.chat_id}:{sent.message_id}",
            chat_id=sent.chat_id,
            message_id=sent.message_id,
            due_at=gone_at,
        )
    )
