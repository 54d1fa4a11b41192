"""The day's tasks reach one person each on one card, are ticked with evidence, and end with an outcome."""

from __future__ import annotations

from pathlib import Path

from bot import texts
from bot.duties import DUTIES
from playbooks import daily
from tests.bot.test_undo_dialogue import selling
from tests.support.chases import books
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening


def card(shift: Shift, who: int) -> str:
    """The newest card of the day in a chat."""
    return next(m.text for m in reversed(shift.here.core.said(who)) if "每日任务 11-1" in m.text)


def cards(shift: Shift, who: int) -> int:
    return sum("每日任务 11-1" in m.text for m in shift.here.core.said(who))


async def test_each_task_of_the_late_shift_has_one_named_person_and_one_card_each(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        group = len(shift.here.core.said(shift.group))
        await shift.at("23:29")
        assert cards(shift, MEI) == cards(shift, QIANG) == cards(shift, BOSS) == 0
        await shift.at("23:30")
        both = card(shift, MEI) + card(shift, QIANG)
        for what in (
            "登记今天没成交的买家",
            "记录新的疑难问题",
            "登记当天的售后",
            "整理难搞的聊天",
            "保存好评和售后图片",
        ):
            assert both.count(what) == 1
        assert "登记工作失误和责任人" in card(shift, BOSS)
        assert [cards(shift, who) for who in (MEI, QIANG, BOSS, CHEN, OPS)] == [1, 1, 1, 0, 0]
        assert len(shift.here.core.said(shift.group)) == group


async def test_what_the_books_show_is_done_by_itself_and_troubles_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("23:30")
        told = "\n".join(await shift.asks(BOSS, "每日"))
        assert "系统核对无误：9、10、19" in told
        assert "特别要求" not in card(shift, MEI) + card(shift, QIANG)


async def test_with_nothing_registered_a_tick_asks_for_a_sentence_free_of_buyers(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("23:30")
        await shift.press(MEI, "✓ 未成交")
        assert "一条登记都没有" in shift.here.last(MEI).text
        await shift.asks(MEI, "买家 13800001111 没买")
        assert "✓" not in card(shift, MEI)
        await shift.press(MEI, "✓ 未成交")
        await shift.asks(MEI, "今天都成交了")
        assert "✓ 6 登记今天没成交的买家（小美 23:30：今天都成交了）" in card(shift, MEI)
        assert "1/3" in card(shift, MEI)


async def test_what_was_registered_today_is_the_evidence(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "流失 1 太贵")
        await shift.says(OPS, "下播")
        await shift.at("23:45")
        await shift.press(MEI, "✓ 未成交")
        assert "登记今天没成交的买家（小美 23:45：1）" in card(shift, MEI)
        assert cards(shift, MEI) == 1


async def test_skipping_needs_a_reason_and_a_second_press_changes_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("23:30")
        await shift.press(MEI, "跳过：存图")
        await shift.asks(MEI, "今天没有图")
        assert "– 17 保存好评和售后图片（小美 23:30 跳过：今天没有图）" in card(shift, MEI)
        assert "已经结束" in (await shift.asks(MEI, "/dailyskip a1-y261111.17l 又想了想"))[0]


async def test_reminders_have_a_maximum_then_who_is_in_charge_hears_once_and_may_take_it_on(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "每日任务 17 20:00")
        await shift.asks(BOSS, "每日任务 17 小美")
        await shift.at("22:14")
        assert cards(shift, MEI) == 3
        assert "提醒了几次还没做的" not in shift.read(BOSS)
        await shift.at("22:15")
        assert shift.read(BOSS).count("提醒了几次还没做的") == 1
        await shift.press(BOSS, "我来：存图")
        assert "保存好评和售后图片" in card(shift, BOSS)
        assert "保存好评和售后图片" not in card(shift, MEI)
        await shift.at("23:29")
        assert cards(shift, MEI) == 3
        assert shift.read(BOSS).count("提醒了几次还没做的") == 1


async def test_at_night_a_task_comes_once_without_a_sound_and_the_report_has_what_was_left(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("12 00:20")
        await shift.says(OPS, "下播")
        await shift.at("12 04:59")
        rung = [m for m in shift.here.core.said(MEI) if "每日任务 11-1" in m.text]
        assert [m.silent for m in rung] == [True]
        assert "提醒了几次还没做的" not in shift.read(BOSS)
        await shift.at("12 08:30")
        assert cards(shift, MEI) == 1
        assert "保存好评和售后图片：没做 小美" in shift.read(BOSS)


async def test_what_was_given_by_name_for_the_night_is_heard(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "交办 小美 00:30 关掉打包间的灯")
        await shift.at("12 00:30")
        rung = [m for m in shift.here.core.said(MEI) if "● 关掉打包间的灯" in m.text]
        assert [m.silent for m in rung] == [False]


async def test_a_tick_is_taken_back_within_a_minute_by_who_made_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "交办 小美 20:00 整理样品")
        await shift.at("20:00")
        await shift.press(MEI, "✓ 整理样品")
        id = next(one.id for one in books(shift).daily_tasks.scan() if one.title == "整理样品")
        assert "只能由本人" in (await shift.asks(QIANG, f"/dailyundo {id}"))[0]
        await shift.press(MEI, "撤销：整理样品")
        assert "● 整理样品 · 20:00" in card(shift, MEI)
        assert "● 整理样品" in shift.here.last(BOSS).text
        await shift.press(MEI, "跳过：整理样品")
        await shift.asks(MEI, "样品不在")
        await shift.minutes(1)
        assert not [caption for caption in shift.buttons(MEI) if "撤销：整理样品" in caption]
        assert "只能由本人" in (await shift.asks(MEI, f"/dailyundo {id}"))[0]
        assert "跳过：样品不在" in card(shift, MEI)


async def test_what_was_given_to_somebody_who_left_is_its_givers_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "交办 小美 21:00 整理样品")
        shift.here.core.leave(MEI, shift.group)
        await shift.here.settle()
        before = len(shift.here.core.said(MEI))
        await shift.at("21:00")
        assert len(shift.here.core.said(MEI)) == before
        assert "● 整理样品 · 21:00" in card(shift, BOSS)


async def test_what_is_not_done_when_the_shift_ends_stands_as_missed_and_can_be_done_late(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("12 05:00")
        assert "✗ 17 保存好评和售后图片 没做（小美）" in card(shift, MEI)
        await shift.press(MEI, "✓ 存图")
        await shift.asks(MEI, "补上了")
        assert "✓ 17 保存好评和售后图片（小美 05:00：补上了）" in card(shift, MEI)


async def test_later_puts_everything_off_twice_and_no_more(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("23:30")
        await shift.press(MEI, "都先放一放")
        await shift.at("23:59")
        assert cards(shift, MEI) == 1
        await shift.at("12 00:00")
        assert cards(shift, MEI) == 2
        await shift.press(MEI, "都先放一放")
        assert not [caption for caption in shift.buttons(MEI) if "都先放一放" in caption]


async def test_nobody_is_reminded_while_the_room_is_on_air(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("23:50")
        assert cards(shift, MEI) == cards(shift, QIANG) == 0
        await shift.says(OPS, "下播")
        await shift.minutes(15)
        assert cards(shift, MEI) == 1


async def test_what_somebody_was_given_by_name_and_time_is_brought_up_on_air_too(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "交办 小美 21:00 拍样品照")
        await shift.at("21:00")
        assert "● 拍样品照 · 21:00" in card(shift, MEI)


async def test_who_comes_first_in_the_morning_gets_what_waited_for_somebody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for who in (BOSS, OPS, MEI, QIANG, CHEN):
            await shift.asks(who, "/out")
        await shift.at("12 10:00")
        assert "问清今天的发货时间" not in shift.read(CHEN)
        await shift.asks(CHEN, "/in")
        assert "● 1 问清今天的发货时间，设好今日截单 · 09:00" in card(shift, CHEN)


async def test_the_cut_off_is_asked_in_the_morning_ticks_itself_and_is_promised_for_today_alone(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "下播")
        assert "16:00" not in "\n".join(await shift.asks(MEI, "搜 几点前拍今天发"))
        await shift.at("12 09:00")
        await shift.press(CHEN, "去做：发货时间")
        refused = await shift.asks(CHEN, "下午")
        assert "请" in refused[0]
        await shift.asks(CHEN, "截单 16点")
        assert "✓ 1 问清今天的发货时间，设好今日截单（系统核对 09:00）" in card(shift, CHEN)
        assert "16:00" in "\n".join(await shift.asks(OPS, "/ready"))
        await shift.at("13 09:00")
        assert "● 1 问清今天的发货时间" in card(shift, CHEN)
        await shift.press(CHEN, "去做：发货时间")
        await shift.press(CHEN, "和上次一样：16:00")
        assert "今日截单 16:00" in shift.read(CHEN)
        assert books(shift).ready_answers.get("a1-r:cutoff") is not None


async def test_a_strict_task_is_not_ticked_by_a_word_alone(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("12 09:00")
        assert not [caption for caption in shift.buttons(CHEN) if "✓ 发货时间" in caption]
        refused = await shift.asks(CHEN, "/dailydone a1-y261112.1e")
        assert "/cutoff 16:00" in refused[0]


async def test_who_leaves_passes_open_tasks_to_somebody_who_stays(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("23:30")
        await shift.asks(MEI, "/out")
        assert "保存好评和售后图片" in card(shift, QIANG)
        assert "保存好评和售后图片" not in card(shift, MEI)


async def test_what_the_last_one_leaves_rests_till_somebody_comes_and_nobody_is_reminded_at_home(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("23:30")
        for who in (OPS, QIANG, CHEN, BOSS, MEI):
            await shift.asks(who, "/out")
        before = [cards(shift, who) for who in (MEI, QIANG, BOSS)]
        await shift.at("12 03:00")
        assert [cards(shift, who) for who in (MEI, QIANG, BOSS)] == before
        await shift.asks(QIANG, "/in")
        assert "保存好评和售后图片" in card(shift, QIANG)


async def test_switching_a_task_off_ends_todays_and_naming_somebody_moves_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("23:30")
        await shift.asks(BOSS, "每日任务 17 关")
        assert "主管已关掉这一项" in card(shift, MEI)
        await shift.asks(BOSS, "每日任务 6 阿强")
        assert "登记今天没成交的买家" in card(shift, QIANG)
        assert "登记今天没成交的买家" not in card(shift, MEI)


async def test_who_left_the_group_leaves_neither_tasks_nor_promises_behind(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "承诺 6917000000000000001 明天 18:00 补发小样")
        await shift.at("23:30")
        shift.here.core.leave(MEI, shift.group)
        await shift.here.settle()
        await shift.minutes(45)
        assert {one.owner for one in books(shift).promises.scan()} == {str(QIANG)}
        assert not [one for one in books(shift).daily_tasks.by("state", "open") if one.owner == str(MEI)]


async def test_whose_roles_are_taken_hands_over_like_who_left(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "承诺 6917000000000000001 明天 18:00 补发小样")
        await shift.at("23:30")
        shift.here.core.send_text(MEI, shift.group, "再见")
        await shift.here.settle()
        message = [m for m in shift.here.chat(shift.group) if m.sender_id == MEI][-1]
        await shift.says(BOSS, "/role", reply_to=message.message_id)
        before = len(shift.here.core.said(MEI))
        await shift.minutes(45)
        assert {one.owner for one in books(shift).promises.scan()} == {str(QIANG)}
        assert "保存好评和售后图片" in card(shift, QIANG)
        assert len(shift.here.core.said(MEI)) == before


async def test_a_task_given_to_somebody_is_reminded_and_its_giver_hears_what_came_of_it(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        said = await shift.asks(BOSS, "交办 小美 20:00 整理样品 填数字")
        assert "已交办 小美：整理样品，20:00 前" in said[0]
        assert "林主管 交办您：整理样品" in shift.read(MEI)
        await shift.at("20:00")
        assert "● 整理样品 · 20:00" in card(shift, MEI)
        await shift.press(MEI, "✓ 整理样品")
        assert "不是数字" in (await shift.asks(MEI, "很多"))[0]
        await shift.press(MEI, "✓ 整理样品")
        await shift.asks(MEI, "12")
        assert "✓ 整理样品（小美 20:00：12）" in shift.here.last(BOSS).text


async def test_a_room_sets_its_own_tasks_times_and_people(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "没有第 40 项" in (await shift.asks(BOSS, "每日任务 40 18:00"))[0]
        added = await shift.asks(BOSS, "每日任务 20:00 客服 盘点样品 发图")
        assert "21 盘点样品 · 晚班 20:00 · 客服" in added[0]
        await shift.asks(BOSS, "每日任务 21 阿强")
        await shift.asks(BOSS, "每日任务 17 关")
        await shift.at("20:00")
        assert "● 21 盘点样品 · 20:00" in card(shift, QIANG)
        assert cards(shift, MEI) == 0
        await shift.at("23:30")
        assert "保存好评和售后图片" not in card(shift, MEI) + card(shift, QIANG)
        assert "主管" in (await shift.asks(MEI, "/dailyset 4 关"))[0]


async def test_my_work_names_the_daily_tasks_that_are_due(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("23:30")
        assert "每日任务 3" in (await shift.asks(MEI, "我的"))[0]


async def test_a_long_break_on_air_is_asked_about_first_and_told_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "休息")
        await shift.minutes(29)
        assert "休息到现在" not in shift.read(MEI)
        await shift.minutes(1)
        assert "还在直播，您从 20:00 休息到现在" in shift.here.last(MEI).text
        assert "小美 从" not in shift.read(BOSS)
        await shift.minutes(30)
        assert "小美 从 20:00 起一直在休息" in shift.here.last(BOSS).text
        await shift.minutes(60)
        assert shift.read(BOSS).count("起一直在休息") == 1


async def test_who_comes_back_in_time_is_not_asked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "休息")
        await shift.minutes(20)
        await shift.asks(MEI, "到岗")
        await shift.minutes(60)
        assert "休息到现在" not in shift.read(MEI)


def test_each_of_the_twenty_has_its_texts_and_leads_to_a_command_there_is() -> None:
    commands = {command.name for duty in DUTIES for command in duty.commands}
    for task in daily.rules().task:
        assert task.opens in {"", *commands}
        assert all(texts.known(f"daily.{kind}_{task.id}") for kind in ("task", "short", "hint"))
        assert not task.strict or texts.known(f"daily.check_{task.check}")
        assert not task.days or texts.known(f"dailyset.on_{task.days}")


async def test_a_room_that_speaks_english_reads_its_tasks_in_english(tmp_path: Path) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await shift.says(BOSS, "/setup Sunny Shop douyin en")
        await shift.here.starts(BOSS)
        await shift.asks(BOSS, "/in")
        await shift.at("23:30")
        assert "Daily tasks 11-11" in shift.read(BOSS)
        assert "register mistakes and whose they were" in shift.read(BOSS)
        assert "Daily report 11-11 · not on air" in (await shift.asks(BOSS, "/dayreport"))[0]
        listed = (await shift.asks(BOSS, "/dailyset"))[0]
        assert "4 deal with bad reviews" in listed
        assert "New time:" in (await shift.asks(BOSS, "/dailyset 4 6pm"))[0]


async def test_what_nobody_was_there_for_stands_as_missed_by_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for who in (OPS, QIANG, CHEN, BOSS):
            await shift.asks(who, "/out")
        await shift.at("12 18:44")
        assert "看平台动态、规则和活动 没做" not in "\n".join(await shift.asks(BOSS, "每日"))
        await shift.at("12 18:45")
        told = "\n".join(await shift.asks(BOSS, "每日"))
        assert "✗ 12 看平台动态、规则和活动 没做（没人在岗）" in told
        assert "✗ 2 跟踪超过七天的快递并记录 没做（小美）" in told


async def test_the_person_named_for_a_task_is_not_reminded_at_home(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "每日任务 17 小美")
        await shift.asks(MEI, "/out")
        await shift.at("12 01:00")
        assert cards(shift, MEI) == 0
        await shift.asks(MEI, "/in")
        assert "● 17 保存好评和售后图片" in card(shift, MEI)
