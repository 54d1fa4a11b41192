"""结算: who did how much, by team and by day, as a message and a workbook; sums only where a manager set rates."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook as Opened

from bot.cli import main
from bot.commands_export import settlement_file
from bot.settlement_table import build
from bot.settling import nowhere, settled
from playbooks.settlement import read_period
from storage import archive
from storage.books import RoomBooks
from storage.tiny import TinyStore
from tests.bot.test_reveal_dialogue import CIPHERED, export, row
from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, OPS, QIANG, SHANGHAI, Shift, evening

ORDER = "6917000000000000001"
PAID = "6917000000000000002"


async def a_night(shift: Shift) -> None:
    """Everybody is signed in from 19:20; 小美 goes at 22:20 and works half an hour less, 阿强 stays till midnight."""
    await selling(shift)
    await shift.asks(MEI, "/ask 1 保质期多久")
    await shift.asks(OPS, "回答 1 12个月")
    for order in (ORDER, PAID):
        await shift.asks(MEI, f"催 {order} 1号")
        await shift.press(MEI, "提醒付款")
    await shift.at("21:00")
    await shift.asks(MEI, "休息")
    await shift.at("21:30")
    await shift.asks(MEI, "到岗")
    await shift.at("22:20")
    await shift.says(OPS, "下播")
    await shift.asks(MEI, "下班")
    await shift.asks(QIANG, f"差评 {ORDER} 2星 物流 等了十天")
    await shift.asks(QIANG, "下班")


def last(shift: Shift) -> str:
    return next(
        m.text for m in reversed(shift.here.core.said(BOSS)) if "结算清单" in m.text and "表格" not in m.text
    )


def workbook(shift: Shift, typed: str = "") -> Opened:
    """What the newest workbook holds."""
    books = shift.here.bot.runner.view("a1")
    now = shift.clock.now()
    told = settled(books, SHANGHAI, read_period(typed, now.astimezone(SHANGHAI).date(), None), now, nowhere)
    return load_workbook(
        BytesIO(build(told, {m.id: m.name for m in books.members.scan()}, "zh-CN", SHANGHAI))
    )


async def test_hours_on_duty_leave_breaks_out_and_work_is_counted_by_who_did_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await a_night(shift)
        await shift.asks(BOSS, "结算")
        text = last(shift)
        assert "2026-11-01 至 2026-11-11" in text
        assert "小美（本店）：工时 2.5、场数 1、催付单 2" in text
        assert "小周（本店）：工时 3、场数 1、答问 1" in text
        assert "没有设单价，所以不算金额" in text
        sheet = workbook(shift)["到岗明细"]
        rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "小美"]
        assert [f"{row[1]:%H:%M}-{row[2]:%H:%M}" for row in rows] == ["19:20-21:00", "21:30-22:20"]


async def test_teams_and_rates_make_sums_and_without_a_rate_there_is_none(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await a_night(shift)
        await shift.asks(BOSS, "/settlement 队 外包甲 小美 阿强")
        await shift.asks(BOSS, "/settlement 单价 工时 30")
        await shift.asks(BOSS, "/settlement 单价 催付单 0.5元")
        await shift.asks(BOSS, "/settlement")
        text = last(shift)
        assert "外包甲 2 人：工时 5.5" in text
        assert "小美（外包甲）：工时 2.5、场数 1、催付单 2；合计 76 元" in text  # 2.5 × 30 + 2 × 0.5
        assert "单价：工时 30 元、催付单 0.50 元" in text
        rows = list(workbook(shift)["结算"].iter_rows(min_row=2, values_only=True))
        assert [(row[0], row[1], row[-1]) for row in rows[:3]] == [
            ("外包甲", "阿强", 90), ("外包甲", "小美", 76), ("外包甲", "小计", 166),
        ]  # fmt: skip
        await shift.asks(BOSS, "/settlement 单价 工时 无")
        await shift.asks(BOSS, "/settlement 单价 催付单 无")
        await shift.asks(BOSS, "/settlement 队 无 小美")
        await shift.asks(BOSS, "/settlement")
        assert "合计" not in last(shift)
        assert "小美（本店）" in last(shift)


async def test_what_cannot_be_read_is_refused_with_how_to_write_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for typed, cure in (
            ("/settlement 单价 工时 免费", "请写大于 0、最多两位小数的元数"),
            ("/settlement 单价 工时 0.005", "最多两位小数"),
            ("/settlement 单价 加班费 30", "没有叫「加班费」的项目"),
            ("/settlement 单价 催回金额 1", "可以给催回单设单价"),
            ("/settlement 队 外包甲 小红", "小红"),
            ("/settlement 春天", "没看懂要哪段时间"),
            ("/settlement 2027-01", "还没到"),
            ("/settlement 2026-01-01 2026-11-01", "最多 92 天"),
            ("/settlement 场次", "还没有"),
        ):
            assert cure in (await shift.asks(BOSS, typed))[-1], typed
        assert "结算" not in "".join(await shift.asks(MEI, "/settlement"))  # managers alone
        assert "还没有编外包队" in (await shift.asks(BOSS, "/settlement 队"))[-1]


async def test_teams_and_rates_are_set_by_buttons_too(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await a_night(shift)
        await shift.asks(BOSS, "结算")
        await shift.press(BOSS, "编队")
        await shift.press(BOSS, "小美")
        assert "小美 编进哪个队" in shift.here.last(BOSS).text
        assert "已编入「外包乙」：小美" in (await shift.asks(BOSS, "外包乙"))[-1]
        await shift.press(BOSS, "设单价")
        await shift.press(BOSS, "催付单")
        assert "催付单 每个 0.50 元" in (await shift.asks(BOSS, "0.5"))[-1]
        await shift.press(BOSS, "上月")
        assert "2026-10-01 至 2026-10-31" in last(shift)
        await shift.asks(BOSS, "结算")
        assert "小美（外包乙）：工时 2.5、场数 1、催付单 2；合计 1 元" in last(shift)


async def test_an_order_put_in_by_mistake_is_paid_to_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/settlement 单价 催付单 1")
        for order in (ORDER, PAID):
            await shift.asks(MEI, f"催 {order} 1号")
            await shift.press(MEI, "提醒付款")
        await shift.press(MEI, "登记错了")
        await shift.press(MEI, "备注已贴")
        await shift.asks(BOSS, "结算")
        assert "小美（本店）：工时 0.7、催付单 1；合计 1 元" in last(shift)


async def test_who_skips_follow_ups_is_paid_for_none(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for order in (ORDER, PAID):
            await export(shift, row(order, CIPHERED, paid="2026-11-11 19:19:00", status="已完成"))
        await shift.asks(MEI, "接活")
        await shift.press(MEI, "跳过")
        await shift.asks(MEI, "忙不过来")
        await shift.asks(MEI, "接活")
        await shift.press(MEI, "已发")
        await shift.asks(BOSS, "结算")
        assert "跟进 1" in last(shift)


async def test_who_forgot_to_sign_out_is_pointed_at(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("13 12:00")
        sheet = workbook(shift)["到岗明细"]
        notes = {row[0]: row[4] for row in sheet.iter_rows(min_row=2, values_only=True)}
        assert "请核对" in notes["老陈"]


async def test_the_command_line_writes_the_same_list(tmp_path: Path, monkeypatch, capsys) -> None:
    async with evening(tmp_path / "data") as shift:
        await a_night(shift)
        wanted = [row[1] for row in workbook(shift)["结算"].iter_rows(min_row=2, values_only=True)]
        now, store = shift.clock.now(), shift.here.store
        name, data = settlement_file(store, RoomBooks(store.view("a1")), "2026-11", now)
        assert name == "settlement-2026-11-01-2026-11-11.xlsx"
        rows = load_workbook(BytesIO(data))["结算"].iter_rows(min_row=2, values_only=True)
        assert [row[1] for row in rows] == wanted
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "data")
    assert main(["export", "--settlement", "spring", "--out", "out"]) == 2
    assert "Which time is meant?" in capsys.readouterr().err
    assert main(["export", "--settlement", "today", "--out", "out"]) == 0
    assert Path(capsys.readouterr().out.strip()).suffix == ".xlsx"


async def test_a_broadcast_that_was_archived_since_is_settled_all_the_same(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await a_night(shift)
        await shift.asks(QIANG, "/in")  # begun on the day after the broadcast: in the room itself
        await shift.at("12 20:00")
        store, now = shift.here.store, shift.clock.now()
        period = read_period("", now.astimezone(SHANGHAI).date(), None)
        before = settled(RoomBooks(store.view("a1")), SHANGHAI, period, now, nowhere)
        put_away(store)
        books = RoomBooks(store.view("a1"))
        assert not books.journal.by("broadcast", "a1-b1")
        after = settled(books, SHANGHAI, period, now, lambda id: RoomBooks(store.archived("a1", id)))
        assert (after.rows, after.duties) == (before.rows, before.duties)
        assert len(settled(books, SHANGHAI, period, now, nowhere).duties) < len(before.duties)


def put_away(store: TinyStore) -> None:
    """Archive the broadcast."""
    books = RoomBooks(store.view("a1"))
    ids = archive.documents(books, "a1-b1")
    store.put_away("a1", "a1-b1", {**archive.context(books, "a1-b1"), **ids})
    here = books.broadcasts.get("a1-b1")
    assert here
    store.run("a1", lambda raw: RoomBooks(raw).broadcasts.put(here.changed(stage="archived")))
    seen = [(book, books.raw.shelf(book).get(id)) for book, some in ids.items() for id in some]
    store.run("a1", lambda raw: archive.drop_unchanged(RoomBooks(raw), seen))


async def test_a_day_nobody_was_there_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/settlement 昨天")
        assert "没有到岗和处理记录" in last(shift)
