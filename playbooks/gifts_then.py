"""How many gifts were left at a minute of the broadcast (REQUIREMENTS A03, B04): the count set last before it, less the
orders placed since that were owed one. The orders are those known today, so the answer is truer than the card was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from playbooks.announce import GiftCount, Listing, OfferVersion
from playbooks.gifts import count_down, owed
from playbooks.journal import Entry
from playbooks.orders import OrderState


def count_at(
    listing: Listing,
    versions: Iterable[OfferVersion],
    counted: Iterable[Entry],
    orders: Sequence[OrderState],
    at: datetime,
) -> GiftCount | None:
    """`counted`: the journal's `gift_count` entries of the product, made by the sheet, by ops and by orders that used
    the last one up; None where nobody counted by `at`."""
    past = [entry for entry in counted if entry.at <= at]
    if not past:
        return None
    last = max(past, key=lambda entry: entry.at)
    left = int(last.values["left"])
    stood = GiftCount(stock=left, at=last.at, left=left)
    placed = {one.order_id: one.created_at for one in orders if one.created_at and one.created_at <= at}
    due = [one for one in owed(listing, versions, orders) if one.order_id in placed]
    return count_down(listing.changed(gift_count=stood), due, placed)
