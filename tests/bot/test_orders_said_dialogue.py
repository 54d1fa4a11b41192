"""What a file at odds with itself makes the bot say, and what is typed in haste from the platform's desk."""

from __future__ import annotations

import csv
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.rehearsal import samples
from playbooks.chase import Chase, chase_id
from playbooks.orders import OrderState
from storage.books import RoomBooks
from tests.support.evening import MEI, OPS, SHANGHAI, Shift, evening

HEADER = [
    "主订单编号",
    "子订单编号",
    "选购商品",
    "商品数量",
    "订单应付金额",
    "订单提交时间",
    "支付完成时间",
    "订单状态",
]
ONE, TWO, THREE, FOUR = (f"691792676882364375{n}" for n in range(1, 5))


def sold(id: str, at: str = "20:01:00", paid: str = "-", word: str = "待支付") -> list[str]:
    paid = paid if paid == "-" else f"2026-11-11 {paid}"
    return [id, id, "烟酰胺精华液", "1", "39.90", f"2026-11-11 {at}", paid, word]


def text(*rows: list[str]) -> bytes:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue().encode()


def books(shift: Shift) -> RoomBooks:
    return shift.here.bot.runner.view("a1")


def chased(shift: Shift, id: str) -> Chase | None:
    return books(shift).chases.get(chase_id("a1", id))


def order(shift: Shift, id: str) -> OrderState:
    found = books(shift).orders.get(f"a1-o{id}")
    assert found is not None
    return found


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")
    await shift.at("20:20")


# -- files ---------------------------------------------------------------------------------------------------------


async def test_orders_whose_status_and_paid_time_disagree_are_named_and_nobody_is_chased(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        data = text(sold(ONE, paid="20:05:00"), sold(TWO, word="备货中"), sold(THREE))
        said = (await shift.sends(MEI, "订单.csv", data))[-1]
        assert "2 单请先核对" in said
        assert "订单状态和支付时间互相矛盾" in said
        assert ONE in said
        assert TWO in said
        assert THREE not in said
        assert chased(shift, ONE) is None
        assert chased(shift, THREE) is not None


async def test_of_very_many_in_doubt_the_first_are_named_and_all_are_counted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        rows = [sold(f"69179267688236{n:05}", word="备货中") for n in range(1, 451)]
        said = (await shift.sends(MEI, "订单.csv", text(*rows)))[-1]
        assert "450 单请先核对" in said
        assert "6917926768823600005、等" in said
        assert "6917926768823600006" not in said


async def test_an_order_of_the_future_is_said_and_its_time_is_not_believed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        said = (await shift.sends(MEI, "订单.csv", text(sold(ONE, at="23:30:00"), sold(TWO))))[-1]
        assert "1 单请先核对" in said
        assert "时间比现在还晚" in said
        assert (order(shift, ONE).created_at, order(shift, TWO).created_at is None) == (None, False)
        doubted = chased(shift, ONE)
        assert doubted is not None
        assert doubted.created_at is None


async def test_the_platforms_clock_may_be_some_minutes_ahead_of_ours(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        said = (await shift.sends(MEI, "订单.csv", text(sold(ONE, at="20:24:00"))))[-1]
        assert "请先核对" not in said
        assert order(shift, ONE).created_at == datetime(2026, 11, 11, 20, 24, tzinfo=SHANGHAI)


async def test_who_paid_in_the_future_has_paid(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        said = (await shift.sends(MEI, "订单.csv", text(sold(ONE, paid="23:05:00", word="备货中"))))[-1]
        assert "时间比现在还晚" in said
        assert order(shift, ONE).paid
        assert chased(shift, ONE) is None


async def test_the_last_line_of_a_file_that_broke_off_is_no_order(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        data = text(sold(ONE), sold(TWO))
        said = (await shift.sends(MEI, "订单.csv", data[: data.rindex(b"2026-11-11") + 4]))[-1]
        assert "读到 1 单" in said
        assert "第 3 行「订单提交时间」：这一行只有 6 列，表头有 8 列，写到这一列就断了" in said
        assert chased(shift, TWO) is None


async def test_what_else_lies_in_an_archive_is_passed_and_said(tmp_path: Path) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        for name, data in {
            "readme.txt": b"hello",
            "__MACOSX/._a.csv": b"\0",
            "a.csv": text(sold(ONE)),
        }.items():
            file.writestr(name, data)
    async with evening(tmp_path) as shift:
        await selling(shift)
        said = (await shift.sends(MEI, "订单.zip", packed.getvalue()))[-1]
        assert "读到 1 单" in said
        assert "压缩包里这些不是表格，没有读：readme.txt、__MACOSX" in said


# -- by hand -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (f"催 {ONE} 3号 ¥-5", "的金额「-5」看不懂，没有登记"),
        (f"催 {ONE} 3号 ¥1e5", "的金额「1e5」看不懂，没有登记"),
        (f"催 {ONE} 99号", "没有 99 号（这一场的商品是"),
        (f"订单编号：{ONE}\n订单状态：待发货", "写着「待发货」，不是待付款"),
        (f"订单编号：{ONE}\n付款时间：2026-11-11 20:16:00", "已付款，不用再催"),
        ("订单编号：6.91793E+18\n商品：茶", "科学计数法"),
    ],
)
async def test_what_cannot_be_meant_is_not_registered_and_said(tmp_path: Path, typed: str, said: str) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert said in (await shift.asks(MEI, typed))[-1]
        assert not list(books(shift).chases.scan())


async def test_a_paste_with_labels_needs_no_word_in_front(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        pasted = f"订单编号：{ONE}\n下单时间：2026-11-11 20:14:00\n订单状态：待付款\n商品：烟酰胺精华液\n收货人：周示例"
        assert f"订单 {ONE}" in (await shift.asks(MEI, pasted))[-1]
        one = chased(shift, ONE)
        assert one is not None
        assert one.title == "烟酰胺精华液"
        assert one.created_at == datetime(2026, 11, 11, 20, 14, tzinfo=SHANGHAI)


async def test_a_number_among_other_words_is_told_how_it_is_registered(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        said = (await shift.asks(MEI, f"{ONE} 3号 ¥59"))[-1]
        assert f"催 {ONE} 3号 ¥59" in said
        assert not list(books(shift).chases.scan())


async def test_before_there_is_a_run_sheet_any_number_is_kept(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"催 {ONE} 99号 ¥59")
        one = chased(shift, ONE)
        assert one is not None
        assert one.link_no == 99


async def test_a_remark_without_a_number_is_that_of_the_one_order_in_hand(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "请写订单号" in (await shift.asks(MEI, "催付备注 明天发工资再付"))[-1]
        await shift.asks(MEI, f"催 {ONE} 3号 20:14")
        await shift.press(MEI, "提醒付款")
        said = (await shift.asks(MEI, "催付备注 明天发工资再付"))[-1]
        assert "小美 第1次 明天发工资再付" in said
        assert ONE in said


@pytest.mark.parametrize("count", ["第0次", "第3次", "第9次", "第12次"])
async def test_a_remark_counts_no_further_than_buyers_are_contacted(tmp_path: Path, count: str) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, f"催 {ONE} 3号 20:14")
        await shift.press(MEI, "提醒付款")
        said = (await shift.asks(MEI, f"催付备注 {ONE} 11-11 20:21 小美 {count} 晚点付"))[-1]
        assert "请写「第1次」或「第2次」" in said
        said = (await shift.asks(MEI, f"催付备注 {ONE} 11-11 20:21 小美 第2次 晚点付"))[-1]
        assert "第2次 晚点付" in said


# -- many at once --------------------------------------------------------------------------------------------------


async def test_what_came_of_a_table_is_kept_for_what_was_in_the_table_alone(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.sends(MEI, "订单.csv", text(sold(ONE, at="20:10:00"), sold(TWO, at="20:11:00")))
        await shift.asks(MEI, "批量催付")
        await shift.minutes(1)
        await shift.asks(MEI, f"催 {THREE} 3号 20:19")
        await shift.press(MEI, "都留言了")
        assert "2 单" in shift.read(MEI)
        touched = {one.order_id for one in books(shift).chases.scan() if one.touches}
        assert touched == {ONE, TWO}


async def test_the_second_step_of_a_table_counts_for_the_same_orders(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, f"催 {FOUR} 3号 20:19")
        await shift.sends(MEI, "订单.csv", text(sold(ONE, at="20:10:00"), sold(TWO, at="20:11:00")))
        await shift.asks(MEI, "批量催付")
        await shift.asks(MEI, f"催 {THREE} 3号 20:19")
        await shift.press(MEI, "都点了提醒")
        await shift.press(MEI, "都留言了")
        steps = {one.order_id: [touch.step for touch in one.touches] for one in books(shift).chases.scan()}
        assert steps == {
            ONE: ["button", "message"],
            TWO: ["button", "message"],
            FOUR: ["button", "message"],
            THREE: [],
        }
