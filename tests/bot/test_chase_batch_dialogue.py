"""A table of many orders: what was done counts, also a little late; a buyer is one piece of work."""

from __future__ import annotations

from pathlib import Path

from tests.support.chases import books, chased, keep, unpaid
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

NUMBERS = [f"69179267688236437{n}" for n in range(60, 83)]


async def table(shift: Shift, **told: object) -> None:
    """小美 has 23 unpaid orders as a table."""
    await shift.at("20:10")
    await keep(shift, *(unpaid(shift, number, 50 + n, left=45, **told) for n, number in enumerate(NUMBERS)))
    await shift.asks(MEI, "批量催付")


async def test_written_to_after_the_lease_lapsed_counts_where_nobody_took_them_and_the_rest_is_told(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await table(shift)
        await shift.minutes(12)
        await shift.asks(QIANG, "/chase")
        await shift.press(QIANG, "提醒付款")
        await shift.press(MEI, "都留言了")
        said = shift.read(MEI)
        assert "已记 22 单：留言" in said
        assert "这批里另有 1 单没有记" in said
        assert "过了 10 分钟被别人接走" in said
        assert sum(bool(one.touches) for one in books(shift).chases.scan()) == 23
        taken = [one for one in books(shift).chases.scan() if one.owner == str(QIANG)]
        assert [touch.step for touch in taken[0].touches] == ["button"]


async def test_a_second_step_with_the_same_table_counts_for_the_same_orders(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await table(shift)
        await shift.press(MEI, "都点了提醒付款")
        await shift.minutes(8)
        await shift.press(MEI, "都留言了")
        assert "已记 23 单：留言" in shift.read(MEI)
        assert "没有记" not in shift.read(MEI)
        assert {t.round for one in books(shift).chases.scan() for t in one.touches} == {1}


async def test_what_was_in_hand_long_before_the_table_is_no_part_of_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("19:55")
        first = "6917926768823643701"
        await keep(shift, unpaid(shift, first, left=90))
        await shift.asks(MEI, "/chase")
        await shift.at("20:10")
        await keep(shift, unpaid(shift, NUMBERS[0], 300, left=45))
        await shift.says(BOSS, "/capacity 小美 1")
        await shift.asks(MEI, "批量催付")
        await shift.press(MEI, "都留言了")
        assert "已记 1 单：留言" in shift.read(MEI)
        assert chased(shift, first).touches == ()


async def test_a_buyer_of_several_orders_takes_one_hand(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(BOSS, "/capacity 小美 2")
        await shift.at("20:10")
        theirs = [unpaid(shift, number, 200, left=45, buyer_key="k") for number in NUMBERS[:3]]
        await keep(shift, *theirs, unpaid(shift, NUMBERS[5], 20, left=45))
        await shift.asks(MEI, "/chase")
        await shift.press(MEI, "提醒付款")
        assert all(chased(shift, number).touches for number in NUMBERS[:3])
        told = "\n".join(await shift.asks(MEI, f"催 {NUMBERS[6]}"))
        assert f"订单 {NUMBERS[6]}" in told
        assert "步骤" in told  # the three of one buyer are one, so a hand is free
        full = "\n".join(await shift.asks(MEI, f"/claim a1-c{NUMBERS[5]}"))
        assert "步骤" not in full


async def test_round_robin_counts_buyers_too(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(BOSS, "/capacity 小美 2")
        await shift.says(BOSS, "/capacity 阿强 1")
        await shift.at("20:10")
        theirs = [unpaid(shift, number, 200, left=45, buyer_key="k") for number in NUMBERS[:3]]
        await keep(shift, *theirs)
        await shift.asks(MEI, "/chase")
        await shift.press(MEI, "提醒付款")
        await keep(shift, *(unpaid(shift, number, left=45) for number in NUMBERS[5:9]))
        told = (await shift.asks(BOSS, "派单"))[0]
        assert "已派 2 单" in told
        assert "小美 1 单" in told


async def test_a_promise_out_of_the_table_is_not_undone_by_the_press_for_all_of_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await table(shift)
        await shift.press(MEI, "都点了提醒付款")
        await shift.asks(MEI, f"/said a1-c{NUMBERS[0]} will_pay 15")
        await shift.minutes(2)
        await shift.press(MEI, "都留言了")
        said = shift.read(MEI)
        assert "已记 22 单：留言" in said
        assert "这批里另有 1 单没有记：已有结果" in said
        assert chased(shift, NUMBERS[0]).returns_at is not None
        await shift.press(MEI, "下一批")
        await shift.press(MEI, "全部放回队列")
        assert "22 件已放回队列" in shift.read(MEI)
