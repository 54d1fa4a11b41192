"""A week of four streams, scripted by seed and played at the bot minute by minute; the ledger is the script's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from tests.support.evening import BOSS, MEI, OPS
from tests.support.week_after import After
from tests.support.week_ledger import LIFE, MINUTE, Sale
from tests.support.week_played import CREW, ON_AIR

DAYS = (11, 12, 13, 14)
EXPORTS = (18, 34)
"""Minutes after the beginning; the last comes when every order was paid or is dead."""


class Stream(After):
    """One evening, and what the days after it bring."""

    async def play(self) -> None:
        """From the run sheet to the export that makes the review."""
        await self._prepare()
        for plan in (
            self._switches,
            self._orders,
            self._changes,
            self._questions,
            self._mishaps,
            self._given,
        ):
            plan()
        for minute in EXPORTS:
            self._at(self.start + minute * MINUTE, self._work)
        await self._run(self.start + ON_AIR * MINUTE)
        await self.says(OPS, "下播")
        self.watch.happened()
        self.ledger.off = self.now
        slow = [
            q for q in self.ledger.questions if not q.answered or q.answered - min(q.asks.values()) > MINUTE
        ]
        self.watch.questions_left(len(slow))
        await self.wind(self.start + ON_AIR * MINUTE + LIFE + 4 * MINUTE)
        await self.export()
        for one in self.ledger.sales:
            if one.paid_at and self.ledger.in_dispute(one):
                one.explained = "open"

    async def _prepare(self) -> None:
        await self.wind(self.start - 20 * MINUTE)
        for who in CREW:
            await self.says(who, "/in")
        self.ledger.prices = {n: Decimal(self.dice.randrange(39, 200)) for n in self.ledger.names}
        rows = [f"{n} {name} {self.ledger.prices[n]}" for n, name in self.ledger.names.items()]
        await self.says(OPS, "\n".join(rows))
        await self.shift.press(OPS, f"启用这 {len(rows)} 款")
        await self.wind(self.start)
        await self.says(OPS, "开播")
        self.watch.happened()
        self.ledger.live = self.now

    def _switches(self) -> None:
        """All products but the last, which nobody announces; the one before comes late."""
        links = [*self.ledger.names][:-1]
        apart = (ON_AIR - 4) / len(links)
        for n, link in enumerate(links):
            self._at(self.start + timedelta(minutes=1 + int(n * apart)), partial(self._switch, link))

    async def _switch(self, link: int) -> None:
        await self.says(OPS, f"开讲 {link}")
        self.ledger.aired.append((self.now, link))
        self.watch.happened()

    # -- the days after ------------------------------------------------------------------------------

    async def hold_work(self) -> None:
        """Before midnight each held order is left, claimed, handed on or waived by name."""
        for one in (s for s in self.ledger.sales if s.hold == "open"):
            id, what = (
                f"a1-h{one.number}",
                self.dice.choice(["open", "claimed", "handed", "waived", "solved"]),
            )
            if what in ("claimed", "handed"):
                await self.says(MEI, f"/hold {id}")
            if what == "handed":
                await self.says(MEI, f"/hand {id}")
            if what == "waived":
                await self.says(BOSS, f"/waive {id} 买家自提")
            one.hold = what  # the next export shows the place of a solved one changed

    async def late_data(self, clock: str) -> None:
        """Another day: some paid orders were refunded, some received; what a solved hold says has changed."""
        await self.wind(_on(self.start, clock, days=1))
        paid = [s for s in self.ledger.sales if s.paid_at and not s.hold and not self.ledger.in_dispute(s)]
        for one in paid:
            what = self.dice.choices(["refunded", "received", ""], [1, 3, 2])[0]
            if what == "refunded":
                one.refunded_at = self.now
            if what == "received":
                one.received_at, one.invited = self.now - MINUTE, "open"
        await self.export()

    async def enters(self) -> None:
        """What nobody can count."""
        told = {"goal_net_sales": "目标净销售", "viewers": "场观", "goal_viewers": "目标场观"}
        self.ledger.entered = {id: Decimal(self.dice.randint(800, 5000)) for id in told}
        typed = " ".join(f"{word} {self.ledger.entered[id]}" for id, word in told.items())
        await self.says(BOSS, f"/enter {typed}")

    async def follows_up(self, sales: list[Sale], most: int) -> None:
        """An agent takes the next work so often and does it, of whichever stream it is."""
        for _ in range(most):
            card = await self.says(MEI, "接活")
            one = next((s for s in sales if s.number in card), None)
            if one is None:
                return
            if one.explained == "open":
                await self.says(MEI, f"/followed a1-q{one.number} explained")
                one.explained = "done"
            else:
                await self.says(MEI, f"/followed a1-v{one.number} sent")
                one.invited = "done"

    async def goes_home(self) -> None:
        """Past nine nobody's buyer is dealt any more; then all sign out."""
        self.watch.dealt_at_night(await self.says(MEI, "接活"))
        for who in CREW:
            await self.says(who, "/out")


def _on(start: datetime, clock: str, days: int) -> datetime:
    hour, minute = (int(part) for part in clock.split(":"))
    return (start + timedelta(days=days)).replace(hour=hour, minute=minute)
