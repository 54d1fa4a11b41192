"""Keeps the group's board and everybody's desk true: silent pinned messages, edited in place from committed books.

They are not cards in the outbox: a board is always worth saying as it is now, never as it was. What is stored
is where the message stands and a mark of what it says, so that after a restart only what changed is edited.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import datetime

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot import render
from bot.board import Glance, board, my_desk
from bot.card import Card, line
from bot.desk import Desk
from bot.outbox import forget_topic, seconds_of
from bot.runner import Runner
from bot.worker import Worker
from playbooks.room import Member, Room
from storage.books import RoomBooks
from storage.rows import Sent

log = logging.getLogger(__name__)

GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


class Screens:
    """Keeps board and desks true: after each committed unit what changed is edited, the newest state only."""

    def __init__(self, bot: Bot, runner: Runner, paused: dict[int, datetime]) -> None:
        self._bot = bot
        self._runner = runner
        self._paused = paused
        self._seen: dict[str, tuple[int, int]] = {}
        self.worker = Worker("screens", self._refresh)

    async def _refresh(self) -> None:
        met = self._runner.front().raw.sequence  # who opened a private chat stands in the desk's books
        for key in self._runner.store.rooms():
            books = self._runner.view(key)
            if self._seen.get(key) == (books.raw.sequence, met):
                continue
            self._seen[key] = (books.raw.sequence, met)
            room = books.room.get(key)
            try:
                if room is not None:
                    await self._room(room, books)
            except Exception:  # one room's board must not hold up the others
                log.exception("the screens of %s are not shown", key)

    async def _room(self, room: Room, books: RoomBooks) -> None:
        for key, chat_id, card in await asyncio.to_thread(self._cards, room, books):
            await self._show(room, books, key, chat_id, card)

    def _cards(self, room: Room, books: RoomBooks) -> list[tuple[str, int, Card]]:
        """Key, chat and card of the board and of every desk. In a thread: a busy room has thousands of chases."""
        nobody = Member(id="", name="")
        desk = Desk(books, self._runner.front(), room, nobody, None, now=self._runner.clock.now())
        glance = Glance.of(desk)
        cards = [("board", room.chat_id, board(glance))]
        for member in desk.members():
            met = desk.front.people.get(member.id)
            begun = member.presence != "out" or books.sent.get(f"desk:{member.id}")
            if met and met.private and met.room == room.id and begun:
                cards.append((f"desk:{member.id}", int(member.id), my_desk(member, glance)))
        gone = (m for m in books.members.scan() if not m.roles and books.sent.get(f"desk:{m.id}"))
        blank = Card(
            lines=(line("board.no_role", shop=room.shop),)
        )  # whoever has left sees nothing of the room
        return [*cards, *((f"desk:{m.id}", int(m.id), blank) for m in gone)]

    async def _show(self, room: Room, books: RoomBooks, key: str, chat_id: int, card: Card) -> None:
        text = render.text_html(card, room.lang)
        keyboard = render.keyboard(card, room.lang, room.id)
        mark = hashlib.sha256(f"{text}\n{keyboard.to_json() if keyboard else ''}".encode()).hexdigest()[:16]
        stands = books.sent.get(key)
        if stands and stands.text_mark == mark and stands.chat_id == chat_id:
            return
        if self._paused.get(chat_id, self._runner.clock.now()) > self._runner.clock.now():
            self._seen.pop(room.id, None)  # looked at again with a later tick
            return
        try:
            sent = await self._edit(stands, text, keyboard) if stands and stands.chat_id == chat_id else None
            sent = sent or await self._send(room, key, chat_id, text, keyboard)
        except Forbidden:
            log.info("%s of %s cannot be shown: the chat is closed", key, room.id)
            return
        except RetryAfter as error:
            self._paused[chat_id] = self._runner.clock.now() + seconds_of(error)
            self._seen.pop(room.id, None)
            return
        except TelegramError as error:
            if "message thread not found" in error.message.lower():
                await self._runner.unit(
                    room.id, lambda raw: forget_topic(RoomBooks(raw), room.id, "announce")
                )
            log.warning("%s of %s is not shown now: %s", key, room.id, error)
            self._seen.pop(room.id, None)  # looked at again with the next tick
            return
        done = sent.changed(text_mark=mark)
        await self._runner.unit(room.id, lambda raw: RoomBooks(raw).sent.put(done))

    async def _edit(self, stands: Sent, text: str, keyboard: InlineKeyboardMarkup | None) -> Sent | None:
        try:
            await self._bot.edit_message_text(
                text, stands.chat_id, stands.message_id, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        except BadRequest as error:
            if any(one in error.message.lower() for one in GONE):
                return None
            if "not modified" not in error.message.lower():
                raise
        return stands.changed(edited_at=self._runner.clock.now())

    async def _send(
        self,
        room: Room,
        key: str,
        chat_id: int,
        text: str,
        keyboard: InlineKeyboardMarkup | None,
    ) -> Sent:
        thread = room.topics.get("announce", 0) if chat_id == room.chat_id else 0
        message = await self._bot.send_message(
            chat_id, text, parse_mode=ParseMode.HTML, reply_markup=keyboard, disable_notification=True,
            message_thread_id=thread or None,
        )  # fmt: skip
        try:
            await self._bot.pin_chat_message(chat_id, message.message_id, disable_notification=True)
        except TelegramError as error:
            log.warning("%s of %s is not pinned: %s", key, room.id, error)
        return Sent(
            id=key,
            chat_id=chat_id,
            thread=thread,
            message_id=message.message_id,
            sent_at=self._runner.clock.now(),
        )
