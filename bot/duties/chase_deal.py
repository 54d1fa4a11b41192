"""Dealing the queue 派单: `/assign` hands the most urgent orders round to those on duty, by capacity (B09)."""

from __future__ import annotations

from collections import Counter

from bot import chase_book, vips
from bot.call import Call
from bot.card import Card, button, line, lines, tell
from bot.chase_passing import hand_to, hands
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import chase
from playbooks.chase import Chase, Hand
from playbooks.room import IN_CHARGE


def deal(call: Call, desk: Desk) -> list[Card]:
    """One round: everybody on duty gets what they have a hand free for, and one card that opens it."""
    there = hands(desk)
    if not there:
        return [tell(desk.me.id, line("chase.deal_nobody"))]
    own = _to_their_own(there, desk)
    waiting = chase_book.queue(desk, sum(hand.free for hand in there))
    dealt = [*own, *chase.deal(waiting, hands(desk))]
    for one, who in dealt[len(own) :]:
        hand_to(one, who, desk)
    if not dealt:
        return [tell(desk.me.id, line("chase.deal_full" if _waiting(desk) else "chase.none"))]
    counts = Counter(who for _, who in dealt)
    each = (line("chase.deal_one", name=desk.name(who), count=count) for who, count in counts.items())
    done = tell(desk.me.id, lines(line("chase.deal_done", count=len(dealt)), each))
    return [done, *(_told(who, count, desk) for who, count in counts.items())]


def _to_their_own(there: list[Hand], desk: Desk) -> list[tuple[Chase, str]]:
    """The orders of VIPs in the hands of the agents they are kept for, as far as those have one free (I04)."""
    free = {hand.who: hand.free for hand in there}

    def is_theirs(one: Chase) -> bool:
        who = vips.kept_for(one, desk)
        ledger, others = chase_book.ledger_of(one, desk), chase_book.of_buyer(one, desk)
        return bool(free.get(who)) and chase.open_to(one, others, ledger, who, desk.now)

    dealt = []
    for one in chase.due(desk.chases(), desk.now, sum(free.values()), is_theirs):
        who = vips.kept_for(one, desk)
        if free.get(who):
            free[who] -= 1
            dealt.append((hand_to(one, who, desk), who))
    return dealt


def _waiting(desk: Desk) -> bool:
    return bool(chase_book.queue(desk, 1))


def _told(who: str, count: int, desk: Desk) -> Card:
    said = line("chase.dealt", count=count, by=desk.me.name)
    return tell(who, said, buttons=((button("chase.open_mine", "chase"),),), key=f"dealt:{who}", rank="work")


DUTY = DutySpec(
    "chase_deal",
    commands=(Command("assign", deal, words=("派单",), roles=IN_CHARGE, args=False, private=True),),
)
