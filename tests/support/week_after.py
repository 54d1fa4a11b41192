"""The day after a stream of the simulated week: cases are put in, promises made, some of them dealt with.

It has its own dice, which leave the streams as they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from tests.support.evening import BOSS, MEI, NAMES, QIANG
from tests.support.week_cases import Dealt, Promised, number_in
from tests.support.week_ledger import Ledger
from tests.support.week_talk import Talk

CAUSES = {"物流": "logistics", "质量": "quality"}
SORTS = {"退货退款": "return_refund", "补发": "resend"}


class After(Talk):
    """What a stream leaves to be dealt with."""

    def _given(self) -> None:
        """On air: a slip at work perhaps, and a task for each agent, done, skipped or left."""
        if self.other.random() < 0.7:
            self._at(self._some_minute(), self._slips)
        for who in (MEI, QIANG):
            what = self.other.choice(["done", "skipped", "open"])
            self._at(self._some_minute(), partial(self._tasks, who, what))

    def _some_minute(self) -> datetime:
        return self.start + timedelta(seconds=self.other.randint(300, 2400))

    async def _slips(self) -> None:
        told = await self.says(BOSS, f"失误 {NAMES[MEI]} 报错了价格")
        one = Dealt(number_in(told), "mistake", self.now, MEI)
        self.ledger.after.cases.append(one)
        if self.other.random() < 0.5:
            await self._ends(one, BOSS, "cured 已经更正")

    async def _tasks(self, who: int, what: str) -> None:
        title = f"整理样品 {who}"
        await self.says(BOSS, f"/task {NAMES[who]} 21:00 {title}")
        self.ledger.after.given[what] += 1
        await self.says(who, "/daily")
        if what != "open":
            await self.shift.press(who, f"✓ {title}" if what == "done" else f"跳过：{title}")
        if what == "skipped":
            await self.says(who, "样品还没到")

    async def _ends(self, one: Dealt, who: int, words: str) -> None:
        await self.says(who, f"/caseend {one.number} {words}")
        one.closed_at = self.now
        one.void = words.startswith("void")

    async def cases(self) -> None:
        """Bad reviews, complaints, after-sales and promises of the day after, about orders of the stream."""
        orders = [one.number for one in self.other.sample(self.ledger.sales, 5)]
        for order in orders[: self.other.randint(2, 3)]:
            await self._complains(order)
        for order in orders[3 : self.other.randint(4, 5)]:
            await self._returns_goods(order)
        tails = [s.number for s in self.ledger.sales if int(s.number[-3:]) % 4 == self.day % 4]
        await self._promises(
            self.other.choice(tails)
        )  # no two days promise anything about orders that end alike

    async def _complains(self, order: str) -> None:
        kind, word = self.other.choice([("negative", "差评"), ("complaint", "投诉")])
        said, cause = self.other.choice([*CAUSES.items(), ("", "")])
        told = await self.says(QIANG, f"{word} {order} {said} 没人回复我")
        one = Dealt(number_in(told), kind, self.now, QIANG, cause=cause)
        self.ledger.after.cases.append(one)
        what = self.other.choice(["solved", "void", "left", "left"])
        if what == "void":
            await self._ends(one, QIANG, "void 登记错了")
        elif what == "solved" and kind == "complaint" and cause:
            await self._ends(one, QIANG, "withdrawn 买家撤回了")
        elif what == "solved" and cause:
            await self._ends(one, QIANG, "solved")

    async def _returns_goods(self, order: str) -> None:
        word, sort = self.other.choice([*SORTS.items()])
        amount = self.other.choice([None, Decimal(self.other.randint(5, 99))])
        yuan = f"{amount}元" if amount else ""
        told = await self.says(MEI, f"售后单 {order} {word} {yuan} 不想要了")
        one = Dealt(number_in(told), "aftersale", self.now, MEI, sort=sort, amount=amount)
        self.ledger.after.cases.append(one)
        if self.other.random() < 0.5:
            await self._ends(one, MEI, "done")

    async def _promises(self, order: str) -> None:
        """One, kept at once, or only on the next morning, or never."""
        due = self.now + timedelta(hours=1)
        await self.says(MEI, f"/promise {order} 1小时 补发小样")
        one = Promised(order, due)
        self.ledger.after.promises.append(one)
        if self.other.random() < 0.4:
            await self._keeps(one)

    async def _keeps(self, one: Promised) -> None:
        await self.shift.press(MEI, f"已兑现（尾号 {one.order[-4:]}）")
        self.watch.look(MEI)
        one.kept_at = self.now

    async def keeps_late(self, before: Ledger) -> None:
        """The morning after, perhaps, what was promised a day ago."""
        for one in before.after.promises:
            if one.kept_at is None and self.other.random() < 0.6:
                await self.says(MEI, "/promise")
                await self._keeps(one)
