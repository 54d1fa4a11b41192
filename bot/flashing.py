"""A planned flash sale armed: at its times ops are reminded, and nothing switches by itself (REQUIREMENTS A03)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.offer import name_of
from playbooks import flash
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast


def arm(listing: Listing, here: Broadcast, desk: Desk) -> None:
    """Have ops reminded when the product's flash sale is planned to begin and to end, where that is to come."""
    found = flash.of(listing.offer)
    if found is None:
        return
    starts, ends = flash.planned(found, here.opened_on, desk.zone)
    if starts and starts > desk.now and not found.running:
        desk.later("flash_starts", starts, listing.id)
    if ends and ends > desk.now:
        desk.later("flash_ends", ends, listing.id)


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
            buttons=((button("flash.end", f"flashend {one.link_no}", number=one.link_no),),),
            key=f"flash:{one.id}:{m.id}",
        )
        for one in running(desk.books.listings.by("broadcast", here.id))
        for m in people
    ]


def _normal(listing: Listing) -> Decimal:
    found = flash.of(listing.offer)
    return found.normal_price if found and found.normal_price is not None else listing.offer.live_price
