"""What is known to a room and how it is found: quick replies, ready answers, the run sheet's FAQ, the entries.

Texts are made from the books as they stand when asked; only what is searched by is kept from one query to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot import entries
from bot.card import line
from bot.desk import Desk
from bot.disputes import of_listing, open_reports
from bot.remembered import Remembered
from playbooks import knowledge, quick
from playbooks.announce import Listing
from playbooks.knowledge import Hit, Index, KnowledgeEntry, Searched
from playbooks.model import Refusal
from playbooks.quick import QuickReply
from storage.rows import Line

LOOKED_AT = 20
"""Hits looked at: those that may not be offered now are left out of them."""
NEAR = 0.6
"""What fits much worse than the best is not meant."""

_replies: Remembered[object, tuple[QuickReply, ...]] = Remembered(2048)
_sheets: Remembered[tuple[Searched, ...], Index] = Remembered(64)
_entries: Remembered[str, Index] = Remembered(64)


@dataclass(frozen=True)
class Found:
    """One answer: its title, the parts to paste, where it is from, and how well it fits (1: wholly).

    `promise`: the topic where it promises what holds today alone, '' for all else (REQUIREMENTS K06).
    """

    title: Line
    parts: tuple[str, ...]
    source: Line
    score: float
    promise: str = ""


@dataclass(frozen=True)
class Answers:
    """The best answers first, how many fitting ones may not be offered now, and the products whose price is in dispute
    that other fitting ones name."""

    found: tuple[Found, ...]
    held_back: int
    disputed: tuple[Listing, ...] = ()


@dataclass(frozen=True)
class _Today:
    """What holds in a room now, read once a question: its products by id, what it says of itself, and the products by
    id whose price is in dispute."""

    listings: dict[str, Listing]
    says: dict[str, str]
    disputed: frozenset[str]


Replies = dict[str, tuple[QuickReply, Listing | None]]
"""Every quick reply there is, by the id it is searched under; None: of the whole room."""


def find(typed: str, most: int, desk: Desk) -> Answers:
    """At most `most` answers to what somebody typed: characters, pinyin, initials, with slips."""
    here = _today(desk)
    replies = _every_reply(here, desk)
    hits = _sheet(replies, here, desk).search(typed, LOOKED_AT) + _entry_hits(typed, desk)
    near = NEAR * max((hit.score for hit in hits), default=0.0)
    meant = sorted((hit for hit in hits if hit.score >= near), key=lambda hit: -hit.score)
    found = [
        (one, _disputed(hit, one, here, desk)) for hit in meant if (one := _found(hit, replies, here, desk))
    ]
    good = tuple(one for one, disputed in found if disputed is None)
    doubtful = {disputed.id: disputed for _, disputed in found if disputed}
    return Answers(good[:most], len(meant) - len(found), tuple(doubtful.values()))


def _today(desk: Desk) -> _Today:
    listings = {one.id: one for one in desk.asked_about()}
    broadcasts = {one.broadcast for one in listings.values()}
    open_ = (report for here in broadcasts for report in open_reports(desk, here))
    return _Today(listings, entries.stated(desk), frozenset(report.listing for report in open_))


def _disputed(hit: Hit, found: Found, here: _Today, desk: Desk) -> Listing | None:
    """The product whose price the answer names while it is in dispute: nobody may paste that (B03)."""
    for id in here.disputed & here.listings.keys():
        listing = here.listings[id]
        if _is_of(hit, listing, desk) and _names_price(found.parts, listing):
            return listing
    return None


def _is_of(hit: Hit, listing: Listing, desk: Desk) -> bool:
    entry = desk.books.knowledge.get(hit.id)
    return entry.product == listing.name if entry else f" {listing.id} " in hit.id


def _names_price(parts: Iterable[str], listing: Listing) -> bool:
    return any(fact.startswith("¥") for fact in knowledge.quotes("\n".join(parts), listing.offer))


def _found(hit: Hit, replies: Replies, here: _Today, desk: Desk) -> Found | None:
    """What was hit, made as of now; None where it may not be offered."""
    if hit.id in replies:
        return _reply_found(*replies[hit.id], hit.score)
    if hit.id.startswith("faq "):
        _, id, number = hit.id.split(" ")
        return _faq_found(here.listings[id], int(number), hit.score, desk)
    return _entry_found(hit, here, desk)


# -- the run sheet and the room ---------------------------------------------------------------------


def replies(listing: Listing, desk: Desk) -> tuple[QuickReply, ...]:
    """The quick replies of a product, from the offer in force; while its price is in dispute those that name none."""
    known = _replies_of(listing, entries.stated(desk), desk)
    if not of_listing(desk, listing):
        return known
    return tuple(one for one in known if not _names_price(one.parts, listing))


def _replies_of(listing: Listing, says: dict[str, str], desk: Desk) -> tuple[QuickReply, ...]:
    platform, lang = desk.room.platform, desk.room.lang
    source = (listing, says, platform, lang)
    return _replies.of(listing.id, source, lambda: quick.for_product(listing, platform, says, lang))


def _every_reply(here: _Today, desk: Desk) -> Replies:
    of_room = quick.for_room(desk.room.platform, here.says, desk.room.lang)
    made: Replies = {f"room {one.id}": (one, None) for one in of_room}
    for listing in here.listings.values():
        for one in _replies_of(listing, here.says, desk):
            made[f"reply {listing.id} {one.id}"] = (one, listing)
    return made


def _sheet(replies: Replies, here: _Today, desk: Desk) -> Index:
    """The replies by product and topic, and the run sheet's FAQ; prices are not searched, so they may move."""
    searched = [Searched(id, reply.words) for id, (reply, _) in replies.items()]
    for listing in here.listings.values():
        for number, said in enumerate(listing.product.faq):
            question, answer = knowledge.read_faq(said)
            phrase = f"{listing.link_no}号{listing.name}{question}"
            searched.append(Searched(f"faq {listing.id} {number}", (phrase,), answer))
    return _sheets.of(desk.room.id, tuple(searched), lambda: Index(searched))


def _reply_found(reply: QuickReply, listing: Listing | None, score: float) -> Found:
    """A quick reply as an answer: of a product with the offer's revision, else of the room."""
    topic = line(f"quick.title_{reply.id}")
    if listing is None:
        promise = reply.id if reply.id in quick.for_today() else ""
        return Found(line("quick.of_room", topic=topic), reply.parts, line("quick.from_room"), score, promise)
    title = line("quick.of_product", number=listing.link_no, name=listing.name, topic=topic)
    return Found(title, reply.parts, line("quick.from_offer", revision=reply.revision), score)


def _faq_found(listing: Listing, number: int, score: float, desk: Desk) -> Found | None:
    """The sheet's own FAQ, unless it quotes a price that is not so any more."""
    question, answer = knowledge.read_faq(listing.product.faq[number])
    if knowledge.outdated(answer, listing.offer, entries.earlier(listing, desk)):
        return None
    title = line("quick.of_product", number=listing.link_no, name=listing.name, topic=question)
    return Found(title, _parts(answer, desk), line("quick.from_sheet"), score)


def promise_text(topic: str, desk: Desk) -> str:
    """What buyers are told on a topic that holds today alone. Raises Refusal `promise.not_today` where nothing is."""
    of_room = quick.for_room(desk.room.platform, entries.stated(desk), desk.room.lang)
    reply = next((one for one in of_room if one.id == topic and topic in quick.for_today()), None)
    if reply is None:
        raise Refusal("promise.not_today")
    return "".join(reply.parts)


# -- the entries ------------------------------------------------------------------------------------


def _entry_hits(typed: str, desk: Desk) -> list[Hit]:
    stands = desk.books.knowledge_mark.get(desk.room.id)
    if stands is None:
        return []
    shelf = desk.books.knowledge
    index = _entries.of(desk.room.id, stands.mark, lambda: Index(_offered(shelf.scan())))
    return index.search(typed, LOOKED_AT)


def _offered(known: Iterable[KnowledgeEntry]) -> Iterator[Searched]:
    """What is searched: approved entries by question and other names, each with and without the product's name."""
    for entry in known:
        if entry.state == "approved":
            phrases = (entry.question, *entry.aliases)
            named = tuple(f"{entry.product}{phrase}" for phrase in phrases if entry.product not in phrase)
            yield Searched(entry.id, phrases + named, entry.answer)


def _entry_found(hit: Hit, here: _Today, desk: Desk) -> Found | None:
    entry = desk.books.knowledge.get(hit.id)
    assert entry is not None  # the index is of these very entries
    listing = next((one for one in here.listings.values() if one.name == entry.product), None)
    if entries.stands(entry, listing, here.says, desk) != "good":
        return None
    title = line("common.verbatim", text=entry.question)
    return Found(title, _parts(entry.answer, desk), entries.origin(entry, desk), hit.score)


def _parts(text: str, desk: Desk) -> tuple[str, ...]:
    return quick.in_parts(text, quick.rules(desk.room.lang).part)
