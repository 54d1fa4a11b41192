"""A flash sale nobody ended stays that evening's: its button means its product, whatever the next sheet says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playbooks.journal import Entry
from storage.books import RoomBooks
from tests.support.evening import OPS, Shift, evening

SHEET = """链接号,商品名,商品ID,直播价,优惠机制
1,玫瑰精华水,3567890123456789011,79,20:30-20:40秒杀49.9，限量200份
"""
NEXT_SHEET = """链接号,商品名,商品ID,直播价,优惠机制
1,山茶花面霜,3567890123456789099,299,20:30-23:40秒杀199，限量200份
"""


async def takes_over(shift: Shift, sheet: str) -> None:
    await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
    await shift.press(OPS, "启用")


async def left_on(shift: Shift) -> None:
    """One evening is over with its flash sale on, and the next one's sheet is in, its product 1 on flash sale too."""
    await takes_over(shift, SHEET)
    await shift.at("20:00")
    await shift.says(OPS, "开播")
    await shift.asks(OPS, "/flash 1 !")
    await shift.at("23:00")
    await shift.says(OPS, "下播")
    await shift.minutes(1)
    assert "结束秒杀 1 号" in shift.buttons(OPS)
    await shift.at("12 19:00")
    await takes_over(shift, NEXT_SHEET)


def books(shift: Shift) -> RoomBooks:
    return shift.here.bot.runner.view("a1")


def prices(shift: Shift) -> dict[str, str]:
    return {one.name: f"{one.offer.live_price}" for one in books(shift).listings.scan()}


async def ends_it_by_the_button(shift: Shift) -> None:
    message = next(
        m for m in shift.here.core.said(OPS) if "结束秒杀 1 号" in [b.text for r in m.rows for b in r]
    )
    await shift.here.presses(OPS, OPS, message.message_id, "结束秒杀 1 号")
    assert "玫瑰精华水" in shift.here.last(OPS).text
    await shift.press(OPS, "确认结束，恢复 ¥79.00")


def noted(shift: Shift, before: Sequence[Entry]) -> list[tuple[str, str]]:
    """(kind, broadcast) of what was written since about the products."""
    known = {entry.id for entry in before}
    new = (e for e in books(shift).journal.scan() if e.id not in known)
    return [(entry.kind, entry.broadcast) for entry in new if entry.kind in ("changed", "flash")]


async def test_it_is_ended_the_next_day_by_its_button_and_noted_under_its_own_broadcast(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await left_on(shift)
        before = list(books(shift).journal.scan())
        await ends_it_by_the_button(shift)
        assert prices(shift) == {"玫瑰精华水": "79.00", "山茶花面霜": "299.00"}
        (last, _) = sorted(books(shift).broadcasts.scan(), key=lambda one: one.number)
        kept = noted(shift, before)
        assert ("flash", last.id) in kept
        assert {broadcast for _, broadcast in kept} == {last.id}


async def test_while_the_next_product_1_is_on_flash_sale_the_button_ends_the_one_it_was_made_for(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await left_on(shift)
        await shift.at("12 20:00")
        await shift.says(OPS, "开播")
        await shift.asks(OPS, "/flash 1 !")
        await ends_it_by_the_button(shift)
        assert prices(shift) == {"玫瑰精华水": "79.00", "山茶花面霜": "199.00"}


async def test_the_bare_word_finds_the_one_left_on(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await left_on(shift)
        await shift.asks(OPS, "秒杀结束")
        assert "玫瑰精华水" in shift.here.last(OPS).text
        await shift.press(OPS, "确认结束，恢复 ¥79.00")
        assert prices(shift)["玫瑰精华水"] == "79.00"
