"""A broadcast's review from the room's books; the figures are the playbook's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from playbooks import knowledge
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from playbooks.followup import FollowUp
from playbooks.journal import Entry
from playbooks.knowledge import KnowledgeEntry
from playbooks.orders import OrderState
from playbooks.promises import Promise
from playbooks.questions import default_targets, late_after
from playbooks.review import Review, summarise
from playbooks.review_work import READ, Worked, workload
from playbooks.room import Room
from storage.books import RoomBooks


def data_until(books: RoomBooks) -> datetime | None:
    """How recent the newest complete order export is; None before any."""
    return max((one.as_of for one in books.imports.scan() if one.kind == "orders" and one.done), default=None)


def review_of(
    books: RoomBooks, room: Room, here: Broadcast, now: datetime, *, kept: RoomBooks | None = None
) -> Review:
    """What the books say of a broadcast as they stand.

    `kept`: the room's own books, where `books` are those of an archive; what people entered stays there.
    """
    kept = kept or books
    orders = books.orders.by("broadcast", here.id)
    return summarise(
        broadcast=here, room_shop=room.shop, platform=room.platform,
        listings=books.listings.by("broadcast", here.id), notices=books.notices.by("broadcast", here.id),
        journal=books.journal.by("broadcast", here.id), chases=books.chases.by("broadcast", here.id),
        orders=orders, holds=books.holds.by("broadcast", here.id),
        follow_ups=follow_ups_of(books, here.id, orders),
        reports=books.price_reports.by("broadcast", here.id),
        corrections=books.corrections.by("broadcast", here.id),
        questions=books.questions.by("broadcast", here.id), answer_within=late_after(
            books.question_targets.get(room.id) or default_targets(room.id)
        ),
        entered=kept.review_entries.get(here.id), items=kept.action_items.scan(), marks=kept.review_marks.scan(),
        lost=kept.lost_inquiries.by("broadcast", here.id), wanted=kept.needs.by("broadcast", here.id),
        cases=kept.cases.by("broadcast", here.id), promised=promises_of(books, kept, here.id),
        own_references=kept.references.get(room.id),
        stale=_stale(books, kept, here, now), work=work_of(books, kept, here, room, now),
        serving={m.id for m in kept.members.scan() if "agent" in m.roles or "lead" in m.roles},
        names={m.id: m.name for m in books.members.scan()},
        zone=ZoneInfo(room.zone), now=now, data_until=data_until(books), version=here.reviewed,
    )  # fmt: skip


def work_of(
    books: RoomBooks, kept: RoomBooks, here: Broadcast, room: Room, now: datetime
) -> tuple[Worked, ...]:
    """What everybody did that day."""
    return workload(journal_of(books, kept), here, kept.broadcasts.scan(), ZoneInfo(room.zone), now)


def journal_of(books: RoomBooks, kept: RoomBooks) -> list[Entry]:
    """Who came, went and worked; what is archived may still stand in the room's own journal."""
    parts = (kept,) if kept is books else (kept, books)
    some = (one for part in parts for kind in READ for one in part.journal.by("kind", kind))
    return list({one.id: one for one in some}.values())


def follow_ups_of(books: RoomBooks, broadcast: str, orders: Iterable[OrderState]) -> list[FollowUp]:
    """Those of the broadcast's `orders`, and the gifts owed for its products, which are of no single order."""
    numbers = {order.order_id for order in orders}
    listings = {one.id for one in books.listings.by("broadcast", broadcast)}
    gifts = [one for one in books.follow_ups.by("kind", "gift") if not one.order_id]
    return [
        *(one for number in numbers for one in books.follow_ups.by("order_id", number)),
        *(one for one in gifts if one.values.get("listing") in listings),
    ]


def promises_of(books: RoomBooks, kept: RoomBooks, broadcast: str) -> list[Promise]:
    """Those about the broadcast's orders; about an order nobody knows, those made while it was the current one.

    `kept`: the room's own books, which keep promises when a broadcast is archived.
    """
    notes = (one for one in books.journal.by("broadcast", broadcast) if one.kind == "promise")
    made = {one.about for one in notes if one.values.get("step") == "made"}

    def belongs(promise: Promise) -> bool:
        id = f"{kept.raw.room}-o{promise.order_id}"
        order = books.orders.get(id) or kept.orders.get(id)
        return order.broadcast == broadcast if order and order.broadcast else promise.id in made

    return [one for one in kept.promises.scan() if belongs(one)]


def _stale(books: RoomBooks, kept: RoomBooks, here: Broadcast, now: datetime) -> list[str]:
    """The questions whose approved answer quotes an offer of the broadcast that is in force no more (A07)."""
    listings = {one.name: one for one in books.listings.by("broadcast", here.id)}
    known = [one for one in kept.knowledge.scan() if one.state == "approved" and one.product in listings]
    return [one.question for one in known if _quotes_the_old(one, listings[one.product], books, now)]


def _quotes_the_old(entry: KnowledgeEntry, listing: Listing, books: RoomBooks, now: datetime) -> bool:
    versions = books.offers.by("listing", listing.id)
    former = [one.offer for one in versions if one.offer.revision != listing.offer.revision]
    return knowledge.standing(entry, now, listing.offer, former, ()) == "old_offer"
