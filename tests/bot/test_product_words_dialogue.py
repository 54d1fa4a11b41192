"""A product by name, other name, pinyin or initials in every command; of several that fit one is picked by a press."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import MEI, OPS, QIANG, Shift, evening

SHEET = """商品名称,别名,直播价,优惠机制,赠品
玫瑰精华水,小红瓶,79,拍1发3送面膜,
丝绒口红,,69,满199减30,
烟酰胺面霜,,129,,小样3片
玫瑰护手霜,,29,,
"""


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def test_every_look_up_reads_pinyin_initials_and_other_names(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        for typed in (
            "/p mgjhs",
            "/promo xiaohongping",
            "/now 小红瓶",
            "/p xhp",
            "优惠 小红瓶",
            "/promo mgjhs @20:00",
        ):
            assert "1号 玫瑰精华水" in (await shift.asks(MEI, typed))[0], typed


async def test_every_change_reads_them_too(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "正在讲 1号" in (await shift.says(OPS, "开讲 小红瓶"))[0]
        assert "正在讲 2号" in (await shift.says(OPS, "/on srkh"))[0]
        assert "69.00 → 65.00" in (await shift.says(OPS, "改价 kouhong 65"))[0]
        assert "无 → 2" in (await shift.says(OPS, "限购 ms 2"))[0]
        assert "买2送1" in (await shift.says(OPS, "改优惠 srkh 买2送1"))[0]
        assert "售罄" in (await shift.says(OPS, "售罄 mianshuang"))[0]
        assert "口误更正 1号" in (await shift.says(OPS, "更正 小红瓶 说成了49，实际79"))[0]
        assert "口误更正 1号" in (await shift.says(OPS, "更正 mgjhs 说成了59，实际79"))[0]
        assert "已问运营：1号" in (await shift.asks(MEI, "报价 xhp 59"))[0]
        assert "4号 玫瑰护手霜" in (await shift.asks(QIANG, "/ask mghss 能带上飞机吗"))[0]
        assert "1号 玫瑰精华水" in (await shift.asks(QIANG, "/ask 小红瓶过敏能退吗"))[0]
        assert "请写商品号和新的优惠" in (await shift.asks(OPS, "改优惠 满199减30 买2送1"))[0]


async def test_of_several_that_fit_one_is_picked_by_a_press_and_it_is_done_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        asked = (await shift.asks(OPS, "改价 玫瑰 25"))[0]
        assert "对得上几个商品：1号 玫瑰精华水、4号 玫瑰护手霜" in asked
        assert "79" not in shift.here.core.said(shift.group)[-1].text
        before = len(shift.here.core.said(shift.group))
        message, caption = shift.find(OPS, "4号 玫瑰护手霜")
        await shift.press(OPS, "4号 玫瑰护手霜")
        assert "29.00 → 25.00" in shift.here.core.said(shift.group)[-1].text
        again = await shift.here.presses(OPS, OPS, message.message_id, caption)
        assert again is not None
        assert "已经过了" in again.text
        assert len(shift.here.core.said(shift.group)) == before + 1


async def test_a_long_sentence_keeps_its_words_while_its_product_is_picked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(
            OPS, "/correct 玫瑰 主播刚才把买二送一说成了买一送一，实际是买二送一，请大家按卡片回复"
        )
        await shift.press(OPS, "1号 玫瑰精华水")
        said = shift.here.core.said(shift.group)[-1].text
        assert "口误更正 1号" in said
        assert "主播刚才把买二送一说成了买一送一，实际是买二送一" in said
        await shift.asks(MEI, "/p 玫瑰")
        assert "玫瑰护手霜" in (await shift.asks(MEI, "4"))[0]  # the number typed answers as well


async def test_a_question_that_is_over_changes_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "改价 玫瑰 25")
        message, caption = shift.find(OPS, "4号 玫瑰护手霜")
        await shift.asks(OPS, "改价 玫瑰 72")
        late = await shift.here.presses(OPS, OPS, message.message_id, caption)
        assert late is not None
        assert "已经过了" in late.text
        assert "直播价 ¥29.00" in (await shift.asks(MEI, "4"))[0]


async def test_a_bare_time_in_private_says_what_was_on_air_then(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 1")
        await shift.at("20:10")
        await shift.says(OPS, "/on 2")
        assert "20:05 正在讲 1号" in (await shift.asks(MEI, "@20:05"))[0]
        assert "没看懂" in (await shift.asks(MEI, "@小周"))[0]
