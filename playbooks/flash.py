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

    A price that is no longer the flash sale's stays, and the promotion goes.
    """
    flash = of(offer)
    if flash is None or not flash.running:
        raise Refusal("flash.not_running")
    if offer.live_price != flash.price:
        return {"live_price": offer.live_price, **_without(offer, flash)}
    return {
        "live_price": flash.normal_price,
        "promotions": _with(offer, flash, flash.changed(running=False, normal_price=None)),
    }


def overtaken(offer: Offer, fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` of a change of `offer`; a price of its own ends the flash sale that is on: its promotion goes with it.

    Another promotion in its place ends it too, and the price of before is back. Else buyers
    would be told two prices, and nothing would be left to go back to.
    """
    flash = of(offer)
    if flash is None or not flash.running or {"live_price", "promotions"} <= fields.keys():
        return fields
    if fields.get("live_price", offer.live_price) != offer.live_price:
        return {**_without(offer, flash), **fields}
    goes = not any(isinstance(p, Flash) and p.running for p in fields.get("promotions", offer.promotions))
    return {**fields, "live_price": flash.normal_price} if goes else fields


def _without(offer: Offer, flash: Flash) -> dict[str, Any]:
    kept = tuple(p for p in offer.promotions if p != flash)
    pieces = dict.fromkeys([p.text for p in kept] + list(offer.left))
    return {"promotions": kept, "promo": "，".join(piece for piece in pieces if piece in offer.promo)}


def _with(offer: Offer, before: Flash, after: Flash) -> tuple[Any, ...]:
    return tuple(after if p == before else p for p in offer.promotions)
