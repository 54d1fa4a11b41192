"""The heartbeat: every ten seconds the process says how it is, in a file and to systemd."""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import ValidationError

from bot import health
from bot.clock import Clock
from bot.health import BEAT_EVERY, DUE_LATE, Check, Pulse
from bot.inbox import Inbox
from bot.later import overdue
from bot.outbox import Outbox
from bot.runner import Runner
from bot.systemd import Systemd
from storage.books import RoomBooks

log = logging.getLogger(__name__)

FILE = "heartbeat.json"


class Vitals:
    """Reads off the running bot what a Pulse says. Cheap: everything is in memory."""

    def __init__(self, runner: Runner, inbox: Inbox, outbox: Outbox) -> None:
        self._runner = runner
        self._inbox = inbox
        self._outbox = outbox
        self._started_at = runner.clock.now()
        self.polls = True
        """False where Telegram posts updates to us."""

    def pulse(self) -> Pulse:
        """How the bot is now."""
        now = self._runner.clock.now()
        rooms = [self._runner.view(key) for key in self._runner.store.rooms()]
        return Pulse(
            pid=os.getpid(), version=version("shiftbot"), at=now, started_at=self._started_at, polls=self.polls,
            last_poll_at=self._inbox.last_poll, waiting=self._outbox.count(),
            oldest_card_at=self._outbox.oldest(), troubles=self._runner.units.unsaved() | self._runner.store.troubles(),
            overdue=sum(_overdue(books, now - DUE_LATE) for books in rooms),
            conflict_at=self._inbox.conflict_at, aside=len(self._runner.front().inbox.by("state", "aside")),
        )  # fmt: skip


def _overdue(books: RoomBooks, before: datetime) -> int:
    """Rows that are late. One that cannot be read is not well, and no reason not to beat."""
    try:
        return len(overdue(books.due, before))
    except ValidationError:
        return 1


class Heartbeat:
    """Writes a pulse to `folder` and feeds systemd's watchdog, as long as somebody calls `beat`: the tick does."""

    def __init__(self, folder: Path, vitals: Vitals, clock: Clock, systemd: Systemd) -> None:
        self._path = folder / FILE
        self._vitals = vitals
        self._clock = clock
        self._systemd = systemd
        self._last: float | None = None

    async def beat(self) -> None:
        """Say how it is, where the last time is long enough ago. A disk that takes no file ends nothing."""
        now, ticks = self._clock.now(), self._clock.ticks()
        if self._last is not None and ticks - self._last < BEAT_EVERY.total_seconds():
            return
        self._last = ticks
        pulse = self._vitals.pulse()
        self._tell_systemd(pulse, now)
        try:
            await asyncio.to_thread(write, self._path, pulse)
        except OSError as error:
            log.error("the heartbeat is not written: %s", error)

    def _tell_systemd(self, pulse: Pulse, now: datetime) -> None:
        """Alive means that the loop turns and Telegram is heard: what a restart may cure, and nothing else."""
        status = f"{pulse.waiting} cards waiting, {len(pulse.troubles)} rooms in trouble"
        if health.poll(pulse, now).ok:
            self._systemd.alive(status)
        else:
            self._systemd.status(f"Telegram is not heard; {status}")


def write(path: Path, pulse: Pulse) -> None:
    """Replace the file at once, so that whoever reads it finds a whole one. Not synced: it is old in a minute."""
    fresh = path.with_suffix(".tmp")
    fresh.touch(mode=0o600)  # as everything in the data folder
    fresh.write_text(pulse.model_dump_json(), encoding="utf-8")
    fresh.replace(path)


def read(path: Path) -> Pulse | None:
    """The last pulse; None where there is none. ValueError where the file is not one of this version."""
    try:
        return Pulse.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise ValueError(f"{path} is not a heartbeat of this version") from error


def judge(folder: Path, now: datetime) -> list[Check]:
    """What the heartbeat in `folder` says of the bot there, looked at from another process."""
    try:
        pulse = read(folder / FILE)
    except ValueError:
        return [health.check("process", False, "health.unreadable")]
    if pulse is None:
        return [health.check("process", False, "health.never_ran")]
    pid = str(pulse.pid)
    if not is_alive(pulse.pid):
        age = health.seconds(now - pulse.at)
        return [health.check("process", False, "health.ended", pid=pid, age=age)]
    process = health.check("process", True, "health.process", pid=pid, version=pulse.version)
    return [process, health.heartbeat(pulse, now), *health.checks(pulse, now)]


def is_alive(pid: int) -> bool:
    """Whether there is such a process on this machine, whoever's it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
