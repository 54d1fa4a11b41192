"""Keeps the group's board and everybody's desk true: silent pinned messages, edited in place from committed books.

They are not cards in the outbox: a board is always worth saying as it is now, never as it was. What is stored
is where the message stands and a mark of what it says, so that after a restart only what changed is edited. They
leave with the cards, by the same pump.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import Forbidden, RetryAfter, TelegramError

from bot import render
from bot.board import Glance, board, my_desk
from bot.card import Card, line
from bot.desk import Desk
from bot.mishaps import forget_topic, seconds_of
from bot.outbox import Outbox
from bot.pump import Item
from bot.runner import Runner
from bot.sender import Gone, edit
from bot.worker import Worker
from playbooks.room import Member, Room
from storage.books import RoomBooks
from storage.rows import Sent
from storage.store import DESK

log = logging.getLogger(__name__)

DRAWN_EVERY = timedelta(seconds=1)
"""A room's screens are drawn at once, then at most this often: Telegram lets a chat be edited once a second."""
LONGEST_WAIT = timedelta(minutes=1)
Place = tuple[str, str]
"""Room and key: `board`, `desk:<person>`."""


@dataclass(frozen=True)
class Screen:
    """What a board or desk should say. `since` it is wanted; `tries` and `not_before` after a fault."""

    room: str
    key: str
    chat: int
    thread: int
    text: str
    keyboard: InlineKeyboardMarkup | None
    mark: str
    since: datetime
    tries: int = 0
    not_before: datetime | None = None


class Screens:
    """Board and desks, as a source of the pump: the newest state only, however many came before it."""

    def __init__(self, bot: Bot, runner: Runner, outbox: Outbox) -> None:
        self._bot = bot
        self._runner = runner
        self._outbox = outbox
        self._seen: dict[str, tuple[int, int]] = {}
        self._drawn: dict[str, datetime] = {}
        self._wanted: dict[Place, Screen] = {}
        self._said: dict[Place, str] = {}
        self._sending: set[Place] = set()
        self.worker = Worker("screens", self._refresh)
        outbox.pump.sources.append(self)

    # -- drawing --------------------------------------------------------------------------------------

    async def _refresh(self) -> None:
        """Draw the rooms that have changed, side by side; those drawn within the second when it is over."""
        now = self._runner.clock.now()
        changed = [key for key in self._runner.store.rooms() if self._seen.get(key) != self._state(key)]
        await asyncio.gather(*(self._draw(key, now) for key in changed if self._may_draw(key, now) <= now))
        self._outbox.pump.wake()
        if waits := self._next_drawing(now):
            self.worker.wake_in(waits - now)

    def _state(self, key: str) -> tuple[int, int]:
        """Grows with what the screens are drawn from; who opened a private chat stands in the desk's books."""
        return self._runner.view(key).raw.sequence, self._runner.units.told[DESK]

    def _may_draw(self, key: str, now: datetime) -> datetime:
        every = DRAWN_EVERY if self._outbox.pace.limits else timedelta()
        return self._drawn[key] + every if key in self._drawn else now

    def _next_drawing(self, now: datetime) -> datetime | None:
        waiting = (key for key in self._runner.store.rooms() if self._seen.get(key) != self._state(key))
        return min((at for key in waiting if (at := self._may_draw(key, now)) > now), default=None)

    async def _draw(self, key: str, now: datetime) -> None:
        state, books = self._state(key), self._runner.view(key)
        self._drawn[key] = now
        try:
            room = books.room.get(key)
            drawn = await asyncio.to_thread(self._screens, room, books, now) if room else []
        except Exception:  # one room's board must not hold up the others
            log.exception("the screens of %s are not drawn", key)
            drawn = []
        self._seen[key] = state
        self._want(key, books, drawn)

    def _screens(self, room: Room, books: RoomBooks, now: datetime) -> list[Screen]:
        """In a thread: a busy room has thousands of chases."""
        return [self._screen(room, key, chat, card, now) for key, chat, card in self._cards(room, books, now)]

    def _screen(self, room: Room, key: str, chat: int, card: Card, now: datetime) -> Screen:
        text = render.text_html(card, room.lang)
        keyboard = render.keyboard(card, room.lang, room.id)
        shown = f"{text}\n{keyboard.to_json() if keyboard else ''}"
        mark = hashlib.sha256(shown.encode()).hexdigest()[:16]
        thread = room.topics.get("announce", 0) if chat == room.chat_id else 0
        return Screen(room.id, key, chat, thread, text, keyboard, mark, now)

    def _cards(self, room: Room, books: RoomBooks, now: datetime) -> list[tuple[str, int, Card]]:
        """Key, chat and card of the board and of every desk."""
        nobody = Member(id="", name="")
        desk = Desk(books, self._runner.front(), room, nobody, None, now=now)
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

    def _want(self, key: str, books: RoomBooks, drawn: list[Screen]) -> None:
        """What does not stand there yet is wanted, since it first was."""
        before = {place: one for place, one in self._wanted.items() if place[0] == key}
        for place in before:
            del self._wanted[place]
        for screen in drawn:
            stands, place = books.sent.get(screen.key), (key, screen.key)
            there = stands and stands.text_mark == screen.mark and stands.chat_id == screen.chat
            if there and place not in self._sending:  # what is on its way now may say something else
                continue
            known = before.get(place)
            self._wanted[place] = (
                replace(screen, since=known.since, tries=known.tries, not_before=known.not_before)
                if known and known.chat == screen.chat
                else screen
            )

    # -- a source of the pump -------------------------------------------------------------------------

    def next_drawing(self) -> datetime | None:
        """When screens that have changed may next be drawn."""
        return self._next_drawing(self._runner.clock.now())

    def items(self, now: datetime) -> Iterator[Item]:
        """See pump.Source."""
        closed = self._outbox.closed
        for place, one in self._wanted.items():
            if one.chat not in closed and (one.not_before is None or one.not_before <= now):
                yield Item(one.room, one.chat, "board", one.since, place)

    def later(self, now: datetime) -> datetime | None:
        """See pump.Source."""
        moments = (one.not_before for one in self._wanted.values())
        return min((at for at in moments if at and at > now), default=None)

    async def prepare(self, room: str, items: list[Item]) -> Mapping[Item, Screen]:
        """The newest state of each, if it is still wanted."""
        return {item: self._wanted[item.what] for item in items if item.what in self._wanted}

    async def send(self, item: Item, ready: Screen) -> None:
        """Edit, send or pin one screen, and note where it stands."""
        self._sending.add(item.what)
        try:
            await self._send(ready)
        finally:
            self._sending.discard(item.what)

    async def _send(self, screen: Screen) -> None:
        stands = self._runner.view(screen.room).sent.get(screen.key)
        if stands and stands.chat_id != screen.chat:
            stands = None
        try:
            sent = await self._show(screen, stands)
        except Gone:
            await self._runner.unit(screen.room, lambda raw: RoomBooks(raw).sent.drop(screen.key))
        except TelegramError as error:
            await self._kept_back(screen, error)
        else:
            await self._runner.unit(
                screen.room, lambda raw: RoomBooks(raw).sent.put(sent), durable=stands is None, quiet=True
            )
            if sent.text_mark == screen.mark:
                self._no_more(screen)

    async def _show(self, screen: Screen, stands: Sent | None) -> Sent:
        """One call. A new message has no mark until it is pinned, so that a crash in between cannot leave it loose."""
        now, place = self._runner.clock.now(), (screen.room, screen.key)
        if stands is None:
            message = await self._bot.send_message(
                screen.chat, screen.text, parse_mode=ParseMode.HTML, reply_markup=screen.keyboard,
                disable_notification=True, message_thread_id=screen.thread or None,
            )  # fmt: skip
            self._said[place] = screen.mark
            return Sent(
                id=screen.key,
                chat_id=screen.chat,
                thread=screen.thread,
                message_id=message.message_id,
                sent_at=now,
            )
        if not stands.text_mark:
            await self._pin(screen, stands)
            return stands.changed(text_mark=self._said.pop(place, "pinned"))
        await edit(self._bot, stands, screen.text, screen.keyboard)
        return stands.changed(edited_at=now, text_mark=screen.mark)

    async def _pin(self, screen: Screen, stands: Sent) -> None:
        try:
            await self._bot.pin_chat_message(stands.chat_id, stands.message_id, disable_notification=True)
        except RetryAfter:
            raise
        except TelegramError as error:
            log.warning("%s of %s is not pinned: %s", screen.key, screen.room, error)

    async def _kept_back(self, screen: Screen, error: TelegramError) -> None:
        """The screen stays wanted, unless its chat is closed. An edit may be repeated, so it is tried at once."""
        now = self._runner.clock.now()
        if isinstance(error, RetryAfter):
            self._outbox.pump.pause(screen.chat, now + seconds_of(error))
            return
        if isinstance(error, Forbidden):
            log.info("%s of %s cannot be shown: the chat is closed", screen.key, screen.room)
            self._no_more(screen)
            await self._outbox.mishaps.shut(screen.room, screen.chat)
            return
        log.warning("%s of %s is not shown now: %s", screen.key, screen.room, error)
        if "message thread not found" in error.message.lower():
            await self._runner.unit(
                screen.room, lambda raw: forget_topic(RoomBooks(raw), screen.room, "announce")
            )
        wait = timedelta(seconds=2**screen.tries) if screen.tries else timedelta()
        self._again(screen, now + min(wait, LONGEST_WAIT))

    def _again(self, screen: Screen, not_before: datetime) -> None:
        place = (screen.room, screen.key)
        if place in self._wanted:
            tries = min(screen.tries + 1, 6)
            self._wanted[place] = replace(self._wanted[place], tries=tries, not_before=not_before)

    def _no_more(self, screen: Screen) -> None:
        """Unless something newer is wanted there by now."""
        place = (screen.room, screen.key)
        if (newest := self._wanted.get(place)) and newest.mark == screen.mark:
            del self._wanted[place]
