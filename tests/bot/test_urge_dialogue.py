"""催发货: one line registers it, the warehouse is asked once a product, each agent whose buyer waits is told."""

from __future__ import annotations

from pathlib import Path

from tests.bot.test_reveal_dialogue import CIPHERED, export, row
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

FIRST, SECOND, OTHER = "6917950000000000011", "6917950000000000022", "6917950000000000033"
PAID = {"paid": "2026-11-11 19:19:00", "status": "待发货"}


async def sold(shift: Shift) -> None:
    """Two paid orders of product 3, and an unpaid one."""
    await shift.asks(OPS, "3 玫瑰精华水 59.9\n5 海盐坚果 29.9")
    if "启用" in "".join(shift.buttons(OPS)):
        await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")
    await export(shift, row(FIRST, CIPHERED, **PAID), row(SECOND, CIPHERED, **PAID), row(OTHER, CIPHERED))


async def test_the_warehouse_is_asked_once_a_product_and_everybody_who_waits_hears_the_answer(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await sold(shift)
        await shift.says(OPS, "/ready 截单 16:00")
        card = (await shift.asks(MEI, f"催发货 {FIRST} 急用"))[0]
        assert "买家催发货" in card
        assert "备注：急用" in card
        assert "已经帮您催仓库了" in card
        asked = shift.here.last(CHEN).text
        assert "玫瑰精华水：1 位买家催发货，几时能发" in asked
        before = len(shift.here.core.said(CHEN))
        await shift.asks(QIANG, f"催发货 {SECOND}")
        assert len(shift.here.core.said(CHEN)) == before  # the same message, with the new count
        assert "2 位买家催发货" in shift.here.last(CHEN).text
        await shift.press(CHEN, "11-12 18:00 前")
        for person, number, others in ((MEI, FIRST, SECOND), (QIANG, SECOND, FIRST)):
            told = shift.here.last(person).text
            assert "仓库说 11-12 18:00 前发出" in told
            assert number in told
            assert others not in told
        await shift.press(MEI, "去告诉买家")
        assert "您的订单 11-12 18:00 前发出" in shift.here.last(MEI).text
        await shift.press(MEI, "已提醒")
        assert "11-12 18:00" in shift.here.last(MEI).text  # it comes back when that time is over
        third = (await shift.asks(QIANG, f"/urge {FIRST}"))[0]
        assert "第 2 次催发货" in third  # the time still holds, so nobody is asked again
        assert "仓库：11-12 18:00 前发出" in third
        assert len(shift.here.core.said(CHEN)) == before


async def test_a_newer_export_settles_it_and_the_time_that_is_over_asks_the_warehouse_anew(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await sold(shift)
        await shift.asks(MEI, f"催发货 {FIRST}")
        await shift.asks(QIANG, f"催发货 {SECOND}")
        await shift.asks(CHEN, "预计发货")
        assert "2 单" in shift.here.last(CHEN).text
        await shift.press(CHEN, "回复：")
        await shift.asks(CHEN, "2小时")
        assert "仓库说 21:2" in shift.here.last(MEI).text
        shipped = {"paid": "2026-11-11 19:19:00", "status": "已发货"}
        await shift.minutes(30)
        await export(shift, row(FIRST, CIPHERED, **shipped))
        await shift.minutes(100)
        asked = shift.here.last(CHEN).text
        assert "1 位买家催发货" in asked
        assert SECOND in asked
        assert FIRST not in asked
        refused = (await shift.asks(MEI, f"催发货 {FIRST}"))[0]
        assert "已经发货" in refused


async def test_a_warehouse_that_does_not_answer_is_reminded_and_then_a_manager_hears_of_it(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await sold(shift)
        await shift.asks(MEI, f"催发货 {FIRST}")
        before = len(shift.here.core.said(CHEN))
        await shift.minutes(31)
        assert len(shift.here.core.said(CHEN)) == before + 1
        assert "还没有回复几时发" not in shift.read(BOSS)
        await shift.minutes(31)
        assert "还没有回复几时发" in shift.read(BOSS)
        last = len(shift.here.core.said(CHEN))
        await shift.minutes(120)
        assert len(shift.here.core.said(CHEN)) == last  # never more often than that


async def test_what_cannot_be_urged_is_refused_with_the_cure(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await sold(shift)
        assert "还没有付款" in (await shift.asks(MEI, f"催发货 {OTHER}"))[0]
        assert "请写订单号" in (await shift.asks(MEI, "催发货 玫瑰水"))[0]
        assert "没有保存" in (await shift.asks(MEI, f"催发货 {FIRST} 打 13800012345"))[0]
        assert "没有买家在催发货" in (await shift.asks(CHEN, "/eta"))[0]
        assert "没有人催" in (await shift.asks(CHEN, "/eta 9 18:00"))[0]
        await shift.asks(MEI, f"催发货 {FIRST}")
        assert "看不懂" in (await shift.asks(CHEN, "/eta 3 马上就好"))[0]


async def test_without_a_warehouse_on_duty_whoever_runs_the_stream_is_asked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await sold(shift)
        await shift.asks(CHEN, "下班")
        await shift.asks(MEI, f"催发货 {FIRST}")
        assert "几时能发" in shift.read(OPS)
        assert "几时能发" not in shift.read(CHEN)
