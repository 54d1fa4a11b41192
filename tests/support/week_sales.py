"""Orders of a simulated stream, its exports, and how the agents chase what is unpaid."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from playbooks.chase import chase_id
from tests.support.evening import OPS
from tests.support.week_ledger import LIFE, MINUTE, Sale
from tests.support.week_orders import export_of
from tests.support.week_played import ON_AIR, Played

FATES = {"at_once": 5, "alone": 2, "left": 2, "recovered": 3, "failed": 2, "cancelled": 1}


class Sales(Played):
    """Orders with the fate the script gave them."""

    def _orders(self) -> None:
        for n in range(self.dice.randint(15, 22)):
            at = self.start + timedelta(seconds=self.dice.randint(30, (ON_AIR - 2) * 60))
            self._place(n, at, self.dice.choice([*self.ledger.names]))

    def _place(self, n: int, at: datetime, link: int, fate: str = "") -> Sale:
        """An order; what it will cost stands in the ledger only when its minute has come."""
        fate = fate or self.dice.choices([*FATES], [*FATES.values()])[0]
        one = Sale(f"69179267{self.day}{n:09}", link, at, Decimal(0), fate)
        if fate == "at_once":
            one.paid_at = at + MINUTE
            one.region = "台湾省" if self.dice.random() < 0.45 else ""
        elif fate == "alone":
            one.paid_at = at + timedelta(seconds=self.dice.randint(200, 1700))
        elif fate == "cancelled":
            one.cancelled_at = at + timedelta(seconds=self.dice.randint(60, 1700))
        self._at(at, partial(self._placed, one))
        return one

    async def _placed(self, one: Sale) -> None:
        one.amount = self.ledger.prices[one.link]
        self.ledger.sales.append(one)

    async def export(self) -> None:
        """As the platform has it now; what is unpaid in it is known to be from now on."""
        self._see()
        await self.shift.sends(OPS, *export_of(self.ledger.sales, self.ledger.names, self.now))
        self.watch.look(OPS)

    def _see(self) -> None:
        for one in self.ledger.sales:
            unpaid = one.paid_at is None or one.paid_at > self.now
            alive = self.now < one.at + LIFE and not (one.cancelled_at and one.cancelled_at <= self.now)
            one.seen_unpaid |= unpaid and alive
            if one.region and one.paid_at and one.paid_at <= self.now and not one.hold:
                one.hold = "open"

    async def _work(self) -> None:
        """An export, and the agents contact whom they mean to contact."""
        await self.export()
        meant = [s for s in self.ledger.sales if s.fate in ("recovered", "failed") and not s.contacted_at]
        for one in meant:
            left = one.at + LIFE - self.now
            if left > 4 * MINUTE:
                await self._contact(one, self.dice.choice(sorted(self.on_duty)))

    async def _contact(self, one: Sale, who: int) -> None:
        id = chase_id("a1", one.number)
        await self.says(who, f"/claim {id}")
        steps = ["button"] if self.dice.random() < 0.6 else ["phone", "button", "message"]
        one.contacted_at, one.agent = self.now, who
        for step in steps:
            await self.says(who, f"/step {id} {step}")
        one.channels = steps
        if one.fate == "recovered":
            left = int((one.at + LIFE - self.now).total_seconds())
            one.paid_at = self.now + timedelta(seconds=self.dice.randint(60, left - 60))
        elif len(steps) > 1:
            one.reason = self.dice.choice(["price", "pay_balance", "shop_competitor"])
            await self.says(who, f"/said {id} refused {one.reason}")
