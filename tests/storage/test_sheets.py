"""The Sheets client: real gspread and google-auth against the in-process Google, judged by Google's own document."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from bot.clock import WoundClock
from bot.rehearsal.sheets import Fault, Google
from bot.rehearsal.sheets.adapter import InProcess
from playbooks.model import Refusal
from playbooks.sheets import Put
from storage.sheets import (
    Account,
    KeyRefused,
    SheetDown,
    SheetForbidden,
    SheetMissing,
    SheetRefused,
    TabMissing,
    TabPlan,
    TabWrite,
    account,
    key_info,
    key_of,
)
from tests.support.sheets_referee import fits, refereed

START = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
ORDER = "6917926768823643751"


class Here:
    """A spreadsheet, the bot's account, and the clock both go by."""

    def __init__(self) -> None:
        self.clock = WoundClock(START)
        self.google = refereed(Google(self.clock.now))
        self.key = self.google.make("小满优选 共享表", "排品", "待付款")
        self.google.share(self.key)
        self.account: Account = account(Google.key_info(), self.clock.ticks, InProcess(self.google))
        self.book = self.account.open(self.key)
        self.tab = self.google.tab(self.key, "待付款")


@pytest.fixture
def here() -> Here:
    return Here()


def test_whole_tabs_come_as_people_see_them_in_one_call(here: Here) -> None:
    here.tab.paste([["订单号", "金额"], [ORDER, "59.90"], ["", "=1+1"]])
    read = here.book.read(["排品", "待付款"])
    # A number of nineteen digits typed into a plain column has lost its digits for everybody: it is shown as it is.
    assert read == {"排品": [], "待付款": [["订单号", "金额"], ["6.91793E+18", "59.9"], ["", "#ERROR!"]]}
    assert here.account.quota.total == {"read": 1, "write": 0}


def test_what_is_written_is_text_and_never_a_formula(here: Here) -> None:
    here.book.write([TabWrite("待付款", 3, [Put(0, 0, ORDER), Put(0, 1, "=HYPERLINK(1)"), Put(0, 2, "02")])])
    assert here.tab.texts() == [[ORDER, "=HYPERLINK(1)", "02"]]
    assert not any(here.tab.cell(0, column).formula or here.tab.cell(0, column).number for column in range(3))


def test_new_rows_go_below_the_last_one_wherever_that_is_by_then(here: Here) -> None:
    here.google.before.append(lambda kind: here.tab.type(3, 0, "有人刚填的") if kind == "write" else None)
    here.book.write([TabWrite("待付款", 1, appends=[["A"], ["B"]])])
    assert here.tab.texts() == [[], [], [], ["有人刚填的"], ["A"], ["B"]]


def test_a_row_is_copied_before_it_is_overwritten_in_the_same_batch(here: Here) -> None:
    here.tab.paste([["号", "备注"], ["A", "旧"]])

    def somebody(kind: str) -> None:
        if kind == "write":
            here.tab.type(1, 1, "刚改的")

    here.google.before.append(somebody)
    here.book.write([TabWrite("待付款", 2, [Put(1, 1, "新")], copies=[1])], scratch="scratch a1", mark="m1")
    read = here.book.read(["待付款", "scratch a1"])
    assert read["待付款"][1] == ["A", "新"]
    assert read["scratch a1"] == [["m1"], ["A", "刚改的"]]
    assert here.google.titles(here.key) == ["排品", "待付款"]


def test_a_batch_that_does_not_fit_any_more_changes_nothing(here: Here) -> None:
    here.tab.paste([["A"], ["B"]])
    here.tab.rows = 2
    with pytest.raises(SheetRefused):
        here.book.write([TabWrite("待付款", 1, [Put(0, 0, "X"), Put(2, 0, "Y")])])
    assert here.tab.texts() == [["A"], ["B"]]


PLAN = TabPlan(
    "跟进", ("编号", "状态"), new=("编号", "状态"), choices={"状态": ("已联系", "没接没回")}, ours=("编号",)
)


def test_setting_up_makes_tabs_headings_choices_and_a_warning_and_twice_is_once(here: Here) -> None:
    assert here.book.setup([PLAN]).tabs == ("跟进",)
    tab = here.google.tab(here.key, "跟进")
    assert (tab.texts(), tab.frozen) == ([["编号", "状态"]], 1)
    assert tab.choices == {1: ("已联系", "没接没回")}
    assert [(one["range"]["startColumnIndex"], one["warningOnly"]) for one in tab.protected.values()] == [
        (0, True)
    ]
    tab.type(1, 0, ORDER)
    assert tab.cell(1, 0).text == ORDER
    again = here.book.setup([PLAN])
    assert (again.tabs, again.headings) == ((), {})
    assert tab.texts() == [["编号", "状态"], [ORDER]]
    assert len(tab.protected) == 1


def test_headings_people_have_stay_where_they_are_and_ours_come_behind_them(here: Here) -> None:
    tab = here.google.tab(here.key, "排品")
    tab.paste([["十一月十一日"], ["链接号", "名称", "直播价"], ["1", "面霜", "59.9"]])
    made = here.book.setup([TabPlan("排品", ("检查结果",))])
    assert made.headings == {"排品": ("检查结果",)}
    assert tab.texts()[1] == ["链接号", "名称", "直播价", "检查结果"]


FAULTS: list[tuple[Fault, float | None]] = [
    ("429", None), ("429 wait", 7.0), ("500", None), ("502", None), ("503", None), ("reset", None), ("lost", None),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "wait"), FAULTS)
def test_what_passes_is_told_apart_and_says_for_how_long_to_wait(
    here: Here, fault: Fault, wait: float | None
) -> None:
    here.google.faults.throw(fault)
    with pytest.raises(SheetDown) as down:
        here.book.read(["待付款"])
    assert down.value.retry_after == wait
    assert here.book.read(["待付款"]) == {"待付款": []}


def test_an_answer_that_comes_too_late_was_done_all_the_same(here: Here) -> None:
    here.book.tabs()
    here.google.faults.throw("late")
    with pytest.raises(SheetDown):
        here.book.write([TabWrite("待付款", 1, [Put(0, 0, "A")])])
    assert here.tab.texts() == [["A"]]


def test_each_thing_a_person_has_to_mend_is_a_fault_of_its_own(here: Here) -> None:
    here.google.share(here.key, "reader")
    here.book.read(["待付款"])
    with pytest.raises(SheetForbidden) as shut:
        here.book.write([TabWrite("待付款", 1, [Put(0, 0, "A")])])
    assert shut.value.address == here.account.email == "shiftbot@rehearsal.iam.gserviceaccount.com"
    here.google.share(here.key, "")
    with pytest.raises(SheetForbidden):
        here.book.read(["待付款"])
    here.google.share(here.key)
    here.google.remove(here.key, "待付款")
    with pytest.raises(TabMissing, match="待付款"):
        here.book.read(["排品", "待付款"])
    with pytest.raises(SheetMissing):
        here.account.open("no-such-spreadsheet-0000000000000000000000").title()


def test_a_key_google_accepts_no_more_is_said_and_so_is_one_that_is_none() -> None:
    here = Here()
    here.google.faults.throw("key")
    with pytest.raises(KeyRefused, match="invalid_grant"):
        here.book.title()
    with pytest.raises(KeyRefused):
        account({**Google.key_info(), "private_key": "x"}, here.clock.ticks)
    with pytest.raises(KeyRefused, match="service_account"):
        key_info('{"type": "authorized_user"}')
    with pytest.raises(KeyRefused, match="cannot be read"):
        key_info("/no/such/file.json")


@pytest.mark.parametrize("kind", ["read", "write"])
def test_no_more_is_asked_in_a_minute_than_google_allows(here: Here, kind: Literal["read", "write"]) -> None:
    for _ in range(60):
        here.account.quota.take(kind)
        here.clock.wind(here.clock.now() + timedelta(seconds=0.5))
    with pytest.raises(SheetDown) as full:
        here.account.quota.take(kind)
    assert full.value.retry_after == 30
    here.clock.wind(here.clock.now() + timedelta(seconds=30))
    here.account.quota.take(kind)


@pytest.mark.parametrize(
    "said",
    [
        "https://docs.google.com/spreadsheets/d/1a-B_2345678901234567890123456789/edit#gid=0",
        "1a-B_2345678901234567890123456789",
    ],
)
def test_the_key_is_found_in_what_people_paste(said: str) -> None:
    assert key_of(said) == "1a-B_2345678901234567890123456789"


def test_an_address_without_a_key_is_refused() -> None:
    with pytest.raises(Refusal, match=r"sheet_tab\.url"):
        key_of("https://example.com/table")


def test_the_referee_refuses_what_google_does_not_know() -> None:
    with pytest.raises(AssertionError, match="no field colour"):
        fits({"requests": [{"addSheet": {"colour": 1}}]}, {"$ref": "BatchUpdateSpreadsheetRequest"}, "")
    with pytest.raises(AssertionError, match="is no integer"):
        fits({"startRowIndex": "1"}, {"$ref": "GridRange"}, "")
