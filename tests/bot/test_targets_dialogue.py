"""A month's targets are a manager's: who has one sees how far they are; and figures without a source say so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.target_lines import progress_of
from tests.bot.test_review_entry_dialogue import over
from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, OPS, QIANG, SHANGHAI, evening

ORDER = "6917000000000000001"


async def test_who_has_a_target_sees_how_far_they_are_and_nobody_else_sees_any(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "还没有设月度目标" in (await shift.asks(BOSS, "/target"))[-1]
        assert "目标" not in (await shift.asks(MEI, "/my"))[-1]
        assert "小美 每月 催付单 目标 4" in (await shift.asks(BOSS, "/target 小美 催付单 4"))[-1]
        assert "主管改了您的月度目标" in shift.here.last(MEI).text
        await selling(shift)
        await shift.asks(MEI, f"催 {ORDER} 1号")
        await shift.press(MEI, "提醒付款")
        assert "本月目标：催付单 1/4（25%）" in (await shift.asks(MEI, "/my"))[-1]
        assert "目标" not in (await shift.asks(QIANG, "/my"))[-1]
        assert "小美：催付单 1/4（25%）" in (await shift.asks(BOSS, "/target"))[-1]
        await shift.asks(BOSS, "/weekly")
        assert "本月目标\n小美：催付单 1/4（25%）" in shift.here.last(BOSS).text
        await shift.asks(BOSS, "/target 小美 催付单 无")
        assert "目标" not in (await shift.asks(MEI, "/my"))[-1]
        await shift.asks(BOSS, "/weekly")
        assert "本月目标" not in shift.here.last(BOSS).text


async def test_a_new_month_begins_at_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/target 小美 工时 100")
        await shift.asks(MEI, "/out")
        assert "工时 0/100" in (await shift.asks(MEI, "/my"))[-1]  # signed in and out at the same minute
        await shift.asks(MEI, "/in")
        await shift.minutes(120)
        await shift.asks(MEI, "/out")
        assert "工时 2/100（2%）" in (await shift.asks(MEI, "/my"))[-1]
        books, now = shift.here.bot.runner.view("a1"), shift.clock.now()
        later = [progress_of(books, SHANGHAI, now + timedelta(days=days))[0].done for days in (18, 20)]
        assert later == [2, 0]  # on the 29th, and in December


async def test_who_has_no_role_any_more_stands_in_no_target(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/target 小美 工时 10")
        await shift.asks(BOSS, "/target 阿强 工时 20")
        await shift.says(MEI, "走了")
        message = next(m for m in reversed(shift.here.chat(shift.group)) if m.sender_id == MEI)
        await shift.says(BOSS, "/role", reply_to=message.message_id)
        told = (await shift.asks(BOSS, "/target"))[-1]
        assert "阿强：工时 0/20" in told
        assert "小美：" not in told
        await shift.asks(BOSS, "/weekly")
        assert "小美：" not in shift.here.last(BOSS).text


async def test_a_target_that_cannot_be_read_is_refused_with_how_to_write_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for typed, cure in (
            ("小美 催付单 5 6", "设目标：「/target 小美 催回 50」"),
            ("小美 笑容 5", "没有叫「笑容」的项目"),
            ("小美 催付单 很多", "请写大于 0 的数"),
            ("小红 催付单 5", "小红"),
        ):
            assert cure in (await shift.asks(BOSS, f"/target {typed}"))[-1], typed
        assert "目标" not in "".join(await shift.asks(MEI, "/target 小美 催付单 5"))


async def test_figures_without_a_source_say_so_and_a_manager_sets_the_shops_own(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        told = (await shift.asks(OPS, "参考值"))[-1]
        assert "未支付率 30%（攻略参考值，文章 002，无出处）" in told
        for share in ("10%", "20%", "70%", "79%", "92%"):
            assert f" {share}（攻略参考值" in told
        assert "只有主管能改" in (await shift.asks(OPS, "/reference 未支付率 25%"))[-1]
        await over(shift)
        await shift.asks(MEI, f"催 {ORDER} 1号")
        assert "（攻略参考值，无出处 30%）" in "\n".join(await shift.asks(BOSS, "/review"))
        assert "未支付率 25%（本店设定）" in (await shift.asks(BOSS, "/reference 未支付率 25%"))[-1]
        assert "（本店设定 25%）" in "\n".join(await shift.asks(BOSS, "/review"))
        assert "目标 80%（本店设定" in (await shift.asks(BOSS, "/figures"))[-1]  # 20 of 25
        assert "不能比未支付的还多" in (await shift.asks(BOSS, "/reference 可争取 26"))[-1]
        assert "没有叫「天气」的参考值" in (await shift.asks(BOSS, "/reference 天气 5"))[-1]
        assert "没有叫「天气」的参考值" in (await shift.asks(BOSS, "/reference 天气"))[-1]
        assert "不是百分比" in (await shift.asks(BOSS, "/reference 未支付率 很多"))[-1]
        await shift.asks(BOSS, "/reference 未支付率 原值")
        assert "目标 67%（参照" in (await shift.asks(BOSS, "/figures"))[-1]


async def test_how_long_telephone_and_letters_waited_is_entered_and_stands_in_the_review(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        assert (
            "邮件最迟回复 2 小时 30 分"
            in (await shift.asks(OPS, "/enter 电话响铃 12秒 邮件最迟回复 2:30:00"))[-1]
        )
        assert "电话接听用时 12 秒" in "\n".join(await shift.asks(BOSS, "/review"))


async def test_targets_and_figures_are_set_by_buttons_too(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/target")
        await shift.press(BOSS, "小美")
        await shift.press(BOSS, "催付单")
        assert "小美 每月 催付单 目标多少" in shift.here.last(BOSS).text
        assert "小美 每月 催付单 目标 40" in (await shift.asks(BOSS, "40"))[-1]
        await shift.asks(BOSS, "/reference")
        await shift.press(BOSS, "不再光顾")
        assert "改成百分之几" in shift.here.last(BOSS).text
        assert "服务差就不再光顾 65%（本店设定）" in (await shift.asks(BOSS, "65%"))[-1]
        await shift.asks(OPS, "/reference")
        assert "未支付率" not in shift.buttons(OPS)
