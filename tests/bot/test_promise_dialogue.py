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
