"""Everything that runs on one Telegram Application, put together: how it starts, ticks and ends."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot
from telegram.ext import Application

from bot import logs, menus
from bot.aside import Aside
from bot.attachments import Attachments
from bot.checkup import Checkup
from bot.clock import Steps
from bot.handlers import Handlers
from bot.heartbeat import Heartbeat, Vitals
from bot.inbox import Inbox
from bot.jobs import Jobs
from bot.keeping import Keeping
from bot.later import Later
from bot.outbox import Outbox
from bot.pace import Limits
from bot.polling import Polling
from bot.runner import Runner
from bot.screens import Screens
from bot.sender import Sender
from bot.sheet_sync import SheetSync
from bot.ticking import Ticking
from bot.turns import Turns
from playbooks.room import Room
from storage.rows import Line
from storage.sheet_access import Access
from storage.store import NotSaved

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0


class Shiftbot:
    """Everything that runs on one bot: inbox, handlers, outbox, board, jobs."""

    def __init__(
        self,
        application: Application[Any, Any, Any, Any, Any, Any],
        runner: Runner,
        bot_name: str,
        limits: Limits | None,
        sheets: Access | None = None,
    ) -> None:
        self.application = application
        self.runner = runner
        self.bot: Bot = application.bot
        assert isinstance(application.update_processor, Turns)
        self.inbox = Inbox(runner)
        self.turns: Turns = application.update_processor
        self.turns.attach(application, self.inbox, Aside(self.bot, runner, self.inbox))
        self.polling = Polling(self.bot, self.inbox, runner.clock)
        self.jobs = Jobs(self.bot, runner)
        self.later = Later(runner)
        self.keeping = Keeping(runner)
        self.sheets = SheetSync(runner, sheets)
        runner.sheet_address = sheets.email if sheets else ""
        self.sender = Sender(self.bot, runner, Attachments(runner, {"health": self._checkup}))
        self.outbox = Outbox(self.sender, runner, bot_name, limits)
        self.screens = Screens(self.bot, runner, self.outbox)
        runner.units.on_commit.append(self._committed)
        self.vitals = Vitals(runner, self.inbox, self.outbox)
        self.heartbeat: Heartbeat | None = None
        """Where one is kept: of the real thing only."""
        self._steps = Steps(runner.clock)
        self._ticking = Ticking("tick", TICK_SECONDS, self.tick)
        self._workers = (
            self.outbox.pump, self.screens.worker, self.jobs.worker, self.keeping.worker, self.sheets.worker,
        )  # fmt: skip
        handlers = Handlers(self.bot, runner, self.outbox, self.turns, bot_name)
        application.add_handlers(handlers.listed())
        application.add_error_handler(handlers.fault)

    def _committed(self, room: str) -> None:
        self._wake()

    def _wake(self) -> None:
        for worker in (self.outbox.pump, self.screens.worker, self.jobs.worker):
            worker.wake()

    # -- life ----------------------------------------------------------------------------------------

    async def start(self, *, ticking: bool = True) -> None:
        """Begin work on a started application, first with what a crash left undone; `ticking` follows the machine's
        clock. Updates may come once this returns."""
        await self.later.take_back()
        await self.outbox.begin()
        for worker in self._workers:
            worker.start(ticking=ticking)
        if ticking:
            self._ticking.start()
        await self.turns.replay()

    async def stop(self) -> None:
        """End the workers; what waits is stored."""
        await self._ticking.stop()
        for worker in reversed(self._workers):
            await worker.stop()

    async def close(self) -> None:
        """Once the application has handled what it was given: write that down, and end the threads."""
        await self.inbox.note()
        await self.runner.units.finish()
        self.sheets.close()
        self.runner.close()

    async def _checkup(self, room: Room) -> list[Line]:
        return await Checkup(self.bot, self.runner, self.outbox, self.vitals, self.sheets).lines(room)

    async def introduce(self) -> None:
        """Tell Telegram the command menu, in every language."""
        runner = self.runner
        await menus.introduce(self.bot, [*runner.commands.values(), *runner.front_commands.values()])

    async def tick(self) -> None:
        """Do what is due and let leave what waited for its time."""
        self.turns.try_again(self.runner.clock.now())
        for step in (
            self._look_at_clock, self.later.tick, self.inbox.note, self.inbox.tidy, self.outbox.tick,
            self.runner.units.flush,
        ):  # fmt: skip
            await self._step(step)
        self.keeping.tick()
        self.sheets.tick()
        self._wake()
        if self.heartbeat:
            await self.heartbeat.beat()

    async def _step(self, step: Callable[[], Awaitable[None]]) -> None:
        """A part of the tick; what goes wrong in it keeps none of the others from being done."""
        try:
            await step()
        except NotSaved as error:
            log.error("a tick could not be saved: %s", error)
        except Exception as error:
            log.error("a part of the tick failed: %s", logs.stack(error))

    async def _look_at_clock(self) -> None:
        if by := self._steps.back():
            await self._set_back(by)

    async def _set_back(self, by: timedelta) -> None:
        """The machine's clock was set back `by`: a moment noted before would be waited for that much longer."""
        log.warning("the clock was set back by %s s", int(by.total_seconds()))
        self.inbox.last_poll = self.inbox.last_poll and self.inbox.last_poll - by
        self.turns.set_back()
        self.inbox.conflict_at = None
        self.later.set_back()
        self.screens.set_back()
        self.sheets.set_back()
        self.outbox.chats.set_back(by)
        await self._step(self.jobs.set_back)
        await self.outbox.set_back(by)

    def next_moment(self) -> datetime | None:
        """When there is next something to do that only the clock brings."""
        moments = (
            self.later.next_due(),
            self.outbox.next_moment(),
            self.jobs.next_moment(),
            self.keeping.next_moment(),
            self.sheets.next_moment(),
        )
        return min((m for m in moments if m), default=None)

    @property
    def quiet(self) -> bool:
        """Nothing is being worked on and nothing is left to do at this moment."""
        return self.turns.idle and all(worker.quiet for worker in self._workers)
