"""案例库: hard talks with a better answer, and pictures, are kept without anything of a buyer's own."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

ORDER = "6917000000000000001"


def picture() -> bytes:
    """A small picture."""
    made = BytesIO()
    Image.new("RGB", (60, 40), "white").save(made, "PNG")
    return made.getvalue()


async def sends_photo(shift: Shift, who: int, chat: int, caption: str = "") -> list[str]:
    """`who` sends a photo to `chat`; what the bot newly said there."""
    before = {m.message_id for m in shift.here.core.said(chat)}
    shift.here.core.send_photo(who, chat, picture(), caption)
    await shift.here.settle()
    return [m.text for m in shift.here.core.said(chat) if m.message_id not in before]


async def test_a_hard_talk_is_kept_with_a_better_answer_found_by_its_words_and_taken_out_by_its_author(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "案例")
        refused = (await shift.asks(MEI, "买家13800000001说质量差，骂人"))[0]
        assert "买家的个人信息：13800000001" in refused
        await shift.asks(MEI, "案例 买家说质量差，一直骂人")
        assert "怎样回答会更好" in shift.here.last(MEI).text
        assert "不能这样回" in (await shift.asks(MEI, "给您返现 5 元红包"))[0]
        kept = (await shift.asks(MEI, "/lesson 买家说质量差，一直骂人 => 先道歉，再请对方发照片，马上核实"))[
            0
        ]
        assert "已存进案例库" in kept
        found = (await shift.asks(QIANG, "案例库 质量"))[0]
        assert "先道歉，再请对方发照片" in found
        assert "没有找到" in (await shift.asks(QIANG, "案例库 物流"))[0]
        id = next(iter(shift.here.bot.runner.view("a1").lessons.scan())).id
        assert "由 TA 或组长删除" in (await shift.asks(QIANG, f"/lessondrop {id}"))[0]
        await shift.press(MEI, "从案例库删除")
        assert not list(shift.here.bot.runner.view("a1").lessons.scan())


async def test_a_picture_is_kept_only_after_somebody_looked_and_comes_back_as_it_was(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        group = len(shift.here.core.said(shift.group))
        await sends_photo(shift, MEI, MEI)
        assert "这张图是哪一种" in shift.here.last(MEI).text
        await shift.press(MEI, "好评图")
        assert "没有" in (await shift.asks(QIANG, "图库"))[0]
        await shift.press(MEI, "没有，存下")
        await sends_photo(shift, MEI, MEI, f"存图 售后 {ORDER} 瓶口漏液")
        await shift.press(MEI, "没有，存下")
        listed = (await shift.asks(QIANG, "图库"))[0]
        assert "图库 2 张" in listed
        assert f"售后问题图 · {ORDER} · 瓶口漏液" in listed
        assert "图库 1 张" in (await shift.asks(QIANG, "图库 好评"))[0]
        await shift.press(QIANG, "看第 1 张")
        shown = shift.here.last(QIANG).photo
        assert shown is not None
        assert shown.content == picture()
        refused = (await sends_photo(shift, MEI, MEI, "存图 好评 收货人：张三"))[0]
        assert "买家的个人信息" in refused
        await sends_photo(shift, MEI, shift.group)
        assert len(shift.here.core.said(shift.group)) == group


async def test_a_photo_answers_the_open_question_before_it_is_a_picture(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "差评")
        said = await sends_photo(shift, MEI, MEI)
        assert "哪个订单的差评" in said[0]
        assert not list(shift.here.bot.runner.view("a1").pictures.scan())
        assert "请在私聊里发一张图" in (await shift.asks(BOSS, "/picture"))[0]
