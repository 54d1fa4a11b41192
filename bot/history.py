"""What was in force at a minute of the broadcast, from the room's books, in lines for whoever asks (B04)."""

from __future__ import annotations

from datetime import datetime

from bot.card import line, lines
from bot.desk import Desk
from bot.offer import change_line, name_of, offer_lines, promo_lines
from bot.undoing import aired
from playbooks import announce, gifts_then, in_force, products
from playbooks.announce import GiftCount, Listing, Offer
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.orders import sold_as
from playbooks.runsheet.numbers import as_numbered
from storage.rows import Line


def moment_of(said: str, desk: Desk) -> tuple[Broadcast, datetime]:
    """The broadcast and the moment `20:14` or `11-11 20:14` means.

    Raises Refusal `travel.time`, `travel.future`, `travel.no_broadcast`.
    """
    today = desk.now.astimezone(desk.zone).date()
    day = in_force.dated(said, today, desk.zone)
    known = sorted((b for b in desk.books.broadcasts.scan() if b.stage != "archived"), key=lambda b: b.number)
    meant = [b for b in known if b.opened_on == day] if day else [b for b in known if b.live_at] or known
    if not meant:
        raise Refusal("travel.no_broadcast")
    # The next one's sheet may be there already.
    here = next((b for b in reversed(meant) if b.live_at), meant[-1])
    at = in_force.moment(said, here.opened_on, min(here.ended_at or desk.now, desk.now), desk.zone)
    if at > desk.now:
        raise Refusal("travel.future", at=desk.clock(at))
    return here, at


def product_then(word: str, said: str, desk: Desk, *, promo: bool = False) -> list[Line]:
    """A product's offer at that minute; without a word the product that was on air then."""
    here, at = moment_of(said, desk)
    listings = desk.books.listings.by("broadcast", here.id)
    if word:
        named = as_numbered(listings, at)  # who says 3 means the product that was 3 then
        return _then(products.find(named, word), at, desk, promo=promo)
    then = in_force.aired_at(here, aired(here, desk), at)
    listing = desk.books.listings.get(then.listing) if then else None
    if listing is None:
        raise Refusal("travel.nothing", at=desk.clock(at))
    return _then(listing, at, desk, promo=promo)


def now_then(said: str, desk: Desk) -> list[Line]:
    """What was on air at that minute, since when, put on by whom, with what offer."""
    here, at = moment_of(said, desk)
    past = aired(here, desk)
    then = in_force.aired_at(here, past, at)
    if then is None:
        raise Refusal("travel.nothing", at=desk.clock(at))
    head = line(
        "travel.on_air", at=desk.clock(at), since=desk.clock(then.at), by=desk.name(then.by),
        product=line("air.product", number=then.link_no, name=then.name),
    )  # fmt: skip
    later = [one for one in past if at < one.at < at + in_force.MINUTE and one.listing]
    next_ = [
        line("travel.then_on_air", at=_seconds(one.at, desk), number=one.link_no, name=one.name)
        for one in later
    ]
    listing = desk.books.listings.get(then.listing)
    return list(lines(head, in_force_lines(listing, at, desk) if listing else None, next_))


def _then(listing: Listing, at: datetime, desk: Desk, *, promo: bool) -> list[Line]:
    head = line("travel.product", at=desk.clock(at), product=name_of(listing))
    return [head, *in_force_lines(listing, at, desk, promo=promo)]


def offer_at(listing: Listing, at: datetime, desk: Desk) -> Offer | None:
    """The revision in force at `at`; None before the sheet was taken over."""
    return in_force.offer_at(desk.books.offers.by("listing", listing.id), at)


def in_force_lines(listing: Listing, at: datetime, desk: Desk, *, promo: bool = False) -> list[Line]:
    """The offer at `at` with its revision and author, what changed within the minute, prices in dispute then."""
    offer = offer_at(listing, at, desk)
    if offer is None:
        return [line("travel.before_sheet")]
    then = listing.changed(offer=offer, gift_count=gift_count_at(listing, at, desk))
    told = [line("air.price", price=offer.live_price), *promo_lines(offer)] if promo else offer_lines(then)
    return list(
        lines(
            disputed_lines(listing, at, desk),
            told,
            line("travel.as_of", since=desk.clock(offer.at), revision=offer.revision, by=desk.name(offer.by)),
            _meanwhile(offer, listing, at, desk),
        )
    )


def gift_count_at(listing: Listing, at: datetime, desk: Desk) -> GiftCount | None:
    """How many gifts were left at `at`, by the orders known today; None where nobody counted them then."""
    versions = desk.books.offers.by("listing", listing.id)
    counted = (e for e in desk.books.journal.by("kind", "gift_count") if e.about == listing.id)
    mine = sold_as(listing.broadcast, listing.link_no)
    orders = desk.books.orders.by("sold_as", mine) if listing.gift_count else []
    return gifts_then.count_at(listing, versions, counted, orders, at)


def _meanwhile(before: Offer, listing: Listing, at: datetime, desk: Desk) -> list[Line]:
    said, versions = [], desk.books.offers.by("listing", listing.id)
    for offer in in_force.within_the_minute(versions, at):
        if changes := tuple(change_line(c) for c in announce.diff(before, offer)):
            said.append(
                line("travel.changed", at=_seconds(offer.at, desk), changes=changes, revision=offer.revision)
            )
        before = offer
    return said


def disputed_lines(listing: Listing, at: datetime, desk: Desk) -> list[Line]:
    """Prices that were in dispute at `at`, and how that ended where it has."""
    reports = (
        r for r in desk.books.price_reports.by("broadcast", listing.broadcast) if r.listing == listing.id
    )
    return [
        line(
            f"travel.disputed_{one.state}", since=desk.clock(one.at), until=desk.clock(one.settled_at),
            price=one.price, ours=one.ours,
        )
        for one in sorted(reports, key=lambda one: (one.at, one.id))
        if one.at <= at and (one.settled_at is None or at < one.settled_at)
    ]  # fmt: skip


def _seconds(at: datetime, desk: Desk) -> str:
    return f"{at.astimezone(desk.zone):%H:%M:%S}"
