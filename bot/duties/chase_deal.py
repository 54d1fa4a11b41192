"""Dealing the queue 派单: `/assign` hands the most urgent orders round to those on duty, by capacity (B09)."""

from __future__ import annotations

from collections import Counter

from bot import chase_book
from bot.call import Call
from bot.card import Card, button, line, lines, tell
from bot.chase_passing import hand_to, hands
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import chase
from playbooks.room import IN_CHARGE


def deal(call: Call, desk: Desk) -> list[Card]:
    """One round: everybody on duty gets what they have a hand free for, and one card that opens it."""
    there = hands(desk)
    if not there:
        return [tell(desk.me.id, line("chase.deal_nobody"))]
    waiting = chase_book.queue(desk, sum(hand.free for hand in there))
    dealt = chase.deal(waiting, there)
    for one, who in dealt:
        hand_to(one, who, desk)
    counts = Counter(who for _, who in dealt)
    each = (line("chase.deal_one", name=desk.name(who), count=count) for who, count in counts.items())
    done = tell(desk.me.id, lines(line("chase.deal_done", count=len(dealt)), each))
    return [done, *(_told(who, count, desk) for who, count in counts.items())]


def _told(who: str, count: int, desk: Desk) -> Card:
    said = line("chase.dealt", count=count, by=desk.me.name)
    return tell(who, said, buttons=((button("chase.open_mine", "chase"),),), key=f"dealt:{who}", rank="work")


DUTY = DutySpec(
    "chase_deal",
    commands=(Command("assign", deal, words=("派单",), roles=IN_CHARGE, args=False, private=True),),
)
