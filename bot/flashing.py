"""A planned flash sale armed: at its times ops are reminded, and nothing switches by itself (REQUIREMENTS A03)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.offer import name_of
from playbooks import announce, flash
from playbooks.announce import Listing, OfferVersion
from playbooks.broadcast import Broadcast


def arm(listing: Listing, here: Broadcast, desk: Desk) -> None:
    """Have ops reminded when the product's flash sale is planned to begin and to end, where that is to come."""
    found = flash.of(listing.offer)
    if found is None or found.over:
        return
    starts, ends = flash.planned(found, here.opened_on, desk.zone)
    if starts and starts > desk.now and not found.running:
        desk.later("flash_starts", starts, listing.id)
    if ends and ends > desk.now:
        desk.later("flash_ends", ends, listing.id)


def arm_all(here: Broadcast, desk: Desk) -> None:
    """On air, and with every sheet: those still to come are armed, those whose time went by are over."""
    for listing in desk.listings():
        stands = listing
        if here.stage in ("live", "closing"):
            stands = past_over(listing, here, desk) or listing
        arm(stands, here, desk)


def past_over(listing: Listing, here: Broadcast, desk: Desk) -> Listing | None:
    """The product without the flash sales nobody began in their time; None where there are none.

    A revision like any other, for what was told before stays answerable; nobody is asked to know it.
    """
    after = flash.missed(listing.offer, here.opened_on, desk.zone, desk.now)
    if after is None:
        return None
    offer = announce.revise(after, listing.offer.by, desk.now)
    desk.books.offers.put(OfferVersion(id=f"{listing.id}-r{offer.revision}", listing=listing.id, offer=offer))
    return desk.books.listings.put(listing.changed(offer=offer))


def running(listings: Iterable[Listing]) -> list[Listing]:
    """The products whose flash sale is on."""
    return [one for one in listings if (found := flash.of(one.offer)) and found.running]


def left_on(here: Broadcast, desk: Desk) -> list[Card]:
    """At the end of the broadcast: the flash sales nobody has ended, for ops to put right in the back office too."""
    people = desk.on_duty("ops") or desk.with_role("ops") or desk.with_role("manager")
    return [
        tell(
            m.id,
            line("flash.left_on", product=name_of(one), price=one.offer.live_price, normal=_normal(one)),
            buttons=((button("flash.end", f"flashend {one.id}", number=one.link_no),),),
            key=f"flash:{one.id}:{m.id}",
        )
        for one in running(desk.books.listings.by("broadcast", here.id))
        for m in people
    ]


def _normal(listing: Listing) -> Decimal:
    found = flash.of(listing.offer)
    return found.normal_price if found and found.normal_price is not None else listing.offer.live_price
