"""The command menu as Telegram shows it: what people reach for in groups and in private, in every language."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.duty import Command, FrontCommand
from bot.texts import DEFAULT, LANGUAGES, plain, say

log = logging.getLogger(__name__)

# What people reach for, in the order they are offered; `/help` has everything a role may. Telegram refuses more than
# 100, and nobody finds anything in a hundred.
IN_GROUPS = (
    "now", "p", "promo", "next", "on", "price", "soldout", "back", "flash", "flashend", "giftout", "undo", "quote",
    "correct", "ask", "asks", "reply", "in", "break", "out", "who", "live", "cut", "resume", "closing", "off", "wrap",
    "help",
)  # fmt: skip
IN_PRIVATE = (
    "now", "p", "promo", "q", "order", "ask", "quote", "chase", "my", "take", "batch", "remark", "reveal", "lost",
    "promise", "need", "holds", "messages", "urge", "eta", "cases", "aftersale", "badreview", "complaint", "in",
    "break", "out", "room", "sheet", "runorder", "preflight", "plan", "intercept", "notes", "shortage", "cutoff",
    "figures", "review", "why", "enter", "action", "daily", "handover", "dayreport", "staff", "ready", "kb", "platform",
    "gsheet", "health", "help",
)  # fmt: skip


async def introduce(bot: Bot, commands: Iterable[Command | FrontCommand]) -> None:
    """Tell Telegram the command menu, in every language."""
    listed = [c for c in commands if c.listed]
    try:
        await _menus(bot, listed)
    except TelegramError as error:
        log.warning("the command menu was not set: %s", error)  # people can type without it


async def _menus(bot: Bot, listed: list[Command | FrontCommand]) -> None:
    known = {c.name for c in listed}
    scopes = ((BotCommandScopeAllGroupChats(), IN_GROUPS), (BotCommandScopeAllPrivateChats(), IN_PRIVATE))
    for lang in LANGUAGES:
        code = None if lang == DEFAULT else lang
        for scope, offered in scopes:
            names = [name for name in offered if name in known]
            menu = [BotCommand(name, plain(say(lang, f"menu.{name}"))[:256]) for name in names]
            await bot.set_my_commands(menu, scope=scope, language_code=code)
