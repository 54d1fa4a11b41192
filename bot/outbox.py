"""The outbox 发件箱: stored cards leave for Telegram, the most urgent first, each looked at again before it does.

A new message is marked as leaving in a durable unit before Telegram hears of it, and settled after: after a crash
in between it is sent once more, marked 重发. Edits and deletions may be repeated and are not marked.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Literal

from telegram.error import TelegramError

from bot import logs
from bot.chats import Chats
from bot.collapse import digest
from bot.desk import Desk
from bot.freshness import Freshness
from bot.lanes import Pick
from bot.mishaps import Mishaps, settle
from bot.pace import Limits, Pace
from bot.pump import Item, Pump
from bot.runner import Runner
from bot.sender import Gone, Parked, Sender, standing, vanish
from bot.unstored import Unstored
from bot.waiting import Waiting, invited
from playbooks.room import Member
from storage.books import RoomBooks
from storage.rows import Card, Outgoing, Sent
from storage.store import Books, NotSaved

log = logging.getLogger(__name__)


class Outbox:
    """The cards stored in the rooms' outboxes, as a source of the pump. Sent ones are gone; failed ones stay."""

    def __init__(self, sender: Sender, runner: Runner, bot_name: str, limits: Limits | None) -> None:
        self._sender = sender
        self._runner = runner
        self._fresh = Freshness(runner.duties)
        self._leaving: set[str] = set()
        self._unsettled: list[tuple[str, Outgoing, Sent | None]] = []
        self.pace = Pace(limits)
        self.pump = Pump(runner.clock, self.pace)
        self.chats = Chats(runner)
        self.mishaps = Mishaps(runner, self.pump, self.chats)
        self._waiting = Waiting(runner, self.chats, bot_name)
        self.pump.sources.append(self)
        self._unstored = Unstored(sender, runner, self.pump)

    async def begin(self) -> None:
        """Before anything leaves: what was being handed over when the process ended goes once more, marked."""
        self.chats.begin()
        for key in self._runner.store.rooms():
            try:
                if any(row.leaving for row in self._runner.view(key).outbox.by("state", "waiting")):
                    await self._runner.unit(key, lambda raw: _take_up(RoomBooks(raw)))
            except NotSaved as error:  # still marked as leaving, they go marked all the same: see _look
                log.error("what was leaving from %s is not taken up: %s", key, error)
            except Exception as error:  # of another version for example: the other rooms start all the same
                log.error("what waits in %s cannot be read: %s", key, logs.stack(error))

    async def tick(self) -> None:
        """Settle what was said while nothing could be saved, also where nothing more leaves. Raises NotSaved."""
        for key in {one[0] for one in self._unsettled}:
            await self._settle_rest(key)

    # -- what is asked about it -----------------------------------------------------------------------

    @property
    def paused(self) -> Mapping[int, datetime]:
        """Chat -> until when Telegram asked for silence there."""
        return self.pump.paused

    @property
    def closed(self) -> Mapping[int, datetime]:
        """Group -> since when it lets the bot say nothing."""
        return self.chats.closed

    def count(self) -> int:
        """How many cards wait, whatever for."""
        return self._waiting.count() + self._unstored.count()

    def oldest(self) -> datetime | None:
        """Since when the oldest card waits that could leave: not for its time, its person or its group."""
        return self._waiting.oldest(self._runner.clock.now())

    def next_moment(self) -> datetime | None:
        """When a card or a screen that waits for its time may leave."""
        return self.pump.next_moment()

    async def set_back(self, by: timedelta) -> None:
        """The clock was set back `by`: what was put off after a fault is not put off that much longer. NotSaved."""
        self.pump.set_back(by)
        for key in self._runner.store.rooms():
            try:
                if any(map(_put_off, self._runner.view(key).outbox.by("state", "waiting"))):
                    await self._runner.unit(key, lambda raw: _try_now(RoomBooks(raw)), durable=False)
            except Exception as error:  # one room's trouble must not keep the others waiting
                log.warning("what was put off in %s waits for its time: %s", key, type(error).__name__)

    # -- answers that were never stored ---------------------------------------------------------------

    async def answer(self, key: str, row: Outgoing, mark: str = "") -> None:
        """Say at once what only reads; where that cannot be, it becomes a stored card instead of being lost.

        Once stored it is not given again after a crash: `mark` is that of the call it ends.
        Outside any room (`key` empty) there is no outbox to keep it in. Raises TelegramError there only.
        """
        now, chat = self._runner.clock.now(), self._answered_in(row)
        if not key:
            self.pace.spent(chat, now)
            await self._sender.deliver_outside(row)
            return
        if max(self.paused.get(chat, now), self.pace.when(chat, "answer", now)) > now:
            try:
                await self._store(key, row.changed(id=_new_id(key)), mark)
            except NotSaved:
                self._unstored.add(key, chat, row)
            return
        self.pace.spent(chat, now)
        try:
            sent = await self._sender.deliver(key, row)
        except (TelegramError, Gone, Parked) as error:
            await self._keep(key, row, chat, error, mark)
        else:
            await self.chats.reopen(chat)  # who asked there can be answered there
            if sent and row.chat_id == sent.chat_id:
                await self._runner.unit(key, lambda raw: vanish(RoomBooks(raw), sent))

    def _answered_in(self, row: Outgoing) -> int:
        person = row.card.person
        met = self._runner.front().people.get(person) if person else None
        return int(person) if person and ((met and met.private) or not row.chat_id) else row.chat_id

    async def _keep(self, key: str, row: Outgoing, chat: int, error: Exception, mark: str) -> None:
        """An answer that did not get through is a card like any other from here on."""
        kept = row.changed(id=_new_id(key), leaving=True)
        self._leaving.add(kept.id)
        try:
            await self._store(key, kept, mark)
        except NotSaved:
            self._unstored.add(key, chat, row)
        else:
            await self.mishaps.after(key, kept, chat, error)
        finally:
            self._leaving.discard(kept.id)

    async def _store(self, key: str, row: Outgoing, mark: str) -> None:
        def unit(raw: Books) -> None:
            books = RoomBooks(raw)
            if not mark or self._runner.first_time(books.handled, mark):
                books.outbox.put(row)

        await self._runner.unit(key, unit)

    # -- a source of the pump -------------------------------------------------------------------------

    def items(self, now: datetime) -> Iterator[Item]:
        """See pump.Source."""
        return self._waiting.items(now, self._leaving)

    def later(self, now: datetime) -> datetime | None:
        """See pump.Source."""
        return self._waiting.later(now)

    async def prepare(self, room: str, items: list[Item]) -> Mapping[Item, Outgoing]:
        """The rows as they leave: looked at again, merged where they are told together, new ones marked."""
        now = self._runner.clock.now()
        picks = {item: item.what.pick(now, self._leaving) for item in items}
        held = {row.id for pick in picks.values() for row in (pick.row, *pick.merged)}
        self._leaving |= held
        ready: dict[Item, Outgoing] = {}
        try:
            await self._settle_rest(room)
            ready = await self._ready(room, picks, now)
        finally:
            self._leaving -= held
            self._leaving |= {row.id for row in ready.values()}
        return ready

    async def _ready(self, key: str, picks: Mapping[Item, Pick], now: datetime) -> dict[Item, Outgoing]:
        """What only edits or deletes may be repeated: it needs no mark, so nothing is written before it leaves."""
        books = self._runner.view(key)
        if any(_is_noted(books, pick) for pick in picks.values()):
            return await self._runner.unit(
                key, lambda raw: self._depart(RoomBooks(raw), picks, now), quiet=True
            )
        found = ((item, books.outbox.get(pick.row.id)) for item, pick in picks.items())
        return {item: row for item, row in found if row}

    def _depart(self, books: RoomBooks, picks: Mapping[Item, Pick], now: datetime) -> dict[Item, Outgoing]:
        room = books.room.get(books.raw.room)
        assert room is not None
        nobody, owners = Member(id="", name=""), self._runner.owners
        desk = Desk(books, self._runner.front(), room, nobody, None, now=now, owners=owners)
        ready = {}
        for item, pick in picks.items():
            for id in pick.superseded:
                books.outbox.drop(id)
            stored = item.what.row if item.what.lanes is None else books.outbox.get(pick.row.id)
            row = self._merge(books, pick.merged, desk) if pick.merged else self._look(books, stored, desk)
            if row:
                ready[item] = books.outbox.put(row.changed(leaving=True)) if _is_new(books, row) else row
        return ready

    def _look(self, books: RoomBooks, row: Outgoing | None, desk: Desk) -> Outgoing | None:
        """The row as it is true now. Still marked from before, it may have been said: what came of it was lost."""
        card = self._fresh.look(row.card, desk) if row else None
        if row is None or card is None:
            if row:
                books.outbox.drop(row.id)
            return None
        return row.changed(card=card, again=row.again or row.leaving)

    def _merge(self, books: RoomBooks, rows: Iterable[Outgoing], desk: Desk) -> Outgoing | None:
        """One row in the place of many; None where none of them has anything to say any more."""
        stored = [one for row in rows if (one := books.outbox.get(row.id))]
        cards = [card for row in stored if (card := self._fresh.look(row.card, desk))]
        for row in stored:
            books.outbox.drop(row.id)
        if not cards:
            return None
        since = min(row.due_at or row.at for row in stored)
        again = any(row.again or row.leaving for row in stored)
        card = digest(cards, since, desk) if len(cards) > 1 else cards[0]
        return books.outbox.put(Outgoing(id=books.new_id("o"), card=card, at=since, again=again))

    async def send(self, item: Item, ready: Outgoing) -> None:
        """Hand the row over, and settle it or note what kept it."""
        try:
            sent = await self._sender.deliver(item.room, ready)
        except Exception as error:
            try:
                await self.mishaps.after(item.room, ready, item.chat, error)
            finally:
                self._leaving.discard(ready.id)
            return
        try:
            await self._settle(item.room, ready, sent)
        except Exception:  # it was said: until that is noted it is not free to leave again
            self._unsettled.append((item.room, ready, sent))
            raise
        if item.counts:
            await self.chats.reopen(item.chat)  # it was closed, and one card was let try

    async def _settle(self, key: str, row: Outgoing, sent: Sent | None) -> None:
        now = self._runner.clock.now()
        await self._runner.unit(
            key, lambda raw: record(RoomBooks(raw), row, sent, now), durable=False, quiet=True
        )
        self._leaving.discard(row.id)

    async def _settle_rest(self, key: str) -> None:
        """What was said while nothing could be saved is settled before anything else leaves that room."""
        while one := next((one for one in self._unsettled if one[0] == key), None):
            # First, because another chat of the room may come here while this is being saved.
            self._unsettled.remove(one)
            try:
                await self._settle(*one)
            except Exception:
                self._unsettled.append(one)
                raise


def _is_new(books: RoomBooks, row: Outgoing) -> bool:
    return row.does == "say" and standing(books, row) is None


def _is_noted(books: RoomBooks, pick: Pick) -> bool:
    return _is_new(books, pick.row) or bool(pick.row.card.about)


def _new_id(key: str) -> str:
    return f"{key}-o-{token_hex(8)}"


def record(books: RoomBooks, row: Outgoing, sent: Sent | None, now: datetime) -> None:
    """The row was handed over: note where its message stands, and what that makes needless."""
    settle(books, row, None)
    if sent is None:
        return
    card = row.card
    before = books.sent.get(card.key) if card.key else None
    if before and (before.chat_id, before.message_id) != (
        sent.chat_id,
        sent.message_id,
    ):  # a superseded card loses its buttons
        _tidy_up(books, before, "bare", now)
    if card.key:
        books.sent.put(sent.changed(id=card.key))
    if card.person and sent.chat_id == int(card.person) and (asked := books.sent.get(invited(card.person))):
        books.sent.drop(asked.id)  # the private chat is open: the invitation has done its work
        _tidy_up(books, asked, "delete", now)
    if card.vanishes:
        vanish(books, sent, timedelta(seconds=card.vanishes))
    elif row.chat_id and sent.chat_id == row.chat_id:
        vanish(books, sent)


def _tidy_up(books: RoomBooks, stands: Sent, does: Literal["bare", "delete"], now: datetime) -> None:
    id = f"{books.raw.room}-o-{does}:{stands.chat_id}:{stands.message_id}"
    books.outbox.put(
        Outgoing(
            id=id, card=Card(rank="board"), does=does, at=now, chat_id=stands.chat_id,
            message_id=stands.message_id,
        )
    )  # fmt: skip


def _take_up(books: RoomBooks) -> None:
    for row in books.outbox.by("state", "waiting"):
        if row.leaving:
            books.outbox.put(row.changed(leaving=False, again=True))


def _put_off(row: Outgoing) -> bool:
    return bool(row.tries and row.not_before)


def _try_now(books: RoomBooks) -> None:
    for row in filter(_put_off, books.outbox.by("state", "waiting")):
        books.outbox.put(row.changed(not_before=row.card.not_before))
