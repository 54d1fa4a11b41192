"""The webhook: a real server on loopback, posted to as Telegram posts."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.rehearsal.telegram import TelegramCore
from bot.rehearsal.telegram.http import serve
from bot.serve import bound
from bot.webhook import announce, served
from storage.books import BOOKS, DeskBooks
from storage.store import DESK
from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.bot.test_run import PATIENCE, TOKEN, ends_at_a_signal, until
from tests.support.command import SHIFTBOT, environment, shiftbot, started
from tests.support.evening import BOSS, MEI, NAMES, OPS, Shift, evening, people
from tests.support.ports import reserved

URL = "https://bot.example.com/telegram"
SECRET = "a-secret_of-the-shop"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class CountingDisk(RealDisk):
    syncs = 0

    def sync(self, handle: int) -> None:
        self.syncs += 1
        super().sync(handle)


class Telegram:
    """Posts what waits for the bot, and keeps what was not answered with 200."""

    def __init__(self, shift: Shift, client: httpx.AsyncClient) -> None:
        self.shift = shift
        self.client = client

    async def post(self, body: object, secret: str = SECRET) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.client.post("/telegram", content=content, headers={HEADER: secret})
        return answer.status_code

    async def deliver(self) -> list[int]:
        """Everything that waits, all at once; the statuses."""
        updates = self.shift.here.core.updates
        raws = updates.waiting()
        statuses = list(await asyncio.gather(*(self.post(raw) for raw in raws)))
        if set(statuses) == {200}:
            updates.confirm(raws[-1]["update_id"] + 1)
            await self.shift.here.settle()
        return statuses


@asynccontextmanager
async def by_webhook(shift: Shift) -> AsyncIterator[Telegram]:
    """The bot of `shift`, no longer polling."""
    bot = shift.here.bot
    await bot.polling.stop()
    listening = bound("127.0.0.1:0")
    port = listening.getsockname()[1]
    async with (
        served(bot.turns.receive, SECRET, listening),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        await announce(bot.bot, URL, SECRET)
        yield Telegram(shift, client)


def numbers(data: Path) -> set[str]:
    books = DeskBooks(TinyStore(data, BOOKS, readonly=True).view(DESK))
    return {row.id for row in books.inbox.scan()}


async def test_a_post_with_the_secret_is_stored_and_handled(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift, by_webhook(shift) as telegram:
        shift.here.core.send_text(OPS, shift.group, "开播")
        [raw] = shift.here.core.updates.waiting()
        assert await telegram.deliver() == [200]
        assert str(raw["update_id"]) in numbers(tmp_path)
        assert "直播中" in shift.board()


async def test_what_is_posted_twice_is_handled_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift, by_webhook(shift) as telegram:
        heard = len(shift.here.core.said(MEI))
        shift.here.core.send_text(MEI, MEI, "/now")
        raws = shift.here.core.updates.waiting()
        assert await asyncio.gather(*(telegram.post(raw) for raw in raws * 3)) == [200] * 3
        assert await telegram.deliver() == [200]
        assert len(shift.here.core.said(MEI)) == heard + 1


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x"])
async def test_a_post_without_the_secret_is_refused_and_nothing_is_stored(
    tmp_path: Path, secret: str
) -> None:
    async with evening(tmp_path) as shift, by_webhook(shift) as telegram:
        before = numbers(tmp_path)
        shift.here.core.send_text(OPS, shift.group, "开播")
        [raw] = shift.here.core.updates.waiting()
        assert await telegram.post(raw, secret) == 403
        assert numbers(tmp_path) == before
        assert await telegram.deliver() == [200]


async def test_what_is_no_update_is_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift, by_webhook(shift) as telegram:
        before = numbers(tmp_path)
        big = json.dumps({"update_id": 1, "message": "x" * (1 << 20)}).encode()
        for body in (b"", b"{", b"[]", b'{"update_id": "1"}', b"\xff\xfe", b"[" * 200_000, big):
            assert await telegram.post(body) == 400
        assert numbers(tmp_path) == before
        assert (await telegram.client.get("/telegram")).status_code == 405


async def test_what_cannot_be_stored_is_answered_500_and_taken_when_it_comes_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift, by_webhook(shift) as telegram:
        shift.expects_a_fault()
        inbox = shift.here.bot.inbox
        keep = inbox.keep

        async def failing(raws: Any) -> Any:
            inbox.keep = keep  # type: ignore[method-assign]
            raise RuntimeError

        inbox.keep = failing  # type: ignore[method-assign]
        shift.here.core.send_text(OPS, shift.group, "开播")
        assert await telegram.deliver() == [500]
        assert await telegram.deliver() == [200]
        assert "直播中" in shift.board()


async def test_posts_at_the_same_time_share_the_wait_for_the_disk(tmp_path: Path) -> None:
    disk = CountingDisk()
    async with evening(tmp_path, disk=disk) as shift, by_webhook(shift) as telegram:
        for _ in range(10):
            for who in NAMES:
                shift.here.core.send_text(who, who, "/now")
        before = disk.syncs
        assert await telegram.deliver() == [200] * 50
        assert disk.syncs - before < 50


async def test_telegram_is_told_the_address_the_secret_and_every_kind_of_update(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift, by_webhook(shift):
        [call] = shift.here.core.called("setWebhook")
        assert call.params["url"] == URL
        assert call.params["secret_token"] == SECRET
        assert {"chat_member", "my_chat_member", "callback_query"} <= set(call.params["allowed_updates"])


async def test_polling_takes_a_webhook_left_over_away(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        async with by_webhook(shift):
            assert shift.here.core.updates.webhook == URL
        shift.here.bot.polling.start()
        await shift.says(OPS, "开播")
        assert shift.here.core.updates.webhook == ""
        assert "直播中" in shift.board()


async def test_shiftbot_run_webhook_serves_what_is_posted_to_it(tmp_path: Path) -> None:
    core = TelegramCore(lambda: datetime.now(UTC), token=TOKEN)
    people(core)
    serving = asyncio.Event()
    core.listeners.append(lambda call: serving.set() if call.method == "setMyCommands" else None)
    with reserved() as listen:
        async with serve(core) as base:
            process = await asyncio.create_subprocess_exec(
                *SHIFTBOT, "run", "--webhook", cwd=tmp_path, stderr=asyncio.subprocess.PIPE,
                env=environment(
                    tmp_path, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=base, OWNER_IDS=str(BOSS), WEBHOOK_URL=URL,
                    WEBHOOK_LISTEN=listen,
                ),
            )  # fmt: skip
            try:
                await asyncio.wait_for(serving.wait(), PATIENCE)
                secret = core.called("setWebhook")[0].params["secret_token"]
                core.start(MEI)
                raw = core.updates.waiting()[-1]
                async with httpx.AsyncClient(trust_env=False) as client:
                    at = f"http://{listen}/telegram"
                    assert (await client.post(at, json=raw)).status_code == 403
                    assert (await client.post(at, json=raw, headers={HEADER: secret})).status_code == 200
                await until(core, lambda: any("私聊已打开" in m.text for m in core.said(MEI)))
                process.send_signal(signal.SIGTERM)
                _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
    assert process.returncode == 0, errors.decode()
    assert secret not in errors.decode()


async def test_a_signal_ends_it_while_telegram_refuses_the_webhook(tmp_path: Path) -> None:
    core = TelegramCore(lambda: datetime.now(UTC), token=TOKEN)
    core.faults.refuse(502, "Bad Gateway", method="setWebhook", times=1000)
    async with serve(core) as base:
        process = await asyncio.create_subprocess_exec(
            *SHIFTBOT, "run", "--webhook", cwd=tmp_path, stderr=asyncio.subprocess.PIPE,
            env=environment(
                tmp_path, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=base, WEBHOOK_URL=URL, WEBHOOK_LISTEN="127.0.0.1:0"
            ),
        )  # fmt: skip
        await ends_at_a_signal(process, b"the webhook is not set")


@pytest.mark.parametrize(
    ("settings", "cure"),
    [
        ({}, "WEBHOOK_URL is not set: put the public https address"),
        ({"WEBHOOK_URL": "http://bot.example.com"}, "WEBHOOK_URL takes a public https URL"),
        ({"WEBHOOK_URL": URL, "WEBHOOK_LISTEN": "8443"}, "WEBHOOK_LISTEN takes host:port"),
        ({"WEBHOOK_URL": URL, "WEBHOOK_LISTEN": "127.0.0.1:99999"}, "WEBHOOK_LISTEN takes host:port"),
        ({"WEBHOOK_URL": URL, "WEBHOOK_SECRET": "two words"}, "WEBHOOK_SECRET takes 1 to 256 of"),
    ],
)
def test_a_setting_of_the_webhook_that_cannot_work_is_said_at_once(
    tmp_path: Path, settings: dict[str, str], cure: str
) -> None:
    done = shiftbot(tmp_path, "run", "--webhook", TELEGRAM_TOKEN=TOKEN, **settings)
    assert done.returncode == 2
    assert cure in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_taken_is_said(tmp_path: Path) -> None:
    with bound("127.0.0.1:0") as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        done = started(
            tmp_path, "run", "--webhook", TELEGRAM_TOKEN=TOKEN, WEBHOOK_URL=URL, WEBHOOK_LISTEN=listen
        )
    assert done.returncode == 2
    assert f"WEBHOOK_LISTEN: {listen} cannot be used" in done.stderr
