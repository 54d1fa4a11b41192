"""That an order was paid, or is over, is believed of whatever file says so, however old the file seems to be."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.rehearsal import samples
from playbooks.chase import Chase, chase_id
from storage.books import RoomBooks
from tests.support.evening import MEI, OPS, SHANGHAI, Shift, evening
from tests.support.export_files import BY_ID, Sold, export_file

HEADINGS = (
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "订单提交时间", "支付完成时间", "订单状态",
)  # fmt: skip
ONE, TWO = "6917950000000000011", "6917950000000000022"
PLACED = datetime(2026, 11, 11, 20, 5, tzinfo=SHANGHAI)


def row(number: str, placed: str, status: str = "待支付", paid: str = "") -> list[str]:
    times = (f"2026-11-11 {placed}:00", f"2026-11-11 {paid}:00" if paid else "")
    return [number, number, "玫瑰精华水", "1", "59.90", *times, status]


async def export(shift: Shift, *rows: list[str], name: str = "订单.csv") -> str:
    """An export whose name does not say when it was made."""
    return (await shift.sends(OPS, name, samples.csv_bytes(HEADINGS, list(rows))))[-1]


def chased(shift: Shift, number: str) -> Chase | None:
    return RoomBooks(shift.here.store.view("a1")).chases.get(chase_id("a1", number))


async def both_unpaid(shift: Shift) -> None:
    """Everything up to 20:12: the second order makes the file younger than anything known of the first."""
    await shift.at("20:13")
    await export(shift, row(ONE, "20:05"), row(TWO, "20:12"))


async def test_a_file_of_the_paid_orders_alone_settles_though_its_newest_time_is_the_older(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await both_unpaid(shift)
        await shift.at("20:15")
        assert "已付 1" in (await export(shift, row(ONE, "20:05", "待发货", paid="20:08")))
        assert TWO in (await shift.asks(MEI, "/chase"))[-1]
        await shift.press(MEI, "放回队列")
        assert f"订单 {ONE} 已付款" in (await shift.asks(MEI, f"催 {ONE}"))[-1]


async def test_an_erps_export_settles_what_the_platforms_own_showed_unpaid(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await both_unpaid(shift)
        await shift.asks(MEI, f"催 {ONE}")
        await shift.at("20:16")
        sold = Sold(ONE, "已付款待审核", (("玫瑰精华水", 1, Decimal("59.90")),), PLACED, paid=True)
        await shift.sends(OPS, "聚水潭.xlsx", export_file(BY_ID["jushuitan"], [sold]))
        assert f"订单 {ONE} 已付款，不用再催" in shift.read(MEI)
        assert "提醒付款" not in shift.buttons(MEI)
        one = chased(shift, ONE)
        assert one is not None
        assert (one.state, one.paid_at, one.touches) == ("paid", PLACED + timedelta(minutes=5), ())


async def test_an_order_closed_by_the_buyer_is_not_chased_though_the_file_seems_older(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await both_unpaid(shift)
        await export(shift, row(ONE, "20:05", "已关闭"))
        assert f"订单 {ONE} 已结束" in (await shift.asks(MEI, f"催 {ONE}"))[-1]


async def test_what_an_older_file_says_of_a_paid_order_is_not_news(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await both_unpaid(shift)
        await export(shift, row(ONE, "20:05", "已发货", paid="20:13"))
        assert "1 单已有更新的状态" in (await export(shift, row(ONE, "20:05", "待发货", paid="20:08")))
        assert "1 单已有更新的状态" in (await export(shift, row(ONE, "20:05")))
        assert "没有要催" not in (await shift.asks(MEI, "/chase"))[-1]
        assert ONE not in shift.here.last(MEI).text


async def test_a_paid_time_once_read_is_kept_where_a_later_file_has_no_such_column(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:13")
        await export(shift, row(ONE, "20:05", paid="20:08"))  # unpaid, says its status
        without = tuple(h for h in HEADINGS if h != "支付完成时间")
        for _ in range(2):
            await shift.minutes(2)
            name = f"{int(shift.clock.now().timestamp())}_a1b2.csv"
            cells = [ONE, ONE, "玫瑰精华水", "1", "59.90", "2026-11-11 20:05:00", "待支付"]
            await shift.sends(OPS, name, samples.csv_bytes(without, [cells]))
        assert chased(shift, ONE) is None
        assert f"订单 {ONE} 已付款" in (await shift.asks(MEI, f"催 {ONE}"))[-1]
