"""Before the stream: the checklist, ticks and waivers, reminders to each role, and what is missing at /live."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, evening

SHEET = "商品名称,直播价,类目,讲解时间\n鲜榨橙子,29,生鲜水果,20:30\n丝绒口红,69,美妆,21:00\n"


async def test_the_checklist_shows_each_role_its_own_and_ops_everything(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 20:30")
        ops = (await shift.asks(OPS, "开播检查"))[0]
        assert "计划 20:30 开播" in ops
        assert "○ 排品表已启用" in ops
        assert "✓ 每个人都打开了私聊" in ops
        assert "没有挂起或离线" in ops
        assert "飞鸽" in ops
        agent = (await shift.asks(MEI, "开播检查"))[0]
        assert "客服已签到" in agent
        assert "排品表已启用" not in agent


async def test_an_item_is_ticked_by_one_tap_with_the_name_and_the_card_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 21:30")
        await shift.asks(OPS, "/preflight")
        await shift.press(OPS, "✓ 核对后台")
        assert "✓ 库存、链接和价格与平台后台核对过（小周 19:20）" in shift.read(OPS)
        assert not any("✓ 沟通直播细节" in one for one in shift.buttons(OPS))
        assert not any("放行" in one for one in shift.buttons(OPS))


async def test_a_manager_waives_an_item_by_name_with_a_reason(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 21:30")
        await shift.asks(BOSS, "/preflight")
        await shift.press(BOSS, "放行：排品表")
        assert "为什么放行" in shift.here.last(BOSS).text
        await shift.asks(BOSS, "今天只卖一款")
        said = (await shift.asks(BOSS, "/preflight"))[0]
        assert "排品表已启用（没有它客服查不到商品和价格）（林主管 19:20 放行：今天只卖一款）" in said


async def test_conditions_follow_the_sheet_that_is_taken_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 21:30")
        assert "冷链" not in (await shift.asks(BOSS, "/preflight"))[0]
        await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        said = (await shift.asks(BOSS, "/preflight"))[0]
        assert "✓ 排品表已启用" in said
        assert "○ 食品：保质期、储存和冷链发货已告诉客服" in said
        assert "预售" not in said


async def test_the_sheets_first_time_is_the_planned_start_unless_somebody_says_otherwise(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        assert "计划 20:30 开播" in (await shift.asks(OPS, "/plan"))[0]
        assert await shift.says(OPS, "/plan 20:45") == ["计划 20:45 开播（小周）"]
        assert "计划 20:45 开播" in (await shift.asks(OPS, "/preflight"))[0]
        assert "请写几点开播" in (await shift.asks(OPS, "/plan 晚上"))[0]


async def test_each_role_is_reminded_at_its_time_twice_at_most_and_the_group_hears_nothing(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 21:30")
        group = len(shift.here.core.said(shift.group))
        await shift.at("20:40")
        assert "排品表已启用" in shift.read(OPS)  # 60 minutes before
        assert "21:30 开播前还要做" in shift.read(OPS)
        assert "排品表已启用" not in shift.read(QIANG)
        await shift.at("21:29")
        assert shift.read(OPS).count("○ 排品表已启用") == 2
        assert shift.buttons(OPS).count("看检查单") == 1  # the reminder before has lost its buttons
        assert shift.read(BOSS).count("○ 看过平台最近的规则") == 1  # what is not required, once
        await shift.at("22:30")
        assert shift.read(OPS).count("○ 排品表已启用") == 2
        assert len(shift.here.core.said(shift.group)) == group


async def test_what_is_ticked_is_not_reminded_of(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 21:30")
        await shift.asks(OPS, "/preflight")
        await shift.press(OPS, "✓ 核对后台")
        await shift.at("21:29")
        assert "○ 库存、链接和价格" not in "\n".join(
            m.text for m in shift.here.core.said(OPS) if "开播前还要做" in m.text
        )


async def test_who_is_rostered_and_not_there_is_reminded_and_nobody_else(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 21:30-23:00")
        await shift.asks(OPS, "/shift 小美、阿强 21:30-23:00")
        await shift.asks(MEI, "下班")
        await shift.at("21:21")
        assert "客服已签到" in shift.read(MEI)
        assert "客服已签到" not in shift.read(QIANG)
        await shift.press(MEI, "签到")
        assert "小美" in shift.board()


async def test_live_is_never_refused_and_what_is_missing_goes_to_the_manager_with_the_time(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:00")
        assert "开播 小满优选" in (await shift.says(OPS, "开播"))[0]
        told = shift.read(BOSS)
        assert "20:00 已记下开播。还缺" in told
        assert "○ 主管已和直播团队沟通好直播细节" in told
        assert "○ 排品表已启用" in told
        await shift.press(BOSS, "看检查单")
        await shift.press(BOSS, "✓ 沟通直播细节")
        assert "✓ 主管已和直播团队沟通好直播细节（林主管 20:00）" in shift.read(BOSS)


async def test_the_planned_time_cannot_be_changed_on_air(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        assert "已经开播" in (await shift.asks(OPS, "/plan 21:00"))[0]


async def test_an_agent_who_has_not_seen_the_sheet_is_reminded_of_it_and_confirms_by_one_tap(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 21:30")
        await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        assert "○ 客服都确认看过排品表" in (await shift.asks(BOSS, "/preflight"))[0]
        await shift.at("21:01")
        assert "客服都确认看过排品表" in shift.here.last(MEI).text
        for who in (MEI, QIANG):
            await shift.press(who, "看过")
        assert "✓ 客服都确认看过排品表" in (await shift.asks(BOSS, "/preflight"))[0]


async def test_a_stream_that_goes_on_after_closing_is_not_checked_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.says(OPS, "快下播")
        await shift.says(OPS, "开播")
        assert shift.read(BOSS).count("已记下开播") == 1


async def test_who_has_nothing_on_the_checklist_is_told_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 21:30")
        assert "没有要您做的项目" in (await shift.asks(CHEN, "/preflight"))[0]
        assert "没有要您做的项目" not in (await shift.asks(MEI, "/preflight"))[0]


async def test_a_start_that_is_moved_keeps_the_length_and_times_may_be_said_as_people_say_them(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        said = await shift.says(OPS, "/plan 晚上8点到10点半")
        assert said == ["计划 20:00 开播，到 22:30（小周）"]
        said = await shift.says(OPS, "计划开播 21点")
        assert said == ["计划 21:00 开播，到 23:30（小周）"]
        assert "21:00–23:00" in (await shift.asks(OPS, "/shift 小美 9pm-11pm"))[0]
        assert "没人的时段：23:00–23:30" in (await shift.asks(OPS, "/shift 阿强 20点-22点"))[0]
