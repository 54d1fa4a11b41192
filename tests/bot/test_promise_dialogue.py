"""What was promised to a buyer comes back to its owner when due, and to the lead when it is not kept."""

from __future__ import annotations

from pathlib import Path

from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, QIANG, evening

ORDER = "6917000000000000001"


async def test_a_promise_is_reminded_kept_by_one_tap_and_never_mentioned_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        group = len(shift.here.core.said(shift.group))
        noted = (await shift.asks(MEI, f"承诺 {ORDER} 21:00 补发小样"))[0]
        assert f"订单 {ORDER}：补发小样，21:00 前（小美）" in noted
        await shift.at("21:00")
        assert "答应买家的时间到了" in shift.here.last(MEI).text
        await shift.press(MEI, "已兑现")
        said = len(shift.here.core.said(MEI)), len(shift.here.core.said(BOSS))
        await shift.at("22:00")
        assert (len(shift.here.core.said(MEI)), len(shift.here.core.said(BOSS))) == said
        assert "没有还没兑现的承诺" in (await shift.asks(MEI, "承诺"))[0]
        assert len(shift.here.core.said(shift.group)) == group


async def test_what_is_overdue_reaches_the_lead_and_the_owner_hears_who_kept_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, f"承诺 {ORDER} 21:00 补发小样")
        assert "没有还没兑现的承诺" in (await shift.asks(QIANG, "承诺"))[0]
        await shift.at("21:31")
        assert "答应买家的还没兑现" in shift.here.last(BOSS).text
        assert "21:00 已过（小美）" in (await shift.asks(BOSS, "承诺"))[0]
        await shift.press(BOSS, "已兑现")
        assert "林主管 已兑现" in shift.here.last(MEI).text
        again = await shift.press(BOSS, "已兑现")
        assert again is not None
        assert "已经兑现过" in again.text


async def test_the_order_shows_what_was_promised(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, f"催 {ORDER} 1号")
        await shift.asks(MEI, f"承诺 {ORDER} 21:00 补发小样")
        assert (
            "答应买家（20:00）：补发小样，21:00 前，小美 负责"
            in (await shift.asks(QIANG, f"/order {ORDER}"))[0]
        )


async def test_a_text_that_holds_today_alone_is_registered_by_one_tap_and_the_order_number(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/ready 截单 21点半")
        said = (await shift.asks(MEI, "/q 今天能发吗"))[0]
        assert "今天21:30前付款的订单，今天安排发出" in said
        await shift.press(MEI, "已告诉买家，登记")
        assert "答应的是哪个订单" in shift.here.last(MEI).text
        noted = (await shift.asks(MEI, ORDER))[0]
        assert f"订单 {ORDER}：今天21:30前付款的订单，今天安排发出，22:00 前（小美）" in noted
        assert "今天安排发出" in "\n".join(await shift.asks(BOSS, f"/order {ORDER}"))
        await shift.press(MEI, "已告诉买家，登记")
        await shift.asks(MEI, ORDER)
        assert "还没兑现的承诺 1" in (await shift.asks(MEI, "承诺"))[0]
        await shift.at("22:00")
        assert "答应买家的时间到了" in shift.here.last(MEI).text


async def test_what_is_not_promised_any_more_and_what_is_no_order_is_not_registered(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/ready 截单 21:30")
        await shift.asks(MEI, "/q 截单")
        await shift.press(MEI, "已告诉买家，登记")
        assert "这不是订单号" in (await shift.asks(MEI, "她的订单"))[0]
        await shift.asks(BOSS, "/ready 截单 无")
        answer = await shift.press(MEI, "已告诉买家，登记")
        assert "没有这条承诺了" in f"{answer and answer.text}{shift.here.last(MEI).text}"
        assert "没有还没兑现的承诺" in (await shift.asks(MEI, "承诺"))[0]
        assert "已告诉买家" not in "".join(
            b for m in (await shift.asks(MEI, "/q 支付方式")) for b in m.splitlines()
        )


async def test_times_of_a_promise_may_be_said_as_people_say_them(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "回电，23:00 前" in (await shift.asks(MEI, f"承诺 {ORDER} 今晚11点前回电"))[0]
        assert "补发，11-12 22:00 前" in (await shift.asks(MEI, f"承诺 {ORDER} tomorrow 补发"))[0]
        assert "没有还没兑现" not in (await shift.asks(MEI, "承诺"))[0]
        assert "30分钟" in (await shift.asks(MEI, f"承诺 {ORDER} 尽快 回电"))[0]
