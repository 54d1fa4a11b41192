"""The stage: the very same bot on the Telegram core, with people, a store and a clock to wind.

Tests and the rehearsal page stand on it. Nothing here decides anything: it says, presses, sends and winds.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import Shiftbot
from bot.build import AnyApplication, application, shiftbot
from bot.clock import WoundClock
from bot.pace import Limits
from bot.rehearsal.telegram import InProcessRequest, Message, TelegramCore
from bot.rehearsal.telegram.presses import Answer
from storage.books import BOOKS
from storage.sheet_access import Access
from storage.store import Store
from storage.tiny import TinyStore
from storage.tiny_disk import Disk
from storage.vault import NO_KEYS, Vault

PATIENCE = 120.0
"""Seconds of real time after which a stage that does not come to rest is a fault."""
PAUSE, LONGEST_PAUSE = 0.0005, 0.005
"""Seconds between two looks whether it has, longer with each look: looking takes the turns of those who work."""


class Stage:
    """A running bot with its world. `await` a step and everything it causes has happened."""

    def __init__(
        self, core: TelegramCore, clock: WoundClock, store: Store, app: AnyApplication, bot: Shiftbot
    ) -> None:
        self.core = core
        self.clock = clock
        self.store = store
        self.app = app
        self.bot = bot

    # -- steps ---------------------------------------------------------------------------------------

    async def says(
        self,
        who: int,
        chat: int,
        text: str,
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        mention: Mapping[str, int] | None = None,
    ) -> None:
        """`who` writes `text` in `chat`."""
        self.core.send_text(who, chat, text, reply_to=reply_to, thread=thread, mention=mention or {})
        await self.settle()

    async def sends(self, who: int, chat: int, name: str, data: bytes) -> None:
        """`who` sends a document."""
        self.core.send_document(who, chat, name, data)
        await self.settle()

    async def starts(self, who: int, payload: str = "") -> None:
        """`who` opens the private chat."""
        self.core.start(who, payload)
        await self.settle()

    async def presses(
        self, who: int, chat: int, message_id: int, button: str, *, outdated: bool = False
    ) -> Answer | None:
        """`who` presses a button, by its caption or data; what the bot answered.

        `outdated`: the button (by its data) still stands on a client that has not seen the newest edit.
        """
        press = self.core.press(who, chat, message_id, button, outdated=outdated)
        await self.settle()
        return press.answer

    async def wind(self, to: datetime) -> None:
        """Wind the clock, stopping at each moment something is due, so that it does not look like downtime."""
        while (due := self._next_moment()) is not None and due <= to:
            self.clock.wind(due)
            await self._tick()
        self.clock.wind(to)
        await self._tick()

    async def wind_by(self, span: timedelta) -> None:
        """Wind the clock on by `span`."""
        await self.wind(self.clock.now() + span)

    async def _tick(self) -> None:
        await self.bot.tick()
        await self.settle()

    def _next_moment(self) -> datetime | None:
        return self.bot.next_moment()

    # -- rest ----------------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Until every update is handled, every card has left and nothing is being worked on."""
        async with asyncio.timeout(PATIENCE):
            still, pause = 0, PAUSE
            while still < 3:  # a task that was just woken needs a turn to say that it is busy
                await asyncio.sleep(0)
                resting = self.core.pending_updates() == 0 and self.bot.quiet
                still = still + 1 if resting else 0
                if not resting:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)

    # -- what people see -----------------------------------------------------------------------------

    def chat(self, chat: int) -> list[Message]:
        """The messages that stand in a chat now."""
        return self.core.messages(chat)

    def last(self, chat: int) -> Message:
        """The bot's newest message in a chat."""
        return self.core.said(chat)[-1]


@asynccontextmanager
async def stage(
    core: TelegramCore,
    clock: WoundClock,
    data: Path,
    owners: set[int],
    *,
    ticking: bool = False,
    disk: Disk | None = None,
    limits: Limits | None = None,
    vault: Vault = NO_KEYS,
    sheets: Access | None = None,
) -> AsyncIterator[Stage]:
    """Put the bot on `core` with a TinyDB store in `data`; entered again on the same folder, it goes on.

    `limits`: Telegram's, kept by `clock`; on a clock that stands, nothing more leaves until it is wound.
    """
    store = TinyStore(data, BOOKS, disk=disk)
    request = InProcessRequest(core)
    app = application(core.token, request=request)
    try:
        bot = await shiftbot(
            app, store, clock, (str(one) for one in owners), limits=limits, vault=vault, sheets=sheets
        )
        async with _running(app, bot, ticking=ticking):
            here = Stage(core, clock, store, app, bot)
            await here.settle()
            yield here
    finally:
        store.close()


@asynccontextmanager
async def _running(app: AnyApplication, bot: Shiftbot, *, ticking: bool) -> AsyncIterator[None]:
    """The bot polling; whatever happens in between, everything it started is ended."""
    await app.start()
    await bot.start(ticking=ticking)
    bot.polling.start()
    try:
        yield
    finally:
        await bot.polling.stop()
        await bot.stop()
        await app.stop()
        await bot.close()
        await app.shutdown()
