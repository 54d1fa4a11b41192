"""The daily report and the weekly digest build themselves, say what nobody noted, and come as a table if pressed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from tests.bot.test_case_library_dialogue import sends_photo
from tests.bot.test_undo_dialogue import selling
from tests.support.chases import books
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

ORDER = "6917000000000000001"


def report(shift: Shift, head: str = "日报 ") -> str:
    """The newest report in the manager's chat."""
    return next(m.text for m in reversed(shift.here.core.said(BOSS)) if head in m.text)


def reports(shift: Shift, who: int = BOSS) -> int:
    return sum("日报 1" in m.text for m in shift.here.core.said(who))


async def an_evening_of_work(shift: Shift) -> None:
    """Two hours on air: an answer, a lost buyer and a suggestion; afterwards a promise, kept."""
    await selling(shift)
    await shift.asks(MEI, "/ask 1 保质期多久")
    await shift.asks(OPS, "回答 1 12个月")
    await shift.asks(MEI, "流失 1 太贵")
    await shift.asks(QIANG, "需求 1 想要大瓶装")
    await shift.at("22:00")
    await shift.says(OPS, "下播")
    await shift.asks(MEI, f"承诺 {ORDER} 23:00 补发小样")
    await shift.press(MEI, "已兑现")


async def test_the_report_counts_what_was_noted_on_and_off_air_and_names_what_nobody_noted(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await an_evening_of_work(shift)
        said = (await shift.asks(BOSS, "日报"))[0]
        assert "日报 11-11 · 直播 2 小时 0 分 · 截至 11-11 22:00" in said
        assert "提问 问 1、答 1" in said
        assert "承诺 新承诺 1、已兑现 1" in said
        assert "没成交 价格 1" in said
        assert "想要大瓶装" in said
        assert "保质期多久（" in said
        assert "小美 2（1 / 1）" in said
        assert "小周 1（1 / 0）：答提问 1" in said
        assert "没有记录：催付、异常订单、评价、售后、投诉" in said
        assert "催付 0" not in said


async def test_cases_are_counted_by_kind(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 没人回复我")
        said = (await shift.asks(BOSS, "日报"))[0]
        assert "投诉 新增 1 · 办结 0" in said
        assert "售后 新增" not in said


async def test_a_case_registered_in_error_is_counted_nowhere(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 没人回复我")
        id = next(one.id for one in books(shift).cases.scan())
        await shift.asks(MEI, f"/caseend {id} void 登记错了")
        said = (await shift.asks(BOSS, "日报"))[0]
        assert "投诉 新增" not in said
        assert "小美" not in said
        await shift.asks(BOSS, f"/casereopen {id} 真的有")
        assert "投诉 新增 1 · 办结 0" in (await shift.asks(BOSS, "日报"))[0]


async def test_it_comes_by_itself_in_the_morning_to_managers_alone_silently_and_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await an_evening_of_work(shift)
        await shift.at("12 08:29")
        assert reports(shift) == 0
        await shift.at("12 08:30")
        assert "日报 11-11 · 直播 2 小时 0 分 · 截至 11-12 06:00" in report(shift)
        assert next(m for m in shift.here.core.said(BOSS) if "日报 11-11" in m.text).silent
        await shift.at("12 12:00")
        assert reports(shift) == 1
        assert reports(shift, MEI) == reports(shift, OPS) == 0
        assert reports(shift, shift.group) == 0


async def test_what_happens_after_midnight_belongs_to_the_day_before(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("12 01:30")
        await shift.asks(MEI, "流失 太贵")
        await shift.at("12 08:30")
        assert "没成交 价格 1" in report(shift)
        assert "没有记录" in (await shift.asks(BOSS, "日报"))[0]
        assert "没成交 价格" not in report(shift)
        assert "没成交 价格 1" in (await shift.asks(BOSS, "日报 昨天"))[0]


async def test_a_closed_shop_hears_nothing_and_the_next_working_day_is_reported_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for who in (OPS, MEI, QIANG, CHEN, BOSS):
            await shift.asks(who, "下班")
        await shift.at("13 12:00")
        assert reports(shift) == 1
        await shift.asks(MEI, "到岗")
        await shift.at("14 12:00")
        assert reports(shift) == 2


async def test_a_manager_sets_its_time_and_in_the_evening_it_is_of_the_running_day(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "每天 23:00" in (await shift.asks(BOSS, "日报 晚上11点"))[0]
        await shift.at("23:00")
        assert "日报 11-11 · 没有直播 · 截至 11-11 23:00" in report(shift)
        await shift.at("12 22:59")
        assert reports(shift) == 1
        assert "/dayreport 昨天" in (await shift.asks(BOSS, "日报 随便"))[0]
        assert "40 天" in (await shift.asks(BOSS, "日报 08-01"))[0]


async def test_the_week_is_summed_up_on_monday_with_what_was_missed_and_suggested(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await an_evening_of_work(shift)
        await shift.asks(BOSS, "每日任务 13 19:30")
        await shift.at("16 08:30")
        said = report(shift, "周报")
        assert "周报 11-09 到 11-15" in said
        assert "提问 问 1、答 1" in said
        assert "没做" in said
        assert sum("周报" in m.text for m in shift.here.core.said(BOSS)) == 1


async def test_the_table_has_the_work_the_tasks_and_the_hand_overs(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await an_evening_of_work(shift)
        await shift.asks(MEI, f"承诺 {ORDER} 明天 补发")
        await shift.asks(MEI, "下班")
        await shift.at("23:30")
        await shift.asks(BOSS, "日报")
        await shift.press(BOSS, "要表格")
        file = next(one.document for one in reversed(shift.here.core.said(BOSS)) if one.document)
        book = load_workbook(BytesIO(file.content))
        work = list(book["个人工作"].iter_rows(values_only=True))
        assert ("小美", 1, 1, 2) in [row[:4] for row in work]
        assert any(row[1] == "登记今天没成交的买家" for row in book["每日任务"].iter_rows(values_only=True))
        assert any(row[3] == ORDER for row in book["交接"].iter_rows(values_only=True))


async def test_a_picture_is_the_evidence_where_a_task_asks_for_one_and_who_is_in_charge_sees_it(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "每日任务 20:00 客服 擦货架 发图")
        await shift.asks(BOSS, "每日任务 21 小美")
        await shift.at("20:00")
        await shift.press(MEI, "✓ 擦货架")
        assert "请发一张照片" in shift.here.last(MEI).text
        await sends_photo(shift, MEI, MEI)
        assert "✓ 21 擦货架（小美 20:00" in shift.read(MEI)
        assert books(shift).daily_tasks.by("day", "2026-11-11")[0].file_id
        before = len(shift.here.core.said(BOSS))
        await shift.asks(BOSS, "/daily 21")
        shown = shift.here.core.said(BOSS)[before]
        assert "擦货架" in shown.text
        assert shown.photo or shown.document
