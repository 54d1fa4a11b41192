"""The answer to a press: its toast, or, where that takes too long, a neutral one in time."""

from __future__ import annotations

import asyncio
import logging

from telegram import CallbackQuery
from telegram.error import TelegramError

from bot import render
from bot.card import Card
from bot.texts import plain, say

log = logging.getLogger(__name__)

NEUTRAL_AFTER = 1.5
"""Seconds after which a press is answered neutrally: until then the button looks as if it were not heard."""


class Press:
    """A press that waits for its answer; Telegram shows the first one only. `close` it whatever happens."""

    def __init__(self, query: CallbackQuery, lang: str) -> None:
        self._query = query
        self._lang = lang
        self._neutral: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(NEUTRAL_AFTER, self._answer_neutrally)

    async def answer(self, toast: Card | None) -> bool:
        """Answer with `toast`; False where the person will not see it, having been answered neutrally before."""
        self.close()
        if self._neutral:
            await self._neutral
            return False
        text = render.toast_text(toast, self._lang) if toast else None
        await self._say(text, alert=bool(toast and toast.alert))
        return True

    def close(self) -> None:
        """Nothing is answered by itself any more."""
        self._timer.cancel()

    def _answer_neutrally(self) -> None:
        said = plain(say(self._lang, "common.working"))
        self._neutral = asyncio.create_task(self._say(said, alert=False))

    async def _say(self, text: str | None, *, alert: bool) -> None:
        try:
            await self._query.answer(text=text, show_alert=alert)
        except TelegramError as error:
            log.info("a press went unanswered: %s", error)  # too old: the person has long moved on
