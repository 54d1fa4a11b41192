"""A small world for the tests of the Telegram core: a clock, four people, and the real Application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from telegram import Update
from telegram.ext import Application, BaseHandler

from bot.rehearsal.telegram import InProcessRequest, TelegramCore, serve

OPS, AGENT, MANAGER, STRANGER = 101, 102, 103, 104
EVERY_KIND = list(Update.ALL_TYPES)
FRONTS = ("in process", "over http")


class Clock:
    """A time that moves only when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wind(self, **span: float) -> None:
        self.now += timedelta(**span)


def new_core(clock: Clock | None = None, **switches: Any) -> TelegramCore:
    core = TelegramCore(clock or Clock(), **switches)
    core.add_user(OPS, "阿中", "azhong")
    core.add_user(AGENT, "小美")
    core.add_user(MANAGER, "周主管", "zhou_lead")
    core.add_user(STRANGER, "路人")
    return core


async def call(core: TelegramCore, method: str, **params: Any) -> Any:
    """The result of a call that Telegram grants."""
    _, body = await core.handle(core.token, method, params)
    assert body["ok"], body
    return body["result"]


async def refusal(core: TelegramCore, method: str, **params: Any) -> str:
    """The description of a call that Telegram refuses."""
    status, body = await core.handle(core.token, method, params)
    assert not body["ok"], body
    assert body["error_code"] == status
    return str(body["description"])


async def updates(core: TelegramCore, *, offset: int = 0) -> list[tuple[str, dict[str, Any]]]:
    """What waits for the bot as (kind, body); an offset of 0 confirms nothing."""
    fetched = await call(core, "getUpdates", offset=offset, timeout=0, allowed_updates=EVERY_KIND)
    return [next((kind, body) for kind, body in each.items() if kind != "update_id") for each in fetched]


async def forget_updates(core: TelegramCore) -> None:
    """Confirm what waits, and ask for every kind from now on."""
    await call(core, "deleteWebhook", drop_pending_updates=True)
    await updates(core)


async def until(core: TelegramCore, true: Callable[[], bool]) -> None:
    """Wait for the bot to get somewhere; the limit only ends a test that hangs."""
    async with asyncio.timeout(120):
        while not true():
            await core.changed_since(core.version)


async def until_polling(core: TelegramCore) -> None:
    """Wait for the bot to stand in a long poll."""
    while not core.updates.polling:
        await core.updates.pulse.after(core.updates.pulse.version)


def picture(width: int = 40, height: int = 30) -> bytes:
    """A PNG."""
    content = BytesIO()
    Image.new("RGB", (width, height), "white").save(content, "PNG")
    return content.getvalue()


@asynccontextmanager
async def running(
    core: TelegramCore, front: str, *handlers: BaseHandler[Any, Any, Any]
) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    """The real Application, polling `core` in process or over HTTP."""
    if front == "in process":
        builder = Application.builder().request(InProcessRequest(core))
        builder = builder.get_updates_request(InProcessRequest(core))
        async with _polling(builder.token(core.token).build(), handlers) as application:
            yield application
        return
    async with serve(core) as base:
        builder = Application.builder().token(core.token)
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
        async with _polling(builder.build(), handlers) as application:
            yield application


@asynccontextmanager
async def _polling(application: Any, handlers: tuple[BaseHandler[Any, Any, Any], ...]) -> AsyncIterator[Any]:
    failures: list[Exception | None] = []

    async def failed(update: object, context: Any) -> None:
        failures.append(context.error)

    application.add_handlers(handlers)
    application.add_error_handler(failed)
    async with application:
        await application.start()
        await application.updater.start_polling(allowed_updates=EVERY_KIND)
        try:
            yield application
        finally:
            await application.updater.stop()
            await application.stop()
            assert not failures
