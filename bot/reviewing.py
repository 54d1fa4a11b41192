"""A broadcast's review from the room's books, and the cards that bring it; the figures are the playbook's."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.card import Card, button, line, tell
from bot.desk import Desk
from playbooks import knowledge, review_marks
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from playbooks.followup import FollowUp
from playbooks.knowledge import KnowledgeEntry
from playbooks.questions import default_targets, late_after
from playbooks.review import Review, summarise
from playbooks.room import Room
from storage.books import RoomBooks
from storage.rows import Import


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
        follow_ups=follow_ups_of(books, here.id),
        reports=books.price_reports.by("broadcast", here.id),
        corrections=books.corrections.by("broadcast", here.id),
        questions=books.questions.by("broadcast", here.id), answer_within=late_after(
            books.question_targets.get(room.id) or default_targets(room.id)
        ),
        entered=kept.review_entries.get(here.id), items=kept.action_items.scan(), marks=kept.review_marks.scan(),
        lost=kept.lost_inquiries.by("broadcast", here.id), wanted=kept.needs.by("broadcast", here.id),
        stale=_stale(books, kept, here, now),
        names={m.id: m.name for m in books.members.scan()},
        zone=ZoneInfo(room.zone), now=now, data_until=data_until(books), version=here.reviewed,
    )  # fmt: skip


def follow_ups_of(books: RoomBooks, broadcast: str) -> list[FollowUp]:
    """Those of the broadcast's orders, and the gifts owed for its products, which are of no single order."""
    numbers = {order.order_id for order in books.orders.by("broadcast", broadcast)}
    listings = {one.id for one in books.listings.by("broadcast", broadcast)}
    gifts = [one for one in books.follow_ups.by("kind", "gift") if not one.order_id]
    return [
        *(one for number in numbers for one in books.follow_ups.by("order_id", number)),
        *(one for one in gifts if one.values.get("listing") in listings),
    ]


def _stale(books: RoomBooks, kept: RoomBooks, here: Broadcast, now: datetime) -> list[str]:
    """The questions whose approved answer quotes an offer of the broadcast that is in force no more (A07)."""
    listings = {one.name: one for one in books.listings.by("broadcast", here.id)}
    known = [one for one in kept.knowledge.scan() if one.state == "approved" and one.product in listings]
    return [one.question for one in known if _quotes_the_old(one, listings[one.product], books, now)]


def _quotes_the_old(entry: KnowledgeEntry, listing: Listing, books: RoomBooks, now: datetime) -> bool:
    versions = books.offers.by("listing", listing.id)
    former = [one.offer for one in versions if one.offer.revision != listing.offer.revision]
    return knowledge.standing(entry, now, listing.offer, former, ()) == "old_offer"


def review_cards(manager: str, here: Broadcast) -> list[Card]:
    """For one manager: the text, the picture with the button that shares it, the workbook."""
    share = (
        (button("review.share", f"share {here.id}"), button("review.why", f"why {here.id}")),
        (button("review.enter", f"enter {here.id}"), button("review.action", f"action {here.id}")),
    )
    return [
        tell(manager, told=f"review_text {here.id}", rank="digest"),
        tell(manager, told=f"review_more {here.id}", rank="digest", silent=True),
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
    """The managers' review of each broadcast once an export tells what became of it after it ended, and again later.

    The next broadcast may be planned by then. `new.counts` tells by `about(id)` how many orders of one changed.
    """
    begun = sorted(
        (b for b in desk.books.broadcasts.scan() if b.live_at or b.stage == "ended"), key=lambda b: b.number
    )
    ended = [one for one in begun if one.stage == "ended"]
    made = [made_anew(one, desk) for one in ended if _is_due(one, new, desk, newest=one is begun[-1])]
    return [card for one in made for m in desk.with_role("manager") for card in review_cards(m.id, one)]


def about(broadcast: str) -> str:
    """The name under which an import counts the changed orders of a broadcast."""
    return f"about_{broadcast}"


def _is_due(one: Broadcast, new: Import, desk: Desk, *, newest: bool) -> bool:
    """Whether the import makes a review: the first that tells the end, then newer data that says something new.

    Of the newest broadcast that has begun every export does; once the next is on air, exports are about that one.
    """
    if one.ended_at is None or not _tells_the_end(new.as_of, one, desk):
        return False
    made = one.reviewed_until
    if made is None or not _tells_the_end(made, one, desk):
        return True
    return made < new.as_of and (newest or new.counts.get(about(one.id), 0) > 0)


def made_anew(here: Broadcast, desk: Desk) -> Broadcast:
    """The next version of a broadcast's review is made from now on."""
    # Nothing newer is counted to a broadcast once it is archived.
    until = here.reviewed_until if here.stage == "archived" else data_until(desk.books)
    made = desk.books.broadcasts.put(here.changed(reviewed=here.reviewed + 1, reviewed_until=until))
    desk.note("review", here.id, broadcast=here.id, version=str(made.reviewed))
    if here.stage != "archived":  # its rows are in its archive
        told = review_of(desk.books, desk.room, made, desk.now)
        known = desk.books.review_marks.get(here.id)
        desk.books.review_marks.put(review_marks.marked(known, told, here.number))
    return made


def _tells_the_end(as_of: datetime, here: Broadcast, desk: Desk) -> bool:
    """Whether every order of the broadcast had the time to be paid or to die."""
    assert here.ended_at
    life = desk.unpaid_life()
    return as_of >= here.ended_at + life if life else as_of >= here.ended_at
