"""售后留言: who paid is written to once, in one message for all they bought, and never against K20."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.rehearsal import samples
from storage.vault import NO_KEYS, Vault, new_master, read_masters
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening

HEADINGS = (
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "省", "市", "区", "收件人", "收件人手机号",
    "详细地址", "订单提交时间", "支付完成时间", "订单状态", "承诺发货时间",
)  # fmt: skip
TEA, CUP, GOWN = "云雾绿茶", "白瓷茶杯", "真丝睡裙"
SHEET = [
    ["链接号", "商品名称", "类目", "直播价"],
    ["1", TEA, "食品", "39.9"],
    ["2", CUP, "家居", "29"],
    ["3", GOWN, "女装", "199"],
]
FIRST, SECOND, THIRD = "6917950000000000101", "6917950000000000102", "6917950000000000103"
WANG, LI = "13800001111", "13900002222"
K20 = "有任何问题请先联系我们，我们为您处理。"


def keys() -> Vault:
    return Vault(read_masters(new_master("k1")), 30)


def row(
    number: str, title: str, phone: str = WANG, *, status: str = "待发货", to: str = "浙江省"
) -> list[str]:
    place = {"浙江省": ("杭州市", "西湖区"), "台湾省": ("台北市", "信义区")}[to]
    paid = "" if status == "待支付" else "2026-11-11 19:19:00"
    return [
        number, number, title, "1", "39.90", to, *place, "王小满", phone, "文三路 1 号 3 幢 402 室",
        "2026-11-11 19:18:00", paid, status, "2026-11-13 20:00:00",
    ]  # fmt: skip


async def export(shift: Shift, *rows: list[str]) -> None:
    await shift.minutes(1)
    name = f"{int(shift.clock.now().timestamp())}_a1b2.csv"
    await shift.sends(OPS, name, samples.csv_bytes(HEADINGS, list(rows)))


async def selling(shift: Shift) -> None:
    text = StringIO()
    csv.writer(text).writerows(SHEET)
    await shift.sends(OPS, "排品表.csv", text.getvalue().encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.asks(OPS, "/live")


def copied(shift: Shift, who: int) -> list[str]:
    """What the copy buttons of the newest list copy."""
    message, _ = shift.find(who, "都发了")
    return [b.copied for row in message.rows for b in row if b.copied]


async def listed(shift: Shift, who: int = MEI) -> str:
    return "\n".join(await shift.asks(who, "/messages"))


async def test_who_paid_is_listed_with_what_to_say_of_the_product_and_the_words_of_k20(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA))
        said = await listed(shift)
        assert "1 位买家，1 单" in said
        assert FIRST in said
        texts = copied(shift, MEI)
        assert TEA in texts[0]
        assert texts[-1] == K20
        assert "差评" not in "".join(texts)


async def test_unpaid_refunding_refunded_and_held_orders_are_not_listed(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.says(BOSS, "停发 台湾")
        await export(
            shift, row(FIRST, TEA, status="待支付"), row(SECOND, TEA, LI, status="已关闭"),
            row(THIRD, TEA, "13800003333", to="台湾省"),
        )  # fmt: skip
        assert "没有要发售后留言的买家" in await listed(shift)


async def test_several_orders_of_one_buyer_are_one_message(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA), row(SECOND, CUP), row(THIRD, CUP, LI))
        said = await listed(shift)
        assert "2 位买家，3 单" in said
        assert f"{FIRST}+{SECOND}" in said
        assert sum(text == K20 for text in copied(shift, MEI)) == 2


async def test_without_the_buyers_known_each_order_is_one_message(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=NO_KEYS) as shift:
        await export(shift, row(FIRST, TEA), row(SECOND, CUP))
        assert "2 位买家，2 单" in await listed(shift)


async def test_sent_counts_for_those_on_the_list_alone_and_never_twice(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA))
        await listed(shift)
        await export(shift, row(FIRST, TEA), row(SECOND, TEA, LI))  # paid after the list was handed out
        await shift.press(MEI, "都发了")
        assert "1 位买家都发了" in shift.read(MEI)
        said = await listed(shift)
        assert SECOND in said
        assert FIRST not in said
        await shift.press(MEI, "都发了")
        await export(shift, row(FIRST, TEA, status="已发货"), row(SECOND, TEA, LI, status="已发货"))
        assert "没有要发售后留言的买家" in await listed(shift)


async def test_a_buyer_written_to_today_waits_for_tomorrow_with_what_else_they_buy(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA))
        await listed(shift)
        await shift.press(MEI, "都发了")
        await shift.minutes(15)
        await export(shift, row(SECOND, CUP), row(THIRD, TEA))
        assert "没有要发售后留言的买家" in await listed(shift)
        await shift.at("12 19:40")
        said = await listed(shift)
        assert SECOND in said
        assert THIRD not in said  # tea was told of


async def test_two_agents_never_get_the_same_buyer_and_a_list_comes_back(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA))
        assert FIRST in await listed(shift)
        assert FIRST in await listed(shift)  # still hers
        assert "没有要发售后留言的买家" in await listed(shift, QIANG)
        message, _ = shift.find(MEI, "都发了")
        theirs = [b.data for row_ in message.rows for b in row_ if b.data and b.data.endswith("sent")]
        words = theirs[0].removeprefix("a1:")
        assert "小美" in (await shift.asks(QIANG, f"/{words}"))[-1]
        await shift.press(MEI, "还回队列")
        assert "没有记为已发" in shift.read(MEI)
        assert FIRST in await listed(shift, QIANG)


async def test_a_list_nobody_ended_goes_back_after_two_hours(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.at("12 09:30")
        await export(shift, row(FIRST, TEA))
        await listed(shift)
        await shift.minutes(121)
        assert FIRST in await listed(shift, QIANG)


async def test_it_stands_under_my_and_goes_back_when_its_agent_signs_out(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA))
        await listed(shift)
        assert "售后留言：1 位买家" in (await shift.asks(MEI, "/my"))[-1]
        await shift.asks(MEI, "/out")
        assert FIRST in await listed(shift, QIANG)
        assert "售后留言" not in (await shift.asks(MEI, "/my"))[-1]


async def test_in_the_quiet_hours_nobody_is_listed(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA))
        await shift.at("21:30")
        assert "安静时段" in await listed(shift)


async def test_who_opted_out_is_left_alone(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA, status="待支付"), row(SECOND, CUP))
        await shift.asks(MEI, f"/claim a1-c{FIRST}")
        await shift.press(MEI, "提醒付款")
        await shift.press(MEI, "不愿被联系")
        assert "没有要发售后留言的买家" in await listed(shift)


async def test_the_file_says_the_same_as_the_list(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(FIRST, TEA), row(SECOND, CUP))
        await listed(shift)
        file = next(one.document for one in reversed(shift.here.core.said(MEI)) if one.document)
        assert file.name.startswith("messages-1111-")
        sheet = load_workbook(BytesIO(file.content)).active
        assert sheet is not None
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0] == ("订单号", "商品", "要发的话")
        assert rows[1][:2] == (f"{FIRST}\n{SECOND}", f"{TEA}\n{CUP}")
        assert str(rows[1][2]).splitlines() == copied(shift, MEI)
        assert len(rows) == 2


# -- a manager's own words --------------------------------------------------------------------------------


async def test_a_managers_own_sentences_stand_in_place_of_the_general_ones(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/posttext 1 用 80 度水冲泡 | 收到先放阴凉处")
        await export(shift, row(FIRST, TEA))
        assert "用 80 度水冲泡" in await listed(shift)
        await shift.press(MEI, "还回队列")
        await shift.asks(BOSS, "/posttext 1 无")
        assert "用 80 度水冲泡" not in await listed(shift)
        assert "按包装上的方法保存" in "".join(copied(shift, MEI))  # food, by the run sheet's category


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("有问题先找我们，不要直接给中差评", "引导评价"),
        ("五星好评返 5 元红包", "法律禁止"),
        ("加微信 abc12345 领说明书", "平台外"),
        ("有事打 13800001234", "电话"),
        ("一经售出概不退换", "拒绝退换"),
        ("本品支持假一赔十", "假一赔十"),
    ],
)
async def test_what_must_not_be_said_is_refused_with_the_reason_and_not_kept(
    tmp_path: Path, words: str, why: str
) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await selling(shift)
        assert why in (await shift.asks(BOSS, f"/posttext 1 {words}"))[-1]
        assert "还没有商品自己的" in (await shift.asks(BOSS, "/posttext"))[-1]


async def test_only_a_manager_may_change_what_buyers_read(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await selling(shift)
        await shift.asks(MEI, "/posttext 1 用 80 度水冲泡")
        assert "还没有商品自己的" in (await shift.asks(BOSS, "/posttext"))[-1]


async def test_an_english_room_writes_english(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.says(BOSS, "/setup Lumi douyin en")
        await export(shift, row(FIRST, "Green Tea"))
        assert "1 buyers, 1 orders" in await listed(shift)
        message, _ = shift.find(MEI, "All sent")
        texts = [b.copied for row_ in message.rows for b in row_ if b.copied]
        assert texts[0].startswith("Hello, thank you for buying Green Tea.")
        assert texts[-1] == "If anything is wrong, please tell us first and we will sort it out."
        await shift.press(MEI, "All sent")
        assert "nobody to write to" in await listed(shift)


def second_line(number: str, title: str, phone: str = WANG, **more: str) -> list[str]:
    """One more product of the order."""
    said = row(number, title, phone, **more)
    said[1] = f"{int(number) + 1}"
    return said


async def test_every_product_of_an_order_is_told_of_and_none_of_them_again(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await selling(shift)
        await export(shift, row(FIRST, TEA), second_line(FIRST, CUP))
        said = await listed(shift)
        assert "1 位买家，1 单" in said
        texts = "\n".join(copied(shift, MEI))
        assert TEA in texts
        assert CUP in texts
        await shift.press(MEI, "都发了")
        await shift.at("12 19:40")
        await export(shift, row(FIRST, TEA), second_line(FIRST, CUP), row(SECOND, CUP), row(THIRD, GOWN))
        said = await listed(shift)
        assert THIRD in said
        assert SECOND not in said, "the cup was told of with the tea"


async def test_a_second_product_counts_for_the_warehouse_and_keeps_its_number(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await selling(shift)
        await export(shift, row(FIRST, TEA), second_line(FIRST, CUP), row(SECOND, CUP, LI))
        assert "已知有 2 单待发货的含它" in (await shift.says(BOSS, "/shortage 2"))[-1]
        await shift.says(OPS, "/link 2 7")
        assert "7号 白瓷茶杯" in (await shift.asks(BOSS, "/shortage"))[0]
        assert FIRST in (await shift.asks(MEI, "/holds 无货"))[0]
        await shift.press(BOSS, "又有货了：7号")
        assert "2 单可以发货了" in shift.read(shift.group)
        assert "没有待处理的异常订单" in (await shift.asks(MEI, "/holds"))[0]
