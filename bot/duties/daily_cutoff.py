"""Today's cut-off 今日截单: asked in the morning, said by who packs or runs the stream, good for today (A14, F01)."""

from __future__ import annotations

from datetime import timedelta

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, tell
from bot.daily_day import refresh
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import quick
from playbooks.room import CONTROL

KEEPS = timedelta(days=7)
"""A cut-off said longer ago is not offered again."""


def cutoff(call: Call, desk: Desk) -> list[Card]:
    """`/cutoff 16:00`: orders paid until then leave today; alone it is asked for, with the last one to tap.

    Until it is said no text promises anything about today. Raises Refusal `ready.form`.
    """
    typed = call.args.strip()
    if not typed:
        return [_asked(desk)]
    topic = next(one for one in quick.topics() if one.id == "cutoff")
    answer = quick.state(
        desk.room.id, topic, typed, by=desk.me.id, now=desk.now, zone=desk.zone, lang=desk.room.lang
    )
    desk.books.ready_answers.put(answer)
    desk.note("ready", topic.id, change="set")
    return [tell(desk.me.id, line("cutoff.set", at=answer.value)), *refresh(desk)]


def _asked(desk: Desk) -> Card:
    """The question; whatever is typed next is the time, or the last one is tapped."""
    before = desk.books.ready_answers.get(f"{desk.room.id}-r:cutoff")
    asked = ask("cutoff", "cutoff.ask", desk)[0]
    if before is None or before.at < desk.now - KEEPS:
        return asked
    row = (button("cutoff.again", f"cutoff {before.value}", at=before.value),)
    return asked.changed(buttons=(row,))


DUTY = DutySpec(
    "daily_cutoff",
    commands=(Command("cutoff", cutoff, words=("今日截单", "截单"), roles=CONTROL | {"warehouse"}),),
)
