"""The crash run: the real process under load, killed at random moments, started again, and examined at the end."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.rehearsal.telegram.http import serve
from tests.support.crash import check
from tests.support.crash.evening import AGENTS, BOSS, set_up
from tests.support.crash.load import Load
from tests.support.crash.marks import Marks
from tests.support.crash.wire import Wire

TOKEN = "7000000001:AAexampleexampleexampleexampleexample"
ROOT = Path(__file__).parents[3]
SYNC_MS = 4.0
APART_MS = 60.0
LIVES = (0.05, 1.2)
"""Seconds between the first poll of a process and its end."""
UNBORN = 0.15
"""Share of the kills that fall before the first poll: while the store opens and what is left over is done again."""
AIMS = ("unit", "send", "", "")
"""What a kill waits for, by turns: an open unit of work, a card on its way, at most `AIMED` seconds; or nothing."""
AIMED = 5.0
OPS_REST = 4.0
LAST_WORDS = 0.1
"""Seconds in which what a killed process had written to its sockets still arrives."""
LONGEST_REST = 150.0


@dataclass
class Figures:
    """What happened; `faults` are the promises broken."""

    kills: int = 0
    in_units: int = 0
    in_syncs: int = 0
    in_sends: int = 0
    sent_unheard: int = 0
    before_poll: int = 0
    updates: int = 0
    told_again: int = 0
    effects: int = 0
    marked: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The figures in words."""
        return [
            f"{self.kills} kills in {self.seconds:.0f} s, {self.before_poll} of them before the first poll",
            f"  inside units {self.in_units} (waiting for the disk {self.in_syncs}), inside sends {self.in_sends}"
            f" (after their effect {self.sent_unheard})",
            f"{self.updates} updates, {self.told_again} told again by Telegram; {self.effects} acknowledged effects",
            f"repeats marked 重发: {self.marked}; errors logged: {len(self.errors)}",
            *(f"BROKEN: {fault}" for fault in self.faults),
        ]


async def crash_run(
    folder: Path, kills: int, seed: int, *, id_apart: bool = False, agents: int = len(AGENTS)
) -> Figures:
    """Kill the bot `kills` times under load, let it come to rest, stop it, and examine what it left.

    `id_apart` runs the broken variant, with every kill aimed between the two units.
    """
    began = time.monotonic()
    core = Wire(lambda: datetime.now(UTC), token=TOKEN, seed=seed)
    group = await set_up(core, folder / "data")
    core.heard.clear()
    marks, figures, load = (
        Marks(folder / "marks"),
        Figures(),
        Load(core, group, seed, ops_rest=0.0 if id_apart else OPS_REST),
    )
    async with serve(core) as base:
        crew = _Crew(core, marks, folder, base, id_apart=id_apart)
        load.start(agents=agents)
        chance = random.Random(seed)
        for number in range(kills):
            await crew.one_life(chance, figures, AIMS[number % len(AIMS)])
        async with crew.running() as last:
            await load.finish()
            await _come_to_rest(core, folder / "data", last)
            last.send_signal(signal.SIGTERM)
            figures.faults += [] if await last.wait() == 0 else [f"it ended with {last.returncode}"]
    asked = load.asked
    figures.updates, figures.effects = asked.updates(), len(asked.seen) + _answered(load)
    figures.told_again = sum(1 for count in core.told.values() if count > 1)
    figures.marked = sum(1 for h in core.heard if check.MARK in h.text and not h.edited)
    figures.errors = [line for line in crew.log() if " ERROR " in line or line.startswith("Traceback")]
    figures.faults += check.faults(core, folder / "data", asked)
    figures.seconds = time.monotonic() - began
    return figures


def _answered(load: Load) -> int:
    presses = [press for _, press in load.asked.steps] + [press for *_, press in load.asked.known]
    return sum(1 for press in presses if press.answer and press.answer.text)


async def _come_to_rest(core: Wire, data: Path, process: asyncio.subprocess.Process) -> None:
    """Until nothing has been waiting for a while; what still waits after LONGEST_REST, `check.faults` names."""
    over, quiet = time.monotonic() + LONGEST_REST, 0
    while quiet < 3 and process.returncode is None and time.monotonic() < over:
        await asyncio.sleep(0.4)
        still = not core.pending_updates() and not core.under_way() and check.resting(data)
        quiet = quiet + 1 if still else 0


class _Crew:
    """Starts the bot and kills it."""

    def __init__(self, core: Wire, marks: Marks, folder: Path, base: str, *, id_apart: bool) -> None:
        self._core = core
        self._marks = marks
        self._folder = folder
        self._base = base
        self._apart = id_apart

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """The bot as a process of its own; killed, if it still runs, when the block is left."""
        self._marks.clear()
        self._core.lives += 1
        more = ["--id-apart-ms", str(APART_MS)] if self._apart else []
        with (self._folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.support.crash.child", "--marks", str(self._folder / "marks"),
                "--sync-ms", str(SYNC_MS), *more, cwd=self._folder, stderr=log, env=self._environment(),
            )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def one_life(self, chance: random.Random, figures: Figures, aim: str) -> None:
        """Start it, let it live for a while, kill it, and note what that fell into."""
        polls = self._core.polls
        async with self.running() as process:
            if chance.random() < UNBORN and not aim and not self._apart:
                await asyncio.sleep(chance.uniform(0.3, 1.0))
            else:
                await self._first_poll(polls, process)
                await asyncio.sleep(chance.uniform(*LIVES))
            if self._apart:
                await self._until(lambda: self._marks["apart"] > 0, 30.0)
            elif aim == "unit":
                await self._until(lambda: self._marks["unit"] > 0, AIMED)
            elif aim == "send":
                await self._until(self._core.under_way, AIMED)
            process.kill()
            on_the_way = self._core.under_way()
            await process.wait()
            await asyncio.sleep(LAST_WORDS)
        figures.kills += 1
        figures.before_poll += self._core.polls == polls
        figures.in_units += self._marks["unit"] > 0
        figures.in_syncs += self._marks["sync"] > 0
        figures.in_sends += bool(on_the_way)
        figures.sent_unheard += any(where == "back" for _, where in on_the_way)

    async def _first_poll(self, polls: int, process: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(60):
            while self._core.polls == polls:
                if process.returncode is not None:
                    raise RuntimeError(f"the bot ended by itself: {self.log()[-20:]}")
                await asyncio.sleep(0.01)

    async def _until(self, seen: Callable[[], object], seconds: float) -> None:
        """Until that is so, or `seconds` have passed."""
        over = time.monotonic() + seconds
        while not seen() and time.monotonic() < over:  # noqa: ASYNC110 - another process makes the mark
            await asyncio.sleep(0.001)

    def log(self) -> list[str]:
        """What the bot logged in all its lives."""
        return (self._folder / "bot.log").read_text(errors="replace").splitlines()

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
        ours = {"PYTHONPATH": str(ROOT), "DATA_DIR": str(self._folder / "data"), "NO_PROXY": "*"}
        bot = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": self._base, "OWNER_IDS": str(BOSS)}
        return {**kept, **ours, **bot}
