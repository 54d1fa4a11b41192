"""Flash sales 秒杀 (REQUIREMENTS A03): the plan arms them, ops begin and end them, for the host overruns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playbooks.announce import Offer
from playbooks.broadcast import DAY_TURNS_AT
from playbooks.model import Refusal
from playbooks.promotion import Flash, Promotion


def of(offer: Offer) -> Flash | None:
    """The offer's flash sale: the one that is on, else the first that is still to come, else the last that was."""
    found = [p for p in offer.promotions if isinstance(p, Flash)]
    running, to_come = (p for p in found if p.running), (p for p in found if not p.over)
    return next(running, None) or next(to_come, None) or (found[-1] if found else None)


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
    on = flash.changed(running=True, over=False, normal_price=offer.live_price)
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
        "promotions": _with(offer, flash, flash.changed(running=False, over=True, normal_price=None)),
    }


def missed(offer: Offer, opened_on: date, zone: ZoneInfo, now: datetime) -> Offer | None:
    """The offer with the flash sales over whose planned end came before they were begun; None where there are none.

    Nobody is to tell a buyer to wait for them.
    """
    gone = [
        p
        for p in offer.promotions
        if isinstance(p, Flash) and not (p.running or p.over) and _is_past(p, opened_on, zone, now)
    ]
    told = tuple(p.changed(over=True) if p in gone else p for p in offer.promotions)
    return offer.changed(promotions=told) if gone else None


def _is_past(flash: Flash, opened_on: date, zone: ZoneInfo, now: datetime) -> bool:
    ends = planned(flash, opened_on, zone)[1]
    return ends is not None and ends <= now


def as_it_went(offer: Offer, promotions: tuple[Promotion, ...]) -> tuple[Promotion, ...]:
    """`promotions` read anew from a sheet, with the flash sales of `offer` that are over still over."""
    over = {(p.text, p.starts, p.ends) for p in offer.promotions if isinstance(p, Flash) and p.over}
    return tuple(
        p.changed(over=True) if isinstance(p, Flash) and (p.text, p.starts, p.ends) in over else p
        for p in promotions
    )


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
