"""A planned flash sale armed: at its times ops are reminded, and nothing switches by itself (REQUIREMENTS A03)."""

from __future__ import annotations

from bot.desk import Desk
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
