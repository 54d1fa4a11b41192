"""Sends one card now: where it goes, as a new message or an edit, with what comes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot import render
from bot.attachments import Attachments
from bot.runner import Runner
from bot.texts import DEFAULT, say
from playbooks.room import Room
from storage.books import DeskBooks, RoomBooks
from storage.rows import Outgoing, Sent, Vanishing

VANISHES_AFTER = timedelta(seconds=30)
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


@dataclass(frozen=True)
class Place:
    """Where a card goes. `stranger`: the asker has no private chat open, so the answer removes itself."""

    chat_id: int
    thread: int = 0
    reply_to: int = 0
    stranger: bool = False


class Parked(Exception):
    """The card's person has not opened a private chat yet."""


class Gone(Exception):
    """The message to edit is there no more: what it should say now is said anew."""


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
        """Send, edit or delete now; the message it became. Raises TelegramError, Parked, Gone."""
        if row.does == "delete":
            await self._bot.delete_message(row.chat_id, row.message_id)
            return None
        if row.does == "bare":
            await self._bot.edit_message_reply_markup(row.chat_id, row.message_id, reply_markup=None)
            return None
        books = self._runner.view(key)
        room = books.room.get(key)
        assert room is not None
        place = self.place(books, self._runner.front(), key, row)
        told = await self._attachments.told(room, row.card)
        row = row if told is row.card else row.changed(card=told)
        before = standing(books, row)
        return await (self._edit(room, row, before) if before else self._send(room, row, place))

    async def deliver_outside(self, row: Outgoing) -> None:
        """An answer outside any room, so in no room's language and in no room's outbox."""
        lang = DEFAULT
        chat_id = row.chat_id or int(row.card.person)
        await self._bot.send_message(
            chat_id, render.text_html(row.card, lang, again=row.again), parse_mode=ParseMode.HTML,
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

    async def _edit(self, room: Room, row: Outgoing, before: Sent) -> Sent:
        text = render.text_html(row.card, room.lang, room.shop if row.card.person else "")
        await edit(self._bot, before, text, render.keyboard_json(row.card, room.lang, room.id))
        return before.changed(edited_at=self._runner.clock.now())


def standing(books: RoomBooks, row: Outgoing) -> Sent | None:
    """The message an edit edits; None where the row becomes a new message."""
    return books.sent.get(row.card.key) if row.card.edit and row.card.key else None


async def edit(bot: Bot, before: Sent, text: str, keyboard: str) -> None:
    """Edit a message in place; that it says so already is success. Raises TelegramError, Gone."""
    said: dict[str, object] = {
        "chat_id": before.chat_id, "message_id": before.message_id, "text": text, "parse_mode": ParseMode.HTML,
        "reply_markup": keyboard or None,
    }  # fmt: skip
    try:
        # Not by PTB's own method: it makes objects of the whole message as it stands now, a fifth of what a press
        # costs, for nobody to look at. Telegram does not mind the case of a method's name; PTB warns at its own.
        await bot.do_api_request("EditMessageText", said)
    except BadRequest as error:
        why = error.message.lower()
        if any(one in why for one in GONE):
            raise Gone from error
        if "not modified" not in why:
            raise


def vanish(books: RoomBooks, sent: Sent, after: timedelta = VANISHES_AFTER) -> None:
    """Have the message remove itself, in half a minute where nothing else is said."""
    gone_at = sent.sent_at + after
    books.vanishing.put(
        Vanishing(
            id=f"{sent.chat_id}:{sent.message_id}",
            chat_id=sent.chat_id,
            message_id=sent.message_id,
            due_at=gone_at,
        )
    )
