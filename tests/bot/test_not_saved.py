"""未保存: on a disk that is full or broken nothing is half done, people hear it, and what only reads goes on."""

from __future__ import annotations

import errno
import logging
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.card import line, tell
from bot.pace import Limits
from bot.rehearsal import samples
from bot.rehearsal.telegram.core import Call as ApiCall
from bot.turns import ALONE_FROM
from storage.books import BOOKS, RoomBooks
from storage.rows import Due, Outgoing
from storage.store import NotSaved
from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.bot.test_inbox import World, left_unhandled, received, rows
from tests.support.evening import MEI, OPS, QIANG, START, Shift, evening


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


async def test_on_a_full_disk_every_look_up_of_one_second_is_answered_and_not_saved_is_said_once(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    async with evening(tmp_path, disk=disk, limits=Limits()) as shift:
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        await shift.minutes(1)
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "开讲 4")
        await shift.minutes(1)
        shift.expects_a_fault()
        disk.full = True
        before = len(shift.here.core.said(MEI))
        for text in ("4", "/now", "/in", "/in", "/in", "5"):
            shift.here.core.send_text(MEI, MEI, text)
        await shift.here.settle()
        await shift.minutes(1)
        said = [m.text for m in shift.here.core.said(MEI)[before:]]
        assert [text for text in said if "4号" in text.splitlines()[0]]
        assert [text for text in said if "正在讲" in text]
        assert [text for text in said if "5号" in text.splitlines()[0]]
        assert sum("未保存" in text for text in said) == 1


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


async def test_who_left_while_nothing_could_be_saved_is_out_once_there_is_room(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        shift.expects_a_fault()
        await live(shift)
        disk.full = True
        shift.here.core.leave(MEI, shift.group)
        await shift.here.settle()
        disk.full = False
        await shift.minutes(1)
        member = shift.here.bot.runner.view("a1").members.get(str(MEI))
        assert member is not None
        assert member.presence == "out"


async def test_a_file_is_not_fetched_every_second_while_nothing_can_be_saved(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        shift.expects_a_fault()
        core, fetched = shift.here.core, len(shift.here.core.called("getFile"))

        def fill(call: ApiCall) -> None:
            disk.full = disk.full or call.method == "getFile"

        core.listeners.append(fill)
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        for _ in range(10):
            await shift.here.wind_by(timedelta(seconds=1))
        assert len(core.called("getFile")) == fetched + 1
        core.listeners.remove(fill)
        disk.full = False
        await shift.minutes(1)
        assert len(core.called("getFile")) == fetched + 2
        assert "启用" in "".join(shift.buttons(OPS))


async def test_a_disk_that_is_full_at_the_start_does_not_keep_the_bot_from_starting(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with world.opened() as shift:
        world.group = shift.group
        await live(shift)
        last = {**received(world.core)[-1], "update_id": 88_000}
    left_unhandled(tmp_path, [last], world.clock, starts=ALONE_FROM)
    store = TinyStore(tmp_path, BOOKS)
    card = tell(str(MEI), line("common.verbatim", text="在路上"))
    leaving = Outgoing(id="a1-o-x", card=card, at=world.clock.now(), leaving=True)
    due = Due(id="x", kind="x", about="x", due_at=START, leased_until=START + timedelta(days=1))
    store.run("a1", lambda raw: (RoomBooks(raw).outbox.put(leaving), RoomBooks(raw).due.put(due)))
    store.close()
    disk = FaultyDisk()
    disk.full = True
    async with world.opened(disk=disk) as shift:
        shift.expects_a_fault()
        assert "正在讲" in (await shift.asks(QIANG, "/now"))[-1]
        disk.full = False
        await shift.minutes(1)
        assert "（重发）" in shift.read(MEI)
    assert rows(tmp_path)["88000"].state == "waiting"


async def test_a_flush_that_failed_is_tried_again_whatever_else_fails_in_the_tick(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        shift.expects_a_fault()
        bot = shift.here.bot
        flush, failures, flushed = bot.runner.store.flush, [NotSaved("full", "x")], []

        def flushes() -> None:
            if failures:
                raise failures.pop()
            flush()
            flushed.append("all")

        async def fails() -> None:
            raise NotSaved("full", "x")

        bot.runner.store.flush = flushes  # type: ignore[method-assign]
        bot.later.tick = fails  # type: ignore[method-assign]
        await bot.runner.unit("a1", lambda raw: RoomBooks(raw).sent.drop("none"), durable=False)
        await bot.tick()
        assert not flushed
        await bot.tick()
        assert flushed == ["all"]
