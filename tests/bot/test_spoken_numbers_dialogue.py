"""Numbers as a Chinese keyboard gives them, bare names in private, and numbers buyers go on saying after 换号."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.evening import MEI, OPS, Shift, evening

SHEET = """链接号,商品名称,直播价,库存
2,丝绒口红,69,200
3,烟酰胺面霜,129,50
5,玫瑰精华水,79,120
7,清透粉底液,159,80
"""


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


@pytest.mark.parametrize("said", ["５", "＃５", "５号", "五号", "五", "/p ５", "/p 五", "玫瑰", "玫瑰精华水"])
async def test_a_product_is_found_as_it_is_typed_or_spoken(tmp_path: Path, said: str) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "5号 玫瑰精华水" in (await shift.asks(MEI, said))[0]


async def test_a_full_width_number_goes_on_air_and_a_dollar_price_is_taken(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "正在讲 5号 玫瑰精华水" in (await shift.says(OPS, "开讲 ５"))[0]
        assert "直播价 69.00 → 59.00" in (await shift.says(OPS, "/price 2 $59"))[0]
        assert "直播价 59.00 → 55.50" in (await shift.says(OPS, "改价 ２ ５５.５块"))[0]


async def test_talk_that_names_no_product_is_still_not_understood(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        for words in ("好", "这个玫瑰味道的能不能当面膜用啊谢谢老板", "一百"):
            assert "没看懂" in (await shift.asks(MEI, words))[0]


async def test_a_number_given_up_leads_to_the_product_that_had_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "换号 7 10")
        for words in ("7", "/p 7", "优惠 7", "/q 7"):
            said = (await shift.asks(MEI, words))[0]
            assert "原 7 号，现在是 10号 清透粉底液" in said
            assert "159" in said
        assert "原 7 号" not in (await shift.asks(MEI, "10"))[0]


async def test_a_change_under_a_number_given_up_is_asked_about_first(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "换号 7 10")
        assert "7 号已换号，现在是 10号 清透粉底液" in (await shift.asks(OPS, "改价 7 149"))[0]
        assert "直播价 ¥159.00" in (await shift.asks(MEI, "10"))[0]
        await shift.asks(OPS, "改价 7 149")
        await shift.press(OPS, "10号 清透粉底液")
        assert "直播价 ¥149.00" in (await shift.asks(MEI, "10"))[0]


async def test_a_question_under_a_number_given_up_reaches_ops_with_the_number_of_now(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "换号 7 10")
        assert "7 号已换号" in (await shift.asks(MEI, "/ask 7 防水吗"))[0]
        await shift.press(MEI, "10号 清透粉底液")
        assert "10号 清透粉底液" in shift.read(OPS)
        assert "防水吗" in shift.read(OPS)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("改价4号88", "4号"),
        ("改价 4号88", "4号"),
        ("改价 #4号 88", "4号"),
    ],
)
async def test_a_number_glued_to_a_price_still_names_the_product(
    tmp_path: Path, typed: str, told: str
) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "a.csv", "链接号,商品名,直播价\n3,面霜,79\n4,眼霜,89\n".encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播了")
        await shift.asks(OPS, typed)
        assert f"{told} 眼霜" in shift.here.last(shift.group).text
        assert "89.00 → 88.00" in shift.here.last(shift.group).text


async def test_a_glued_price_that_was_heard_and_a_minute_without_its_sign_are_understood(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "a.csv", "链接号,商品名,直播价\n3,面霜,79\n4,眼霜,89\n".encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.minutes(5)
        await shift.asks(OPS, "改价 4 85")
        assert "直播价 ¥89.00" in (await shift.asks(MEI, "/p 4 19:22"))[0]
        assert "直播价 ¥85.00" in (await shift.asks(MEI, "4 19：25"))[0]
        await shift.asks(MEI, "报价 4号59")
        assert "听到的是 ¥59.00" in shift.here.last(OPS).text
        assert "不是数量" in (await shift.asks(OPS, "赠品 4 小样"))[0]
