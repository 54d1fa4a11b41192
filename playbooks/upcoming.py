"""What the run sheet has planned next 预告: agents see it before the buyers ask (REQUIREMENTS B20: 抢在顾客之前)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playbooks.announce import Listing
from playbooks.broadcast import DAY_TURNS_AT
from playbooks.on_air import rules


def planned_at(listing: Listing, opened_on: date, zone: ZoneInfo) -> datetime | None:
    """When the sheet has the product on air, past midnight on the day after the opening; None without a time."""
    if listing.product.start is None:
        return None
    clock = time.fromisoformat(listing.product.start)
    day = opened_on if clock >= DAY_TURNS_AT else opened_on + timedelta(days=1)
    return datetime.combine(day, clock, zone)


def soon(
    listings: Iterable[Listing], opened_on: date, on_air: int | None, now: datetime, zone: ZoneInfo
) -> tuple[datetime, Listing] | None:
    """The product whose time comes within minutes, with that time; None for the one already on air."""
    known = ((planned_at(one, opened_on, zone), one) for one in listings if not one.offer.sold_out)
    near = [(at, one) for at, one in known if at and at - rules().ahead <= now < at and one.link_no != on_air]
    return min(near, key=lambda pair: (pair[0], pair[1].link_no), default=None)


def next_look(listings: Iterable[Listing], opened_on: date, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When what `soon` tells changes next; None when the sheet has no more times to come."""
    times = [at for one in listings if (at := planned_at(one, opened_on, zone))]
    moments = [moment for at in times for moment in (at - rules().ahead, at)]
    return min((moment for moment in moments if moment > now), default=None)
