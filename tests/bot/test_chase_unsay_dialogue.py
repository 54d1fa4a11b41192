"""An outcome pressed by mistake is taken back within a minute: the order, and its buyer, are as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.test_reveal_dialogue import BUYER, UNPAID, export, keys, row
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

OTHER, LATER = "6917950000000000066", "6917950000000000077"


async def contacted(shift: Shift) -> None:
    await shift.asks(BOSS, "/life 60")
    await shift.asks(MEI, f"催 {UNPAID}")
    await shift.press(MEI, "留言")


@pytest.mark.parametrize("pressed", [["不付了", "选了别家"], ["已关"], ["登记错了"], ["不愿被联系"]])
async def test_an_outcome_that_ended_an_order_is_taken_back_and_the_order_worked_on(
    tmp_path: Path, pressed: list[str]
) -> None:
    async with evening(tmp_path) as shift:
        await contacted(shift)
        for caption in pressed:
            await shift.press(MEI, caption)
        await shift.press(MEI, "撤销这个结果")
        card = shift.here.last(MEI).text
        assert f"订单 {UNPAID}" in card
        assert "留言 已做" in card
        await shift.press(MEI, "提醒付款")
        assert "提醒付款 已做" in shift.here.last(MEI).text
        assert "撤销这个结果" not in shift.buttons(MEI)


async def test_after_a_minute_the_outcome_stays(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await contacted(shift)
        await shift.press(MEI, "已关")
        await shift.minutes(2)
        answer = await shift.press(MEI, "撤销这个结果")
        assert answer is not None
        assert "已超过一分钟" in answer.text
        assert "没有要催" in (await shift.asks(QIANG, "/chase"))[-1]


async def test_nobody_takes_back_a_colleagues_outcome(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await contacted(shift)
        await shift.press(MEI, "不愿被联系")
        assert "没有您记的结果" in (await shift.asks(QIANG, f"/unsay a1-c{UNPAID}"))[-1]
        assert "没有您记的结果" in (await shift.asks(BOSS, f"/unsay a1-c{UNPAID}"))[-1]


async def test_a_buyer_put_down_as_wanting_no_contact_by_mistake_is_chased_again_with_all_their_orders(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.asks(BOSS, "/life 60")
        await export(shift, row(UNPAID, BUYER), row(OTHER, BUYER))
        await shift.asks(MEI, f"催 {UNPAID}")
        await shift.press(MEI, "不愿被联系")
        assert "没有要催" in (await shift.asks(QIANG, "/chase"))[-1]
        await shift.press(MEI, "撤销这个结果")
        await shift.press(MEI, "放回队列")
        await shift.minutes(1)
        await export(shift, row(LATER, BUYER))
        assert f"订单 {LATER}" in (await shift.asks(QIANG, f"催 {LATER}"))[-1]
        assert "同一买家还有 2 单未付" in shift.here.last(QIANG).text


async def test_an_order_paid_within_the_minute_is_not_taken_up_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await contacted(shift)
        await shift.press(MEI, "登记错了")
        paid = row(UNPAID, BUYER, paid="2026-11-11 19:19:00", status="待发货")
        await export(shift, paid)
        await shift.asks(MEI, f"/unsay a1-c{UNPAID}")
        assert "没有您记的结果" in shift.here.last(MEI).text
        assert "提醒付款" not in shift.buttons(MEI)
