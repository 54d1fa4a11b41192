"""Telegram without Telegram: an in-process Bot API that refuses what the real one refuses."""

from bot.rehearsal.telegram.core import Call, TelegramCore
from bot.rehearsal.telegram.errors import ApiError, LostConnection
from bot.rehearsal.telegram.http import serve
from bot.rehearsal.telegram.presses import Answer, Press
from bot.rehearsal.telegram.queries import Article, InlineQuery
from bot.rehearsal.telegram.request import InProcessRequest
from bot.rehearsal.telegram.screens import Button, Document, Message
from bot.rehearsal.telegram.world import ANONYMOUS_ID, BOT_RIGHTS, GENERAL, Event

__all__ = [
    "ANONYMOUS_ID",
    "BOT_RIGHTS",
    "GENERAL",
    "Answer",
    "ApiError",
    "Article",
    "Button",
    "Call",
    "Document",
    "Event",
    "InProcessRequest",
    "InlineQuery",
    "LostConnection",
    "Message",
    "Press",
    "TelegramCore",
    "serve",
]
