"""`/my` 我的: everything that is mine, of each kind what is due soonest first (B22)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.mine import all_of, counts


def my(call: Call, desk: Desk) -> list[Card]:
    """`/my`: chases, held orders, follow-ups, promises, questions … and the buttons that open them."""
    found = all_of(desk)
    if not found:
        return [tell(desk.me.id, line("my.nothing"))]
    said = lines(line("my.head", counts=counts(found)), *(one.said for one in found))
    return [tell(desk.me.id, said, buttons=tuple(row for one in found for row in one.rows))]


DUTY = DutySpec("my", commands=(Command("my", my, words=("我的",), reads=True, args=False, private=True),))
