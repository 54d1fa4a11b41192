"""`/health` 体检: a manager asks in private whether the bot itself is well."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks.room import MANAGERS


def health(call: Call, desk: Desk) -> list[Card]:
    """What is found is made when the card is sent: it is asked of Telegram, which no duty knows."""
    return [tell(desk.me.id, line("health.head", at=desk.clock(desk.now)), told="health")]


DUTY = DutySpec(
    "health",
    commands=(
        Command("health", health, words=("体检",), roles=MANAGERS, reads=True, args=False, private=True),
    ),
)
