"""Turns: updates come from the inbox and are handled in order per chat, chats side by side, three tries each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import Application, BaseUpdateProcessor

from bot import logs
from bot.aside import Aside
from bot.inbox import Inbox, Raw
from storage.rows import Incoming
from storage.store import NotSaved
from storage.vault import Sealed

log = logging.getLogger(__name__)

TRIES = 3
ALONE_FROM = 2
"""Starts after which an update is handled alone: it was there each time the process died."""
UNSAVED_REST = timedelta(seconds=30)
"""How long updates that could not be saved wait before they are tried again."""
MOST_AT_ONCE = 4096
"""Updates taken up at a time: those that wait for their chat's turn must not use up the places of others."""


class Turns(BaseUpdateProcessor):
    """PTB's update processor over our inbox. `attach` comes before the first update."""

    _app: Application[Any, Any, Any, Any, Any, Any]
    _inbox: Inbox
    _aside: Aside

    def __init__(self) -> None:
        super().__init__(max_concurrent_updates=MOST_AT_ONCE)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        """Chat -> who has its turn; there as long as somebody has or wants it."""
        self._failed: dict[int, Exception] = {}
        self._replayed: set[int] = set()
        self._unsaved: list[Update] = []
        self._rests_until: datetime | None = None
        self._taking = 0

    def attach(self, app: Application[Any, Any, Any, Any, Any, Any], inbox: Inbox, aside: Aside) -> None:
        """Where updates are handled, kept, and told of when they cannot be handled."""
        self._app, self._inbox, self._aside = app, inbox, aside

    @property
    def idle(self) -> bool:
        """No update is being stored, waits for its turn or is worked on."""
        return not self._taking and self._app.update_queue.empty() and not self.current_concurrent_updates

    # -- in ------------------------------------------------------------------------------------------

    async def receive(self, raws: Sequence[Raw]) -> None:
        """Store updates and hand them over; what is known already is left out. They were received once this
        returns. A caller who is cancelled does not undo it: what is stored is handed over all the same."""
        await asyncio.shield(self._take(raws))

    async def _take(self, raws: Sequence[Raw]) -> None:
        self._taking += 1
        try:
            for raw in await self._inbox.keep(raws):
                update = await self._read(raw)
                if update is not None:
                    self._app.update_queue.put_nowait(update)
        finally:
            self._taking -= 1

    async def _read(self, raw: Raw) -> Update | None:
        """The update, or None where PTB cannot read it: then it was set aside and does not hold up the others."""
        try:
            return Update.de_json(raw, self._app.bot)
        except Exception as error:
            log.error("update %s cannot be read: %s", raw["update_id"], type(error).__name__)
            await self._put_unreadable(raw["update_id"], error)
            return None

    async def _put_unreadable(self, number: int, error: Exception) -> None:
        try:
            await self._aside.unreadable(number, error)
        except Exception as failed:  # those that came with it are stored, and must be handed over now
            log.error("update %s is not set aside, it waits: %s", number, logs.stack(failed))

    # -- after a crash -------------------------------------------------------------------------------

    async def replay(self) -> None:
        """Hand over what a former life of the process left unhandled, in the order received."""
        rows = await self._inbox.left_over()
        for row in rows:
            if row.starts >= ALONE_FROM:
                await self._alone(row)
        for row in rows:
            if row.starts < ALONE_FROM and (update := await self._again(row)):
                self._app.update_queue.put_nowait(update)

    async def _again(self, row: Incoming) -> Update | None:
        self._replayed.add(int(row.id))
        try:
            return await self._read(self._inbox.opened(row))
        except Sealed as error:
            log.error("update %s cannot be opened (%s): is its key in PII_KEYS?", row.id, error)
            await self._aside.unreadable(int(row.id), error)
            return None

    async def _alone(self, row: Incoming) -> None:
        """Handle an update while nothing else is: whatever kills the process is found out and set aside."""
        update = await self._again(row)
        if update is None:
            return
        if row.tries >= TRIES:
            log.error("update %s ended the process %s times", row.id, row.tries)
            await self._aside.put(update, "ProcessEnded", row.tries)
            return
        try:
            await self._inbox.begin_alone(row)
        except NotSaved as failed:  # uncounted it might end the process for ever
            log.error("update %s waits for the next start: %s", row.id, failed)
            return
        await self.process_update(update, self._app.process_update(update))
        await self._inbox.note()

    def is_replayed(self, number: int) -> bool:
        """Whether the update was taken up before: an answer to it may be the second one."""
        return number in self._replayed

    def try_again(self, now: datetime) -> None:
        """Hand over once more what could not be saved, after a rest."""
        if self._unsaved and (self._rests_until is None or self._rests_until <= now):
            self._rests_until = now + UNSAVED_REST
            again, self._unsaved = self._unsaved, []
            for update in again:
                self._replayed.add(update.update_id)
                self._app.update_queue.put_nowait(update)

    def set_back(self) -> None:
        """The clock was set back: nothing rests that much longer."""
        self._rests_until = None

    # -- in turn -------------------------------------------------------------------------------------

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle the update once those before it in its chat are through."""
        assert isinstance(update, Update)
        chat = update.effective_chat.id if update.effective_chat else 0
        lock = self._locks.setdefault(chat, asyncio.Lock())
        async with lock:
            await self._handle(update, coroutine)
        self._replayed.discard(update.update_id)

    async def _handle(self, update: Update, work: Awaitable[Any]) -> None:
        error = await self._once(update, work)
        for _ in range(TRIES - 1):
            if error is None or isinstance(error, NotSaved):
                break
            error = await self._once(update, self._app.process_update(update))
        if error is None:
            self._inbox.done(update.update_id)
        elif isinstance(error, NotSaved):  # no fault of the update: it is tried until it can be saved
            log.error("update %s waits until it can be saved: %s", update.update_id, error)
            self._unsaved.append(update)
        else:
            await self._aside.put(update, type(error).__name__, TRIES)

    async def _once(self, update: Update, work: Awaitable[Any]) -> Exception | None:
        """One try; what a handler raised. PTB gives that to the error handler alone, which tells `failed`."""
        await work
        return self._failed.pop(update.update_id, None)

    def failed(self, update: Update, error: Exception) -> None:
        """A handler raised: the try did not count."""
        self._failed[update.update_id] = error

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""
