"""Telegram with a road to it: every call is under way for a while before its effect, and its answer after it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rehearsal.telegram import TelegramCore
from bot.rehearsal.telegram.core import Call
from bot.rehearsal.telegram.params import Upload

ROAD = (0.02, 0.12)
"""Seconds each way, shortest and longest."""
SENDS = ("sendmessage", "senddocument", "sendphoto", "editmessagetext", "editmessagereplymarkup")


@dataclass(frozen=True)
class Heard:
    """A message as it was delivered or edited: what somebody could read at that moment."""

    chat: int
    message_id: int
    text: str
    edited: bool
    life: int
    """Which of the bot's processes asked for it, counted from 1."""


ASKED_BY: ContextVar[int] = ContextVar("asked_by", default=0)


class Wire(TelegramCore):
    """The core, with what went over the wire: polls begun, updates told again, sends on their way.

    `lives` counts the processes that were started so far; before the first there is no road.
    """

    def __init__(self, now: Callable[[], datetime], *, token: str, seed: int) -> None:
        super().__init__(now, token=token)
        self.heard: list[Heard] = []
        self.lives = 0
        self.polls = 0
        self.told: dict[int, int] = {}
        self.listeners.append(self._listen)
        self._chance = random.Random(seed)
        self._going: dict[int, tuple[str, str]] = {}

    def under_way(self) -> list[tuple[str, str]]:
        """Sends and edits on the road now: (method, `there` before its effect or `back` after it)."""
        return [each for each in self._going.values() if each[0] in SENDS]

    async def handle(
        self, token: str, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """See TelegramCore."""
        name = method.lower()
        if not self.lives:  # the evening is being set up
            return await super().handle(token, method, raw, files)
        if name == "getupdates":
            self.polls += 1
            self.pulse.beat()
            return await super().handle(token, method, raw, files)
        mine = id(raw)
        ASKED_BY.set(self.lives)  # a call of a killed process may take effect when the next one lives already
        try:
            self._going[mine] = name, "there"
            await asyncio.sleep(self._chance.uniform(*ROAD))
            answer = await super().handle(token, method, raw, files)
            self._going[mine] = name, "back"
            await asyncio.sleep(self._chance.uniform(*ROAD))
            return answer
        finally:
            del self._going[mine]

    def _listen(self, call: Call) -> None:
        name = call.method.lower()
        if name == "getupdates" and isinstance(call.result, list):
            for update in call.result:
                self.told[update["update_id"]] = self.told.get(update["update_id"], 0) + 1
        if name in SENDS and isinstance(call.result, dict):
            text = call.result.get("text") or call.result.get("caption") or ""
            where = call.result["chat"]["id"], call.result["message_id"]
            self.heard.append(Heard(*where, text, name.startswith("edit"), ASKED_BY.get()))
