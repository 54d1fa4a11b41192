"""The other tabs of a bound spreadsheet: the run sheet read and checked, follow-ups both ways, reviews appended."""

from __future__ import annotations

from pathlib import Path

from playbooks.followup import FollowUp
from storage.books import RoomBooks
from storage.store import Books
from tests.support.bound_sheet import ROOM, TABS, Sheet, bind, bound
from tests.support.evening import BOSS, OPS, Shift

HEADINGS = ("链接号", "商品名", "直播价")
ROWS = [("1", "保湿面膜", "59.90"), ("2", "丝绒口红", "69"), ("3", "清透粉底", "99")]


def fill(sheet: Sheet, *rows: tuple[str, ...]) -> None:
    """Somebody fills in the run sheet, below the headings the bot made."""
    tab = sheet.tab("runsheet")
    headings = tab.texts()[0]
    for number, row in enumerate(rows, 1):
        for heading, text in zip(HEADINGS, row, strict=True):
            tab.type(number, headings.index(heading), text)


def beside(sheet: Sheet, row: int) -> str:
    """What the bot says beside a row of the run sheet."""
    tab = sheet.tab("runsheet")
    return tab.cell(row, tab.texts()[0].index("提示")).text


async def settled(shift: Shift) -> None:
    """Three readings: seen, seen to stand, written."""
    await shift.minutes(2)


async def test_the_run_sheet_is_shown_and_taken_over_like_a_file(tmp_path: Path) -> None:
    async with bound(tmp_path, tabs=("runsheet",)) as (shift, sheet):
        fill(sheet, *ROWS)
        await settled(shift)
        assert "启用这 3 款" in shift.buttons(BOSS)
        await shift.press(BOSS, "启用这 3 款")
        assert "3号 清透粉底" in shift.read(shift.group)
        heard = len(shift.here.core.said(BOSS))
        await settled(shift)
        assert len(shift.here.core.said(BOSS)) == heard


async def test_an_error_is_said_beside_its_row_and_goes_when_it_is_mended(tmp_path: Path) -> None:
    async with bound(tmp_path, tabs=("runsheet",)) as (shift, sheet):
        fill(sheet, ROWS[0], ("2", "丝绒口红", ""), ROWS[2])
        await settled(shift)
        assert "缺少直播价" in beside(sheet, 2)
        assert beside(sheet, 1) == ""
        assert sheet.tab("runsheet").tinted() == [2]
        assert "启用这 2 款" in shift.buttons(BOSS)
        fill(sheet, *ROWS)
        await settled(shift)
        assert beside(sheet, 2) == ""
        assert sheet.tab("runsheet").tinted() == []
        await shift.press(BOSS, "启用这 3 款")
        assert "2号 丝绒口红" in shift.read(shift.group)


async def test_a_price_changed_on_air_is_a_proposal_ops_confirm(tmp_path: Path) -> None:
    async with bound(tmp_path, tabs=("runsheet",)) as (shift, sheet):
        fill(sheet, *ROWS)
        await settled(shift)
        await shift.press(BOSS, "启用这 3 款")
        await shift.says(OPS, "开播")
        fill(sheet, ROWS[0], ("2", "丝绒口红", "65"), ROWS[2])
        await settled(shift)
        runner = shift.here.bot.runner
        price = {one.link_no: str(one.offer.live_price) for one in runner.view(ROOM).listings.scan()}
        assert price[2] == "69.00"
        assert "69 → " in shift.read(OPS).replace("69.00", "69")
        await shift.press(OPS, "启用：改 1 款")
        price = {one.link_no: str(one.offer.live_price) for one in runner.view(ROOM).listings.scan()}
        assert price[2] == "65.00"


async def test_a_newer_change_takes_the_place_of_a_preview_nobody_pressed(tmp_path: Path) -> None:
    async with bound(tmp_path, tabs=("runsheet",)) as (shift, sheet):
        fill(sheet, *ROWS)
        await settled(shift)
        first, caption = shift.find(BOSS, "启用这 3 款")
        fill(sheet, *ROWS, ("4", "眼霜", "129"))
        await settled(shift)
        answer = await shift.here.presses(BOSS, BOSS, first.message_id, caption)
        assert answer
        assert not list(shift.here.bot.runner.view(ROOM).listings.scan())
        await shift.press(BOSS, "启用这 4 款")
        assert len(list(shift.here.bot.runner.view(ROOM).listings.scan())) == 4


def parcel(shift: Shift) -> FollowUp:
    return FollowUp(
        id="a1-l77001", kind="logistics", order_id="6917926768823643751", tracking_no="77001", carrier="中通",
        why_key="followup.why_no_first_scan", values={"hours": "48", "carrier": "中通"}, due_at=shift.clock.now(),
        created_at=shift.clock.now(),
    )  # fmt: skip


async def test_a_follow_up_is_ended_in_the_sheet_with_its_note(tmp_path: Path) -> None:
    async with bound(tmp_path, tabs=("followup",)) as (shift, sheet):
        runner = shift.here.bot.runner

        def unit(raw: Books) -> None:
            RoomBooks(raw).follow_ups.put(parcel(shift))

        await runner.unit(ROOM, unit)
        await sheet.in_step()
        assert sheet.says("a1-l77001", "order_id", "followup") == "6917926768823643751"
        sheet.type("a1-l77001", "state", "快递确认丢失", "followup")
        await sheet.in_step()
        assert sheet.says("a1-l77001", "problem", "followup") != ""
        item = runner.view(ROOM).follow_ups.get("a1-l77001")
        assert item
        assert item.state == "open"
        sheet.type("a1-l77001", "note", "快递确认丢件", "followup")
        await sheet.in_step()
        item = runner.view(ROOM).follow_ups.get("a1-l77001")
        assert item
        assert (item.state, item.outcome, item.note) == ("done", "lost", "快递确认丢件")
        assert sheet.says("a1-l77001", "problem", "followup") == ""


async def test_each_review_is_a_row_and_none_is_written_twice(tmp_path: Path) -> None:
    async with bound(tmp_path, tabs=("runsheet", "review")) as (shift, sheet):
        fill(sheet, *ROWS)
        await settled(shift)
        await shift.press(BOSS, "启用这 3 款")
        await shift.says(OPS, "开播")
        await shift.minutes(30)
        await shift.says(OPS, "下播")
        await shift.asks(BOSS, "/review")
        await sheet.in_step()
        await shift.asks(BOSS, "/enter 场观 13000")
        await shift.asks(BOSS, "/review")
        await shift.minutes(2)
        assert sheet.numbers("review") == ["a1-b1-v1", "a1-b1-v2"]
        assert sheet.says("a1-b1-v2", "paid_orders", "review") == "未录入"


async def test_two_rooms_never_write_in_one_tab(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, sheet):
        core = shift.here.core
        other = core.create_group("另一个直播间", [BOSS, OPS], supergroup=True)
        await shift.here.says(BOSS, other, "/setup 另一家 抖音")
        rooms = shift.here.bot.runner.store.rooms()
        second = next(key for key in rooms if key != ROOM)
        runner = shift.here.bot.runner
        made = runner.view(ROOM).sheet_bindings.get(ROOM)
        assert made
        later = made.changed(id=second, at=shift.clock.now(), made_at=None)
        await runner.unit(second, lambda raw: RoomBooks(raw).sheet_bindings.put(later))
        await sheet.in_step()
        assert f"「{TABS['pending']}」这一页已经由另一个直播间在用" in shift.read(BOSS)


async def test_an_unbound_room_asks_google_nothing(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, sheet):
        runner = shift.here.bot.runner
        await runner.unit(ROOM, lambda raw: RoomBooks(raw).sheet_bindings.drop(ROOM))
        before = dict(sheet.account.quota.total)
        await shift.minutes(5)
        assert sheet.account.quota.total == before
        await bind(shift, sheet.key, ("pending",))
        await sheet.in_step()
        assert sheet.account.quota.total != before
