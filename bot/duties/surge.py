"""The room's threshold for a surge: `/surge 12`. Where it is looked for: bot/surging.py."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.surging import load_now, threshold
from playbooks import announce, surge
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE


def surge_(call: Call, desk: Desk) -> list[Card]:
    """`/surge` tells what comes in a minute now; `/surge 12` sets the room's threshold (B31)."""
    if not call.args:
        load = load_now(desk)
        said = line("surge.now", questions=str(load.questions), orders=str(load.orders), most=threshold(desk))
        return [tell(desk.me.id, said, line("surge.usage"))]
    most = announce.whole(call.args)
    if not most or most > surge.rules().highest:
        raise Refusal("surge.unreadable", highest=surge.rules().highest)
    desk.books.room.put(desk.room.changed(surge_per_minute=most))
    return [tell(desk.me.id, line("surge.set", most=most))]


DUTY = DutySpec("surge", commands=(Command("surge", surge_, words=("流量提醒",), roles=IN_CHARGE),))
