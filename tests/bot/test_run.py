"""The real thing: `shiftbot run` as its own process against an HTTP server that speaks the Bot API on loopback."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.rehearsal.telegram import TelegramCore
from bot.rehearsal.telegram.http import serve
from tests.support.command import SHIFTBOT, environment, shiftbot, started
from tests.support.evening import BOSS, MEI, people
from tests.support.ports import reserved

TOKEN = "7000000001:AAexampleexampleexampleexampleexample"
PATIENCE = 120
"""Seconds after which a test that waits for a process gives up; when all works little is waited."""


@asynccontextmanager
async def running(folder: Path, base: str, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *SHIFTBOT, "run", cwd=folder, stderr=asyncio.subprocess.PIPE,
        env=environment(folder, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=base, OWNER_IDS=str(BOSS), **more),
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until(core: TelegramCore, seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not seen():
            await core.changed_since(core.version)


async def test_shiftbot_run_serves_a_command_over_http_and_ends_cleanly(tmp_path: Path) -> None:
    core = TelegramCore(lambda: datetime.now(UTC), token=TOKEN)
    group = people(core)
    core.send_text(BOSS, group, "/setup 小满优选 抖音")
    async with serve(core) as base, running(tmp_path, base) as process:
        await until(core, lambda: any("已绑定本群" in m.text for m in core.said(group)))
        core.start(MEI)
        await until(core, lambda: any("私聊已打开" in m.text for m in core.said(MEI)))
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, errors.decode()
    assert TOKEN.encode() not in errors
    assert b"serving as @shiftbot_bot" in errors


async def test_a_token_telegram_does_not_accept_is_said_and_never_logged(tmp_path: Path) -> None:
    core = TelegramCore(lambda: datetime.now(UTC), token="7000000001:AAanotheranotheranotheranotheranoth")
    async with serve(core) as base, running(tmp_path, base) as process:
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert "does not accept TELEGRAM_TOKEN" in errors.decode()
    assert TOKEN not in errors.decode()


async def ends_at_a_signal(process: asyncio.subprocess.Process, once_it_says: bytes) -> None:
    """Once it has said so, the process is told to end and does, without an error."""
    assert process.stderr
    try:
        async with asyncio.timeout(PATIENCE):
            while once_it_says not in (said := await process.stderr.readline()):
                assert said, "it ended by itself"
            process.send_signal(signal.SIGTERM)
            _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, errors.decode()


async def test_a_signal_ends_it_while_telegram_is_out_of_reach(tmp_path: Path) -> None:
    with reserved() as nobody:
        async with running(tmp_path, f"http://{nobody}") as process:
            await ends_at_a_signal(process, b"Telegram is not reachable")


def test_without_a_token_one_clear_sentence_says_what_to_do(tmp_path: Path) -> None:
    done = started(tmp_path, "run")
    assert done.returncode == 2
    assert done.stderr.startswith("TELEGRAM_TOKEN is not set: get one from @BotFather")
    assert "没有设置 TELEGRAM_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named_with_the_cure(tmp_path: Path) -> None:
    done = shiftbot(tmp_path, "run", TELEGRAM_TOKEN=TOKEN, OWNER_IDS="me")
    assert done.returncode == 2
    assert "OWNER_IDS takes Telegram user ids (numbers), not me" in done.stderr


def test_blanks_are_no_token(tmp_path: Path) -> None:
    done = shiftbot(tmp_path, "run", TELEGRAM_TOKEN="   ")
    assert done.returncode == 2
    assert "TELEGRAM_TOKEN is not set" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("TELEGRAM_TOKEN", "hello", "copy it again from @BotFather"),
        ("TELEGRAM_API_URL", "foo", "TELEGRAM_API_URL takes a URL such as http://127.0.0.1:8081"),
        ("TELEGRAM_PROXY", "127.0.0.1:1080", "TELEGRAM_PROXY takes a URL such as socks5://127.0.0.1:1080"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL"),
    ],
)
def test_a_setting_that_cannot_work_is_said_at_once(tmp_path: Path, name: str, value: str, cure: str) -> None:
    done = shiftbot(tmp_path, "run", **{"TELEGRAM_TOKEN": TOKEN, name: value})
    assert done.returncode == 2
    assert cure in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_is_a_file_is_said_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    done = started(tmp_path, "run", TELEGRAM_TOKEN=TOKEN)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "data" in done.stderr


@pytest.mark.parametrize("port", ["99999", "²", "-1", "http"])
def test_a_port_that_is_none_is_said(tmp_path: Path, port: str) -> None:
    done = shiftbot(tmp_path, "rehearse", "--no-open", f"--port={port}")
    assert done.returncode == 2
    assert "is no port; give 0 (a free one) to 65535" in done.stderr


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = started(tmp_path, "rehearse", "--no-open", "--port", str(port))
    assert done.returncode == 2
    assert f"cannot use port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_and_the_commands_are_told(tmp_path: Path) -> None:
    assert "rehearse" in shiftbot(tmp_path, "--help").stdout
