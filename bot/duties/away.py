"""Away while the room is on air 挂起离线: what comes of a long break (REQUIREMENTS H08)."""

from __future__ import annotations

from bot import breaks
from bot.duty import DutySpec

DUTY = DutySpec("away", due={breaks.KIND: breaks.over})
