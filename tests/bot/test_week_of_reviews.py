"""Four streams of an invented week, played at the bot: every figure of each review is what the script itself counted.

The script keeps its own tally while it makes the evening up; nothing is counted from the journal.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from playbooks.chase import chase_id
from playbooks.metrics import rate
from playbooks.review_marks import LAST, ReviewMark
from storage.books import RoomBooks
from storage.exports.formats import FORMATS
from tests.support.evening import BOSS, MEI, OPS, QIANG, SHANGHAI, Shift, evening
from tests.support.evening_script import csv_bytes

DOUYIN = next(one for one in FORMATS if one.id == "douyin")
SHEET = "1 玫瑰精华水 79\n2 轻盈防晒霜 89\n3 净颜卸妆膏 99"
PRICES = {"玫瑰精华水": Decimal(79), "轻盈防晒霜": Decimal(89), "净颜卸妆膏": Decimal(99)}
DAYS = (11, 12, 13, 14)
LOST = {"太贵": "price", "没货": "stock"}


class Order:
    """One order as the script decided it: when it was placed, when it is paid (None: never), when contacted."""

    def __init__(self, number: int, at: datetime, dice: random.Random) -> None:
        self.id = str(6917926768823640000 + number)
        self.at = at
        self.title = dice.choice(sorted(PRICES))
        self.fate = dice.choice(["at once", "alone", "lost", "recovered", "failed"])
        self.paid_at: datetime | None = None
        if self.fate == "at once":
            self.paid_at = at + timedelta(minutes=1)
        if self.fate in ("alone", "recovered"):
            self.paid_at = at + timedelta(minutes=24)

    @property
    def contacted(self) -> bool:
        return self.fate in ("recovered", "failed")

    def row(self, now: datetime) -> list[str]:
        """As the platform's export says it at `now`."""
        paid = self.paid_at if self.paid_at and self.paid_at <= now else None
        dead = paid is None and now >= self.at + timedelta(minutes=60)
        price = f"{PRICES[self.title]}.00"
        told = {
            "主订单编号": f"\t{self.id}", "子订单编号": f"\t{self.id}", "商品ID": "\t1", "商品数量": "1",
            "选购商品": self.title, "商品单价": price, "订单应付金额": price, "订单提交时间": _clock(self.at),
            "支付完成时间": _clock(paid) if paid else "-",
            "订单状态": "待发货" if paid else "已关闭" if dead else "待支付", "订单类型": "普通订单",
            "省": "浙江省", "市": "杭州市", "区": "西湖区",
        }  # fmt: skip
        return [told.get(heading, "-") for heading in DOUYIN.headings]


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


class Stream:
    """One evening, played and tallied."""

    def __init__(self, shift: Shift, day: int) -> None:
        self.shift = shift
        self.day = day
        self.dice = random.Random(day)
        self.orders: list[Order] = []
        self.waits: list[int] = []
        self.changes = 0
        self.spoken: Counter[str] = Counter()

    async def play(self) -> None:
        shift = self.shift
        await shift.at(f"{self.day} 20:00")
        await shift.asks(OPS, SHEET)
        await shift.press(OPS, "启用这 3 款")
        await shift.says(OPS, "开播")
        for link in (1, 2, 3):
            await self._change(link)
        await self._sell()
        await shift.at(f"{self.day} 20:50")
        await self._speak()
        await shift.says(OPS, "下播")
        await shift.at(f"{self.day} 22:30")
        await self.export()

    async def _change(self, link: int) -> None:
        """A price is changed and known after so many seconds, or never, by each of two agents."""
        await self.shift.says(OPS, f"/price {link} {69 + 10 * link - self.dice.randint(2, 9)}")
        self.changes += 1
        passed = 0
        waits = sorted((self.dice.randint(3, 90), who) for who in (MEI, QIANG) if self.dice.random() < 0.8)
        for wait, who in waits:
            await self.shift.here.wind_by(timedelta(seconds=wait - passed))
            passed = wait
            await self.shift.asks(who, f"/p {link}")  # looking it up counts as knowing it
            self.waits.append(wait)
        await self.shift.minutes(3)

    async def _sell(self) -> None:
        start = self.shift.clock.now()
        for number in range(self.dice.randint(6, 12)):
            at = start + timedelta(seconds=self.dice.randrange(240))
            self.orders.append(Order(self.day * 100 + number, at, self.dice))
        await self.shift.here.wind(start + timedelta(minutes=12))
        await self.export()
        for one in self.orders:
            if one.contacted:
                id = chase_id("a1", one.id)
                await self.shift.asks(MEI, f"/claim {id}")
                await self.shift.asks(MEI, f"/step {id} button")

    async def export(self) -> None:
        now = self.shift.clock.now()
        data = csv_bytes(DOUYIN.headings, [one.row(now) for one in self.orders])
        await self.shift.sends(OPS, f"{int(now.timestamp())}_{'ab' * 16}.csv", data)

    async def _speak(self) -> None:
        for _ in range(self.dice.randint(1, 3)):
            await self.shift.asks(MEI, f"/lost 1 {self.dice.choice(sorted(LOST))}")
            self.spoken["lost"] += 1
        for number in range(self.dice.randint(0, 2)):
            await self.shift.asks(QIANG, f"/need 2 想要第 {number} 种颜色")
            self.spoken["needs"] += 1

    def tally(self) -> dict[str, Decimal]:
        """What the review has to say, from what was decided above."""
        paid = [one for one in self.orders if one.paid_at]
        late = [one for one in self.orders if one.fate != "at once"]
        back = [one for one in self.orders if one.fate == "recovered"]
        left = [one for one in late if not one.contacted]
        contacted = [one for one in self.orders if one.contacted]
        yuan = {
            name: sum((PRICES[o.title] for o in some), Decimal(0))
            for name, some in (("gmv", self.orders), ("net", paid), ("back", back))
        }
        counted: dict[str, int | Decimal | None] = {
            "orders": len(self.orders), "paid": len(paid), "gmv": yuan["gmv"], "net_sales": yuan["net"],
            "unpaid": len(late), "unpaid_rate": rate(len(self.orders) - len(paid), len(self.orders)),
            "contacted": len(contacted), "recovered": len(back) if contacted else None,
            "success_rate": rate(len(back), len(contacted)), "amount": yuan["back"] if contacted else None,
            "natural_rate": rate(sum(o.paid_at is not None for o in left), len(left)),
            "changes": self.changes, "lag_median": middle(self.waits), "lag_worst": max(self.waits, default=None),
            "lost": self.spoken["lost"] or None, "needs": self.spoken["needs"] or None,
        }  # fmt: skip
        return {id: Decimal(value) for id, value in counted.items() if value is not None}


def middle(waits: list[int]) -> int | None:
    """The median in whole seconds."""
    if not waits:
        return None
    known = sorted(waits)
    return (known[(len(known) - 1) // 2] + known[len(known) // 2]) // 2


def marks(shift: Shift) -> list[ReviewMark]:
    books: RoomBooks = shift.here.bot.runner.view("a1")
    return sorted(books.review_marks.scan(), key=lambda one: one.number)


async def test_every_figure_of_a_week_is_what_the_script_counted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        streams = [Stream(shift, day) for day in DAYS]
        for number, stream in enumerate(streams, 1):
            await stream.play()
            made = marks(shift)
            assert len(made) == number
            told = made[-1].versions[-1].figures
            wanted = stream.tally()
            assert {id: told.get(id) for id in wanted} == wanted, stream.day
            unknown = {"lost", "needs", "lag_median", "recovered", "amount"} - wanted.keys()
            assert not unknown & told.keys()  # what nobody entered is not known, never 0
        text = "\n".join(m.text for m in shift.here.core.said(BOSS)[-4:])
        before = [stream.tally()["net_sales"] for stream in streams[:-1]]
        mean = (sum(before) / len(before)).quantize(Decimal("0.01"))
        shown = f"{mean:,.0f}" if mean == mean.to_integral_value() else f"{mean:,.2f}"
        assert f"与近 {min(len(before), LAST)} 场比" in text
        assert f"净销售 {streams[-1].tally()['net_sales']:,.0f} · {before[-1]:,.0f} · {shown}" in text
