"""`shiftbot run`: polls Telegram, or has it post, and serves until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from telegram.error import InvalidToken, TelegramError

from bot import interpreter
from bot.app import Shiftbot
from bot.build import AnyApplication, of, shiftbot
from bot.clock import SystemClock
from bot.handed import Handed
from bot.heartbeat import Heartbeat
from bot.settings import Settings
from bot.systemd import Systemd
from bot.ticking import Ticking
from storage.books import BOOKS
from storage.ready import refuse_unready
from storage.spool import Spool
from storage.tiny import TinyStore
from storage.vault import Vault
from storage.vault_rotate import locked

log = logging.getLogger(__name__)
T = TypeVar("T")

REFUSED = (
    "Telegram does not accept TELEGRAM_TOKEN: copy it again from @BotFather into .env.\n"
    "Telegram 不接受 TELEGRAM_TOKEN:请从 @BotFather 重新复制到 .env。"
)
TRY_AGAIN_AFTER = 5.0
WATCH_SECONDS = 10.0


def bound(listen: str) -> socket.socket:
    """A socket that listens on `host:port`. OSError where it cannot be had."""
    host, _, port = listen.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits.
    one = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host.strip("[]"), int(port)))
        one.listen()
    except OSError:
        one.close()
        raise
    return one


def opened(folder: Path) -> TinyStore:
    """The store in `folder`."""
    return TinyStore(folder, BOOKS)


async def serve(
    settings: Settings, open_store: Callable[[Path], TinyStore] = opened, *, webhook: bool = False
) -> int:
    """Serve until SIGINT or SIGTERM. 0 when stopped, 2 when Telegram refuses the token or cannot be listened to."""
    listening = None
    if webhook:
        try:
            listening = bound(settings.webhook_listen)
        except OSError as error:
            print(
                f"WEBHOOK_LISTEN: {settings.webhook_listen} cannot be used ({error.strerror}).",
                file=sys.stderr,
            )
            return 2
    interpreter.answer_people()
    store = open_store(settings.data_dir)
    interpreter.keep_loaded()
    try:
        refuse_unready(store, settings.data_dir)
        _say_what_is_kept(store, settings.vault())
        app, stop = of(settings), _told_to_stop()
        try:
            bot = await unless(stop, _begin(app, store, settings))
        except InvalidToken:
            print(REFUSED, file=sys.stderr)
            return 2
        if bot is None:
            return 0
        systemd = Systemd(os.environ)
        bot.vitals.polls = listening is None
        bot.jobs.handed = Handed(bot.runner, Spool(settings.data_dir, settings.vault()))
        await bot.jobs.handed.sweep()
        bot.heartbeat = Heartbeat(settings.data_dir, bot.vitals, bot.runner.clock, systemd)
        updates = _posted(bot, settings, listening, stop) if listening else _polled(bot)
        await _until_told_to_stop(app, bot, updates, systemd, stop)
        return 0
    finally:
        store.close()


def _say_what_is_kept(store: TinyStore, vault: Vault) -> None:
    """Once at the start: whether buyers' fields are kept at all, and whether all of them can be opened."""
    if not vault:
        log.warning("PII_KEYS is not set: no name, phone or address of a buyer is kept (see docs/privacy.md)")
    for id, master in locked(store, vault).items():
        log.warning("the data key %s needs the master key %s, which is not in PII_KEYS", id, master)


def _told_to_stop() -> asyncio.Event:
    """Set by SIGINT and SIGTERM from now on, also while Telegram is waited for."""
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    return stop


async def unless(stop: asyncio.Event, work: Coroutine[None, None, T]) -> T | None:
    """What `work` gives, or None where it was cut off because `stop` was set before. Raises what it raises."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    doing.cancel()
    await asyncio.wait({doing, stopping})
    return None if doing.cancelled() else doing.result()


async def _begin(app: AnyApplication, store: TinyStore, settings: Settings) -> Shiftbot:
    """Telegram may be out of reach at start: try until it is there, as a service after a power cut must."""
    while True:
        try:
            return await shiftbot(
                app,
                store,
                SystemClock(),
                settings.owner_ids,
                vault=settings.vault(),
                sheets=settings.sheets(),
            )
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram is not reachable (%s); trying again", error)
            await asyncio.sleep(TRY_AGAIN_AFTER)


@asynccontextmanager
async def _polled(bot: Shiftbot) -> AsyncIterator[None]:
    """Updates come by polling, which is watched over."""
    watching = Ticking("watch", WATCH_SECONDS, bot.polling.watch)
    bot.polling.start()
    watching.start()
    try:
        yield
    finally:
        await watching.stop()
        await bot.polling.stop()


@asynccontextmanager
async def _posted(
    bot: Shiftbot, settings: Settings, listening: socket.socket, stop: asyncio.Event
) -> AsyncIterator[None]:
    """Updates are posted to `listening`."""
    from bot import webhook  # noqa: PLC0415 - polling does not pay for a web server's memory

    secret = settings.webhook_secret.get_secret_value()
    async with webhook.served(bot.turns.receive, secret, listening):
        await unless(stop, webhook.announce(bot.bot, settings.webhook_url, secret))
        yield


async def _until_told_to_stop(
    app: AnyApplication,
    bot: Shiftbot,
    updates: AbstractAsyncContextManager[None],
    systemd: Systemd,
    stop: asyncio.Event,
) -> None:
    async with app:
        await app.start()
        await bot.start()
        async with updates:
            await unless(stop, _welcome(app, bot, systemd))
            await stop.wait()
            systemd.stopping()
        await bot.stop()
        await app.stop()
        await bot.close()


async def _welcome(app: AnyApplication, bot: Shiftbot, systemd: Systemd) -> None:
    systemd.ready()
    await bot.introduce()
    log.info("serving as @%s", app.bot.username)
