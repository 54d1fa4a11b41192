"""Reminders are rare: once a change and person, once in ten minutes a person; the lead hears once; times come ahead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening

TIMED = """商品名称,直播价,时间,替补品
玫瑰精华水,79,20:05,丝绒口红
丝绒口红,69,20:30,
烟酰胺面霜,129,00:20,3号
"""


def reminders(shift: Shift, who: int) -> list[str]:
    return [m.text for m in shift.here.core.said(who) if "请确认变更" in m.text]


def told_to_lead(shift: Shift) -> list[str]:
    return [m.text for m in shift.here.core.said(BOSS) if "还有人没确认" in m.text]


async def test_only_who_does_not_know_is_reminded_and_by_one_tap_knows(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        group = len(shift.here.core.said(shift.group))
        await shift.says(OPS, "改价 1 75")
        await shift.press(MEI, "已知悉", shift.group)
        await shift.minutes(1)
        assert reminders(shift, MEI) == []
        assert ["79.00 → 75.00" in text for text in reminders(shift, QIANG)] == [True]
        await shift.press(QIANG, "已知悉 1号变更")
        await shift.minutes(5)
        assert told_to_lead(shift) == []
        assert len(shift.here.core.said(shift.group)) == group + 1


async def test_looking_the_change_up_spares_the_reminder(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 1 75")
        await shift.asks(MEI, "1")
        await shift.asks(QIANG, "优惠 1")
        await shift.minutes(3)
        assert (reminders(shift, MEI), reminders(shift, QIANG), told_to_lead(shift)) == ([], [], [])


async def test_a_look_at_a_past_minute_is_no_knowing_of_the_change(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.minutes(2)
        await shift.says(OPS, "改价 1 75")
        await shift.asks(MEI, "/p 1 @20:01")
        await shift.minutes(1)
        assert len(reminders(shift, MEI)) == 1


async def test_five_changes_in_ten_minutes_are_one_reminder_each_and_few_words_to_the_lead(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        for number, price in ((1, 75), (2, 65), (3, 119), (1, 72), (2, 60)):
            await shift.says(OPS, f"改价 {number} {price}")
            await shift.press(MEI, "已知悉", shift.group)
            await shift.minutes(2)
        assert len(reminders(shift, QIANG)) == 1
        assert reminders(shift, MEI) == []
        await shift.minutes(10)
        assert len(told_to_lead(shift)) == 2
        everything = "\n".join(told_to_lead(shift))
        assert "阿强" in everything
        assert "小美" not in everything
        assert everything.count("69.00 → 65.00") + everything.count("65.00 → 60.00") >= 1
        await shift.minutes(30)
        assert len(told_to_lead(shift)) == 2  # told once


async def test_changes_that_come_seconds_apart_are_told_together_and_none_is_forgotten(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        for number, price in ((1, 75), (2, 60), (3, 119)):
            await shift.says(OPS, f"改价 {number} {price}")
            await shift.here.wind_by(timedelta(seconds=3))
        await shift.minutes(3)
        (asked,) = reminders(shift, QIANG)
        for change in ("79.00 → 75.00", "69.00 → 60.00", "129.00 → 119.00"):
            assert change in asked
            assert change in "\n".join(told_to_lead(shift))
        await shift.press(QIANG, "已知悉 2号变更")
        await shift.press(QIANG, "已知悉 3号变更")
        answer = await shift.press(QIANG, "已知悉 1号变更")
        assert answer
        assert "您已知悉" in answer.text
        await shift.minutes(60)
        assert len(reminders(shift, QIANG)) == 1  # once of each


async def test_a_change_soon_after_a_reminder_follows_when_the_ten_minutes_are_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 1 75")
        await shift.minutes(2)
        await shift.says(OPS, "改价 2 60")
        await shift.here.wind_by(timedelta(seconds=20))
        await shift.says(OPS, "改价 3 119")
        await shift.minutes(8)
        assert len(reminders(shift, QIANG)) == 1
        await shift.minutes(2)
        first, second = reminders(shift, QIANG)
        assert "69.00 → 60.00" not in first
        assert "69.00 → 60.00" in second
        assert "129.00 → 119.00" in second
        await shift.minutes(60)
        assert len(reminders(shift, QIANG)) == 2
        assert [text.count("阿强") for text in told_to_lead(shift)] == [
            1,
            2,
        ]  # those two at the next look, together


async def test_who_has_gone_home_is_not_reminded(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 1 75")
        await shift.asks(QIANG, "下班")
        await shift.press(MEI, "已知悉", shift.group)
        await shift.minutes(5)
        assert reminders(shift, QIANG) == []
        assert told_to_lead(shift) == []


async def timed(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", TIMED.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def test_two_minutes_before_its_time_a_product_is_on_every_desk_and_in_no_message(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await timed(shift)
        await shift.at("20:04")
        assert "按排品表 20:05 讲 1号" in shift.read(MEI)
        await shift.at("20:06")
        assert "按排品表" not in shift.read(MEI)
        said = len(shift.here.core.said(MEI))
        await shift.at("20:28")
        assert "按排品表 20:30 讲 2号" in shift.read(MEI)
        assert "按排品表" not in shift.board()
        assert len(shift.here.core.said(MEI)) == said
        await shift.says(OPS, "/on 2")
        assert "按排品表" not in shift.read(MEI)
        await shift.at("12 00:18")
        assert "按排品表 00:20 讲 3号" in shift.read(MEI)


async def test_of_what_is_sold_out_the_substitute_is_said_first(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await timed(shift)
        await shift.says(OPS, "/on 1")
        said = (await shift.says(OPS, "售罄 1"))[0]
        assert "先推荐 2号 丝绒口红 ¥69.00" in said
        told = (await shift.asks(MEI, "1"))[0].splitlines()
        assert "先推荐 2号 丝绒口红 ¥69.00" in told[1]
        await shift.says(OPS, "售罄 2")
        assert "先推荐" not in (await shift.asks(MEI, "1"))[0]  # it is sold out itself


async def test_of_what_was_withdrawn_nobody_is_reminded(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 1 75")
        await shift.says(OPS, "撤下 1")
        assert "有变更，请确认" not in shift.read(QIANG)
        await shift.minutes(5)
        assert (reminders(shift, MEI), reminders(shift, QIANG), told_to_lead(shift)) == ([], [], [])


async def test_after_off_nobody_is_reminded_also_if_the_stream_goes_on(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 1 75")
        assert "1号有变更，请确认" in shift.read(QIANG)
        await shift.says(OPS, "下播")
        assert "有变更，请确认" not in shift.read(QIANG)
        await shift.says(OPS, "开播")
        await shift.minutes(5)
        assert (reminders(shift, MEI), reminders(shift, QIANG), told_to_lead(shift)) == ([], [], [])


async def test_a_change_nobody_was_there_to_know_counts_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        for who in (MEI, QIANG):
            await shift.asks(who, "下班")
        await shift.says(OPS, "改价 1 75")
        told = "\n".join(await shift.asks(QIANG, "到岗"))
        assert "1号 直播价 79.00 → 75.00" in told
        assert "0/0" not in told


async def test_what_is_on_air_now_and_sold_out_names_the_substitute_and_whose_price_is_whose(
    tmp_path: Path,
) -> None:
    sheet = "链接号,商品名称,直播价,替补品\n1,面霜,79,2\n2,丝绒口红,69,\n"
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "开讲 1")
        await shift.says(OPS, "售罄")
        for told in ((await shift.asks(MEI, "/now"))[0], (await shift.asks(MEI, "1"))[0]):
            assert "先推荐 2号 丝绒口红 ¥69.00" in told
            assert "原来这款，直播价 ¥79.00" in told
