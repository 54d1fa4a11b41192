"""A broadcast's review from the room's books: gathering only, the figures are the playbook's."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from playbooks.broadcast import Broadcast
from playbooks.review import Review, summarise
from playbooks.room import Room
from storage.books import RoomBooks


def data_until(books: RoomBooks) -> datetime | None:
    """How recent the newest complete order export is; None before any."""
    return max((one.as_of for one in books.imports.scan() if one.kind == "orders" and one.done), default=None)


def review_of(books: RoomBooks, room: Room, here: Broadcast, now: datetime) -> Review:
    """What the books say of a broadcast as they stand."""
    return summarise(
        broadcast=here, room_shop=room.shop, platform=room.platform,
        listings=books.listings.by("broadcast", here.id), notices=books.notices.by("broadcast", here.id),
        journal=books.journal.by("broadcast", here.id), chases=books.chases.by("broadcast", here.id),
        orders=books.orders.by("broadcast", here.id), holds=books.holds.by("broadcast", here.id),
        follow_ups=list(books.follow_ups.scan()), names={m.id: m.name for m in books.members.scan()},
        zone=ZoneInfo(room.zone), now=now, data_until=data_until(books), version=here.reviewed,
    )  # fmt: skip
