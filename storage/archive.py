"""Which documents make up a broadcast, and how they leave the room once its archive has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playbooks.aftercare import OPEN
from playbooks.chase import ALIVE
from playbooks.followup import FollowUp
from playbooks.notes import OPEN as OPEN_NOTES
from playbooks.questions import ALIVE as ALIVE_QUESTIONS
from storage.books import (
    BROADCASTS,
    CHASES,
    CORRECTIONS,
    FOLLOW_UPS,
    HOLDS,
    IMPORTS,
    JOURNAL,
    LADDERS,
    LISTINGS,
    MEMBERS,
    NOTES,
    NOTICES,
    OFFERS,
    ORDERS,
    PREFLIGHTS,
    PRICE_REPORTS,
    QUESTIONS,
    ROOMS,
    SENT,
    SHEETS,
    RoomBooks,
)
from storage.store import Book, Document

Ids = dict[Book[Any], list[str]]
Seen = tuple[Book[Any], Document | None]


def is_open(books: RoomBooks, broadcast: str) -> bool:
    """Whether anything of the broadcast is still to be done, or a file waits that may tell of it."""
    if books.jobs.by("state", "waiting"):
        return True
    chases = (one.broadcast for state in ALIVE for one in books.chases.by("state", state))
    holds = (one.broadcast for state in OPEN for one in books.holds.by("state", state))
    asked = (one.broadcast for state in ALIVE_QUESTIONS for one in books.questions.by("state", state))
    noted = (one.broadcast for state in OPEN_NOTES for one in books.notes.by("state", state))
    if any(broadcast in some for some in (chases, holds, asked, noted)):
        return True
    items = (one for state in ("open", "claimed") for one in books.follow_ups.by("state", state))
    return any(broadcast in (_of_order(books, item.order_id), _of_gifts(books, item)) for item in items)


def documents(books: RoomBooks, broadcast: str) -> Ids:
    """What leaves the room with the broadcast, in the order it must leave.

    Taken up again after a crash, what is left must still be found: follow-ups by their orders, offers by their
    listings, messages by whatever they are about.
    """
    orders = books.orders.by("broadcast", broadcast)
    listings = books.listings.by("broadcast", broadcast)
    found: Ids = {
        JOURNAL: [one.id for one in books.journal.by("broadcast", broadcast)],
        PRICE_REPORTS: [one.id for one in books.price_reports.by("broadcast", broadcast)],
        CORRECTIONS: [one.id for one in books.corrections.by("broadcast", broadcast)],
        SHEETS: [one.id for one in books.sheets.by("broadcast", broadcast)],
        NOTICES: [one.id for one in books.notices.by("broadcast", broadcast)],
        FOLLOW_UPS: [one.id for o in orders for one in books.follow_ups.by("order_id", o.order_id)]
        + [one.id for one in books.follow_ups.by("kind", "gift") if _of_gifts(books, one) == broadcast],
        OFFERS: [one.id for listing in listings for one in books.offers.by("listing", listing.id)],
        LISTINGS: [one.id for one in listings],
        CHASES: [one.id for one in books.chases.by("broadcast", broadcast)],
        QUESTIONS: [one.id for one in books.questions.by("broadcast", broadcast)],
        PREFLIGHTS: [broadcast] if books.preflights.get(broadcast) else [],
        LADDERS: [broadcast] if books.ladders.get(broadcast) else [],
        NOTES: [one.id for one in books.notes.by("broadcast", broadcast)],
        HOLDS: [one.id for one in books.holds.by("broadcast", broadcast)],
        ORDERS: [one.id for one in orders],
    }
    if not any(found.values()):
        return {}
    about = {broadcast}.union(*found.values())
    return {SENT: [one.id for one in books.sent.scan() if about & {*one.id.split(":")}], **found}


def context(books: RoomBooks, broadcast: str) -> Ids:
    """What the room keeps and the archive has a copy of, so that it can be read by itself."""
    return {
        ROOMS: [one.id for one in books.room.scan()],
        MEMBERS: [one.id for one in books.members.scan()],
        IMPORTS: [one.id for one in books.imports.scan()],
        BROADCASTS: [broadcast],
    }


def drop_unchanged(books: RoomBooks, seen: Iterable[Seen]) -> None:
    """In a unit: drop the documents that are still as they were seen; what changed since stays."""
    for book, document in seen:
        shelf = books.raw.shelf(book)
        if document is not None and shelf.get(document.id) == document:
            shelf.drop(document.id)


def _of_gifts(books: RoomBooks, item: FollowUp) -> str:
    """The broadcast of a product's gifts, which are no single order's."""
    listing = books.listings.get(item.values.get("listing", ""))
    return listing.broadcast if listing else ""


def _of_order(books: RoomBooks, order_id: str) -> str:
    order = books.orders.get(f"{books.raw.room}-o{order_id}")
    return order.broadcast if order else ""
