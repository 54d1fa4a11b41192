"""`shiftbot run`: polls Telegram and serves until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from telegram import Update
from telegram.error import InvalidToken, TelegramError

from bot.app import Shiftbot
from bot.build import AnyApplication, of, shiftbot
from bot.clock import SystemClock
from bot.settings import Settings
from storage.books import BOOKS
from storage.tiny import TinyStore

log = logging.getLogger(__name__)

REFUSED = (
    "Telegram does not accept TELEGRAM_TOKEN: copy it again from @BotFather into .env.\n"
    "Telegram 不接受 TELEGRAM_TOKEN:请从 @BotFather 重新复制到 .env。"
)
TRY_AGAIN_AFTER = 5.0


async def serve(settings: Settings) -> int:
    """Serve until SIGINT or SIGTERM. 0 when stopped, 2 when Telegram refuses the token."""
    store = TinyStore(settings.data_dir, BOOKS)
    try:
        app = of(settings)
        try:
            bot = await _begin(app, store, settings)
        except InvalidToken:
            print(REFUSED, file=sys.stderr)
            return 2
        await _until_told_to_stop(app, bot)
        return 0
    finally:
        store.close()


async def _begin(app: AnyApplication, store: TinyStore, settings: Settings) -> Shiftbot:
    """Telegram may be out of reach at start: try until it is there, as a service after a power cut must."""
    while True:
        try:
            return await shiftbot(app, store, SystemClock(), settings.owner_ids)
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram is not reachable (%s); trying again", error)
            await asyncio.sleep(TRY_AGAIN_AFTER)


async def _until_told_to_stop(app: AnyApplication, bot: Shiftbot) -> None:
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    async with app:
        await app.start()
        await bot.start()
        assert app.updater
        await app.updater.start_polling(allowed_updates=Update.ALL_TYPES, bootstrap_retries=-1)
        await bot.introduce()
        log.info("serving as @%s", app.bot.username)
        await stop.wait()
        await app.updater.stop()
        await bot.stop()
        await app.stop()
    bot.runner.close()
