"""流失: a buyer who did not order is noted with the reason, comes back when agreed, and never joins the chase."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening


def noted(shift: Shift) -> list[dict[str, str]]:
    """What the journal says of lost inquiries, as noted."""
    return [dict(one.values) for one in shift.here.bot.runner.view("a1").journal.by("kind", "lost_inquiry")]


async def test_a_lost_buyer_comes_back_to_the_agent_when_agreed_and_the_group_hears_nothing(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        group = len(shift.here.core.said(shift.group))
        said = (await shift.asks(MEI, "流失 3 太贵 21:00"))[0]
        assert "3号 烟酰胺面霜 · 价格：太贵（小美 20:00）" in said
        assert "21:00 再联系" in said
        assert not [caption for caption in shift.buttons(MEI) if caption == "没货、断码"]
        await shift.at("20:59")
        assert "到时间了" not in shift.here.last(MEI).text
        await shift.at("21:00")
        assert "约好再联系的买家到时间了" in shift.here.last(MEI).text
        answer = await shift.press(MEI, "已下单")
        assert answer is not None
        assert "买家下单了" in answer.text
        assert "没有要再联系的买家" in (await shift.asks(MEI, "流失"))[0]
        assert not [caption for caption in shift.buttons(MEI) if "不再跟" in caption]
        id = next(iter(shift.here.bot.runner.view("a1").lost_inquiries.scan())).id
        assert "已经有结果" in (await shift.asks(MEI, f"/lostend {id} gone"))[0]
        assert len(shift.here.core.said(shift.group)) == group
        assert not list(shift.here.bot.runner.view("a1").chases.scan())


async def test_a_reason_left_out_is_one_tap_and_a_slip_is_put_right_with_another(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "为什么没下单" in (await shift.asks(MEI, "/lost 玫瑰"))[0]
        await shift.press(MEI, "没货、断码")
        await shift.press(MEI, "没货、断码")
        await shift.press(MEI, "价格")
        assert "1号 玫瑰精华水 · 价格（小美" in shift.here.last(MEI).text
        assert "为什么没下单" not in shift.here.last(MEI).text
        assert [one.get("reason") for one in noted(shift)] == ["", "stock", "price"]
        assert {one["number"] for one in noted(shift)} == {"1"}
        assert "本场流失询单 1 条：价格 1" in (await shift.asks(BOSS, "流失"))[0]


async def test_another_time_is_asked_for_and_reminds_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "流失 太贵 20:30")
        await shift.at("20:30")
        await shift.press(MEI, "再约时间")
        assert "什么时候再联系" in shift.here.last(MEI).text
        assert "21:15 再联系" in (await shift.asks(MEI, "21:15"))[0]
        assert "21:15 再联系" in (await shift.asks(BOSS, "流失"))[0]
        assert "没有要再联系的买家" in (await shift.asks(QIANG, "流失"))[0]
        before = len(shift.here.core.said(MEI))
        await shift.at("21:15")
        assert len(shift.here.core.said(MEI)) == before + 1
        await shift.press(MEI, "不再跟")
        await shift.at("22:30")
        assert len(shift.here.core.said(MEI)) == before + 1


async def test_who_given_up_before_the_time_is_not_reminded(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "流失 3 太贵 21:00")
        await shift.press(MEI, "不再跟")
        rows = shift.here.bot.runner.view("a1").due.scan()
        assert not [row for row in rows if row.kind == "lost_retry"]
        said = len(shift.here.core.said(MEI))
        await shift.at("21:30")
        assert len(shift.here.core.said(MEI)) == said


@pytest.mark.parametrize(
    ("typed", "cure"),
    [
        ("流失 3 太贵 回电13800012345", "电话"),
        ("流失 138 0001 2345 太贵", "电话"),
        ("流失 9 太贵", "9"),
        ("流失 3 太贵 明天 25:00", "25:00"),
        ("流失 3 太贵 02-20", "60 天"),
        ("流失 3 " + "太" * 61, "60 字"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_the_cure_and_nothing_is_kept(
    tmp_path: Path, typed: str, cure: str
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert cure in (await shift.asks(MEI, typed))[0]
        assert not noted(shift)


async def test_another_agent_and_ops_leave_it_alone(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "流失 3 太贵 21:00")
        id = next(iter(shift.here.bot.runner.view("a1").lost_inquiries.scan())).id
        assert "是 小美 记的" in (await shift.asks(QIANG, f"/lostend {id} gone"))[0]
        await shift.asks(OPS, "流失 3 太贵")
        assert [one["step"] for one in noted(shift)] == ["made"]


async def test_the_lead_puts_it_off_or_closes_it_and_the_agent_sees_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "流失 3 太贵 21:00")
        id = next(iter(shift.here.bot.runner.view("a1").lost_inquiries.scan())).id
        assert "21:30 再联系" in (await shift.asks(BOSS, f"/lostlater {id} 21:30"))[0]
        assert "21:30 再联系" in shift.here.last(MEI).text
        await shift.asks(BOSS, "流失")
        await shift.press(BOSS, "已下单")
        assert not [caption for caption in shift.buttons(MEI) if "已下单" in caption]
        said = len(shift.here.core.said(MEI))
        await shift.at("22:00")
        assert len(shift.here.core.said(MEI)) == said


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("流失 3号太贵", "3号 烟酰胺面霜 · 价格：太贵"),
        ("流失 #3，太贵", "3号 烟酰胺面霜 · 价格：太贵"),
        ("流失 三号链接太贵 21:00", "3号 烟酰胺面霜 · 价格：太贵"),
        ("流失 29号再说，太贵", "没说哪个商品 · 价格：29号再说，太贵"),
    ],
)
async def test_a_number_typed_without_a_blank_still_names_the_product(
    tmp_path: Path, typed: str, kept: str
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert kept in (await shift.asks(MEI, typed))[0]
