"""The room's knowledge entries in its books: put in, taken out, and whether each may be offered as things stand."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from bot.card import line
from bot.desk import Desk
from playbooks import inducement, knowledge, quick
from playbooks.announce import Listing, Offer
from playbooks.knowledge import KnowledgeEntry, KnowledgeMark, Standing
from storage.rows import Line


def keep(entry: KnowledgeEntry, desk: Desk) -> KnowledgeEntry:
    """Put the entry into the room's knowledge; every change goes through here or `forget`, or it is not found."""
    _mark(entry.model_dump_json(), desk)
    return desk.books.knowledge.put(entry)


def forget(entry: KnowledgeEntry, desk: Desk) -> None:
    """Take the entry out of the room's knowledge."""
    _mark(entry.id, desk)
    desk.books.knowledge.drop(entry.id)


def _mark(change: str, desk: Desk) -> None:
    """Each change is hashed onto the ones before: the mark says which entries there are without reading them."""
    stands = desk.books.knowledge_mark.get(desk.room.id)
    mark = hashlib.sha256(f"{stands.mark if stands else ''}\n{change}".encode()).hexdigest()
    desk.books.knowledge_mark.put(KnowledgeMark(id=desk.room.id, mark=mark))


def earlier(listing: Listing, desk: Desk) -> list[Offer]:
    """The former revisions of a product's offer."""
    versions = desk.books.offers.by("listing", listing.id)
    return [one.offer for one in versions if one.offer.revision != listing.offer.revision]


def stated(desk: Desk) -> dict[str, str]:
    """What the room says of itself today, by topic."""
    return quick.in_force(desk.books.ready_answers.scan(), desk.now)


def listing_of(entry: KnowledgeEntry, desk: Desk) -> Listing | None:
    """The entry's product on today's sheet."""
    return next((one for one in desk.listings() if one.name == entry.product), None)


def standing_of(entry: KnowledgeEntry, desk: Desk) -> Standing:
    """Whether the entry may be offered now."""
    return stands(entry, listing_of(entry, desk), stated(desk), desk)


def stands(entry: KnowledgeEntry, listing: Listing | None, says: dict[str, str], desk: Desk) -> Standing:
    """The same for whoever has read the product's listing and what the room states already."""
    former = earlier(listing, desk) if listing else []
    offer = listing.offer if listing else None
    return knowledge.standing(entry, desk.now, offer, former, quick.enabled(says))


def check(entry: KnowledgeEntry, desk: Desk) -> None:
    """Refuses an entry that could not be offered: see knowledge.check; nothing is given for a review (K01)."""
    if entry.source != "handbook":  # which tells staff what is forbidden
        inducement.check(entry.answer)
    listing = listing_of(entry, desk)
    former = earlier(listing, desk) if listing else []
    offer = listing.offer if listing else None
    knowledge.check(entry.answer, offer, former, quick.enabled(stated(desk)), desk.room.lang)


def until_line(entry: KnowledgeEntry, desk: Desk) -> Line | None:
    """The last day it holds; None where it has no end."""
    if entry.valid_until is None:
        return None
    last = (entry.valid_until - timedelta(seconds=1)).astimezone(desk.zone)
    return line("kb.until", day=f"{last:%Y-%m-%d}")


def origin(entry: KnowledgeEntry, desk: Desk) -> Line:
    """Whose entry it is and when it was last looked at (A10)."""
    local = entry.changed_at.astimezone(desk.zone)
    return line(f"kb.from_{entry.source}", owner=desk.name(entry.owner), day=f"{local:%m-%d}")
