"""Flash sales 秒杀 (REQUIREMENTS A03): the plan arms them, ops begin and end them, for the host overruns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playbooks.announce import Offer
from playbooks.broadcast import DAY_TURNS_AT
from playbooks.model import Refusal
from playbooks.promotion import Flash


def of(offer: Offer) -> Flash | None:
    """The offer's flash sale: the one that is on, else the first planned."""
    found = [p for p in offer.promotions if isinstance(p, Flash)]
    return next((p for p in found if p.running), found[0] if found else None)


def planned(flash: Flash, opened_on: date, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """When the sheet has it begin and end; a time before 06:00 is of the night after, None where none is said."""
    return _moment(flash.starts, opened_on, zone), _moment(flash.ends, opened_on, zone)


def _moment(said: str | None, opened_on: date, zone: ZoneInfo) -> datetime | None:
    if said is None:
        return None
    clock = time.fromisoformat(said)
    return datetime.combine(opened_on + timedelta(days=clock < DAY_TURNS_AT), clock, zone)


def begin(offer: Offer) -> dict[str, Any]:
    """The fields of `offer` with its flash sale on. Raises Refusal `flash.none`, `flash.running`."""
    flash = of(offer)
    if flash is None:
        raise Refusal("flash.none")
    if flash.running:
        raise Refusal("flash.running", price=flash.price)
    on = flash.changed(running=True, normal_price=offer.live_price)
    return {"live_price": flash.price, "promotions": _with(offer, flash, on)}


def end(offer: Offer) -> dict[str, Any]:
    """The fields of `offer` with the flash sale over and the price of before. Raises Refusal `flash.not_running`.

    A price ops set since it began stays.
    """
    flash = of(offer)
    if flash is None or not flash.running:
        raise Refusal("flash.not_running")
    back = flash.normal_price if offer.live_price == flash.price else offer.live_price
    return {
        "live_price": back,
        "promotions": _with(offer, flash, flash.changed(running=False, normal_price=None)),
    }


def _with(offer: Offer, before: Flash, after: Flash) -> tuple[Any, ...]:
    return tuple(after if p == before else p for p in offer.promotions)
