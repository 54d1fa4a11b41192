"""Flash sales that are only armed by the plan, and gifts that are counted down by the orders (A03)."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

from storage.exports.formats import DOUYIN
from tests.support.evening import BOSS, CHEN, MEI, OPS, SHANGHAI, Shift, evening

SHEET = """链接号,商品名,商品ID,直播价,优惠机制,赠品
1,玫瑰精华水,3567890123456789011,79,20:30-20:40秒杀49.9，限量200份,
2,丝绒口红,3567890123456789012,69,,小样2片（限2份）
3,烟酰胺面霜,3567890123456789013,129,,化妆棉
"""


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


def orders(*bought: tuple[str, str, str], at: datetime, gift_lines: frozenset[str] = frozenset()) -> bytes:
    """A 抖店 export: (order number, product id, title) each paid at `at`; those of `gift_lines` hold a gift line."""
    rows = []
    for number, product, title in bought:
        said = {
            "主订单编号": f"\t{number}", "子订单编号": f"\t{number}", "选购商品": title, "商品ID": f"\t{product}",
            "商品数量": "1", "商品单价": "69.00", "订单应付金额": "69.00", "订单状态": "待发货",
            "订单提交时间": f"{at:%Y-%m-%d %H:%M:%S}", "支付完成时间": f"{at:%Y-%m-%d %H:%M:%S}",
        }  # fmt: skip
        rows.append([said.get(heading, "-") for heading in DOUYIN.headings])
        if number in gift_lines:
            gift = said | {
                "子订单编号": f"\t{int(number) + 1}",
                "选购商品": "【赠品】小样",
                "商品ID": "\t900",
                "商品单价": "0.00",
            }
            rows.append([(gift | {"订单应付金额": "0.00"}).get(heading, "-") for heading in DOUYIN.headings])
    out = StringIO(newline="")
    csv.writer(out).writerows([DOUYIN.headings, *rows])
    return out.getvalue().encode("utf-8-sig")


def now(shift: Shift) -> datetime:
    return shift.clock.now().astimezone(SHANGHAI)


async def test_a_planned_flash_sale_only_reminds_ops_and_two_taps_begin_and_end_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "开讲 1")
        assert "秒杀还没开始" in (await shift.asks(MEI, "1"))[0]
        await shift.at("20:31")
        assert "计划 20:30 秒杀 ¥49.90" in shift.read(OPS)
        assert "¥79.00" in (await shift.asks(MEI, "1"))[0]
        await shift.press(OPS, "开始秒杀 1 号")
        assert "请再按一次确认" in shift.here.last(OPS).text
        assert "¥79.00" in (await shift.asks(MEI, "1"))[0]
        await shift.press(OPS, "确认开始秒杀 ¥49.90")
        assert "直播价 79.00 → 49.90" in shift.read(shift.group)
        assert "秒杀进行中 49.9 元（结束后 79 元）" in (await shift.asks(MEI, "1"))[0]
        await shift.at("20:50")  # the host overruns: it is reminded of, and goes on
        assert "计划 20:40 结束" in shift.read(OPS)
        assert "¥49.90" in (await shift.asks(MEI, "1"))[0]
        await shift.press(OPS, "结束秒杀 1 号")
        await shift.press(OPS, "确认结束，恢复 ¥79.00")
        assert "直播价 49.90 → 79.00" in shift.read(shift.group)
        assert "没有在秒杀" in (await shift.asks(OPS, "秒杀结束 1"))[0]


async def test_ops_begin_a_flash_sale_from_the_pad_and_nobody_else_may(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "开讲 1")
        await shift.press(OPS, "开始秒杀")
        await shift.press(OPS, "确认开始秒杀")
        assert "→ 49.90" in shift.read(shift.group)
        assert "已在进行，¥49.90" in (await shift.asks(OPS, "秒杀 1"))[0]
        assert "没有秒杀" in (await shift.asks(OPS, "秒杀 2"))[0]
        assert "要由" in (await shift.asks(MEI, "/flashend 1"))[0]
        await shift.at("20:31")
        assert "计划 20:30" not in shift.read(OPS)  # it is on already


async def test_a_sheet_sent_while_a_flash_sale_is_on_leaves_its_price_alone(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "秒杀 1")
        await shift.press(OPS, "确认开始秒杀")
        await shift.sends(OPS, "b.csv", SHEET.replace(",79,", ",75,").encode("utf-8-sig"))
        assert "保持现场的" in shift.here.last(OPS).text
        assert "¥49.90" in (await shift.asks(MEI, "1"))[0]


async def test_a_price_typed_during_a_flash_sale_ends_it_and_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "秒杀 1")
        await shift.press(OPS, "确认开始秒杀")
        said = (await shift.says(OPS, "改价 1 55"))[0]
        assert "直播价 49.90 → 55.00" in said
        assert "优惠 20:30-20:40秒杀49.9，限量200份 → 无" in said
        told = (await shift.asks(MEI, "1"))[0]
        assert "¥55.00" in told
        assert "秒杀" not in told
        assert "没有在秒杀" in (await shift.asks(OPS, "秒杀结束 1"))[0]
        await shift.says(OPS, "撤销")
        assert "秒杀进行中 49.9 元（结束后 79 元）" in (await shift.asks(MEI, "1"))[0]
        assert "直播价 49.90 → 79.00" in (await shift.says(OPS, "改优惠 1 买2送1"))[0]


async def test_gifts_are_counted_down_once_an_order_and_the_last_one_changes_the_card(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "开讲 2")
        assert "赠品约剩 2 份" in (await shift.asks(MEI, "2"))[0]
        await shift.minutes(10)
        placed = now(shift) - timedelta(minutes=2)
        lipstick = ("3567890123456789012", "丝绒口红")
        first = orders(
            ("6917000000000000010", *lipstick), at=placed, gift_lines=frozenset(["6917000000000000010"])
        )
        await shift.sends(MEI, "1.csv", first)
        assert "赠品约剩 1 份" in (await shift.asks(MEI, "2"))[0]
        await shift.minutes(1)
        await shift.sends(MEI, "1.csv", first)  # the same order again
        assert "赠品约剩 1 份" in (await shift.asks(MEI, "2"))[0]
        await shift.minutes(1)
        await shift.sends(MEI, "2.csv", orders(("6917000000000000020", *lipstick), at=placed))
        assert "2 份赠品已送完" in shift.read(OPS)
        assert "赠品 小样2片（限2份） → 无" in shift.read(shift.group)
        assert "小样" not in (await shift.asks(MEI, "2"))[0]
        await shift.press(OPS, "还有赠品，改数量")
        await shift.asks(OPS, "30")
        told = (await shift.asks(MEI, "2"))[0]
        assert "赠品约剩 30 份" in told
        assert "小样 ×2（共 30 份）" in told


async def test_ops_set_and_ask_for_the_number_of_gifts(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "没有计数" in (await shift.asks(OPS, "赠品 3"))[0]
        assert "已记下 3号 烟酰胺面霜 赠品 120 份" in (await shift.asks(OPS, "赠品 3 120"))[0]
        assert "约剩 120 份（共 120 份" in (await shift.asks(OPS, "赠品 3"))[0]
        assert "本来就没有赠品" in (await shift.asks(OPS, "赠品 1 5"))[0]
        await shift.asks(OPS, "赠品 3 0")
        assert "化妆棉" not in (await shift.asks(MEI, "3"))[0]


async def test_who_is_owed_which_gift_is_told_by_order_number(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "没有要送赠品的订单" in (await shift.asks(CHEN, "赠品名单"))[0]
        await shift.minutes(10)
        placed = now(shift) - timedelta(minutes=2)
        cream, lipstick = ("3567890123456789013", "烟酰胺面霜"), ("3567890123456789012", "丝绒口红")
        toner = ("3567890123456789011", "玫瑰精华水")
        bought = (
            ("6917000000000000030", *cream), ("6917000000000000040", *lipstick), ("6917000000000000050", *toner),
        )  # fmt: skip
        await shift.sends(
            MEI, "1.csv", orders(*bought, at=placed, gift_lines=frozenset(["6917000000000000040"]))
        )
        for who in (CHEN, BOSS):
            told = (await shift.asks(who, "/gifts"))[0]
            assert "6917000000000000030 化妆棉 ×1" in told
            assert "要另外放赠品 0 单，平台已随单 1 单" in told
            assert "6917000000000000050" not in told
        assert "要由" in (await shift.asks(MEI, "/gifts"))[0]


async def test_sold_out_is_taken_off_the_shelf_too_and_reminded_of_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "售罄 2")
        await shift.asks(OPS, "售罄 3")
        assert "3号 烟酰胺面霜 已售罄：请到后台下架" in shift.here.last(OPS).text
        await shift.press(OPS, "3 号已下架")
        await shift.minutes(11)
        assert shift.read(OPS).count("2号 丝绒口红 已售罄：请到后台下架") == 2
        assert shift.read(OPS).count("3号 烟酰胺面霜 已售罄：请到后台下架") == 1
        await shift.minutes(30)
        assert shift.read(OPS).count("2号 丝绒口红 已售罄：请到后台下架") == 2
        assert "已售罄：请到后台下架" not in shift.read(shift.group)


async def flashing(shift: Shift) -> None:
    """Product 1 on air, its flash sale begun."""
    await selling(shift)
    await shift.says(OPS, "开讲 1")
    await shift.press(OPS, "开始秒杀")
    await shift.press(OPS, "确认开始秒杀")
    assert "→ 49.90" in shift.read(shift.group)


async def test_a_flash_sale_ops_end_long_after_its_time_gives_the_price_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await flashing(shift)
        await shift.at("21:30")
        assert shift.read(OPS).count("计划 20:40 结束") == 1
        assert "¥49.90" in (await shift.asks(MEI, "1"))[0]
        await shift.asks(OPS, "秒杀结束")
        await shift.press(OPS, "确认结束，恢复 ¥79.00")
        assert "¥79.00" in (await shift.asks(MEI, "1"))[0]


async def test_a_flash_sale_is_ended_after_the_product_was_switched_without_naming_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await flashing(shift)
        await shift.says(OPS, "开讲 2")
        assert "1号 玫瑰精华水" in (await shift.asks(OPS, "秒杀结束"))[0]
        await shift.press(OPS, "确认结束，恢复 ¥79.00")
        assert "¥79.00" in (await shift.asks(MEI, "1"))[0]
        assert "¥69.00" in (await shift.asks(MEI, "2"))[0]


async def test_a_flash_sale_nobody_ended_is_put_before_ops_at_the_end_and_ended_there(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await flashing(shift)
        await shift.says(OPS, "下播")
        assert "秒杀还在进行（¥49.90）。请到后台恢复 ¥79.00" in shift.read(OPS)
        before = len(shift.here.core.said(shift.group))
        await shift.press(OPS, "结束秒杀 1 号")
        await shift.press(OPS, "确认结束，恢复 ¥79.00")
        assert len(shift.here.core.said(shift.group)) == before  # off air nobody has to know
        told = (await shift.asks(MEI, "1"))[0]
        assert "¥79.00" in told
        assert "秒杀进行中" not in told
        assert "没有在秒杀" in (await shift.asks(OPS, "秒杀结束 1"))[0]
        assert "已经下播" in (await shift.asks(OPS, "秒杀 1"))[0]


async def test_orders_beyond_the_gift_stock_are_marked_and_a_manager_is_told(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.minutes(10)
        placed = now(shift) - timedelta(minutes=5)
        numbers = [f"69170000000000000{n}0" for n in range(60, 64)]
        for at, number in enumerate(numbers):
            minute = placed + timedelta(minutes=at)
            await shift.sends(
                MEI, f"{at}.csv", orders((number, "3567890123456789012", "丝绒口红"), at=minute)
            )
            await shift.minutes(1)
        told = (await shift.asks(BOSS, "/gifts"))[0]
        rows = {
            number: next(row for row in told.split("\n") if number in row)
            for number in numbers
            if number in told
        }
        assert ["超出" in row for row in rows.values()] == [False, False] + [True] * (len(rows) - 2)
        assert f"赠品 2 份，超出 {len(rows) - 2} 单" in told
        assert len(rows) > 2
        assert f"赠品只有 2 份，超出 {len(rows) - 2} 单" in shift.read(BOSS)
        orders_told = [(await shift.asks(MEI, f"/order {number}"))[0] for number in rows]
        assert ["超出赠品数" in one for one in orders_told] == [False, False] + [True] * (len(rows) - 2)
        assert all("还欠赠品：小样" in one for one in orders_told[:2])
        assert not any("没有待跟进" in one for one in orders_told)
        assert "赠品只有 2 份" not in shift.read(shift.group)


async def test_a_count_below_nothing_is_refused_with_the_cure(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "售罄 1")
        for words in ("返场 1 -3", "赠品 2 -1", "赠品 2 2.5", "返场 1 －3"):
            assert "不是数量。请写 0 到 1000000 之间的整数" in (await shift.asks(OPS, words))[0], words
        assert "赠品约剩 2 份" in (await shift.asks(MEI, "2"))[0]
        assert "已售罄" in (await shift.asks(MEI, "1"))[0]


async def test_a_change_after_which_buyers_pay_nothing_is_asked_about_first(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "到手价是 0.00 元" in (await shift.asks(OPS, "改优惠 2 立减69"))[0]
        assert "→" not in shift.read(shift.group)
        await shift.press(OPS, "确认，到手价 0.00 也要改")
        assert "立减69" in shift.read(shift.group)
        await shift.asks(OPS, "改优惠 2 立减60")  # 9 yuan are left: nothing to ask
        assert "立减60" in shift.read(shift.group)
        asked = (await shift.asks(OPS, "改价 2 50"))[0]
        assert "改成 ¥50.00 后，按现在的优惠到手价是 0.00 元" in asked
        assert "¥69.00" in (await shift.asks(MEI, "2"))[0]
        await shift.press(OPS, "确认改成 ¥50.00")
        assert "¥50.00" in (await shift.asks(MEI, "2"))[0]
