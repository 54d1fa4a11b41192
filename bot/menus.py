"""The command menu as Telegram shows it: which commands there are, in every language."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.duty import Command, FrontCommand
from bot.texts import DEFAULT, LANGUAGES, plain, say

log = logging.getLogger(__name__)


async def introduce(bot: Bot, commands: Iterable[Command | FrontCommand]) -> None:
    """Tell Telegram the command menu, in every language."""
    listed = [c for c in commands if c.listed]
    try:
        await _menus(bot, listed)
    except TelegramError as error:
        log.warning("the command menu was not set: %s", error)  # people can type without it


async def _menus(bot: Bot, listed: list[Command | FrontCommand]) -> None:
    for lang in LANGUAGES:
        menu = [BotCommand(c.name, plain(say(lang, f"menu.{c.name}"))[:256]) for c in listed]
        code = None if lang == DEFAULT else lang
        for scope in (BotCommandScopeAllGroupChats(), BotCommandScopeAllPrivateChats()):
            await bot.set_my_commands(menu, scope=scope, language_code=code)
