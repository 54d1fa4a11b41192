"""Retention holds whatever is on air: a room that never goes off shreds its buyers' keys on their day all the same."""

from __future__ import annotations

from pathlib import Path

from tests.bot.test_reveal_dialogue import books, chased, everything, keys
from tests.support.evening import OPS, Shift, evening


def broadcast_keys(shift: Shift) -> int:
    return len(books(shift).data_keys.by("kind", "broadcast"))


async def test_a_room_on_air_for_days_keeps_no_buyers_key_past_its_time(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys(days=2)) as shift:
        await shift.says(OPS, "开播")
        await chased(shift)
        wrapped = next(one.wrapped for one in books(shift).data_keys.by("kind", "broadcast"))
        await shift.at("12 12:00")
        assert broadcast_keys(shift) == 1  # its time has not come
        await shift.at("14 12:00")
        (here,) = books(shift).broadcasts.scan()
        assert here.stage == "live"
        assert broadcast_keys(shift) == 0
        assert not len(books(shift).buyers)
        assert wrapped not in everything(tmp_path)
        assert len(books(shift).journal.by("kind", "shredded")) == 1
        tidied = books(shift).tidied.get("a1")
        assert tidied is not None
        assert tidied.shredded_at is not None  # what is heavier still waits for the room to go off air
        await shift.says(OPS, "下播")
        await shift.minutes(2)
        after = books(shift).tidied.get("a1")
        assert after is not None
        assert after.at > tidied.at
        assert after.shredded_at is None
