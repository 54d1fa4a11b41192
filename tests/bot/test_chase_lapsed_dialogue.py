"""Who took an order up, was called away and let the lease lapse is not left with a card of an order that is over."""

from __future__ import annotations

from pathlib import Path

from bot.rehearsal import samples
from tests.support.evening import MEI, OPS, Shift, evening

HEADINGS = (
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "订单提交时间", "支付完成时间", "订单状态",
)  # fmt: skip
ONE = "6917950000000000011"


async def paid(shift: Shift) -> None:
    row = [ONE, ONE, "玫瑰精华水", "1", "59.90", "2026-11-11 20:05:00", "2026-11-11 20:24:00", "待发货"]
    await shift.sends(OPS, "订单.csv", samples.csv_bytes(HEADINGS, [row]))


def told(shift: Shift, words: str) -> int:
    return shift.read(MEI).count(f"订单 {ONE} {words}")


async def test_whose_lease_lapsed_is_told_once_and_silently_that_it_is_paid(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await shift.asks(MEI, f"催 {ONE} 20:05")
        assert "提醒付款" in shift.buttons(MEI)
        await shift.at("20:25")  # the lease was over at 20:20
        await paid(shift)
        assert told(shift, "已付款，不用再催") == 1
        assert shift.here.last(MEI).silent
        assert "提醒付款" not in shift.buttons(MEI)
        await shift.at("20:30")
        await paid(shift)
        assert told(shift, "已付款，不用再催") == 1


async def test_whose_lease_lapsed_is_told_that_it_died(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await shift.asks(MEI, f"催 {ONE} 20:05")
        await shift.at("20:36")
        assert told(shift, "不用再催：超时未付") == 1
        assert "提醒付款" not in shift.buttons(MEI)


async def test_who_gave_it_back_or_said_what_came_of_it_is_not_told(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await shift.asks(MEI, f"催 {ONE} 20:05")
        await shift.press(MEI, "放回队列")
        await shift.at("20:36")
        assert told(shift, "不用再催") == 0
