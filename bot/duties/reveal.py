"""`/reveal` 查看买家: who has an order's open work in hand sees its buyer's fields, in private, for two minutes.

Each look is in the journal: who, which order, which fields, never what they say. The card in the outbox names the
order alone; the values are opened when it is sent, and only if the work is still in the same hands.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from bot.asking import ask
from bot.call import Call
from bot.card import Card, copy, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.open_work import has_open_work, watch_buyers, work_of
from playbooks.broadcast import business_day
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.privacy.buyers import may_look
from playbooks.room import SERVICE, Member
from storage.rows import Due

SHOWN_SECONDS = 120
LOOKED_AT_ONCE = 300
GOES_ON_AFTER = timedelta(seconds=1)


def reveal(call: Call, desk: Desk) -> list[Card]:
    """`/reveal 6917…`; a manager who has not the work in hand says why: `/reveal 6917… 买家来电核对地址`."""
    order_id, _, reason = call.args.partition(" ")
    if not call.private:  # where a private chat fails, an answer comes to the group instead
        raise Refusal("reveal.private_only")
    if not order_id:
        raise Refusal("reveal.usage")
    if not desk.buyers.has(order_id):
        raise _not_there(order_id, desk)
    reason = checked_note(reason.strip())
    try:
        _check(desk.me, order_id, reason, desk)
    except Refusal as refusal:
        if refusal.key == "reveal.reason_missing":
            return ask(f"reveal {order_id}", "reveal.ask_why", desk)
        raise
    fields = desk.buyers.look(order_id)
    if not fields:
        raise Refusal("reveal.unreadable", order_id=order_id)
    desk.note("revealed", order_id=order_id, fields=" ".join(fields), reason=reason)
    why = " reason" if reason else ""
    said = lines(line("reveal.head", order_id=order_id, minutes=SHOWN_SECONDS // 60))
    return [
        tell(
            desk.me.id,
            said,
            told=f"buyer {order_id}",
            about=f"buyer {order_id}{why}",
            buttons=((copy("chase.copy_order", order_id),),),
            vanishes=SHOWN_SECONDS,
        )
    ]


def _not_there(order_id: str, desk: Desk) -> Refusal:
    """Why nothing is kept: destroyed when its time was over, or never kept, or no more."""
    order = desk.books.orders.get(f"{desk.room.id}-o{order_id}")
    day = business_day(order.created_at or order.as_of, desk.zone) if order else None
    if day and (days := desk.buyers.kept_for(day)):
        return Refusal("reveal.shredded", order_id=order_id, days=days)
    return Refusal("reveal.nothing", order_id=order_id)


def _check(me: Member, order_id: str, reason: str, desk: Desk) -> None:
    chase, hold, items = work_of(order_id, desk)
    may_look(me, order_id, chase=chase, hold=hold, items=items, reason=reason, now=desk.now)


def still_theirs(card: Card, desk: Desk) -> Card | None:
    """Right before it leaves: the work is still in the person's hands, or who gave a reason is still a manager."""
    _, order_id, *reason = card.about.split(" ")
    try:
        _check(desk.member(card.person), order_id, " ".join(reason), desk)
    except Refusal:
        said = line("reveal.not_yours", order_id=order_id)
        return card.changed(lines=(said,), told="", buttons=(), vanishes=0)
    return card


def tidy(row: Due, desk: Desk) -> list[Card]:
    """The fields of orders with nothing open any more are dropped; so many at a time that a press can come between."""
    first = int(row.values.get("first", "0"))
    some = list(islice(desk.books.buyers.scan(), first, first + LOOKED_AT_ONCE))
    over = [one.order_id for one in some if not has_open_work(one.order_id, desk)]
    for order_id in over:
        desk.buyers.drop(order_id)
    if len(some) < LOOKED_AT_ONCE:
        watch_buyers(desk)
    else:
        rest = str(first + len(some) - len(over))
        desk.later("buyers", desk.now + GOES_ON_AFTER, desk.room.id, cool_down=1, first=rest)
    return []


DUTY = DutySpec(
    "reveal",
    commands=(Command("reveal", reveal, words=("查看买家",), roles=SERVICE, private=True),),
    due={"buyers": tidy},
    fresh={"buyer": still_theirs},
)
