"""The pending tab 待付款 of a bound spreadsheet: every row of the conflict table, as people see it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from playbooks.chase import Chase, chase_id
from storage.books import RoomBooks
from tests.support.bound_sheet import ROOM, Sheet, bound
from tests.support.evening import BOSS, MEI, Shift
from tests.support.sheet_evening import noted

ONE, TWO, THREE = "6917926768823643751", "6917926768823643752", "6917926768823643753"


@pytest.fixture
async def evening_with_two(tmp_path: Path) -> AsyncIterator[tuple[Shift, Sheet]]:
    """小美 has registered two orders, and both stand in the tab."""
    async with bound(tmp_path) as (shift, sheet):
        await shift.asks(MEI, f"催 {ONE}")
        await shift.asks(MEI, f"催 {TWO}")
        await sheet.in_step()
        yield shift, sheet


Both = tuple[Shift, Sheet]


def kept(shift: Shift, order: str) -> Chase:
    one = shift.here.bot.runner.view(ROOM).chases.get(chase_id(ROOM, order))
    assert one
    return one


async def newly(shift: Shift, who: int, sheet: Sheet) -> str:
    """What `who` hears while both sides come into step."""
    before = {m.message_id for m in shift.here.core.said(who)}
    await sheet.in_step()
    return "\n".join(m.text for m in shift.here.core.said(who) if m.message_id not in before)


async def test_unpaid_orders_stand_in_the_tab_as_text(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    assert "已绑定表格「小满优选 共享表」" in shift.read(BOSS)
    assert sheet.numbers() == [ONE, TWO]
    assert (sheet.says(ONE, "state"), sheet.says(ONE, "owner")) == ("已认领", "小美")
    assert not any(cell.number or cell.formula for row in sheet.tab().grid for cell in row)


async def test_an_outcome_chosen_in_the_sheet_is_an_outcome_in_the_chat(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "state", "电话")
    await sheet.in_step()
    assert [c.step for c in kept(shift, ONE).contacts] == ["phone"]
    for step in ("提醒付款", "留言"):
        sheet.type(ONE, "state", step)
        await sheet.in_step()
    sheet.type(ONE, "state", "没接没回")
    await sheet.in_step()
    assert kept(shift, ONE).answer == "no_answer"
    assert (sheet.says(ONE, "state"), sheet.says(ONE, "contacts")) == ("没接没回", "3")


async def test_a_promise_waits_for_its_time_and_is_not_put_back_meanwhile(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "state", "答应付款")
    await sheet.in_step()
    assert sheet.says(ONE, "state") == "答应付款"
    assert sheet.says(ONE, "problem")
    assert sheet.tab().tinted() == [sheet.row(ONE)]
    assert kept(shift, ONE).answer is None
    sheet.type(ONE, "promised", "10")
    sheet.type(ONE, "state", "答应付款")
    at = shift.clock.now()
    await sheet.in_step()
    assert kept(shift, ONE).answer == "will_pay"
    promised = kept(shift, ONE).promised_at
    assert promised
    assert timedelta(minutes=10) <= promised - at <= timedelta(minutes=11)
    assert (sheet.says(ONE, "problem"), sheet.tab().tinted()) == ("", [])
    assert sheet.says(ONE, "promised").startswith("11-11 19:")


async def test_a_word_that_is_no_state_is_put_back_and_told(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "state", "搞定了")
    assert "不在可选的状态里" in await newly(shift, MEI, sheet)
    assert sheet.says(ONE, "state") == "已认领"
    assert await newly(shift, MEI, sheet) == ""


async def test_a_state_never_goes_back_by_hand(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "state", "已关")
    await sheet.in_step()
    assert kept(shift, ONE).state == "lost"
    sheet.type(ONE, "state", "待认领")
    assert "订单已经结束" in await newly(shift, MEI, sheet)
    assert (kept(shift, ONE).state, sheet.says(ONE, "state")) == ("lost", "已关")


async def test_a_note_changed_on_both_sides_is_the_sheets_and_told(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "note", "表里的")
    await noted(shift, ONE, "群里的")
    assert kept(shift, ONE).note == "群里的"
    told = await newly(shift, MEI, sheet)
    assert "群里的" in told
    assert "表里的" in told
    assert (kept(shift, ONE).note, sheet.says(ONE, "note")) == ("表里的", "表里的")


async def test_our_own_columns_are_put_back_without_a_word(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "owner", "我来")
    assert await newly(shift, MEI, sheet) == ""
    assert sheet.says(ONE, "owner") == "小美"


async def test_a_deleted_row_is_asked_about_and_comes_back_if_wanted(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.tab().delete(sheet.row(ONE))
    assert f"有 1 行被删了：{ONE}" in await newly(shift, BOSS, sheet)
    assert sheet.numbers() == [TWO]
    assert await newly(shift, BOSS, sheet) == ""
    await shift.press(BOSS, "放回去")
    await sheet.in_step()
    assert sheet.numbers() == [TWO, ONE]
    assert kept(shift, ONE).alive


async def test_a_deleted_row_may_stay_away_and_its_order_goes_on(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.tab().delete(sheet.row(ONE))
    await sheet.in_step()
    await shift.press(BOSS, "不用放回")
    await sheet.in_step()
    assert sheet.numbers() == [TWO]
    assert kept(shift, ONE).alive


async def test_of_two_rows_with_one_number_the_first_counts(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    tab, state = sheet.tab(), sheet.column("state")
    tab.type(5, sheet.column("key"), ONE)
    tab.type(5, state, "已关")
    await sheet.in_step()
    assert "重复，以第 2 行为准" in tab.cell(5, sheet.column("problem")).text
    assert kept(shift, ONE).alive
    tab.delete(5)
    await sheet.in_step()
    assert kept(shift, ONE).alive


async def test_a_renamed_heading_stops_the_tab_and_is_named(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    column = sheet.column("state")
    sheet.tab().type(0, column, "进度")
    sheet.tab().type(1, column, "已关")
    assert "找不到：状态" in await newly(shift, BOSS, sheet)
    assert await newly(shift, BOSS, sheet) == ""
    assert kept(shift, ONE).alive
    sheet.tab().type(0, column, "状态")
    assert "又能读了" in await newly(shift, BOSS, sheet)
    assert kept(shift, ONE).state == "lost"


async def test_columns_and_rows_may_be_moved(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    tab = sheet.tab()
    for row in tab.grid:
        row.reverse()
    tab.sort(sheet.column("key"), reverse=True)
    tab.insert(0)
    tab.type(0, 0, "十一月十一日的单")
    at = tab.texts()[1].index("备注")
    tab.type(tab.find(ONE, tab.texts()[1].index("订单号")), at, "要开发票")
    await sheet.in_step()
    assert kept(shift, ONE).note == "要开发票"
    assert kept(shift, TWO).note == ""


async def test_a_row_people_add_is_an_order_registered_by_hand(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.tab().type(3, sheet.column("key"), THREE)
    sheet.tab().type(3, sheet.column("note"), "从后台看到的")
    await sheet.in_step()
    await sheet.in_step()
    assert kept(shift, THREE).note == "从后台看到的"
    assert sheet.says(THREE, "state") == "待认领"
    sheet.tab().type(4, sheet.column("key"), "123")
    await sheet.in_step()
    assert sheet.says("123", "problem") == "这不是订单号。请粘贴完整的订单号。"


async def test_a_phone_number_in_a_note_is_not_kept(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "note", "打13800012345")
    assert "已改回" in await newly(shift, MEI, sheet)
    assert (kept(shift, ONE).note, sheet.says(ONE, "note")) == ("", "")


async def test_somebody_sorting_between_our_reading_and_writing_loses_nothing(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    tab = sheet.tab()
    sheet.type(ONE, "note", "甲")
    sheet.type(TWO, "note", "乙")
    await sheet.in_step()
    once = iter([True])

    def sorting(kind: str) -> None:
        if kind == "write" and next(once, False):
            tab.sort(sheet.column("key"), reverse=True)

    sheet.google.before.append(sorting)
    await noted(shift, ONE, "甲二")
    await sheet.in_step()
    await sheet.in_step()
    assert sheet.numbers() == [TWO, ONE]
    assert (sheet.says(ONE, "note"), sheet.says(TWO, "note")) == ("甲二", "乙")
    assert (kept(shift, ONE).note, kept(shift, TWO).note) == ("甲二", "乙")


async def test_a_row_inserted_between_our_reading_and_writing_stays_empty(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    tab, once = sheet.tab(), iter([True])

    def inserting(kind: str) -> None:
        if kind == "write" and next(once, False):
            tab.insert(1)

    sheet.google.before.append(inserting)
    await noted(shift, ONE, "甲")
    await noted(shift, TWO, "乙")
    await sheet.in_step()
    await sheet.in_step()
    assert not any(cell.text for cell in tab.grid[1])
    assert (sheet.says(ONE, "note"), sheet.says(TWO, "note")) == ("甲", "乙")


@pytest.mark.parametrize("fault", ["", "late"])
async def test_an_edit_the_moment_before_we_write_over_it_is_found_again(
    evening_with_two: Both, fault: str
) -> None:
    shift, sheet = evening_with_two
    once = iter([True])

    def typing(kind: str) -> None:
        if kind == "write" and next(once, False):
            sheet.type(ONE, "note", "刚写的")
            if fault:
                sheet.google.faults.throw("late", kind="write")

    sheet.google.before.append(typing)
    await noted(shift, ONE, "群里的")
    told = await newly(shift, MEI, sheet)
    assert "刚写的" in told
    assert (kept(shift, ONE).note, sheet.says(ONE, "note")) == ("刚写的", "刚写的")


async def test_an_outage_is_told_once_and_so_is_its_end(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.google.faults.throw("502", times=1000)
    sheet.type(ONE, "note", "断线时写的")
    before = len(shift.here.core.said(BOSS))
    await shift.minutes(10)
    await shift.asks(MEI, f"催 {THREE}")
    heard = [m.text for m in shift.here.core.said(BOSS)[before:]]
    assert len(heard) == 1
    assert "连不上 Google 表格" in heard[0]
    sheet.google.faults.over()
    await shift.minutes(2)
    assert "收进 1 处改动" in shift.read(BOSS)
    assert kept(shift, ONE).note == "断线时写的"
    assert sheet.numbers() == [ONE, TWO, THREE]


async def test_taken_back_rights_are_told_with_the_address_and_the_cure(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.google.share(sheet.key, "")
    assert "编辑权限给 shiftbot@rehearsal.iam.gserviceaccount.com" in await newly(shift, BOSS, sheet)
    sheet.google.share(sheet.key)
    await shift.minutes(6)
    assert "表格恢复同步了" in shift.read(BOSS)


async def test_a_deleted_tab_is_named_and_nothing_of_it_is_deleted_here(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.google.remove(sheet.key, "待付款")
    assert "找不到「待付款」这一页" in await newly(shift, BOSS, sheet)
    assert kept(shift, ONE).alive


ROWS = int(os.environ.get("SHEET_ROWS", "1000"))
"""`make soak` writes ten thousand."""


async def test_many_rows_are_read_and_written_within_the_quota(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, sheet):
        runner, now = shift.here.bot.runner, shift.clock.now()

        def unit(raw: object) -> None:
            books = RoomBooks(raw)  # type: ignore[arg-type]
            for number in range(ROWS):
                order = str(6917926768820000000 + number)
                books.chases.put(
                    Chase(
                        id=chase_id(ROOM, order), order_id=order, platform="douyin", seen_at=now, data_as_of=now,
                        source="hand",
                    )
                )  # fmt: skip

        await runner.unit(ROOM, unit)
        await shift.minutes(2)
        assert len(sheet.numbers()) == ROWS
        last = str(6917926768820000000 + ROWS - 1)
        sheet.type(last, "note", "最后一行")
        await sheet.in_step()
        assert kept(shift, last).note == "最后一行"
        assert max(sheet.account.quota.highest.values()) <= 20
