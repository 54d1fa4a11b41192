"""A machine's clock that is set back by hours silences nobody, and half a /setup stops no start."""

from __future__ import annotations

import errno
from datetime import timedelta
from pathlib import Path

from bot.card import group, line
from bot.pace import Limits
from storage.books import BOOKS, RoomBooks
from storage.ready import refuse_unready
from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.bot.test_health import Stepping
from tests.support.evening import BOSS, MEI, START, evening

STEP = timedelta(hours=8)
STRANGER = 999


class NoRoomForRooms(RealDisk):
    """A disk that fills just before a room's folder is made."""

    full = False

    def make_folder(self, path: Path) -> None:
        if path.name == "a1" and self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().make_folder(path)


async def test_a_stranger_who_speaks_first_after_the_clock_went_back_silences_nobody(tmp_path: Path) -> None:
    clock = Stepping(START)
    async with evening(tmp_path, clock=clock, limits=Limits()) as shift:
        shift.here.core.add_user(STRANGER, "路人", username="stranger")
        for _ in range(35):  # as many calls as Telegram's limit of a second looks back on
            await shift.asks(MEI, "/now")
            await shift.here.wind_by(timedelta(seconds=3))
        clock.back = STEP
        await shift.here.starts(STRANGER)
        await shift.minutes(1)
        before = len(shift.here.core.said(MEI))
        await shift.asks(MEI, "/now")
        await shift.minutes(1)
        assert len(shift.here.core.said(MEI)) > before


async def test_a_group_that_was_closed_is_tried_again_although_the_clock_went_back(tmp_path: Path) -> None:
    clock = Stepping(START)
    async with evening(tmp_path, clock=clock, limits=Limits()) as shift:
        core, runner = shift.here.core, shift.here.bot.runner
        core.faults.refuse(403, "Forbidden: bot was kicked from the group chat", chat=shift.group, times=1)
        said = group(line("common.verbatim", text="今晚八点"), rank="work")
        await runner.unit("a1", lambda raw: runner.post(RoomBooks(raw), [said], clock.now()))
        await shift.minutes(1)
        clock.back = STEP
        for _ in range(8):
            await shift.minutes(1)
        assert "今晚八点" in shift.read(shift.group)


async def test_a_setup_the_disk_had_no_room_for_does_not_keep_the_bot_from_starting(tmp_path: Path) -> None:
    disk = NoRoomForRooms()
    async with evening(tmp_path, bound=False, disk=disk) as shift:
        shift.expects_a_fault()
        disk.full = True
        assert "未保存" in "".join(await shift.says(BOSS, "/setup 小满优选 抖音"))
        disk.full = False
    store = TinyStore(tmp_path, BOOKS)
    try:
        refuse_unready(store, tmp_path)
    finally:
        store.close()


async def test_an_owner_who_sets_up_is_answered_every_time(tmp_path: Path) -> None:
    async with evening(tmp_path, bound=False) as shift:
        assert await shift.says(BOSS, "/setup")
        assert await shift.says(BOSS, "/setup")
