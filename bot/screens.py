"""Keeps the group's board and everybody's desk true: silent pinned messages, edited in place from committed books.

They are not cards in the outbox: a board is always worth saying as it is now, never as it was. What is stored
is where the message stands and a mark of what it says, so that after a restart only what changed is edited. They
leave with the cards, by the same pump.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot import drawing, logs, render
from bot.chase_figures import Live
from bot.drawing import Screen
from bot.mishaps import forget_topic, in_doubt, seconds_of
from bot.outbox import Outbox
from bot.pump import Item
from bot.runner import Runner
from bot.sender import Gone, edit
from bot.worker import Worker
from storage.books import RoomBooks
from storage.rows import Sent
from storage.store import DESK

log = logging.getLogger(__name__)

DRAWN_EVERY = timedelta(seconds=1)
"""A room's screens are drawn at once, then at most this often: Telegram lets a chat be edited once a second."""
LONGEST_WAIT = timedelta(minutes=1)
IN_DOUBT = (timedelta(seconds=10), timedelta(minutes=10), timedelta(hours=1))
"""How long a new board or desk waits after the first, the second and every later one that may or may not stand."""
Place = tuple[str, str]
"""Room and key: `board`, `desk:<person>`."""


class Screens:
    """Board and desks, as a source of the pump: the newest state only, however many came before it."""

    def __init__(self, bot: Bot, runner: Runner, outbox: Outbox) -> None:
        self._bot = bot
        self._runner = runner
        self._outbox = outbox
        self._seen: dict[str, tuple[int, int]] = {}
        self._drawn: dict[str, datetime] = {}
        self._live = Live()
        self._wanted: dict[Place, Screen] = {}
        self._said: dict[Place, str] = {}
        self._unsaved: dict[Place, Sent] = {}
        """Where screens stand that could not be noted, for want of disk for example."""
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
            front = self._runner.front()
            drawn = (
                await asyncio.to_thread(drawing.screens, room, books, front, now, self._live) if room else []
            )
        except Exception as error:  # one room's board must not hold up the others
            log.error("the screens of %s are not drawn: %s", key, logs.stack(error))
            drawn = []
        self._seen[key] = state
        self._want(key, books, drawn)

    def _want(self, key: str, books: RoomBooks, drawn: list[Screen]) -> None:
        """What does not stand there yet is wanted, since it first was."""
        before = {place: one for place, one in self._wanted.items() if place[0] == key}
        for place in before:
            del self._wanted[place]
        for screen in drawn:
            stands, place = self._stands(books, screen), (key, screen.key)
            there = stands and stands.text_mark == screen.mark and place not in self._unsaved
            if there and place not in self._sending:  # what is on its way now may say something else
                continue
            known = before.get(place)
            self._wanted[place] = (
                replace(
                    screen,
                    since=known.since,
                    tries=known.tries,
                    doubts=known.doubts,
                    not_before=known.not_before,
                )
                if known and known.chat == screen.chat
                else screen
            )

    def set_back(self) -> None:
        """The clock was set back: what waited for a moment waits no longer."""
        self._drawn.clear()
        for place, one in self._wanted.items():
            self._wanted[place] = replace(one, not_before=None)

    # -- a source of the pump -------------------------------------------------------------------------

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
        place = (screen.room, screen.key)
        stands = self._stands(self._runner.view(screen.room), screen)
        try:
            sent = stands if stands and stands.text_mark == screen.mark else await self._show(screen, stands)
        except Gone:
            self._unsaved.pop(place, None)
            await self._runner.unit(screen.room, lambda raw: RoomBooks(raw).sent.drop(screen.key))
        except TelegramError as error:
            await self._kept_back(screen, error, new=stands is None)
        else:
            self._unsaved[place] = sent
            await self._runner.unit(
                screen.room, lambda raw: RoomBooks(raw).sent.put(sent), durable=stands is None, quiet=True
            )
            del self._unsaved[place]
            if sent.text_mark == screen.mark:
                self._no_more(screen)

    def _stands(self, books: RoomBooks, screen: Screen) -> Sent | None:
        """Where it stands in the chat it belongs to now."""
        stands = self._unsaved.get((screen.room, screen.key)) or books.sent.get(screen.key)
        return stands if stands and stands.chat_id == screen.chat else None

    async def _show(self, screen: Screen, stands: Sent | None) -> Sent:
        """One call. A new message has no mark until it is pinned, so that a crash in between cannot leave it loose."""
        now, place = self._runner.clock.now(), (screen.room, screen.key)
        if stands is None:
            message = await self._bot.send_message(
                screen.chat, screen.text, parse_mode=ParseMode.HTML, reply_markup=render.markup(screen.keyboard),
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
        except (BadRequest, Forbidden) as error:  # the bot may not pin there: it stands all the same
            log.warning("%s of %s is not pinned: %s", screen.key, screen.room, error)

    async def _kept_back(self, screen: Screen, error: TelegramError, *, new: bool) -> None:
        """The screen stays wanted, unless its chat is closed. An edit may be repeated, so it is tried at once; a new
        message that may stand already is not, so that no group fills with boards."""
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
        if new and in_doubt(error):
            wait = IN_DOUBT[min(screen.doubts, len(IN_DOUBT) - 1)]
            self._again(screen, now + wait, doubts=screen.doubts + 1)
            return
        wait = timedelta(seconds=2**screen.tries) if screen.tries else timedelta()
        self._again(screen, now + min(wait, LONGEST_WAIT), tries=min(screen.tries + 1, 6))

    def _again(self, screen: Screen, not_before: datetime, **counted: int) -> None:
        place = (screen.room, screen.key)
        if place in self._wanted:
            self._wanted[place] = replace(self._wanted[place], not_before=not_before, **counted)  # type: ignore[arg-type]

    def _no_more(self, screen: Screen) -> None:
        """Unless something newer is wanted there by now."""
        place = (screen.room, screen.key)
        if (newest := self._wanted.get(place)) and newest.mark == screen.mark:
            del self._wanted[place]
