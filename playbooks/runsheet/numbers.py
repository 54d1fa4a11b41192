"""Link numbers 链接号 that change while the history stays (PRODUCT, Before the stream: `/link 3 7`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from playbooks.announce import Former, Listing
from playbooks.model import Moment


def renumber(listings: Iterable[Listing], moves: Mapping[int, int], now: Moment) -> tuple[Listing, ...]:
    """Those of `listings` that `moves` (number -> number) concerns, under their new numbers; their former ones are
    kept. Withdrawn ones hold no number and stay."""
    return tuple(
        one.changed(link_no=moves[one.link_no], former=(*one.former, Former(link_no=one.link_no, until=now)))
        for one in listings
        if one.withdrawn_at is None and moves.get(one.link_no, one.link_no) != one.link_no
    )


def number_at(listing: Listing, at: datetime) -> int:
    """The number a product had at that moment."""
    return next((one.link_no for one in listing.former if at < one.until), listing.link_no)


def as_numbered(listings: Iterable[Listing], at: datetime) -> list[Listing]:
    """The products on sale at that moment, each under the number it had then."""
    return [
        one.changed(link_no=number_at(one, at))
        for one in listings
        if one.withdrawn_at is None or at < one.withdrawn_at
    ]
