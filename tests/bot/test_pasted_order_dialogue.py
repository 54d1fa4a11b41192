"""A few pasted lines change what they name and nothing else; numbers alone are the run order."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, MEI, OPS, Shift, evening
from tests.support.sheets import workbook

HEADINGS = ("链接号", "商品名", "直播价")


def sheet(*rows: tuple[int, str, str]) -> bytes:
    return workbook({"排品": [HEADINGS, *rows]})


THREE = sheet((1, "保湿面膜", "59.90"), (2, "丝绒口红", "69"), (3, "清透粉底", "99"))


async def taken(shift: Shift, data: bytes = THREE) -> None:
    await shift.sends(OPS, "a.xlsx", data)
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")


async def test_a_new_order_is_told_from_and_to_and_the_group_hears_of_it_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift)
        await shift.says(OPS, "开讲 1")
        before = len(shift.here.core.said(shift.group))
        said = "\n".join(await shift.asks(OPS, "排品 3，2，1"))
        assert "讲解顺序：1、2、3 → 3、2、1" in said
        await shift.press(OPS, "启用新顺序")
        told = [m.text for m in shift.here.core.said(shift.group)[before:]]
        assert len(told) == 1
        assert "讲解顺序有调整（小周）\n讲解顺序：1、2、3 → 3、2、1" in told[0]
        assert "这是最后一个" in shift.read(shift.group)  # product 1 is the last now, its card says so


async def test_products_a_new_order_does_not_name_follow_behind_and_are_not_offered_for_withdrawal(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift)
        said = "\n".join(await shift.asks(OPS, "3，1"))
        assert "讲解顺序：1、2、3 → 3、1、2" in said
        assert "新表里没有" not in said
        await shift.press(OPS, "启用新顺序")
        assert not any("撤下" in caption for caption in shift.buttons(OPS))
        order = (await shift.asks(MEI, "讲解顺序"))[0]
        assert order.index("3号") < order.index("1号") < order.index("2号")


async def test_the_order_there_is_already_changes_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift)
        assert "和现在的排品一样" in (await shift.asks(OPS, "1，2"))[0]


async def test_one_pasted_line_changes_its_product_and_moves_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift)
        said = "\n".join(await shift.asks(OPS, "排品 3 清透粉底 89"))
        assert "3号 清透粉底：直播价 99.00 → 89.00" in said
        assert "讲解顺序" not in said
        assert "没有写到的 2 款照旧" in said
        await shift.press(OPS, "启用：改 1 款")
        order = (await shift.asks(MEI, "讲解顺序"))[0]
        assert order.index("1号") < order.index("2号") < order.index("3号")
        assert not any("撤下" in caption for caption in shift.buttons(OPS))


async def test_a_line_without_a_number_keeps_its_products_number_and_a_new_one_gets_the_next(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift)
        await shift.asks(OPS, "排品 丝绒口红 59")
        await shift.press(OPS, "启用：改 1 款")
        assert "¥59.00" in (await shift.asks(MEI, "2"))[0]
        assert "保湿面膜" in (await shift.asks(MEI, "1"))[0]
        assert "4号 修护眼霜" in "\n".join(await shift.asks(OPS, "排品 修护眼霜 129"))
        await shift.press(OPS, "新增 1 款")
        order = (await shift.asks(MEI, "讲解顺序"))[0]
        assert order.index("3号") < order.index("4号")


async def test_a_title_above_pasted_lines_is_skipped_and_said(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.asks(OPS, "今晚排品\n1 玫瑰精华水 59.9\n2 丝绒口红 69"))
        assert "第 1 行" in said
        assert "「今晚排品」没有编号也没有价格，当作标题跳过" in said
        assert "读到 2 款" in said
        await shift.press(OPS, "启用这 2 款")
        assert "讲解顺序：1、2 → 2、1" in "\n".join(await shift.asks(OPS, "今晚顺序\n2，1"))


async def test_a_price_for_two_is_shown_as_such_in_every_list(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet((1, "保湿面膜", "¥59.9/两件"), (2, "丝绒口红", "69")))
        assert "1号 保湿面膜 ¥59.9/2件" in shift.read(shift.group)
        await shift.says(OPS, "开讲 1")
        assert "直播价 ¥59.9/2件" in shift.here.last(shift.group).text
        assert "¥59.9/2件" in (await shift.asks(MEI, "讲解顺序"))[0]
        assert "¥59.9/2件" in (await shift.asks(MEI, "1"))[0]
        await shift.says(OPS, "改价 1 49.9")
        assert "¥49.9/2件" in (await shift.asks(MEI, "1"))[0]


async def test_a_row_whose_offers_leave_nothing_to_pay_is_warned_of(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "优惠机制"), (1, "保湿面膜", "59", "立减59"), (2, "丝绒口红", "69", "立减10")]
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.sends(OPS, "a.xlsx", workbook({"排品": rows})))
        assert "第 2 行「优惠机制」：优惠「立减59」算下来到手价是 0.00 元" in said
        assert said.count("0.00 元，") == 1


async def test_numbers_with_gaps_are_named_as_they_are(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet((1, "面膜", "59"), (2, "口红", "69"), (5, "粉底", "99")))
        assert "这一场的商品是 1–2、5 号" in (await shift.asks(MEI, "4"))[0]


async def test_four_hundred_products_on_six_tabs_are_shown_within_what_telegram_takes(tmp_path: Path) -> None:
    headings = (*HEADINGS, "商品链接")
    link = "https://example.com/goods/detail?id=3567890123456789012&from=live&room=" + "7" * 60
    rows = [
        (n, f"商品{n} 加长名称的样品规格说明一二三四五六七八九十" * 2, "59.90", link) for n in range(1, 401)
    ]
    tabs = {f"第{tab + 1}页": [headings, *rows[tab * 67 : tab * 67 + 67]] for tab in range(6)}
    async with evening(tmp_path) as shift:
        assert "用哪一张？" in (await shift.sends(OPS, "六页.xlsx", workbook(tabs)))[-1]
        await shift.press(OPS, "第2页")
        preview = "\n".join(await shift.sends(OPS, "四百.xlsx", workbook({"排品": [headings, *rows]})))
        assert preview.count("一场最多 200 款商品，第 202–401 行") == 1
        assert "1号 商品1 " in preview
        await shift.press(OPS, "启用这 200 款")
        said = await shift.asks(MEI, "讲解顺序")
        assert "200号 商品200 " in said[-1]
        everything = [m.text for chat in (OPS, MEI, shift.group) for m in shift.here.core.said(chat)]
        assert max(len(text.encode("utf-16-le")) // 2 for text in everything) <= 4096
        assert "没有显示" not in "\n".join(everything)
        assert "没有 300 号。这一场的商品是 1–200 号" in (await shift.asks(BOSS, "300"))[0]
