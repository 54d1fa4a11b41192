"""A broadcast's review from the room's books, and the cards that bring it; the figures are the playbook's."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.card import Card, button, line, tell
from bot.desk import Desk
from playbooks.broadcast import Broadcast
from playbooks.review import Review, summarise
from playbooks.room import Room
from storage.books import RoomBooks
from storage.rows import Import


def data_until(books: RoomBooks) -> datetime | None:
    """How recent the newest complete order export is; None before any."""
    return max((one.as_of for one in books.imports.scan() if one.kind == "orders" and one.done), default=None)


def review_of(books: RoomBooks, room: Room, here: Broadcast, now: datetime) -> Review:
    """What the books say of a broadcast as they stand."""
    orders = books.orders.by("broadcast", here.id)
    numbers = {order.order_id for order in orders}
    return summarise(
        broadcast=here, room_shop=room.shop, platform=room.platform,
        listings=books.listings.by("broadcast", here.id), notices=books.notices.by("broadcast", here.id),
        journal=books.journal.by("broadcast", here.id), chases=books.chases.by("broadcast", here.id),
        orders=orders, holds=books.holds.by("broadcast", here.id),

        follow_ups=[f for f in books.follow_ups.scan() if f.order_id in numbers],
        names={m.id: m.name for m in books.members.scan()},
        zone=ZoneInfo(room.zone), now=now, data_until=data_until(books), version=here.reviewed,
    )  # fmt: skip


def review_cards(manager: str, here: Broadcast) -> list[Card]:
    """For one manager: the text, the picture with the button that shares it, the workbook."""
    share = ((button("review.share", f"share {here.id}"),),)
    return [
        tell(manager, told=f"review_text {here.id}", rank="digest"),
        tell(
            manager,
            told=f"review_short {here.id}",
            attach=f"review.png {here.id}",
            buttons=share,
            rank="digest",
        ),
        tell(manager, line("review.workbook"), attach=f"review.xlsx {here.id}", rank="digest", silent=True),
    ]


def review_when_ready(new: Import, desk: Desk) -> list[Card]:
    """The managers' review once an export tells what became of the broadcast after it ended, and again later."""
    here = desk.broadcast()
    if (
        here is None
        or here.stage != "ended"
        or here.ended_at is None
        or not _tells_the_end(new.as_of, here, desk)
    ):
        return []
    made = made_anew(here, desk)
    return [card for m in desk.with_role("manager") for card in review_cards(m.id, made)]


def made_anew(here: Broadcast, desk: Desk) -> Broadcast:
    """The next version of a broadcast's review is made from now on."""
    made = desk.books.broadcasts.put(here.changed(reviewed=here.reviewed + 1))
    desk.note("review", here.id, broadcast=here.id, version=str(made.reviewed))
    return made


def _tells_the_end(as_of: datetime, here: Broadcast, desk: Desk) -> bool:
    """Whether every order of the broadcast had the time to be paid or to die."""
    assert here.ended_at
    life = desk.unpaid_life()
    return as_of >= here.ended_at + life if life else as_of >= here.ended_at
