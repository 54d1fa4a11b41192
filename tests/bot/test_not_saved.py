"""未保存: on a disk that is full or broken nothing is half done, people hear it, and what only reads goes on."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

import pytest

from bot.rehearsal import samples
from storage.tiny_disk import RealDisk
from tests.support.evening import MEI, OPS, Shift, evening


class FaultyDisk(RealDisk):
    """A disk that has no room while it is `full`, and cannot sync while it is `failing`."""

    def __init__(self) -> None:
        self.full = False
        self.failing = False

    def write(self, handle: int, data: bytes, at: int) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(handle, data, at)

    def sync(self, handle: int) -> None:
        if self.failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().sync(handle)


async def live(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")
    await shift.says(OPS, "开讲 4")
    await shift.minutes(1)


@pytest.fixture
def disk() -> FaultyDisk:
    return FaultyDisk()


async def test_on_a_full_disk_nothing_changes_and_typed_words_are_answered_not_saved(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        await live(shift)
        shift.expects_a_fault()
        said, board = shift.read(shift.group), shift.board()
        disk.full = True
        assert (await shift.asks(OPS, "改价 65"))[-1].startswith("〔小满优选〕未保存：服务器的磁盘满了")
        assert shift.read(shift.group) == said
        assert shift.board() == board


async def test_on_a_full_disk_a_press_is_answered_not_saved_in_an_alert(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        await live(shift)
        shift.expects_a_fault()
        board = shift.board()
        disk.full = True
        answer = await shift.press(OPS, "下一个")
        assert answer is not None
        assert answer.alert
        assert answer.text.startswith("未保存：服务器的磁盘满了")
        assert shift.board() == board


async def test_on_a_full_disk_look_ups_are_answered_as_ever(tmp_path: Path, disk: FaultyDisk) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        await live(shift)
        shift.expects_a_fault()
        disk.full = True
        assert "直播价 ¥69.00" in (await shift.asks(MEI, "4"))[-1]
        assert "正在讲" in (await shift.asks(MEI, "/now"))[-1]


async def test_a_look_up_is_answered_even_while_a_question_stands_that_cannot_be_cancelled(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        await live(shift)
        await shift.press(OPS, "改价")
        disk.full = True
        shift.expects_a_fault()
        assert "正在讲" in (await shift.asks(OPS, "/now"))[-1]


async def test_once_there_is_room_again_everything_works_without_a_restart(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        await live(shift)
        shift.expects_a_fault()
        disk.full = True
        await shift.asks(OPS, "改价 65")
        await shift.minutes(3)  # ticks, workers and the board go through it as well
        disk.full = False
        await shift.minutes(1)
        await shift.asks(OPS, "改价 65")
        await shift.minutes(1)
        assert shift.read(shift.group).count("变更 4号") == 1
        await shift.says(OPS, "下一个")
        assert "正在讲 5号" in shift.board()


async def test_on_a_broken_disk_it_is_said_that_a_restart_is_needed(tmp_path: Path, disk: FaultyDisk) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        await live(shift)
        shift.expects_a_fault()
        disk.failing = True
        await shift.asks(OPS, "改价 65")
        disk.failing = False  # what the disk holds is not known: that it would sync again changes nothing
        said = (await shift.asks(OPS, "改价 65"))[-1]
        assert "未保存：服务器的磁盘出错" in said
        assert "重启服务" in said
        assert "直播价 ¥69.00" in (await shift.asks(MEI, "4"))[-1]
        assert "a1" in shift.here.store.troubles()


async def test_the_log_says_what_was_not_saved_and_nothing_people_wrote(
    tmp_path: Path, disk: FaultyDisk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        async with evening(tmp_path, disk=disk) as shift:
            await live(shift)
            shift.expects_a_fault()
            disk.full = True
            await shift.asks(MEI, "/note 杏花路九号的快递")
    assert "No space left on device" in caplog.text
    assert "杏花路" not in caplog.text
