"""The roster in the room: planning, who is there, who is missed, gaps ahead, swaps, limits, newcomers."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

SHEET = "商品名称,直播价,讲解时间\n玫瑰精华水,79,20:00\n丝绒口红,69,20:30\n"


async def heard(shift: Shift, who: int, step: object) -> str:
    """What the bot newly said to `who` in private while `step` went on."""
    before = {m.message_id for m in shift.here.core.said(who)}
    await step  # type: ignore[misc]
    return "\n".join(m.text for m in shift.here.core.said(who) if m.message_id not in before)


async def test_several_shifts_in_one_message_each_person_is_told_theirs_and_bad_lines_with_the_reason(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        said = await heard(
            shift, OPS, shift.asks(OPS, "/shift 小美 20:00-24:00\n阿强、老陈 23:00-02:00\n小明 20:00-22:00")
        )
        assert "✓ 小美 11-11 20:00–00:00" in said
        assert "✓ 阿强、老陈 11-11 23:00–02:00" in said
        assert "✗ 没有叫「小明」的同事" in said
        assert "小美，您的班次：11-11 20:00–00:00" in shift.read(MEI)
        assert "11-11 23:00–02:00" in shift.read(CHEN)


async def test_who_tells_on_duty_on_a_break_missing_and_coming(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "排班 小美 19:00-23:00\n阿强 19:00-22:00\n老陈 21:00-23:00")
        await shift.asks(QIANG, "下班")
        await shift.asks(CHEN, "休息")
        said = (await shift.asks(MEI, "谁在"))[0]
        assert "小美（到 23:00）" in said
        assert "休息中：老陈（19:20 起）" in said
        assert "有班没签到：</b>阿强" in said or "有班没签到：阿强" in said
        assert "11-11 21:00–23:00 老陈" in said


async def test_a_break_is_on_the_managers_desk_and_on_no_agents(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "休息")
        assert "休息中：小美" in shift.read(BOSS)
        assert "休息中" not in shift.read(QIANG)


async def test_who_does_not_sign_in_is_named_to_the_manager_once_and_signs_in_by_one_tap(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "下班")
        await shift.asks(OPS, "/shift 小美 20:00-24:00")
        await shift.at("20:04")
        assert "还没签到" not in shift.read(BOSS)
        await shift.at("20:06")
        assert "小美（20:00 的班）" in shift.read(BOSS)
        assert "您 20:00–11-12 00:00 有班，还没签到" in shift.read(MEI)
        assert "还没签到" not in "\n".join(m.text for m in shift.here.core.said(shift.group))
        await shift.at("21:00")
        assert shift.read(BOSS).count("小美（20:00 的班）") == 1
        await shift.press(MEI, "签到")
        assert "到岗" in shift.read(MEI)
        assert "小美" in shift.board()


async def test_who_is_signed_in_or_on_a_break_is_not_missed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/shift 小美、阿强 20:00-24:00")
        await shift.asks(QIANG, "休息")
        await shift.at("20:30")
        assert "还没签到" not in shift.read(BOSS)


async def test_somebody_on_the_roster_who_speaks_first_is_offered_to_sign_in_privately_and_once(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "下班")
        await shift.says(MEI, "大家好")
        assert "还没签到" not in shift.read(MEI)  # no shift of hers runs
        await shift.asks(OPS, "/shift 小美 19:00-24:00")
        assert await shift.says(MEI, "我来了") == []
        assert shift.read(MEI).count("还没签到") == 1
        await shift.says(MEI, "开始吧")
        assert shift.read(MEI).count("还没签到") == 1
        await shift.press(MEI, "签到")
        assert "小美" in shift.board()


async def test_a_half_hour_nobody_is_planned_for_is_told_half_an_hour_ahead_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 20:00-22:00")
        said = await heard(shift, OPS, shift.asks(OPS, "/shift 小美 20:00-21:00\n阿强 21:30-22:00"))
        assert "没人的时段：</b>21:00–21:30" in said or "没人的时段：21:00–21:30" in said
        await shift.at("20:29")
        assert "没人的时段" not in shift.read(BOSS)
        await shift.at("20:31")
        assert "21:00–21:30" in shift.read(BOSS)
        await shift.at("21:10")
        assert shift.read(BOSS).count("没人的时段") == 1


async def test_a_room_without_a_roster_hears_nothing_of_gaps(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 20:00-22:00")
        await shift.at("21:00")
        assert "没人的时段" not in shift.read(BOSS)


async def test_a_shift_changes_hands_when_the_other_accepts_and_the_manager_is_told(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/shift 小美 20:00-24:00")
        assert "要写原因" in (await shift.asks(MEI, "换班 阿强"))[0]
        assert "已问 阿强" in (await shift.asks(MEI, "换班 阿强 家里有事"))[0]
        assert "原因：家里有事" in shift.read(QIANG)
        await shift.press(QIANG, "接班")
        assert "阿强 接了 小美 的班" in shift.read(MEI)
        assert "阿强 接了 小美 的班" in shift.read(BOSS)
        assert "20:00–00:00 阿强" in (await shift.asks(OPS, "/who"))[0]
        assert "没有班次可换" in (await shift.asks(MEI, "换班 阿强 家里有事"))[0]


async def test_a_shift_stays_whose_it_is_when_the_other_declines(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/shift 小美 20:00-24:00")
        await shift.asks(MEI, "换班 阿强 家里有事")
        await shift.press(QIANG, "不方便")
        assert "阿强 不方便顶" in shift.read(MEI)
        assert "20:00–00:00 小美" in (await shift.asks(OPS, "/who"))[0]


async def test_nobody_takes_more_chases_than_their_limit_and_what_they_register_waits_for_others(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        assert "最多接 1 单" in (await shift.asks(BOSS, "/capacity 小美 1"))[0]
        await shift.asks(MEI, "催 6917926768823643751")
        assert "已到上限" in (await shift.asks(MEI, "催 6917926768823643752"))[0]
        assert "6917926768823643752" in (await shift.asks(QIANG, "/chase"))[0]
        assert "不设上限" in (await shift.asks(BOSS, "/capacity 小美 无"))[0]
        assert "订单" in (await shift.asks(MEI, "催 6917926768823643753"))[0]
        assert "已到上限" not in (await shift.asks(MEI, "催 6917926768823643753"))[0]


async def test_a_limit_in_force_holds_back_the_next_chase_until_it_is_raised(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/capacity 小美 1")
        await shift.asks(MEI, "催 6917926768823643751")
        await shift.asks(MEI, "催 6917926768823643752")
        told = (await shift.asks(MEI, "/chase"))[0]  # the one in hand, not the next of the queue
        assert "6917926768823643751" in told
        assert "已到上限" in (await shift.asks(MEI, "催 6917926768823643752"))[0]
        await shift.asks(BOSS, "/capacity 小美 2")
        assert "已到上限" not in (await shift.asks(MEI, "催 6917926768823643752"))[0]
        assert "步骤：电话 待做" in shift.here.last(MEI).text


async def test_a_newcomer_gets_one_hint_with_the_first_use_of_each_kind_of_work(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/newcomer 小美")
        assert "欢迎" in shift.read(MEI)
        said = await shift.asks(MEI, "催 6917926768823643751")
        assert sum("提示：" in one for one in said) == 1
        said = await shift.asks(MEI, "催 6917926768823643752")
        assert not any("提示：" in one for one in said)
        assert not any("提示：" in one for one in await shift.asks(QIANG, "催 6917926768823643753"))
        await shift.asks(BOSS, "/newcomer 小美")
        await shift.asks(MEI, "下班")
        assert not any("提示：" in one for one in await shift.asks(MEI, "到岗"))


async def test_the_head_count_says_that_there_is_not_enough_history(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "还不知道下一场几点开播" in (await shift.asks(OPS, "/headcount"))[0]
        await shift.asks(OPS, "/plan 20:00-22:00")
        assert "历史不够" in (await shift.asks(OPS, "人手"))[0]


async def test_the_head_count_comes_from_what_past_evenings_brought(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for day in ("11", "12"):
            await shift.at(f"{day} 20:00")
            await shift.says(OPS, "开播")
            for n in range(4):
                order = f"69179267688236{day}{n:03}"
                await shift.asks(QIANG, f"催 {order}")
                await shift.press(QIANG, "留言") if n == 0 else None
            await shift.at(f"{day} 20:40")
            await shift.says(OPS, "下播")
        await shift.at("13 19:00")
        await shift.asks(OPS, "/plan 20:00-22:00")
        await shift.asks(OPS, "/shift 小美 20:00-22:00")
        said = (await shift.asks(OPS, "/headcount"))[0]
        assert "20:00 预计 4 件 · 要 4 人，只排了 1 人" in said
        assert "20:30 预计 0 件 · 要 1 人 · 已排 1 人" in said
        assert "21:00" not in said


async def test_the_platforms_profile_says_tool_answer_times_and_what_is_unknown(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        said = (await shift.asks(MEI, "/platform"))[0]
        assert "抖音 · 用 飞鸽 接待" in said
        assert "180 秒内回复（08:00–23:00）" in said
        assert "30 分钟后失效" in said
        assert "3.00 元" in said


async def test_on_air_the_last_of_a_kind_who_goes_is_named_to_the_manager_once_and_told_so(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("19:30")
        await shift.asks(QIANG, "下班")
        await shift.asks(QIANG, "到岗")  # before the stream nobody minds
        await shift.at("20:00")
        await shift.says(OPS, "开播")
        assert await heard(shift, BOSS, shift.asks(QIANG, "下班")) == ""  # 小美 is there
        group = len(shift.here.core.said(shift.group))
        said = await heard(shift, BOSS, shift.asks(MEI, "休息"))
        assert "直播中没有客服在岗了：小美 刚刚休息" in said
        assert "您走后没有客服在岗了" in shift.here.last(MEI).text
        assert "没有客服在岗" not in await heard(shift, BOSS, shift.asks(MEI, "下班"))  # it was told already
        assert "直播中没有运营在岗了：小周" in await heard(shift, BOSS, shift.asks(OPS, "下班"))
        assert "没有运营" not in shift.read(MEI)
        assert len(shift.here.core.said(shift.group)) == group
        await shift.press(OPS, "我还在，到岗")
        assert "小周" in shift.board()


async def test_who_goes_before_the_end_of_the_shift_is_told_until_when_it_lasts(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/shift 小美 19:00-23:00\n阿强 21:00-23:00")
        said = await heard(shift, MEI, shift.asks(MEI, "下班"))
        assert "您的班到 23:00，还没结束" in said
        assert "来不了，找人换班" in shift.buttons(MEI)
        assert "您的班到" not in await heard(shift, QIANG, shift.asks(QIANG, "下班"))
        assert "您的班到" not in await heard(shift, MEI, shift.asks(MEI, "到岗"))
        assert "您的班到" not in await heard(shift, MEI, shift.asks(MEI, "休息"))
