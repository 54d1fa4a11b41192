"""What is copied to the buyer of an unpaid order: a silent one is shown the product again by its link (C22), who has
spoken to the shop is told what was agreed (C20) and until when to pay (C21)."""

from __future__ import annotations

from pathlib import Path

from bot import chase_table
from bot.rehearsal.telegram.screens import Message
from playbooks.room import Room
from tests.support.chases import books
from tests.support.evening import MEI, OPS, QIANG, Shift, evening

ONE, TWO = "6917950000000000011", "6917950000000000022"
LINK = "https://haohuo.jinritemai.com/ecommerce/trade/detail/index.html?id=3611184208771234567"


async def selling(shift: Shift, link: str) -> None:
    sheet = f"链接号,商品名称,直播价,商品链接\n1,玫瑰精华水,59.90,{link}\n2,烟酰胺面霜,129,\n"
    await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")


def room(shift: Shift) -> Room:
    found = books(shift).room.get("a1")
    assert found
    return found


def copied(message: Message) -> list[str]:
    return [b.copied for row in message.rows for b in row if b.copied]


async def test_a_silent_orders_text_ends_with_the_products_link_on_the_card_and_in_the_table(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift, LINK)
        await shift.asks(MEI, f"催 {ONE} 1号")
        card = shift.here.last(MEI)
        assert LINK in card.text
        assert any(text.endswith(f" {LINK}") for text in copied(card))
        held = chase_table.in_hand(books(shift), str(MEI), shift.clock.now(), room(shift))
        assert [script.endswith(f" {LINK}") for _, script in held] == [True]
        await shift.asks(MEI, f"催 {TWO} 2号")  # the run sheet has no link for it
        assert "http" not in shift.here.last(MEI).text


async def test_a_link_too_long_for_a_button_to_copy_is_left_out_and_the_text_stays_whole(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift, LINK + "9" * 200)
        await shift.asks(MEI, f"催 {ONE} 1号")
        card = shift.here.last(MEI)
        assert "http" not in card.text
        assert all(text.isdecimal() or text.startswith("亲，") for text in copied(card))


async def test_a_buyer_who_has_spoken_to_the_shop_is_not_written_to_like_a_silent_one(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift, LINK)
        await shift.asks(QIANG, f"/promise {ONE} 2小时 回电")
        await shift.asks(MEI, f"催 {ONE} 1号")
        card = shift.here.last(MEI).text
        assert "审单" in card
        assert "http" not in card
        assert "今天安排发出" not in card  # nobody stated a cut-off today


async def test_until_when_to_pay_is_said_only_while_it_is_ahead(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift, LINK)
        await shift.asks(OPS, "/cutoff 20:30")
        await shift.asks(QIANG, f"/promise {ONE} 2小时 回电")
        await shift.asks(QIANG, f"/promise {TWO} 2小时 回电")
        await shift.asks(MEI, f"催 {ONE} 1号")
        assert "今天 20:30 前付款的订单今天安排发出" in shift.here.last(MEI).text
        assert any("20:30" in text for text in copied(shift.here.last(MEI)))
        await shift.at("20:31")
        await shift.asks(MEI, f"催 {TWO} 2号")
        assert "今天安排发出" not in shift.here.last(MEI).text
