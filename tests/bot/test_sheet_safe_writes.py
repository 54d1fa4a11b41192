"""What people do in a bound spreadsheet in the very moment the bot writes into it, or stops: nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal.sheets import Google
from bot.rehearsal.sheets.adapter import InProcess
from playbooks.chase import Chase, chase_id
from storage.books import RoomBooks
from storage.sheet_access import Access
from tests.support.bound_sheet import ROOM, TABS, Sheet, bind, bound
from tests.support.evening import BOSS, MEI, Shift, evening, settled
from tests.support.sheet_evening import noted

ONE, TWO, THREE = "6917926768823643751", "6917926768823643752", "6917926768823643753"
Both = tuple[Shift, Sheet]


@pytest.fixture
async def evening_with_two(tmp_path: Path) -> AsyncIterator[Both]:
    """小美 has registered two orders; behind our columns people have one of their own."""
    async with bound(tmp_path) as (shift, sheet):
        await two_orders(shift, sheet)
        at = len(sheet.tab().texts()[0])
        sheet.tab().type(0, at, "快递柜")
        sheet.tab().type(sheet.row(ONE), at, "三号柜")
        await sheet.in_step()
        yield shift, sheet


async def two_orders(shift: Shift, sheet: Sheet) -> None:
    await shift.asks(MEI, f"催 {ONE}")
    await shift.asks(MEI, f"催 {TWO}")
    await sheet.in_step()


def kept(shift: Shift, order: str) -> Chase:
    one = shift.here.bot.runner.view(ROOM).chases.get(chase_id(ROOM, order))
    assert one
    return one


def kept_in(folder: Path) -> bytes:
    """All that the bot has on disk."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def once(sheet: Sheet, do: Callable[[], object], kind: str = "write") -> None:
    """Do it right before the bot's next call of a kind."""
    first = iter([True])

    def before(what: str) -> None:
        if what == kind and next(first, False):
            do()

    sheet.google.before.append(before)


def rows(sheet: Sheet) -> dict[str, dict[str, str]]:
    """Every order's cells by heading, wherever they stand."""
    head, *rest = sheet.tab().texts()
    named = [dict(zip(head, [*row, *([""] * len(head))], strict=False)) for row in rest]
    return {row["订单号"]: row for row in named}


@pytest.mark.parametrize(("first", "to"), [(12, 0), (0, 12), (7, 10), (10, 0)])
async def test_a_column_moved_between_our_reading_and_writing_gets_nothing_of_ours(
    evening_with_two: Both, first: int, to: int
) -> None:
    shift, sheet = evening_with_two
    before = rows(sheet)
    once(sheet, lambda: sheet.tab().move_column(first, to))
    await noted(shift, ONE, "要发票")
    await noted(shift, TWO, "改天再说")
    await sheet.in_step()
    before[ONE]["备注"], before[TWO]["备注"] = "要发票", "改天再说"
    assert rows(sheet) == before
    assert (kept(shift, ONE).note, kept(shift, ONE).promised_at) == ("要发票", None)
    assert "没按写的来" not in shift.read(MEI)


async def test_new_rows_that_came_into_moved_columns_are_written_anew(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    before = rows(sheet)
    once(sheet, lambda: sheet.tab().move_column(12, 0))
    await shift.asks(MEI, f"催 {THREE}")
    await sheet.in_step()
    after = rows(sheet)
    assert (after[THREE]["订单号"], after[THREE]["状态"], after[THREE]["备注"]) == (THREE, "已认领", "")
    assert {key: after[key] for key in before} == before
    assert kept(shift, THREE).note == ""


async def test_a_column_moved_while_an_answer_of_google_is_lost_is_put_right_all_the_same(
    evening_with_two: Both,
) -> None:
    shift, sheet = evening_with_two
    before = rows(sheet)

    def both() -> None:
        sheet.tab().move_column(12, 0)
        sheet.google.faults.throw("late", kind="write")
        sheet.google.faults.throw("503", times=2, kind="write")

    once(sheet, both)
    await noted(shift, ONE, "要发票")
    await shift.minutes(3)
    before[ONE]["备注"] = "要发票"
    assert rows(sheet) == before


async def test_a_word_of_ours_beside_the_run_sheet_never_lands_in_peoples_columns(tmp_path: Path) -> None:
    async with bound(tmp_path, tabs=("runsheet",)) as (shift, sheet):
        tab = sheet.tab("runsheet")
        head = tab.texts()[0]
        for name, text in (("链接号", "1"), ("商品名", "面膜"), ("备注", "样品还没到")):
            tab.type(1, head.index(name), text)
        tab.type(0, len(head), "谁负责")
        once(sheet, lambda: tab.move_column(len(head), 0))
        await shift.minutes(1)
        named = dict(zip(*tab.texts(), strict=False))
        assert named["备注"] == "样品还没到"
        assert "缺少直播价" in named["提示"]


async def test_what_was_typed_right_before_a_write_survives_a_restart_of_the_bot(tmp_path: Path) -> None:
    core, clock, group = (await settled(False, True)).begun_in(tmp_path)
    google = Google(clock.now)
    key = google.make("小满优选 共享表")
    google.share(key)
    opened = Access(Google.key_info(), InProcess(google))
    async with evening(tmp_path, core=core, clock=clock, group=group, sheets=opened) as shift:
        sheet = Sheet(google, key, shift)
        await bind(shift, key, ("pending",))
        await sheet.in_step()
        await two_orders(shift, sheet)
        once(sheet, lambda: sheet.type(ONE, "note", "刚写的"))
        await noted(shift, ONE, "群里的")
        while sheet.says(ONE, "note") != "群里的":
            await shift.here.wind_by(timedelta(seconds=1))
    async with evening(tmp_path, core=core, clock=clock, group=group, sheets=opened) as shift:
        sheet = Sheet(google, key, shift)
        await sheet.in_step()
        assert (kept(shift, ONE).note, sheet.says(ONE, "note")) == ("刚写的", "刚写的")
        assert "群里的" in shift.read(MEI)


async def test_a_locked_cell_in_one_tab_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async with bound(tmp_path, tabs=("runsheet", "pending")) as (shift, sheet):
        await two_orders(shift, sheet)
        tab = sheet.tab("runsheet")
        head = tab.texts()[0]
        tab.type(1, head.index("商品名"), "面膜")
        tab.lock(1, head.index("提示"))
        await noted(shift, ONE, "等着写")
        await shift.minutes(5)
        assert sheet.says(ONE, "note") == "等着写"
        said = shift.read(BOSS)
        assert said.count("Google 不让机器人写「排品」这一页") == 1
        assert "连不上" not in said
        assert "把 shiftbot@rehearsal.iam.gserviceaccount.com 加为可编辑的人" in said
        assert "不让写“排品”页" in (await shift.asks(BOSS, "/health"))[0]
        tab.protected.clear()
        await shift.minutes(1)
        assert "「排品」又能读了" in shift.read(BOSS)
        assert max(sheet.account.quota.highest.values()) <= 20


async def test_a_time_the_sheet_made_a_number_of_is_no_edit_when_we_write_over_it(
    evening_with_two: Both,
) -> None:
    shift, sheet = evening_with_two
    sheet.tab().text_columns.clear()
    sheet.type(ONE, "promised", "19:40")
    sheet.type(ONE, "state", "电话")
    await sheet.in_step()
    for step in ("提醒付款", "留言", "答应付款"):
        sheet.type(ONE, "state", step)
        await sheet.in_step()
    assert sheet.says(ONE, "promised") == "11-11 19:40"
    assert "没按写的来" not in shift.read(MEI)
    assert sheet.says(ONE, "problem") == ""


async def test_what_an_old_sheet_overrides_is_told_when_it_is_bound_again(evening_with_two: Both) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "note", "表里旧的")
    await sheet.in_step()
    await shift.asks(BOSS, "/gsheet 页 跟进 跟进")
    await shift.asks(BOSS, "/gsheet 关 待付款")
    await shift.minutes(1)
    await noted(shift, ONE, "群里新的")
    await shift.asks(BOSS, f"/gsheet 页 待付款 {TABS['pending']}")
    await sheet.in_step()
    assert kept(shift, ONE).note == "表里旧的"
    assert "原是「群里新的」" in shift.read(MEI)
    assert "被删了" not in shift.read(BOSS)


async def test_a_tab_made_anew_is_filled_again_and_nobody_is_asked_about_deleted_rows(
    evening_with_two: Both,
) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "note", "在表里")
    await sheet.in_step()
    sheet.google.remove(sheet.key, TABS["pending"])
    await sheet.in_step()
    await shift.press(BOSS, "重新检查")
    await sheet.in_step()
    assert sheet.numbers() == [ONE, TWO]
    assert sheet.says(ONE, "note") == "在表里"
    assert "被删了" not in shift.read(BOSS)


async def test_no_copy_of_a_buyers_field_is_left_once_its_column_is_switched_off(
    evening_with_two: Both,
) -> None:
    shift, sheet = evening_with_two

    def unit(raw: object) -> None:
        books = RoomBooks(raw)  # type: ignore[arg-type]
        books.chases.put(kept(shift, ONE).changed(city="杭州"))

    await shift.here.bot.runner.unit(ROOM, unit)
    await shift.asks(BOSS, "/gsheet 列 待付款 城市 开")
    await sheet.in_step()
    assert sheet.says(ONE, "city") == "杭州"
    await shift.asks(BOSS, "/gsheet 列 待付款 城市 关")
    await shift.minutes(2)
    everywhere = sheet.google._books[sheet.key].tabs.values()
    assert not [tab.title for tab in everywhere if "杭州" in str(tab.texts())]
    noted_by = [e.who for e in shift.here.bot.runner.view(ROOM).journal.scan() if e.kind == "sheet_column"]
    assert noted_by == [str(BOSS)] * 2


async def test_a_phone_number_typed_into_a_cell_is_refused_and_kept_and_said_nowhere(
    evening_with_two: Both, tmp_path: Path
) -> None:
    shift, sheet = evening_with_two
    sheet.type(ONE, "note", "打13800012345")
    once(sheet, lambda: sheet.type(TWO, "note", "打13900012345"))
    await noted(shift, TWO, "群里的")
    await shift.minutes(2)
    assert [sheet.says(order, "note") for order in (ONE, TWO)] == ["", "群里的"]
    heard = [m.text for m in shift.here.core.said(MEI)]
    assert sum("备注「打…」已改回" in text for text in heard) == 2
    everything = kept_in(tmp_path)
    assert ONE.encode() in everything
    for typed in (b"13800012345", b"13900012345"):
        assert typed not in everything
    assert not any("00012345" in text for text in heard)
