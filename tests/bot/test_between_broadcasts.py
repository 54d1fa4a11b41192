"""A sheet sent after 下播 is the next broadcast's; tonight's buyers still hear tonight's prices, and it is said."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import MEI, OPS, Shift, evening
from tests.support.sheets import workbook

HEADINGS = ("链接号", "商品名", "直播价")


def sheet(*rows: tuple[int, str, str]) -> bytes:
    return workbook({"排品": [HEADINGS, *rows]})


async def over(shift: Shift) -> None:
    """Tonight's broadcast went off air, tomorrow's sheet was taken over."""
    await shift.sends(OPS, "a.xlsx", sheet((3, "清透粉底", "99")))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")
    await shift.at("22:30")
    await shift.says(OPS, "下播")
    await shift.minutes(5)


async def test_a_sheet_after_the_end_says_that_it_opens_a_new_broadcast(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        said = "\n".join(await shift.sends(OPS, "b.xlsx", sheet((3, "修护眼霜", "129"))))
        assert "这张表会新开一场（第 2 场" in said
        assert "11-11 那一场已在 22:30 下播" in said


async def test_until_the_new_one_is_live_tonights_buyers_are_answered_with_tonights_price(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.sends(OPS, "b.xlsx", sheet((3, "修护眼霜", "129")))
        await shift.press(OPS, "启用")
        for words in ("3", "/p 3", "优惠 3"):
            told = (await shift.asks(MEI, words))[0]
            assert "清透粉底" in told, words
            assert "¥99.00" in told
            assert "11-11 那一场，已下播" in told
            assert "129" not in told
        assert "第 2 场，还没开播" in (await shift.asks(OPS, "讲解顺序"))[0]
        await shift.says(OPS, "开播")
        told = (await shift.asks(MEI, "3"))[0]
        assert "修护眼霜" in told
        assert "那一场" not in told


async def test_from_the_next_day_on_the_next_broadcast_answers_and_says_which_it_is(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.sends(OPS, "b.xlsx", sheet((3, "修护眼霜", "129")))
        await shift.press(OPS, "启用")
        await shift.at("12 10:00")
        told = (await shift.asks(MEI, "3"))[0]
        assert "¥129.00" in told
        assert "新的一场，还没开播；11-11 那一场的价格请带时间查" in told
        assert "¥99.00" in (await shift.asks(MEI, "/p 3 @11-11 20:14"))[0]


async def test_the_first_sheet_of_a_room_and_one_on_air_open_nothing_new(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        said = await shift.sends(OPS, "a.xlsx", sheet((3, "清透粉底", "99")))
        await shift.press(OPS, "启用")
        assert "那一场" not in (await shift.asks(MEI, "3"))[0]
        await shift.says(OPS, "开播")
        said += await shift.sends(OPS, "b.xlsx", sheet((3, "清透粉底", "89")))
        assert "新开一场" not in "\n".join(said)
