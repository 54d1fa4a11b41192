"""What is open of an order, across chase, audit and follow-up: for that long its buyer's fields are kept, sealed."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Row, button
from bot.desk import Desk
from playbooks import chase
from playbooks.aftercare import Hold
from playbooks.chase import Chase
from playbooks.followup import FollowUp
from playbooks.privacy.buyers import has_work

LOOK_EVERY = timedelta(minutes=15)
"""How long the fields of an order outlive its last open work, at most."""
Work = tuple[Chase | None, Hold | None, list[FollowUp]]


def work_of(order_id: str, desk: Desk) -> Work:
    """The order's chase, hold and follow-ups, open or not."""
    room, books = desk.room.id, desk.books
    return (
        books.chases.get(chase.chase_id(room, order_id)),
        books.holds.get(f"{room}-h{order_id}"),
        books.follow_ups.by("order_id", order_id),
    )


def has_open_work(order_id: str, desk: Desk) -> bool:
    """Whether anything of the order is still to be done."""
    return has_work(*work_of(order_id, desk))


def reveal_button(order_id: str, desk: Desk) -> Row:
    """The button that shows the buyer, where anything is kept of them."""
    return (button("reveal.button", f"reveal {order_id}"),) if order_id and desk.buyers.has(order_id) else ()


def watch_buyers(desk: Desk) -> None:
    """Have the kept fields looked through in a while, if any are kept: one due row a room."""
    waiting = desk.books.due.get(f"{desk.room.id}-d:buyers:{desk.room.id}")
    if waiting is None and len(desk.books.buyers):
        desk.later("buyers", desk.now + LOOK_EVERY, desk.room.id)
