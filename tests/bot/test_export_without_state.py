"""A report that does not tell what became of an order is told from one that does, and changes nothing."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import MEI, evening

ITEMS = "订单编号,标题,价格,购买数量\n35100000000000001,面膜,9.90,1\n".encode("gb18030")


async def test_taobaos_list_of_items_is_answered_with_the_report_to_send_instead(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        told = await shift.sends(MEI, "ExportOrderDetailList.csv", ITEMS)
        assert "没有订单状态，也没有付款时间" in told[-1]
        assert list(shift.here.bot.runner.view("a1").orders.scan()) == []
