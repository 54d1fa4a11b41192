"""A logistics list nobody declared is mapped once by a person; states in numbers are asked for where unclear."""

from __future__ import annotations

from pathlib import Path

from tests.bot.test_mapping_dialogue import table
from tests.bot.test_reveal_dialogue import books
from tests.support.evening import CHEN, MEI, OPS, evening

HEADINGS = ["包裹号", "承运", "当前状态", "寄出时间", "更新时间", "是谁的"]


def listed(state: str) -> bytes:
    return table(
        HEADINGS,
        [
            "785001002003",
            "圆通速递",
            state,
            "2026-11-09 10:00:00",
            "2026-11-11 15:00:00",
            "6917950000000000011",
        ],
        [
            "785001002004",
            "圆通速递",
            state,
            "2026-11-09 10:00:00",
            "2026-11-11 15:00:00",
            "6917950000000000022",
        ],
    )


async def test_a_list_with_headings_nobody_knows_is_mapped_once_and_the_next_one_is_read_straight(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        said = (await shift.sends(CHEN, "包裹跟踪.csv", listed("待取件")))[-1]
        assert "快递单号 ← 包裹号" in said
        assert "物流状态 ← 当前状态" in said
        assert "这份物流清单就收进来" in said
        await shift.press(CHEN, "改某一项")
        await shift.press(CHEN, "订单号")
        await shift.press(CHEN, "是谁的")
        assert "订单号 ← 是谁的" in shift.read(CHEN)
        await shift.press(CHEN, "收下并记住")
        assert "读到 2 个包裹" in shift.read(CHEN)
        assert "6917950000000000011" in (await shift.asks(MEI, "接活"))[0]
        await shift.minutes(2)
        later = (await shift.sends(CHEN, "再来.csv", listed("已签收")))[-1]
        assert "读到 2 个包裹" in later
        assert {one.state for one in books(shift).parcels.scan()} == {"signed"}
        assert "包裹跟踪（物流清单，6 项）" in (await shift.asks(OPS, "/columns"))[0]


async def test_a_table_taken_for_orders_is_a_logistics_list_by_one_press_and_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        data = table(["编码", "实付金额", "数量", "走到哪"], ["785001002003", "9.9", "1", "待取件"])
        await shift.sends(MEI, "奇怪.csv", data)
        await shift.press(MEI, "这是物流清单")
        card = shift.here.last(MEI).text
        assert "还缺：快递单号" in card
        await shift.press(MEI, "指明：快递单号")
        await shift.press(MEI, "编码")
        await shift.press(MEI, "指明：物流状态")
        await shift.press(MEI, "走到哪")
        assert "都齐了" in shift.here.last(MEI).text
        await shift.press(MEI, "这是订单表")
        assert "还缺：订单号" in shift.here.last(MEI).text
        assert not list(books(shift).mappings.scan())


async def test_numbers_that_two_services_mean_differently_are_asked_for_by_two_buttons(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        rows = [
            [f"78500100200{n}", "圆通", "2", "2026-11-03 10:00:00", "2026-11-04 15:00:00"] for n in range(2)
        ]
        data = table(["快递单号", "快递公司", "物流状态", "发货时间", "最新物流时间"], *rows)
        said = (await shift.sends(MEI, "查询结果.csv", data))[-1]
        assert "物流状态是数字" in said
        assert not list(books(shift).parcels.scan())
        await shift.press(MEI, "快递鸟")
        assert "读到 2 个包裹" in shift.read(MEI)
        assert {one.state for one in books(shift).parcels.scan()} == {"in_transit"}
