"""What buyers of the broadcast just ended are owed becomes follow-ups as soon as an export tells who they are."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Card, line, tell
from bot.desk import Desk
from bot.following import keep_settled
from bot.gifting import owed, promising
from playbooks.broadcast import Broadcast
from playbooks.followup import FollowUp
from playbooks.followup.owed import from_gifts, from_price, gift_id, gifts_settled
from playbooks.price_report import placed_meanwhile

WITHIN = timedelta(days=7)
"""How long after its end a broadcast's orders are looked through."""


def owed_work(desk: Desk) -> list[Card]:
    """New follow-ups for gifts no export shows and for orders placed while a price was in dispute (A03, B03); those a
    newer export settles are closed. Whoever sent the file hears of new ones."""
    here = _just_ended(desk)
    if here is None:
        return []
    gifts, prices = _gifts(here, desk), _prices(here, desk)
    if not (gifts or prices):
        return []
    return [tell(desk.me.id, line("followup.owed_new", gifts=gifts, prices=prices), silent=True)]


def _just_ended(desk: Desk) -> Broadcast | None:
    ended = (b for b in desk.books.broadcasts.scan() if b.stage == "ended" and b.ended_at)
    newest = max(ended, key=lambda b: b.number, default=None)
    return newest if newest and newest.ended_at and newest.ended_at > desk.now - WITHIN else None


def _gifts(here: Broadcast, desk: Desk) -> int:
    """Of how many products gifts are newly owed; those there are say how many are left, or are closed."""
    orders, begun = desk.books.orders.by("broadcast", here.id), 0
    for listing in promising(here, desk):
        due = owed(listing, orders, desk)
        known = desk.books.follow_ups.get(gift_id(desk.room.id, listing))
        if known:
            keep_settled(known, gifts_settled(known, due), desk)
        elif new := from_gifts(desk.room.id, listing, due, desk.now):
            begun += _begin(new, here, desk)
    return begun


def _prices(here: Broadcast, desk: Desk) -> int:
    orders = desk.books.orders.by("broadcast", here.id)
    reports = desk.books.price_reports.by("broadcast", here.id)
    found = (
        from_price(desk.room.id, report, order, desk.now)
        for report in reports
        for order in placed_meanwhile(report, orders, desk.now)
    )
    return sum(_begin(item, here, desk) for item in found if item)


def _begin(item: FollowUp, here: Broadcast, desk: Desk) -> bool:
    """Kept, unless there is or was one."""
    if desk.books.follow_ups.get(item.id) is not None:
        return False
    desk.books.follow_ups.put(item)
    desk.note("follow_new", item.id, broadcast=here.id, type=item.kind, order_id=item.order_id)
    return True
