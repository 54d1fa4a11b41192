"""What the chase leaves behind: a ladder goes with its broadcast, a ledger once nothing in it counts any more."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playbooks import contacts
from playbooks.keeping import rules
from storage.books import RoomBooks
from tests.support.chases import ONE, THREE, TWO, books
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening


async def worked(shift: Shift) -> None:
    """An evening with a ladder, one buyer contacted, one who wants to be left alone, and seven evenings after it."""
    await shift.says(OPS, "开播")
    await shift.asks(OPS, "/ladder 减5元 客服")
    await shift.asks(MEI, f"催 {ONE}")
    await shift.press(MEI, "提醒付款")
    await shift.press(MEI, "已关")
    await shift.asks(QIANG, f"催 {TWO}")
    await shift.press(QIANG, "留言")
    await shift.press(QIANG, "不愿被联系")
    await shift.says(OPS, "下播")
    await shift.asks(BOSS, "/wrap")
    for _ in range(rules().last_broadcasts):
        await shift.here.wind_by(timedelta(days=1))
        await shift.says(OPS, "开播")
        await shift.minutes(5)
        await shift.says(OPS, "下播")
        await shift.asks(BOSS, "/wrap")


async def test_a_ladder_is_archived_with_its_broadcast(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await worked(shift)
        assert books(shift).ladders.get("a1-b1")
        await shift.all_out()
        await shift.here.wind_by(timedelta(days=31))
        assert list(books(shift).ladders.scan()) == []
        kept = shift.here.store.archived("a1", "a1-b1")
        assert kept
        assert RoomBooks(kept).ladders.get("a1-b1")


async def test_a_ledger_goes_once_its_contacts_are_too_old_to_count_unless_the_buyer_is_to_be_left_alone(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await worked(shift)
        await shift.all_out()
        await shift.here.wind_by(timedelta(days=contacts.rules().kept_days - 10))
        assert len(books(shift).contacts) == 2
        await shift.asks(MEI, f"催 {THREE}")
        await shift.press(MEI, "提醒付款")
        await shift.here.wind_by(timedelta(days=10))
        assert {one.id for one in books(shift).contacts.scan()} == {f"a1-ko{TWO}", f"a1-ko{THREE}"}
