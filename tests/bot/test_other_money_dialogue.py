"""An order sold in other money than the room's is chased like any, but its amount is never taken for yuan."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from playbooks.chase import chase_id
from storage.books import RoomBooks
from tests.support.evening import BOSS, MEI, OPS, Shift, evening
from tests.support.export_files import BY_ID, Sold, export_file

DOLLARS, RUPIAH, YUAN = "#1001", "576469000000000001", "6917950000000000011"


async def export(shift: Shift, form: str, number: str, word: str, amount: str) -> str:
    sold = Sold(
        number, word, (("面霜", 1, Decimal(amount)),), shift.clock.now() - timedelta(minutes=1), False
    )
    name = f"订单.{'xlsx' if form == 'jushuitan' else 'csv'}"
    return (await shift.sends(OPS, name, export_file(BY_ID[form], [sold])))[-1]


def amount(shift: Shift, number: str) -> Decimal | None:
    one = RoomBooks(shift.here.store.view("a1")).chases.get(chase_id("a1", number))
    assert one is not None
    return one.amount


async def test_dollars_and_rupiah_are_not_shown_as_yuan_nor_worked_before_dearer_orders(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:20")
        await shift.asks(BOSS, "/life 30")
        assert "1 单不是用人民币卖的" in await export(shift, "shopify", DOLLARS, "pending", "12.50")
        assert "1 单不是用人民币卖的" in await export(shift, "tiktok_shop", RUPIAH, "unpaid", "125000")
        assert "人民币" not in await export(shift, "jushuitan", YUAN, "待付款", "320")
        assert [amount(shift, number) for number in (DOLLARS, RUPIAH)] == [None, None]
        first = (await shift.asks(MEI, "/chase"))[-1]
        assert f"订单 {YUAN}" in first
        assert "¥320.00" in first
