"""Binding a spreadsheet in the chat: whom to share it with, what was made, each missing right with its cure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.duties import DUTIES
from bot.rehearsal import samples
from bot.rehearsal.sheets import Google
from bot.rehearsal.sheets.adapter import InProcess
from playbooks.sheets import SheetRow, row_id
from storage.books import RoomBooks
from storage.doctor import examine
from storage.sheet_access import Access
from storage.store import Books
from storage.vault import NO_KEYS
from tests.support.evening import BOSS, MEI, OPS, Shift, evening, settled
from tests.support.sheets_referee import refereed

ADDRESS = "shiftbot@rehearsal.iam.gserviceaccount.com"
TITLES = ["排品 小满优选", "待付款 小满优选", "跟进 小满优选", "工单 小满优选", "复盘 小满优选"]


def url(key: str) -> str:
    return f"https://docs.google.com/spreadsheets/d/{key}/edit?gid=0#gid=0"


@asynccontextmanager
async def with_google(data: Path) -> AsyncIterator[tuple[Shift, Google]]:
    """An evening whose bot has an account with Google."""
    core, clock, group = (await settled(False, True)).begun_in(data)
    google = refereed(Google(clock.now))
    opened = Access(Google.key_info(), InProcess(google))
    async with evening(data, core=core, clock=clock, group=group, sheets=opened) as shift:
        yield shift, google


@asynccontextmanager
async def bound(data: Path) -> AsyncIterator[tuple[Shift, Google, str]]:
    """The same with a spreadsheet bound and set up."""
    async with with_google(data) as (shift, google):
        key = google.make("小满优选 共享表")
        google.share(key)
        await shift.asks(BOSS, f"/gsheet {url(key)}")
        await shift.minutes(1)
        yield shift, google, key


def heard(shift: Shift, who: int = BOSS) -> str:
    return shift.here.core.said(who)[-1].text


# -- binding ----------------------------------------------------------------------------------------


async def test_a_manager_hears_whom_to_share_with_and_what_was_made(tmp_path: Path) -> None:
    async with with_google(tmp_path) as (shift, google):
        key = google.make("小满优选 共享表")
        google.share(key)
        (asked,) = await shift.asks(BOSS, "/gsheet")
        assert ADDRESS in asked
        await shift.asks(BOSS, url(key))
        await shift.minutes(1)
        assert "已绑定表格「小满优选 共享表」" in shift.read(BOSS)
        assert google.titles(key) == ["Sheet1", *TITLES]
        pending = google.tab(key, "待付款 小满优选")
        assert pending.texts()[0][:3] == ["订单号", "商品", "金额"]
        assert pending.frozen == 1
        assert any("说已付" in words for words in pending.choices.values())
        assert pending.protected
        assert ADDRESS not in shift.read(shift.group)


async def test_the_address_sent_with_sheet_binds_it_too_but_only_for_a_manager(tmp_path: Path) -> None:
    async with with_google(tmp_path) as (shift, google):
        key = google.make("表")
        google.share(key)
        (refused,) = await shift.asks(OPS, f"/sheet {url(key)}")
        assert "主管" in refused
        await shift.minutes(1)
        assert google.titles(key) == ["Sheet1"]
        await shift.asks(BOSS, f"/sheet {url(key)}")
        await shift.minutes(1)
        assert google.titles(key) == ["Sheet1", *TITLES]


async def test_the_bare_address_in_private_is_understood(tmp_path: Path) -> None:
    async with with_google(tmp_path) as (shift, google):
        key = google.make("表")
        google.share(key)
        await shift.asks(BOSS, url(key))
        await shift.minutes(1)
        assert "已绑定表格「表」" in heard(shift)
        assert "主管" in (await shift.asks(MEI, url(key)))[0]


async def test_without_a_service_account_the_cure_is_said(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "GOOGLE_SERVICE_ACCOUNT" in (await shift.asks(BOSS, "/gsheet"))[0]
        assert "GOOGLE_SERVICE_ACCOUNT" in (await shift.asks(BOSS, f"/gsheet {url('x' * 44)}"))[0]
        assert "表格：未绑定" in (await shift.asks(BOSS, "/health"))[0]


@pytest.mark.parametrize(
    "said", ["https://docs.qq.com/sheet/DUFabc", "/gsheet 什么", "/sheet https://example.com/a"]
)
async def test_another_address_is_refused_with_what_it_should_look_like(tmp_path: Path, said: str) -> None:
    async with with_google(tmp_path) as (shift, _):
        await shift.asks(BOSS, "/gsheet")
        assert "https://docs.google.com/spreadsheets/d/" in (await shift.asks(BOSS, said))[-1]


# -- rights -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["", "reader"])
async def test_a_missing_right_is_told_with_whom_to_share_and_a_press_tries_again(
    tmp_path: Path, role: str
) -> None:
    async with with_google(tmp_path) as (shift, google):
        key = google.make("表")
        google.share(key, role)
        await shift.asks(BOSS, f"/gsheet {url(key)}")
        await shift.minutes(1)
        assert "编辑权限" in heard(shift)
        assert ADDRESS in heard(shift)
        assert "没有权限" in (await shift.asks(BOSS, "/health"))[0]
        google.share(key)
        await shift.press(BOSS, "重新检查")
        await shift.minutes(1)
        assert "已绑定表格「表」" in heard(shift)
        assert "表格《表》在同步" in (await shift.asks(BOSS, "/health"))[0]


async def test_a_disabled_api_is_told_apart_from_a_missing_right(tmp_path: Path) -> None:
    async with with_google(tmp_path) as (shift, google):
        key = google.make("表")
        google.share(key)
        google.enabled = False
        await shift.asks(BOSS, f"/gsheet {url(key)}")
        await shift.minutes(1)
        assert "没有启用 Google Sheets API" in heard(shift)
        assert "编辑权限" not in heard(shift)
        assert "没有启用 Google Sheets API" in (await shift.asks(BOSS, "/health"))[0]
        google.enabled = True
        await shift.minutes(6)
        assert "已绑定表格「表」" in heard(shift)


async def test_rights_taken_away_are_told_once_and_so_is_their_coming_back(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        google.share(key, "")
        before = len(shift.here.core.said(BOSS))
        await shift.minutes(30)
        told = [m.text for m in shift.here.core.said(BOSS)[before:]]
        assert len([text for text in told if ADDRESS in text]) == 1
        google.share(key)
        await shift.minutes(6)
        assert "恢复同步" in heard(shift)
        assert "表格" not in shift.read(shift.group)


async def test_an_outage_is_in_health_with_how_long_and_that_work_goes_on(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, _key):
        assert "秒前读过" in (await shift.asks(BOSS, "/health"))[0]
        google.faults.throw("reset", times=1000)
        await shift.minutes(10)
        (said,) = await shift.asks(BOSS, "/health")
        assert "连不上 Google 表格《小满优选 共享表》，已 10 分钟" in said
        assert "连不上" in (await shift.asks(BOSS, "/gsheet"))[0]


async def test_a_spreadsheet_that_is_not_there_is_named_and_so_is_one_thrown_away(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        google.throw_away(key)
        await shift.minutes(2)
        assert "回收站" in heard(shift)
        assert "找不到表格《小满优选 共享表》" in (await shift.asks(BOSS, "/health"))[0]


async def test_the_doctor_names_a_spreadsheet_that_is_not_in_step(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        kinds = {kind for duty in DUTIES for kind in duty.due}
        well = examine(tmp_path, kinds, NO_KEYS, shift.clock.now())
        assert (well.sheets, well.findings) == (1, [])
        google.share(key, "")
        await shift.minutes(1)
        (found,) = examine(tmp_path, kinds, NO_KEYS, shift.clock.now()).findings
        assert (found.room, found.book) == ("a1", "sheet_health")
        assert "forbidden" in found.what
        assert "--sheet" in found.cure
        google.share(key)
        google.remove(key, "待付款 小满优选")
        await shift.minutes(6)
        (found,) = examine(tmp_path, kinds, NO_KEYS, shift.clock.now()).findings
        assert "pending tab" in found.what
        assert "待付款 小满优选" in found.what


# -- tabs -------------------------------------------------------------------------------------------


async def test_a_tab_switched_off_is_left_alone_and_a_press_brings_it_back(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        await shift.asks(BOSS, "/gsheet 关 复盘")
        assert "· 复盘：不同步" in heard(shift)
        google.remove(key, "复盘 小满优选")
        await shift.minutes(2)
        assert "复盘 小满优选" not in google.titles(key)
        await shift.asks(BOSS, "/gsheet")
        await shift.press(BOSS, "开 复盘")
        await shift.minutes(1)
        assert "复盘 小满优选" in google.titles(key)


async def test_their_own_tab_becomes_the_run_sheet_and_only_our_column_is_added(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        theirs = google.tab(key, "Sheet1")
        theirs.paste([["商品名", "直播价"], ["保湿面霜", "79"]])
        await shift.asks(BOSS, "/gsheet 页 排品 Sheet1")
        await shift.minutes(2)
        assert theirs.texts()[0] == ["商品名", "直播价", "提示"]
        assert "保湿面霜" in shift.read(BOSS)


async def test_a_title_is_asked_for_and_two_tabs_cannot_have_the_same(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        assert "名字" in (await shift.asks(BOSS, "/gsheet tab pending"))[0]
        assert "已经是另一页" in (await shift.asks(BOSS, "跟进 小满优选"))[0]
        await shift.asks(BOSS, "/gsheet tab pending")
        await shift.asks(BOSS, "双11 待付")
        await shift.minutes(1)
        assert "双11 待付" in google.titles(key)
        assert "最长 100" in (await shift.asks(BOSS, f"/gsheet tab pending {'长' * 101}"))[0]
        assert "请说是哪一页" in (await shift.asks(BOSS, "/gsheet off 第一页"))[0]


async def test_the_last_tab_cannot_be_switched_off(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, _, _key):
        for name in ("排品", "待付款", "跟进", "工单"):
            await shift.asks(BOSS, f"/gsheet 关 {name}")
        assert "解绑" in (await shift.asks(BOSS, "/gsheet 关 复盘"))[0]
        assert "没有在同步" in (await shift.asks(BOSS, "/gsheet off pending"))[0]


async def test_two_rooms_share_a_spreadsheet_each_with_its_own_tabs(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        second = shift.here.core.create_group("大满优选 服务群", [BOSS, OPS])
        await shift.here.says(BOSS, second, "/setup 大满优选 淘宝")
        room = next(k for k in shift.here.store.rooms() if k != "a1")
        await shift.asks(BOSS, f"/room {room}")
        await shift.asks(BOSS, f"/gsheet {url(key)}")
        await shift.minutes(1)
        assert google.titles(key) == ["Sheet1", *TITLES, *(t.replace("小满", "大满") for t in TITLES)]
        await shift.asks(BOSS, "/gsheet 页 待付款 待付款 小满优选")
        await shift.minutes(1)
        assert "另一个直播间" in heard(shift)
        assert "已经是另一个直播间在用" in (await shift.asks(BOSS, "/health"))[0]


# -- personal columns --------------------------------------------------------------------------------


async def test_no_personal_column_is_there_until_a_manager_switches_it_on_by_name_which_is_noted(
    tmp_path: Path,
) -> None:
    async with bound(tmp_path) as (shift, google, key):
        pending = google.tab(key, "待付款 小满优选")
        assert not {"城市", "手机尾号"} & set(pending.texts()[0])
        await shift.asks(BOSS, "/gsheet columns")
        await shift.press(BOSS, "待付款：打开“手机尾号”")
        await shift.minutes(1)
        assert "手机尾号" in pending.texts()[0]
        assert "城市" not in pending.texts()[0]
        assert "城市" not in google.tab(key, "跟进 小满优选").texts()[0]
        books = shift.here.bot.runner.view("a1")
        noted = [one for one in books.journal.scan() if one.kind == "sheet_column"]
        assert [(one.who, one.about, one.values) for one in noted] == [
            (str(BOSS), "pending", {"field": "phone_tail", "on": "on"})
        ]


async def test_a_personal_column_switched_off_again_is_emptied(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
        await shift.asks(BOSS, "/gsheet 列 待付款 城市 开")
        await shift.minutes(2)
        pending = google.tab(key, "待付款 小满优选")
        at = pending.texts()[0].index("城市")
        assert any(row[at] for row in pending.texts()[1:] if len(row) > at)
        await shift.asks(BOSS, "/gsheet 列 待付款 城市 关")
        assert "操作人 林主管" in heard(shift)
        await shift.minutes(2)
        assert not any(row[at] for row in pending.texts()[1:] if len(row) > at)


async def test_a_column_that_holds_no_buyers_field_cannot_be_named(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, _, _key):
        assert "城市" in (await shift.asks(BOSS, "/gsheet 列 待付款 地址 开"))[0]
        assert "例如" in (await shift.asks(BOSS, "/gsheet 列 待付款 城市"))[0]
        assert "例如" in (await shift.asks(BOSS, "/gsheet columns pending"))[0]


async def test_tabs_and_columns_may_be_named_in_english_too(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        await shift.asks(BOSS, "/gsheet off Reviews")
        assert "· 复盘：不同步" in heard(shift)
        await shift.asks(BOSS, "/gsheet tab Run sheet 11.11 Programme")
        await shift.minutes(1)
        assert "11.11 Programme" in google.titles(key)
        await shift.asks(BOSS, "/gsheet columns unpaid Phone ends in on")
        await shift.minutes(1)
        assert "手机尾号" in google.tab(key, "待付款 小满优选").texts()[0]


# -- unbinding --------------------------------------------------------------------------------------


async def test_unbinding_asks_once_leaves_everything_there_and_a_press_binds_again(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
        await shift.minutes(1)
        stood = google.tab(key, "待付款 小满优选").texts()
        assert len(stood) > 1
        await shift.asks(BOSS, "/gsheet 解绑")
        await shift.press(BOSS, "确定解绑")
        await shift.minutes(2)
        assert google.tab(key, "待付款 小满优选").texts() == stood
        assert "表格：未绑定" in (await shift.asks(BOSS, "/health"))[0]
        await shift.press(BOSS, "重新绑定")
        await shift.minutes(1)
        assert "表格《小满优选 共享表》在同步" in (await shift.asks(BOSS, "/health"))[0]
        assert [row[0] for row in google.tab(key, "待付款 小满优选").texts()] == [row[0] for row in stood]


async def test_another_spreadsheet_starts_with_nothing_asked_about_rows_it_never_had(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
        await shift.minutes(1)
        rows = [row[0] for row in google.tab(key, "待付款 小满优选").texts()]
        other = google.make("另一份")
        google.share(other)
        await shift.asks(BOSS, f"/gsheet {url(other)}")
        await shift.minutes(2)
        assert [row[0] for row in google.tab(other, "待付款 小满优选").texts()] == rows
        assert "被删了" not in shift.read(BOSS)


# -- addresses, rooms of one shop, what Google will not do -------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.google.com/spreadsheets/u/0/d/{key}/edit#gid=0",
        "https://docs.google.com/a/example.com/spreadsheets/d/{key}/edit?usp=sharing",
        "https://drive.google.com/open?id={key}",
        "https://drive.google.com/file/d/{key}/view?usp=drivesdk",
    ],
)
async def test_an_address_is_understood_however_it_was_copied(tmp_path: Path, address: str) -> None:
    async with with_google(tmp_path) as (shift, google):
        key = google.make("表")
        google.share(key)
        await shift.asks(BOSS, f"/gsheet {address.format(key=key)}")
        await shift.minutes(1)
        assert "已绑定表格「表」" in heard(shift)


async def test_a_published_page_is_told_apart_from_the_spreadsheet_itself(tmp_path: Path) -> None:
    async with with_google(tmp_path) as (shift, _):
        page = f"https://docs.google.com/spreadsheets/d/e/2PACX-{'x' * 60}/pubhtml"
        assert "「发布到网络」" in (await shift.asks(BOSS, f"/gsheet {page}"))[0]


async def test_two_rooms_of_one_shop_get_tabs_of_their_own_and_keep_them(tmp_path: Path) -> None:
    async with bound(tmp_path) as (shift, google, key):
        second = shift.here.core.create_group("小满优选 快手间", [BOSS, OPS])
        await shift.here.says(BOSS, second, "/setup 小满优选 快手")
        room = next(k for k in shift.here.store.rooms() if k != "a1")
        await shift.asks(BOSS, f"/room {room}")
        await shift.asks(BOSS, f"/gsheet {url(key)}")
        await shift.minutes(1)
        theirs = [f"{title} 快手 {room}" for title in TITLES]
        assert google.titles(key) == ["Sheet1", *TITLES, *theirs]
        assert "另一个直播间在用" not in shift.read(BOSS)
        await shift.asks(BOSS, "/room a1")
        await shift.asks(BOSS, "/gsheet 重试")
        await shift.minutes(2)
        assert "另一个直播间在用" not in shift.read(BOSS)
        view = shift.here.bot.runner.view
        tabs = [tuple(one.tabs.values()) for k in ("a1", room) if (one := view(k).sheet_bindings.get(k))]
        assert tabs == [tuple(TITLES), tuple(theirs)]


async def test_an_uploaded_excel_file_is_told_with_how_to_make_a_spreadsheet_of_it(tmp_path: Path) -> None:
    async with with_google(tmp_path) as (shift, google):
        key = google.make("排品.xlsx")
        google.share(key)
        google.uploaded(key)
        await shift.asks(BOSS, f"/gsheet {url(key)}")
        await shift.minutes(1)
        assert "另存为 Google 表格" in heard(shift)
        assert ADDRESS in heard(shift)
        assert "上传的 Excel 文件" in (await shift.asks(BOSS, "/health"))[0]


async def test_switching_a_tab_of_thousands_of_rows_off_and_unbinding_forgets_them_between_presses(
    tmp_path: Path,
) -> None:
    async with bound(tmp_path) as (shift, _google, _key):
        runner = shift.here.bot.runner

        def unit(raw: Books) -> None:
            rows = RoomBooks(raw).sheet_rows
            for number in range(1200):
                key = f"69179267688200{number:05}"
                rows.put(
                    SheetRow(id=row_id("a1", "pending", key), kind="pending", key=key, cells={"note": ""})
                )

        await runner.unit("a1", unit)
        await shift.asks(BOSS, "/gsheet 关 待付款")
        await shift.minutes(1)
        assert len(runner.view("a1").sheet_rows) == 0
        await runner.unit("a1", unit)
        await shift.press(BOSS, "解绑")
        await shift.press(BOSS, "确定解绑")
        await shift.minutes(1)
        assert len(runner.view("a1").sheet_rows) == 0
