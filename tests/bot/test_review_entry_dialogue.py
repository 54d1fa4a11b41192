"""What nobody can count is entered by buttons or in a line; action items come back until they are done."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

NEW_PRICE = "3 59.9"


async def over(shift: Shift) -> None:
    """A broadcast that was on air for an hour."""
    await shift.says(OPS, "开播")
    await shift.at("20:30")
    await shift.says(OPS, "下播")


async def reviewed(shift: Shift) -> str:
    """Both halves of the review as the manager reads them now."""
    return "\n".join(await shift.asks(BOSS, "/review"))


async def test_figures_are_entered_by_buttons_and_stand_in_the_review_beside_what_follows_from_them(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        assert "未录入：目标与实际、流量与互动、客服指标、岗位复盘、改进项" in await reviewed(shift)
        await shift.press(BOSS, "录入数据")
        await shift.press(BOSS, "流量与互动")
        assert "场观：未录入" in shift.here.last(BOSS).text
        await shift.press(BOSS, "场观")
        told = await shift.asks(BOSS, "1.2万")
        assert "已记下 场观 12,000" in told[-1]
        told = await shift.asks(BOSS, "/enter 新增粉丝 240 人均停留 1分20秒 目标场观 10000 3分钟回复率 96.5%")
        assert "已记下 3分钟回复率 96.5%" in told[-1]
        text = await reviewed(shift)
        assert "场观 12,000、人均停留 1 分 20 秒、新增粉丝 240、转粉率 2%" in text
        assert "目标场观 10,000：实际 12,000（达成 120%）" in text
        assert "7 客服指标（抖音口径）\n3分钟回复率 96.5%" in text
        assert "未录入：岗位复盘、改进项" in text


async def test_a_value_that_is_none_is_refused_with_how_to_write_it_and_nothing_is_kept(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        for typed, cure in (
            ("场观 12000 转粉丝数 7", "没认出「转粉丝数 7」是哪一项"),
            ("场观 很多", "「很多」不是个数。请写 12000 或 1.2万"),
            ("3分钟回复率 120%", "不超过 100%"),
            ("体验分 6", "0 到 5 之间"),
            ("场观", ""),
        ):
            assert cure in (await shift.asks(BOSS, f"/enter {typed}"))[-1]
            await shift.asks(BOSS, "/now")  # whoever asks for something else is asked no more
        await shift.asks(BOSS, "/enter 流量")
        assert "场观：未录入" in shift.here.last(BOSS).text


async def test_what_is_entered_again_says_what_stood_there(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.asks(OPS, "/enter 场观12000")
        assert "已记下 场观 13,000（原来 12,000）" in (await shift.asks(OPS, "/enter 场观：13000"))[-1]
        assert not await shift.asks(MEI, "/enter 场观 1") or "场观 1" not in shift.read(MEI)  # agents do not


async def test_posts_and_the_shift_are_spoken_of_in_one_tap_without_names(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.press(MEI, "吃力")
        assert "已记下：吃力" in shift.here.last(MEI).text
        await shift.press(MEI, "一般")  # a slip put right
        await shift.asks(QIANG, "/feedback 顺利 话术都在")
        assert "请写 顺利、一般 或 吃力" in (await shift.asks(QIANG, "/feedback 还可以吧"))[-1]
        await shift.asks(OPS, "/post 场控 赠品数没对上")
        text = await reviewed(shift)
        assert "场控：赠品数没对上" in text
        assert "班次反馈：顺利 1、一般 1\n「话术都在」" in text
        part = text.split("班次反馈", 1)[1].split("10 跟进", 1)[0]
        assert "小美" not in part
        assert "阿强" not in part
        assert "这一班感觉怎么样" not in shift.read(CHEN)
        assert "这一班感觉怎么样" not in shift.read(shift.group)


async def test_an_action_item_has_an_owner_who_is_reminded_three_times_then_the_managers_hear(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await reviewed(shift)
        await shift.press(BOSS, "加改进项")
        told = (await shift.asks(BOSS, "小美 明天 10:00 快捷语按新价重写"))[-1]
        assert "○ 快捷语按新价重写 · 小美 · 11-12 10:00 前" in told
        assert "给您一项改进" in shift.here.last(MEI).text
        await shift.at("12 09:59")
        assert "改进项到期了" not in shift.read(MEI)
        for day, clock in ((12, "10:01"), (12, "22:01"), (13, "10:02")):
            assert "改进项提醒了" not in shift.read(BOSS)
            await shift.at(f"{day} {clock}")
            assert (
                "已过 11-12 10:00" in shift.here.last(MEI).text or "已过 10:00" in shift.here.last(MEI).text
            )
        assert "改进项提醒了 3 次还没做完" in shift.here.last(BOSS).text
        said = len(shift.here.core.said(MEI))
        await shift.at("16 10:00")
        assert not [m for m in shift.here.core.said(MEI)[said:] if "改进项" in m.text]


async def test_an_item_due_in_the_evening_is_not_nagged_about_at_night(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.asks(BOSS, "/action 小美 明天 18:00 重写快捷语")
        await shift.at("13 07:59")
        assert shift.read(MEI).count("改进项到期了") == 1
        await shift.at("13 08:00")
        assert "已过 11-12 18:00" in shift.here.last(MEI).text


async def test_an_item_whose_owner_left_is_whose_it_was_who_asked_for_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.asks(BOSS, "/action 小美 明天 18:00 重写快捷语")
        shift.here.core.leave(MEI, shift.group)
        await shift.here.settle()
        before = len(shift.here.core.said(MEI))
        await shift.at("12 18:00")
        assert len(shift.here.core.said(MEI)) == before
        assert "改进项到期了" in shift.read(BOSS)
        assert "○ 重写快捷语 · 林主管" in "\n".join(await shift.asks(BOSS, "/action"))


async def test_what_is_not_done_comes_back_before_the_next_stream_and_in_its_review(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.asks(BOSS, "/action 阿强 11-13 18:00 核对赠品数")
        await shift.at("12 18:00")
        await shift.says(OPS, "/plan 20:30")
        told = (await shift.asks(BOSS, "/preflight"))[-1]
        assert "上次复盘的改进项已做完 · 主管（可不做）：" in told
        assert "核对赠品数（阿强）" in told
        await shift.at("12 20:30")
        await over_again(shift)
        text = await reviewed(shift)
        assert "○ 核对赠品数 · 阿强 · 11-13 18:00 前（上场遗留）" in text
        await shift.press(QIANG, "完成")
        assert "您提的改进项有结果了" in shift.here.last(BOSS).text
        assert "✓ 核对赠品数 · 阿强（上场遗留）" in await reviewed(shift)


async def over_again(shift: Shift) -> None:
    await shift.says(OPS, "开播")
    await shift.minutes(30)
    await shift.says(OPS, "下播")


async def test_an_item_is_dropped_with_a_reason_only_and_put_off_with_a_time(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.asks(MEI, "/action 整理退货话术")
        assert "只有组长和主管能把改进项派给别人" in (await shift.asks(MEI, "/action 阿强 整理退货话术"))[-1]
        assert "请不要写买家的电话" in (await shift.asks(MEI, "/action 联系 13800000001"))[-1]
        await shift.press(MEI, "改期")
        assert "这个时间已经过了" in (await shift.asks(MEI, "今天 08:00"))[-1]
        assert "11-20 18:00 前" in (await shift.asks(MEI, "11-20"))[-1]
        await shift.press(MEI, "不做了")
        assert "– 整理退货话术" not in shift.read(MEI)
        await shift.asks(MEI, "平台有模板了")
        assert re.search("– 整理退货话术 · 小美 · 小美 .* 不做了：平台有模板了", shift.read(MEI))
        assert "没有未完成的改进项" in (await shift.asks(MEI, "/action"))[-1]
