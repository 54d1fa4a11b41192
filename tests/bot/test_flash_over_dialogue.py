"""A flash sale whose time went by, and promotions typed on air that nobody can work with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.evening import BOSS, MEI, OPS, Shift, evening

SHEET = """链接号,商品名,商品ID,直播价,优惠机制
1,玫瑰精华水,3567890123456789011,79,20:30-20:40秒杀49.9
2,丝绒口红,3567890123456789012,69,
3,烟酰胺面霜,3567890123456789013,129,拍一发二
"""


async def selling(shift: Shift, sheet: str = SHEET) -> None:
    await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def flash(shift: Shift, what: str) -> None:
    await shift.asks(OPS, f"秒杀{what} 1")
    await shift.press(OPS, f"确认{what}")


async def test_a_flash_sale_that_has_ended_is_over_for_everybody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("20:30")
        await flash(shift, "开始")
        await shift.at("20:41")
        await flash(shift, "结束")
        await shift.at("20:50")
        for words in ("1", "优惠 1"):
            told = (await shift.asks(MEI, words))[0]
            assert "秒杀已结束：20:30-20:40秒杀49.9" in told
            assert "还没开始" not in told
        assert "秒杀已结束" in (await shift.says(OPS, "开讲 1"))[0]
        assert "开始秒杀" not in shift.buttons(OPS)  # the pad does not offer it any more
        await flash(shift, "开始")  # the host brings it back all the same
        assert "秒杀进行中 49.9 元" in (await shift.asks(MEI, "1"))[0]


async def test_a_flash_sale_nobody_began_is_over_when_its_time_is(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "开讲 1")
        await shift.at("20:35")
        assert "秒杀还没开始" in (await shift.asks(MEI, "1"))[0]
        said = len(shift.here.core.said(shift.group))
        await shift.at("20:41")
        assert "秒杀已结束" in (await shift.asks(MEI, "1"))[0]
        assert "秒杀已结束" in shift.here.last(shift.group).text
        assert len(shift.here.core.said(shift.group)) == said  # the card is edited, nobody is disturbed
        assert "秒杀还没开始" in (await shift.asks(MEI, "/p 1 @20:20"))[0]
        assert "没有可以撤销" in (await shift.asks(OPS, "撤销"))[0]


async def test_a_flash_sale_begun_and_ended_early_is_not_announced_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await flash(shift, "开始")
        await flash(shift, "结束")
        await shift.at("20:45")
        assert "计划 20:30 秒杀" not in shift.read(OPS)
        assert "计划 20:40 结束" not in shift.read(OPS)


async def test_a_stream_that_begins_after_the_planned_time_has_no_flash_sale_to_come(tmp_path: Path) -> None:
    early = SHEET.replace("20:30-20:40", "19:40-19:50")
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.csv", early.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("20:00")
        assert "秒杀还没开始" in (await shift.asks(MEI, "1"))[0]
        await shift.says(OPS, "开播")
        assert "秒杀已结束：19:40-19:50秒杀49.9" in (await shift.asks(MEI, "1"))[0]


async def test_a_sheet_that_came_the_day_before_still_reminds_of_its_flash_sale(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("12 20:00")
        await shift.says(OPS, "开播")
        assert "秒杀还没开始" in (await shift.asks(MEI, "1"))[0]
        await shift.at("12 20:31")
        assert "计划 20:30 秒杀 ¥49.90" in shift.read(OPS)


async def test_a_sheet_sent_again_does_not_revive_a_flash_sale_that_is_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await flash(shift, "开始")
        await flash(shift, "结束")
        await shift.sends(OPS, "b.csv", SHEET.replace("秒杀49.9", "秒杀49.9，满199减30").encode("utf-8-sig"))
        await shift.press(OPS, "启用：改 1 款")
        told = (await shift.asks(MEI, "1"))[0]
        assert "秒杀已结束" in told
        assert "满199减30" in told


@pytest.mark.parametrize("text", ["哈哈哈", "满100减200", "0折", "拍二发一", "券后49"])
async def test_a_promotion_that_is_not_understood_is_asked_about_before_anybody_hears_it(
    tmp_path: Path, text: str
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        before = len(shift.here.core.said(shift.group))
        asked = (await shift.asks(OPS, f"改优惠 3 {text}"))[0]
        assert f"「{text}」没有看懂" in asked
        assert "拍1发2" in (await shift.asks(MEI, "3"))[0]
        assert len(shift.here.core.said(shift.group)) == before
        await shift.press(OPS, "照原样播报")
        assert f"优惠 拍一发二 → {text}" in shift.here.last(shift.group).text
        assert text in (await shift.asks(MEI, "3"))[0]


async def test_a_promotion_that_is_not_understood_may_be_written_anew(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "改优惠 3 拍二发一")
        await shift.press(OPS, "重写优惠")
        await shift.asks(OPS, "拍二发三")
        assert "优惠 拍一发二 → 拍二发三" in shift.here.last(shift.group).text
        assert "没有看懂" not in shift.here.last(OPS).text


async def test_one_too_long_for_a_button_is_typed_once_more(tmp_path: Path) -> None:
    long = "老粉专属暗号报小满优选三个字再打折具体看主播心情"
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert f"改优惠 3 {long} !" in (await shift.asks(OPS, f"改优惠 3 {long}"))[0]
        assert "照原样播报" not in shift.buttons(OPS)
        await shift.asks(OPS, f"改优惠 3 {long} !")
        assert long in shift.here.last(shift.group).text


async def test_what_is_understood_is_not_asked_about(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        for text, told in (
            ("直降20", "到手 109.00"),
            ("满199-20", "119.00 元/件（拍 2 件付 238.00 元"),
            ("无", "→ 无"),
        ):
            await shift.asks(OPS, f"改优惠 3 {text}")
            assert told in shift.here.last(shift.group).text, text


async def test_a_flash_sale_typed_price_first_on_air_is_armed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "改优惠 3 秒杀69 20:30-20:40 限量50份")
        assert "秒杀还没开始" in (await shift.asks(MEI, "3"))[0]
        await shift.at("20:31")
        assert "3号 烟酰胺面霜 计划 20:30 秒杀 ¥69.00" in shift.read(OPS)
        assert "¥129.00 → ¥69.00" in (await shift.asks(OPS, "秒杀 3"))[0]


async def test_two_flash_sales_of_a_product_follow_each_other(tmp_path: Path) -> None:
    twice = SHEET.replace("20:30-20:40秒杀49.9", "20:30-20:40秒杀49.9；21:30-21:40秒杀39.9")
    async with evening(tmp_path) as shift:
        await selling(shift, twice)
        await shift.at("20:31")
        await flash(shift, "开始")
        await flash(shift, "结束")
        await shift.at("21:31")
        assert "计划 21:30 秒杀 ¥39.90" in shift.read(OPS)
        assert "¥79.00 → ¥39.90" in (await shift.asks(BOSS, "秒杀 1"))[0]
