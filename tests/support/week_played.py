"""The steps of one stream of the simulated week in the order of their moments."""

from __future__ import annotations

import heapq
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, SHANGHAI, Shift
from tests.support.week_ledger import Ledger
from tests.support.week_watch import Watch

AGENTS = (MEI, QIANG)
CREW = (BOSS, OPS, MEI, QIANG, CHEN)
ON_AIR = 48
"""Minutes."""
GOODS = ("玫瑰精华水", "轻盈防晒霜", "净颜卸妆膏", "丝绒口红", "修护面膜", "山茶花护手霜")
Step = Callable[[], Awaitable[None]]


class Played:
    """What is to happen when, and how people speak to the bot."""

    def __init__(self, shift: Shift, watch: Watch, day: int, seed: int) -> None:
        self.shift = shift
        self.watch = watch
        self.day = day
        self.dice = random.Random(seed * 100 + day)
        self.other = random.Random(seed * 7919 + day)
        """For what is dealt with beside the stream."""
        self.start = datetime(2026, 11, day, 20, tzinfo=SHANGHAI)
        count = self.dice.randint(4, len(GOODS))
        self.ledger = Ledger(names=dict(enumerate(self.dice.sample(GOODS, count), 1)))
        self.on_duty = set(AGENTS)
        self._steps: list[tuple[datetime, int, Step]] = []
        self._made = 0

    # -- moving on -----------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.shift.clock.now()

    def _at(self, moment: datetime, step: Step) -> None:
        self._made += 1
        heapq.heappush(self._steps, (moment, self._made, step))

    def _later(self, low: float, high: float, step: Step) -> None:
        """At some second between two minutes of the stream."""
        self._at(self.start + timedelta(seconds=self.dice.randint(int(low * 60), int(high * 60))), step)

    async def _run(self, until: datetime) -> None:
        while self._steps:
            at, _, step = heapq.heappop(self._steps)
            await self.wind(at)
            await step()
        await self.wind(until)

    async def wind(self, to: datetime) -> None:
        if to > self.now:
            await self.shift.here.wind(to)
        self.watch.look()

    async def says(self, who: int, text: str) -> str:
        """`who` writes in private; what the bot answered there."""
        said = await self.shift.asks(who, text)
        self.watch.look(who)
        return "\n".join(said)
