"""On air at the edges: what was not understood, back on sale, gifts gone, a forgotten /off, tomorrow's sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rehearsal import samples
from tests.support.evening import BOSS, MEI, OPS, Shift, evening

SHEET = """商品名称,直播价,库存,优惠机制,赠品
玫瑰精华水,79,,拍1发3送面膜；暗号小满再便宜,
丝绒口红,69,200,买2送化妆棉；满199减30,
烟酰胺面霜,129,50,,小样3片
"""


async def selling(shift: Shift, sheet: str = SHEET) -> None:
    await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def test_what_was_not_understood_of_a_promotion_stays_on_card_and_look_up(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "暗号小满再便宜" in (await shift.says(OPS, "/on 1"))[0]
        assert "暗号小满再便宜" in (await shift.asks(MEI, "/promo 1"))[0]
        assert "暗号小满再便宜" in (await shift.asks(MEI, "1"))[0]


async def test_a_gift_that_ran_out_leaves_every_promise_and_nothing_else(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        diff = (await shift.says(OPS, "赠品送完 1"))[0]
        assert "→ 拍1发3，暗号小满再便宜" in diff
        told = (await shift.asks(MEI, "1"))[0]
        assert "面膜" not in told
        assert "发 3" in told or "发3" in told
        assert "暗号小满再便宜" in told
        await shift.says(OPS, "赠品送完 2")
        told = (await shift.asks(MEI, "2"))[0]
        assert "化妆棉" not in told
        assert "199" in told
        assert "小样" not in (await shift.says(OPS, "赠品送完 3"))[0].partition("→")[2]
        assert "本来就没有赠品" in (await shift.asks(OPS, "赠品送完 3"))[0]


@pytest.mark.parametrize("number", [1, 2])
async def test_back_on_what_is_on_sale_changes_nothing_and_says_so(tmp_path: Path, number: int) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "没有变化" in (await shift.asks(OPS, f"返场 {number}"))[0]
        assert "库存 200" in (await shift.asks(MEI, "2"))[0]


async def test_back_always_answers_and_takes_a_stock_only_in_plain_digits(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        noted = (await shift.asks(OPS, "返场 2 300"))[0]
        assert "已记下 2号 丝绒口红：库存 200 → 300" in noted
        assert "没有叫「2 ²」的商品" in (await shift.asks(OPS, "返场 2 ²"))[0]
        await shift.says(OPS, "售罄 2")
        assert "恢复销售" in (await shift.says(OPS, "返场 2"))[0]
        assert "库存" not in (await shift.asks(MEI, "2"))[0]


async def test_a_long_answer_to_a_press_comes_in_private(tmp_path: Path) -> None:
    long = "；".join(f"暗号第{n}组小满姐姐说了算的神秘价" for n in range(20))
    async with evening(tmp_path) as shift:
        await selling(shift, f"商品名称,直播价,优惠机制\n玫瑰精华水,79,{long}\n丝绒口红,69,85折\n")
        await shift.says(OPS, "/on 1")
        answer = await shift.press(MEI, "优惠与到手价", shift.group)
        assert answer is not None
        assert "已发到私聊" in answer.text
        assert "暗号第19组" in shift.here.last(MEI).text
        await shift.says(OPS, "/on 2")
        answer = await shift.press(MEI, "优惠与到手价", shift.group)
        assert answer is not None
        assert answer.alert
        assert "8.5" in answer.text


async def test_live_on_another_day_ends_the_forgotten_broadcast_where_its_journal_ends(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("21:40")
        await shift.says(OPS, "/on 2")
        await shift.at("12 19:50")
        await shift.asks(MEI, "休息")  # the next shift's doings are none of the old broadcast's
        said = await shift.says(OPS, "开播")
        assert "11-11 那一场没有发下播，已按最后记录 11-11 21:40 结束" in said[0]
        assert "开播 小满优选" in said[1]
        old, new = sorted(shift.here.bot.runner.view("a1").broadcasts.scan(), key=lambda b: b.number)
        assert (old.stage, new.stage) == ("ended", "live")
        assert "下播 11-11 21:40" in shift.read(BOSS)
        assert "已在直播" in (await shift.asks(OPS, "开播"))[0]


async def test_a_sheet_taken_over_the_day_before_opens_on_the_day_it_goes_live(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("12 20:00")
        assert "排品 3 款" in (await shift.says(OPS, "开播"))[0]
        assert "已在直播" in (await shift.asks(OPS, "开播"))[0]


async def test_tomorrows_sheet_leaves_tonights_review_and_wrap_alone(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("22:30")
        await shift.says(OPS, "下播")
        night, _ = shift.find(BOSS, "看复盘")
        await shift.sends(OPS, "明天.csv", SHEET.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        assert "待播" in shift.board()
        assert "已在 22:30 下播" in (await shift.asks(OPS, "下播"))[0]
        assert any(button.data == "a1:wrap a1-b1" for row in night.rows for button in row)
        await shift.at("23:10")
        await shift.sends(MEI, *samples.export(shift.clock.now()))
        reviews = [m for m in shift.here.core.said(BOSS) if m.photo]
        assert len(reviews) == 1
        await shift.sends(MEI, *samples.export(shift.clock.now()))  # the same data again is no news
        assert len([m for m in shift.here.core.said(BOSS) if m.photo]) == 1
        await shift.here.presses(BOSS, BOSS, night.message_id, "看复盘")
        assert len([m for m in shift.here.core.said(BOSS) if m.photo]) == 2
        assert "复盘 第 2 版" not in shift.read(BOSS)  # asked for once more, it is the same one
