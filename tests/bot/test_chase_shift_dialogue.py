"""People come and go while orders are dealt: nothing waits for somebody who has gone home."""

from __future__ import annotations

from pathlib import Path

from tests.support.chases import ONE, chased, keep, unpaid
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

NUMBERS = [f"69179267688236437{n}" for n in range(60, 66)]


async def promised(shift: Shift) -> None:
    """小美's buyer has promised to pay at 20:37."""
    await shift.at("20:22")
    await shift.asks(MEI, f"催 {ONE}")
    for step in ("电话", "提醒付款", "留言", "答应付款", "15 分钟内"):
        await shift.press(MEI, step)


async def test_what_somebody_had_who_signs_out_is_dealt_to_those_who_are_there(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await keep(shift, *(unpaid(shift, number, 50 + n, left=40) for n, number in enumerate(NUMBERS)))
        assert "已派 6 单" in (await shift.asks(BOSS, "派单"))[0]
        await shift.asks(QIANG, "/out")
        assert "没有派出去：在岗的客服手上都满了" in (await shift.asks(BOSS, "派单"))[0]
        await shift.press(MEI, "开始")
        await shift.press(MEI, "登记错了")
        assert "小美 1 单" in (await shift.asks(BOSS, "派单"))[0]
        await shift.asks(MEI, "/out")
        assert "现在没有在岗的客服" in (await shift.asks(BOSS, "派单"))[0]


async def test_with_nothing_waiting_dealing_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "现在没有要催的订单" in (await shift.asks(BOSS, "派单"))[0]


async def test_a_promised_time_comes_to_somebody_on_duty_where_who_heard_it_has_gone_home(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await promised(shift)
        await shift.asks(MEI, "/out")
        await shift.at("20:38")
        assert "约定的 20:37 到了" not in shift.read(MEI)
        assert f"订单 {ONE}：约定的 20:37 到了" in shift.read(QIANG)
        assert "小美 已下班，换您来跟进" in shift.read(QIANG)
        assert chased(shift, ONE).owner == str(QIANG)
        await shift.press(QIANG, "认领")
        assert "提醒付款" in shift.buttons(QIANG)


async def test_it_comes_to_who_heard_it_where_they_are_there_or_nobody_is(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await promised(shift)
        await shift.asks(QIANG, "/out")
        await shift.asks(MEI, "/out")
        await shift.at("20:38")
        assert f"订单 {ONE}：约定的 20:37 到了" in shift.read(MEI)


async def test_with_all_hands_full_it_waits_in_the_queue(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(BOSS, "/capacity 阿强 1")
        await promised(shift)
        await shift.asks(MEI, "/out")
        await shift.at("20:36")
        await shift.asks(QIANG, f"催 {NUMBERS[0]}")
        await shift.at("20:38")
        assert "约定的 20:37 到了" not in shift.read(MEI) + shift.read(QIANG)
        await shift.press(QIANG, "登记错了")
        await shift.press(QIANG, "认领下一单")
        assert f"订单 {ONE}" in shift.here.last(QIANG).text


async def test_a_buyer_of_two_orders_hears_from_one_agent_however_the_other_comes_to_it(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        one, two = NUMBERS[:2]
        await keep(shift, *(unpaid(shift, number, 60, left=40, buyer_key="k") for number in (one, two)))
        await shift.asks(MEI, "/chase")
        mine = next(number for number in (one, two) if chased(shift, number).owner)
        other = two if mine == one else one
        told = (await shift.asks(QIANG, f"催 {other} 备注:要红色"))[0]
        assert "已登记 1 单" in told
        assert f"订单 {other} 的买家正由 小美 跟进（订单 {mine}，到 20:20）" in told
        assert chased(shift, other).note == "要红色"
        for words in (f"/claim a1-c{other}", f"/step a1-c{other} button"):
            assert "同一买家只由一位客服联系" in "".join(await shift.asks(QIANG, words))
        assert not chased(shift, other).touches
        await shift.minutes(11)
        assert "步骤" in "".join(await shift.asks(QIANG, f"/claim a1-c{other}"))


async def test_what_is_registered_of_an_order_in_other_hands_is_kept(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await shift.asks(MEI, f"催 {ONE}")
        told = (await shift.asks(QIANG, f"催 {ONE} 备注:要红色"))[0]
        assert "由 小美 跟进到 20:20" in told
        assert (chased(shift, ONE).note, chased(shift, ONE).owner) == ("要红色", str(MEI))
