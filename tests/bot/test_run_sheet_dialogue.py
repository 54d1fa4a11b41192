"""Run sheets and prices: whole sheets are read, differences are told, slips are asked about."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import xlsxwriter

from bot.rehearsal import samples
from tests.support.evening import MEI, OPS, evening


def sheet(rows: list[tuple[int, str, str]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["链接号", "商品名", "直播价"])
    for at, row in enumerate(rows, 1):
        page.write_row(at, 0, [row[0], row[1], row[2]])
    book.close()
    return out.getvalue()


async def test_sixty_products_are_all_shown_before_they_are_taken_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        many = sheet([(n, f"商品{n}号样品加长名称", "59.90") for n in range(1, 61)])
        said = "\n".join(await shift.sends(OPS, "60.xlsx", many))
        assert all(f"{n}号 商品{n}号样品" in said for n in range(1, 61))
        assert "没有显示" not in said
        await shift.press(OPS, "启用")
        assert all(f"{n}号 商品{n}号样品" in shift.read(shift.group) for n in range(1, 61))


async def test_a_sheet_sent_on_air_adds_what_is_new_and_tells_what_differs(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "a.xlsx", sheet([(1, "面膜", "59.90"), (2, "口红", "69")]))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.sends(OPS, "b.xlsx", sheet([(1, "面膜", "49.90"), (2, "口红", "69"), (3, "粉底", "99")]))
        await shift.press(OPS, "启用")
        assert "新增 1 款" in shift.read(shift.group)
        assert "1号 面膜 现在 ¥59.90，表里 ¥49.90。要改请发：改价 1 49.90" in shift.here.last(OPS).text
        assert "¥59.90" in (await shift.asks(MEI, "1"))[0]


async def test_a_price_far_from_the_old_one_is_asked_about_first(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "开讲 12")
        await shift.press(OPS, "改价")
        asked = await shift.asks(OPS, "3")  # meant as a look-up, or a slip
        assert "要改成 ¥3.00？相差很大，请确认。" in asked[0]
        assert "→" not in shift.read(shift.group)
        await shift.press(OPS, "确认改成 ¥3.00")
        assert "直播价 88.00 → 3.00" in shift.read(shift.group)


async def test_without_a_sheet_the_cure_is_named(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        for words in ("/on 1", "/soldout 1", "/price 1 5", "/next", "/p 1"):
            assert "排品表" in (await shift.asks(OPS, words))[0], words


async def test_back_on_air_after_the_wrap_the_products_are_still_there(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "下播")
        await shift.asks(101, "/wrap")
        assert "排品 12 款" in (await shift.says(OPS, "开播"))[0]


async def test_todays_sheet_is_no_part_of_a_broadcast_forgotten_yesterday(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "a.xlsx", sheet([(1, "面膜", "59.90")]))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.at("12 19:00")
        await shift.sends(OPS, "b.xlsx", sheet([(1, "面霜", "89"), (2, "口红", "69")]))
        await shift.press(OPS, "启用")
        said = "\n".join(await shift.says(OPS, "开播"))
        assert "排品 2 款" in said
        assert "1号 面霜" in (await shift.asks(MEI, "1"))[0]
