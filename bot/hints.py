"""Hints for newcomers 新人提示: one line after the first use of each kind of work, one thing at a time (I09)."""

from __future__ import annotations

from bot import texts
from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk


def first_use(call: Call, desk: Desk) -> list[Card]:
    """The hint of the command a newcomer has just used for the first time; the text is `hint.<command>`."""
    me = desk.books.members.get(desk.me.id)  # the command itself may have changed it
    kind = call.command
    if me is None or not me.newcomer or kind in me.hinted or not texts.known(f"hint.{kind}"):
        return []
    desk.books.members.put(me.changed(hinted=(*me.hinted, kind)))
    return [tell(me.id, line(f"hint.{kind}"), silent=True, rank="work")]
