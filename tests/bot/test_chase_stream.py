"""Forty minutes of a stream through the real bot: exports, lines typed by hand, agents who press, chance outcomes."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.rehearsal import samples
from playbooks.chase import Chase
from storage.books import RoomBooks
from tests.support.evening import MEI, OPS, QIANG, SHANGHAI, START, Shift, evening

ORDERS, MINUTES = 40, 48
SEEDS = int(os.environ.get("CHASE_SEEDS", "1"))
"""How many streams are played; `make soak` plays 20."""
LIFE = timedelta(minutes=30)
PHONE_UNTIL = START.replace(hour=21, minute=0)


class Truth:
    """What the platform knows: when each order was placed, and paid if ever."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        begun = START.replace(hour=20, minute=20)
        self.placed = {f"69{n:017d}": begun + timedelta(seconds=n * 60) for n in range(ORDERS)}
        self.paid = {
            number: at + timedelta(minutes=self.chance.randrange(1, 29))
            for number, at in self.placed.items()
            if self.chance.random() < 0.4
        }

    def export(self, at: datetime) -> tuple[str, bytes]:
        """The 抖店 export made at `at`."""
        rows = [self._row(number, placed, at) for number, placed in self.placed.items() if placed <= at]
        data = samples.csv_bytes(samples.DOUYIN.headings, rows)
        return f"{int(at.timestamp())}_{'0' * 32}.csv", data

    def _row(self, number: str, placed: datetime, at: datetime) -> list[str]:
        paid = self.paid.get(number)
        paid = paid if paid and paid <= at else None
        dead = paid is None and placed + LIFE <= at
        said = {
            "主订单编号": f"\t{number}", "子订单编号": f"\t{number}", "选购商品": "烟酰胺精华液", "商品数量": "1",
            "商品单价": "129.00", "订单应付金额": f"{30 + int(number[-2:]) * 7 % 200}.00",
            "订单状态": "已关闭" if dead else "待发货" if paid else "待支付",
            "取消原因": "超时未支付" if dead else "",
            "订单提交时间": f"{placed:%Y-%m-%d %H:%M:%S}", "支付完成时间": f"{paid:%Y-%m-%d %H:%M:%S}" if paid else "",
        }  # fmt: skip
        return [said.get(heading, "-") for heading in samples.DOUYIN.headings]


async def works(shift: Shift, who: int, truth: Truth) -> None:
    """An agent takes the next order, presses what is there to press, and says what came of it."""
    await shift.asks(who, "/chase")
    if "没有要催的订单" in shift.here.last(who).text:
        return
    for step in ("电话", "提醒付款", "留言"):
        card = shift.here.last(who)
        if any(button.text == step for row in card.rows for button in row):
            await shift.press(who, step)
    outcome = truth.chance.choice(("没接没回", "说已付", "不愿被联系", "答应付款", "放回队列"))
    if any(outcome in caption for caption in shift.buttons(who)):
        await shift.press(who, outcome)
        if outcome == "答应付款":
            await shift.press(who, "5 分钟内")


@pytest.mark.parametrize("seed", range(1, 1 + SEEDS))
async def test_nobody_is_chased_after_paying_or_too_often_through_the_real_bot(
    tmp_path: Path, seed: int
) -> None:
    truth, paid_known = Truth(seed), dict[str, datetime]()
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        await shift.press(OPS, "启用")
        await shift.at("20:20")
        await shift.says(OPS, "开播")
        for minute in range(MINUTES):
            now = shift.clock.now().astimezone(SHANGHAI)
            if minute and minute % 15 == 0:
                await shift.sends(OPS, *truth.export(now))
                paid_known |= {n: paid_known.get(n, now) for n, at in truth.paid.items() if at <= now}
            if minute % 4 == 0:
                number = f"69{min(minute, ORDERS - 1):017d}"
                await shift.asks(MEI, f"催 {number} 3号 {truth.placed[number]:%H:%M:%S}")
            for who in (MEI, QIANG):
                await works(shift, who, truth)
            await shift.minutes(1)
        judge(list(RoomBooks(shift.here.bot.runner.store.view("a1")).chases.scan()), paid_known)


def judge(chases: list[Chase], paid_known: dict[str, datetime]) -> None:
    touched = [(one, touch) for one in chases for touch in one.touches]
    assert len({one.id for one, _ in touched}) > 10
    rounds = defaultdict[str, list[datetime]](list)
    for one, touch in touched:
        assert one.order_id not in paid_known or touch.at <= paid_known[one.order_id]
        assert one.expires_at is None or touch.at < one.expires_at
        assert touch.step != "phone" or touch.at < PHONE_UNTIL
        begun = rounds[one.id]
        if not begun or touch.at - begun[-1] > timedelta(minutes=10):
            begun.append(touch.at)
    assert max(map(len, rounds.values())) <= 2
    assert all(one.state in ("paid", "lost", "dropped") for one in chases if one.order_id in paid_known)
