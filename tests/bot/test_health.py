"""Whether the bot is well: heartbeat file, `shiftbot health`, systemd, and `/health` for managers in private."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import heartbeat
from bot.clock import WoundClock
from bot.health import Pulse
from bot.heartbeat import FILE, Heartbeat
from bot.pace import Limits
from bot.rehearsal import samples
from bot.rehearsal.telegram import TelegramCore
from bot.rehearsal.telegram.http import serve
from bot.systemd import Systemd
from storage.tiny_disk import RealDisk
from tests.bot.test_run import TOKEN, running
from tests.support.command import shiftbot
from tests.support.evening import BOSS, MEI, NAMES, OPS, START, Shift, evening, people

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)


# -- the heartbeat and what it means ----------------------------------------------------------------


def keep_one(shift: Shift, folder: Path, systemd: Systemd) -> Heartbeat:
    """Give the rehearsed bot the heartbeat of the real thing."""
    bot = shift.here.bot
    bot.heartbeat = Heartbeat(folder, bot.vitals, shift.clock, systemd)
    return bot.heartbeat


def read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / FILE).read_text())
    return found


async def test_the_heartbeat_says_how_the_bot_is_every_ten_seconds_and_names_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path / "data") as shift:
        await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
        keep_one(shift, tmp_path, Systemd({}))
        await shift.minutes(1)
        first = read(tmp_path)
        assert first["pid"] == os.getpid()
        assert datetime.fromisoformat(first["at"]) == shift.clock.now()
        assert first["troubles"] == {}
        assert (first["overdue"], first["aside"]) == (0, 0)
        await shift.here.wind_by(timedelta(seconds=9))
        assert read(tmp_path) == first
        await shift.here.wind_by(timedelta(seconds=1))
        assert read(tmp_path)["at"] > first["at"]
        text = (tmp_path / FILE).read_text()
    assert not [name for name in (*NAMES.values(), "小满优选") if name in text]


async def test_a_heartbeat_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path / "data") as shift:
        keep_one(shift, tmp_path / "gone", Systemd({}))
        shift.expects_a_fault()
        await shift.minutes(1)
        assert "在岗" in "".join(await shift.asks(MEI, "/in"))


def pulse(**more: Any) -> Pulse:
    """A well process, looked at right now."""
    well = {"pid": os.getpid(), "version": "0.1.0", "at": NOW, "started_at": NOW, "last_poll_at": NOW}
    return Pulse.model_validate({**well, **more})


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("more", "sick"),
    [
        ({}, []),
        ({"at": ago(30)}, []),
        ({"at": ago(31)}, ["heartbeat"]),
        ({"at": ago(-30)}, []),
        ({"at": ago(-31)}, ["heartbeat"]),
        ({"last_poll_at": ago(90)}, []),
        ({"last_poll_at": ago(91)}, ["poll"]),
        ({"last_poll_at": None, "started_at": ago(90)}, []),
        ({"last_poll_at": None, "started_at": ago(91)}, ["poll"]),
        ({"last_poll_at": None, "started_at": ago(9000), "polls": False}, []),
        ({"waiting": 3, "oldest_card_at": ago(120)}, []),
        ({"waiting": 3, "oldest_card_at": ago(121)}, ["cards"]),
        ({"troubles": {"a1": "the disk failed while saving"}}, ["store"]),
        ({"overdue": 1}, ["due"]),
        ({"conflict_at": ago(90)}, ["token"]),
        ({"conflict_at": ago(91)}, []),
        ({"aside": 2}, []),
    ],
)
def test_each_figure_is_judged_by_its_own_threshold(
    tmp_path: Path, more: dict[str, Any], sick: list[str]
) -> None:
    heartbeat.write(tmp_path / FILE, pulse(**more))
    assert [check.name for check in heartbeat.judge(tmp_path, NOW) if not check.ok] == sick


def test_an_unreadable_heartbeat_is_a_trouble_and_no_crash(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    assert [(c.name, c.ok) for c in heartbeat.judge(tmp_path, NOW)] == [("process", False)]


class Broken(RealDisk):
    """A disk that fails to make safe what is written to the folder of room `room`."""

    def __init__(self) -> None:
        self.room = ""
        self.rooms: dict[int, str] = {}

    def open(self, path: Path, *, fresh: bool = False) -> int:
        handle = super().open(path, fresh=fresh)
        self.rooms[handle] = path.parent.name
        return handle

    def sync(self, handle: int) -> None:
        if self.rooms.get(handle) == self.room:
            raise OSError(errno.EIO, "Input/output error")
        super().sync(handle)


async def test_a_disk_that_failed_while_saving_turns_health_red(tmp_path: Path) -> None:
    disk = Broken()
    async with evening(tmp_path / "data", disk=disk) as shift:
        keep_one(shift, tmp_path, Systemd({}))
        disk.room = "a1"
        shift.expects_a_fault()
        await shift.says(OPS, "开播")
        await shift.here.wind_by(timedelta(seconds=10))
        checks = heartbeat.judge(tmp_path, shift.clock.now())
        (store,) = [c for c in checks if not c.ok]
        assert store.name == "store"
        assert list(read(tmp_path)["troubles"]) == ["a1"]
        disk.room = ""
        (said,) = await shift.asks(BOSS, "/health")
        assert "✗ 有数据保存不了：a1" in said


class Full(RealDisk):
    """A disk that has no room while it is `full`."""

    full = False

    def write(self, handle: int, data: bytes, at: int) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(handle, data, at)


async def test_a_full_disk_turns_health_red_until_something_is_saved_again(tmp_path: Path) -> None:
    disk = Full()
    async with evening(tmp_path / "data", disk=disk) as shift:
        keep_one(shift, tmp_path, Systemd({}))
        disk.full = True
        shift.expects_a_fault()
        await shift.says(OPS, "开播")
        await shift.here.wind_by(timedelta(seconds=10))
        (store,) = [c for c in heartbeat.judge(tmp_path, shift.clock.now()) if not c.ok]
        assert store.name == "store"
        assert "No space left on device" in read(tmp_path)["troubles"]["a1"]
        (said,) = await shift.asks(BOSS, "/health")
        assert "✗ 有数据保存不了：a1" in said
        disk.full = False
        await shift.says(OPS, "开播")
        (said,) = await shift.asks(BOSS, "/health")
        assert "数据都能保存" in said


class Stepping(WoundClock):
    """A machine's clock that NTP may set back."""

    back = timedelta()

    def now(self) -> datetime:
        return super().now() - self.back

    def wind(self, to: datetime) -> None:
        super().wind(to + self.back)


async def test_a_clock_set_back_by_hours_holds_up_neither_cards_nor_heartbeat(tmp_path: Path) -> None:
    clock = Stepping(START)
    async with evening(tmp_path / "data", clock=clock, limits=Limits()) as shift:
        keep_one(shift, tmp_path, Systemd({}))
        await shift.minutes(1)
        core = shift.here.core
        core.faults.throttle(30, method="sendMessage", chat=shift.group)
        core.faults.lose(after_effect=False, method="sendMessage", chat=MEI)
        core.send_text(OPS, shift.group, "开播")
        await shift.here.settle()
        await shift.asks(MEI, "/now")
        await shift.here.wind_by(timedelta(seconds=2))
        before = len(core.said(MEI))
        clock.back = timedelta(hours=8)
        await shift.here.wind_by(timedelta(seconds=40))
        assert "开播" in shift.read(shift.group)
        assert datetime.fromisoformat(read(tmp_path)["at"]) > clock.now() - timedelta(seconds=11)
        await shift.asks(MEI, "/now")
        await shift.here.wind_by(timedelta(seconds=5))
        assert len(core.said(MEI)) > before
        assert "（重发）" in shift.read(MEI), "what was put off was not put off until the old time"


async def test_two_bots_on_one_token_are_named_with_the_cure(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        conflict = "Conflict: terminated by other getUpdates request"
        shift.here.core.faults.refuse(409, conflict, method="getUpdates")
        await shift.asks(MEI, "/now")
        await shift.asks(MEI, "/now")
        (said,) = await shift.asks(BOSS, "/health")
        assert "✗ 另有一个进程在用同一个 token 收消息" in said
        assert "停掉另一个" in said


# -- systemd ----------------------------------------------------------------------------------------


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    """The service manager's end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as here:
        here.bind(address)
        here.setblocking(False)
        yield here


def told(here: socket.socket) -> list[str]:
    """What arrived since last asked."""
    found = []
    while True:
        try:
            found.append(here.recv(4096).decode())
        except BlockingIOError:
            return found


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told_in_its_own_words(tmp_path: Path, abstract: bool) -> None:
    name = f"@shiftbot-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with listening(name.replace("@", "\0")) as here:
        systemd = Systemd({"NOTIFY_SOCKET": name})
        systemd.ready()
        systemd.alive("2 cards waiting")
        systemd.stopping()
        assert told(here) == ["READY=1", "WATCHDOG=1\nSTATUS=2 cards waiting", "STOPPING=1"]


def test_without_systemd_nobody_is_told_and_nothing_fails(tmp_path: Path) -> None:
    Systemd({}).ready()
    Systemd({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).ready()


async def test_the_watchdog_is_fed_only_while_telegram_is_heard(tmp_path: Path) -> None:
    with listening(str(tmp_path / "notify")) as here:
        async with evening(tmp_path / "data") as shift:
            keep_one(shift, tmp_path, Systemd({"NOTIFY_SOCKET": str(tmp_path / "notify")}))
            await shift.here.wind_by(timedelta(seconds=10))
            await shift.asks(MEI, "/staff")
            await shift.here.bot.polling.stop()
            await shift.here.wind_by(timedelta(seconds=90))
            assert {said.partition("\n")[0] for said in told(here)} == {"WATCHDOG=1"}
            await shift.here.wind_by(timedelta(seconds=30))
            (said,) = told(here)
            assert said.startswith("STATUS=Telegram is not heard")


# -- the real process -------------------------------------------------------------------------------


async def heard(here: socket.socket, wanted: str) -> list[str]:
    """Everything up to the first word that begins with `wanted`."""
    found: list[str] = []
    async with asyncio.timeout(120):
        while not any(said.startswith(wanted) for said in found):
            found.append((await asyncio.get_running_loop().sock_recv(here, 4096)).decode())
    return found


async def ask(folder: Path, *words: str) -> tuple[int, str]:
    """`shiftbot health` beside the running bot: exit code and what it printed."""
    done = await asyncio.to_thread(shiftbot, folder, "health", *words)
    return done.returncode, done.stdout + done.stderr


async def test_a_running_bot_is_well_and_one_that_ended_is_not(tmp_path: Path) -> None:
    core = TelegramCore(lambda: datetime.now(UTC), token=TOKEN)
    people(core)
    notify = str(tmp_path / "notify")
    with listening(notify) as here:
        async with serve(core) as base, running(tmp_path, base, NOTIFY_SOCKET=notify) as process:
            await heard(here, "READY=1")
            await heard(here, "WATCHDOG=1")
            code, said = await ask(tmp_path, "--json")
            assert (code, json.loads(said)["healthy"]) == (0, True), said
            code, said = await ask(tmp_path)
            assert "✓ everything is saved" in said
            process.send_signal(signal.SIGTERM)
            assert "STOPPING=1" in await heard(here, "STOPPING=1")
            await process.wait()
            code, said = await ask(tmp_path)
    assert code == 1
    assert f"✗ process {process.pid} is gone" in said
    assert "→ Start it: shiftbot run" in said


def test_health_of_a_folder_where_nothing_runs(tmp_path: Path) -> None:
    done = shiftbot(tmp_path, "health")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no folder: DATA_DIR" in done.stderr
    (tmp_path / "data").mkdir()
    done = shiftbot(tmp_path, "health", "--json")
    assert done.returncode == 1
    (check,) = json.loads(done.stdout)["checks"]
    assert (check["name"], check["ok"]) == ("process", False)
    assert "no heartbeat in this data folder" in check["found"]


# -- /health ----------------------------------------------------------------------------------------


async def test_a_manager_is_told_in_private_that_all_is_well(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        before = len(shift.here.core.said(shift.group))
        await shift.asks(BOSS, "/now")  # Telegram has answered once
        (said,) = await shift.asks(BOSS, "体检")
        assert "✗" not in said
        for found in (
            "群管理员，权限齐全",
            "听得到群里的话",
            "收到 Telegram 的应答",
            "数据都能保存",
            "表格：未绑定",
        ):
            assert found in said
        assert await shift.says(BOSS, "/health") == []
        assert len(shift.here.core.said(shift.group)) == before
        assert shift.here.last(BOSS).text == said


async def test_what_is_missing_in_the_group_is_named_with_the_cure(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        core = shift.here.core
        core.promote(shift.group, core.bot.id, {"can_manage_chat", "can_delete_messages"})
        (said,) = await shift.asks(BOSS, "/health")
        assert "✗ 缺少群权限：置顶消息" in said
        assert "听得到群里的话" in said
        core.demote(shift.group, core.bot.id)
        (said,) = await shift.asks(BOSS, "/health")
        assert "✗ 不是群管理员" in said
        assert "✗ 听不到群里的话" in said
        core.kick(core.bot.id, shift.group)
        (said,) = await shift.asks(BOSS, "/health")
        assert "✗ 问不到群里的权限" in said


async def test_a_forum_needs_the_right_to_manage_topics(tmp_path: Path) -> None:
    async with evening(tmp_path, forum=True) as shift:
        core = shift.here.core
        core.promote(shift.group, core.bot.id, {"can_manage_chat", "can_delete_messages", "can_pin_messages"})
        (said,) = await shift.asks(BOSS, "/health")
        assert "✗ 缺少群权限：管理话题" in said


async def test_staff_whose_private_chat_is_not_open_are_named(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        core = shift.here.core
        core.add_user(106, "小林")
        core.join(106, shift.group)
        core.send_text(106, shift.group, "到了")
        await shift.here.settle()
        message = [m for m in shift.here.chat(shift.group) if m.sender_id == 106][-1]
        await shift.says(BOSS, "/role 客服", reply_to=message.message_id)
        (said,) = await shift.asks(BOSS, "/health")
        assert "✗ 还没打开私聊，收不到自己的工作：小林\n" in said


async def test_a_chat_telegram_has_paused_and_a_group_that_is_closed_are_told(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        core = shift.here.core
        core.faults.throttle(30, method="sendMessage", chat=shift.group)
        await shift.says(OPS, "开播")
        (said,) = await shift.asks(BOSS, "/health")
        assert "Telegram 让这些会话等一会儿再发：本群" in said
        await shift.minutes(1)
        core.kick(core.bot.id, shift.group)
        await shift.asks(OPS, "/closing")
        (said,) = await shift.asks(BOSS, "/health")
        assert "等一会儿再发" not in said
        assert "✗ 群里不让我说话" in said


async def test_only_managers_may_ask_and_of_their_own_room_alone(tmp_path: Path) -> None:
    disk = Broken()
    async with evening(tmp_path, disk=disk) as shift:
        assert "这一步要由" in "".join(await shift.asks(MEI, "/health"))
        other = people(shift.here.core)
        shift.group, ours = other, shift.group
        await shift.says(BOSS, "/setup 大满百货 抖音")
        shift.here.core.demote(other, shift.here.core.bot.id)
        (disk.room,) = {*shift.here.store.rooms()} - {"a1"}
        shift.expects_a_fault()
        await shift.says(BOSS, "/in")  # is not saved
        disk.room = ""
        shift.group = ours
        await shift.says(BOSS, "/now")
        (said,) = await shift.asks(BOSS, "/health")
        assert "权限齐全" in said
        assert "数据都能保存" in said
        assert "大满百货" not in said
