"""Flash sales: `/flash 3` begins one, `/flashend 3` ends it; two taps each, for the price changes for every buyer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.airing import card_kept_true
from bot.call import Call
from bot.card import Card, button, line, tell, toast
from bot.changing import change, gives_away, keep
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.flashing import arm_all, running
from bot.meaning import meant
from bot.offer import change_line, name_of
from playbooks import announce, broadcast, products
from playbooks import flash as flashes
from playbooks.announce import Listing, Offer
from playbooks.model import Refusal
from playbooks.promotion import Flash
from playbooks.room import CONTROL
from storage.rows import Due


def begin(call: Call, desk: Desk) -> list[Card]:
    """`/flash 3`, without a number the product on air: asked once more, `!` at the end says it is meant."""
    return _switch(call, desk, "begin", flashes.begin)


def end(call: Call, desk: Desk) -> list[Card]:
    """`/flashend 3`: the price of before is back. Without a number the product on air, else the only one with one on;
    after the end of the broadcast as well, for nobody is told then and no price is left standing."""
    return _switch(call, desk, "end", flashes.end)


def _switch(call: Call, desk: Desk, how: str, fields_of: Callable[[Offer], dict[str, Any]]) -> list[Card]:
    words = call.words()
    sure = words[-1:] == ["!"]
    listing = _meant(words[:-1] if sure else words, how, desk)
    try:
        fields = fields_of(listing.offer)
    except Refusal as refusal:
        raise Refusal(refusal.key, **refusal.values, product=name_of(listing)) from None
    over = how == "end" and _is_over(listing, desk)
    if not over:
        broadcast.step(desk.need_broadcast(), "sell")
    if not sure:
        return [_sure(listing, how, fields, desk)]
    cards = _put_right(listing, fields, desk) if over else change(listing, desk, **fields)
    here = desk.broadcast()
    if here and not over:
        arm_all(here, desk)  # a second one of the same product is next
    told = {"number": str(listing.link_no), "price": str(fields["live_price"])}
    desk.note("flash", listing.id, broadcast=listing.broadcast, step=how, **told)
    return cards


def _meant(words: list[str], how: str, desk: Desk) -> Listing:
    """Of a flash sale to end the product may have been switched away from, or the broadcast be over.

    A button names the product by its id: the number may be another product's in the next broadcast's sheet.
    """
    if how == "begin":
        return meant(words, desk)
    if words:
        pressed = desk.books.listings.get(words[0])
        return pressed or products.find(desk.asked_about(), " ".join(words))
    on, air = running(desk.asked_about()) or _left_on(desk), desk.on_air()
    return on[0] if len(on) == 1 else air or meant(words, desk)


def _left_on(desk: Desk) -> list[Listing]:
    """Those nobody ended last time, while the next broadcast is planned or on."""
    before = desk.to_wrap()
    return running(desk.books.listings.by("broadcast", before.id)) if before else []


def _is_over(listing: Listing, desk: Desk) -> bool:
    here = desk.books.broadcasts.get(listing.broadcast)
    return here is not None and here.stage in ("ended", "archived")


def _put_right(listing: Listing, fields: dict[str, Any], desk: Desk) -> list[Card]:
    """Off air the offer of the books is as the sheet meant it again; there is nobody on duty to be told."""
    after = announce.revise(listing.offer, desk.me.id, desk.now, **fields)
    changes = announce.diff(listing.offer, after)
    keep(listing, after, changes, None, desk)
    return [toast("change.noted", product=name_of(listing), changes=tuple(map(change_line, changes)))]


def _sure(listing: Listing, how: str, fields: dict[str, Any], desk: Desk) -> Card:
    act = f"flash {listing.link_no} !" if how == "begin" else f"flashend {listing.id} !"
    yes = button(f"flash.{how}_yes", act, price=fields["live_price"])
    said = line(
        f"flash.{how}_sure",
        product=name_of(listing),
        before=listing.offer.live_price,
        after=fields["live_price"],
    )
    free = line("flash.for_nothing") if gives_away(listing, **fields) else None
    return tell(desk.me.id, said, free, buttons=((yes,),))


def starts(row: Due, desk: Desk) -> list[Card]:
    """Its planned time has come: ops are reminded, once, unless it is on already."""
    listing, flash = _planned(row, desk)
    if listing is None or flash is None or flash.running or flash.over:
        return []
    go = button("flash.begin", f"flash {listing.link_no}", number=listing.link_no)
    said = line("flash.time_to_begin", product=name_of(listing), price=flash.price, at=flash.starts or "")
    return _to_ops(said, go, f"flash:{listing.id}", desk)


def ends(row: Due, desk: Desk) -> list[Card]:
    """Its planned end has come: ops are reminded, where it is still on; one nobody began is over, as the card says."""
    listing, flash = _planned(row, desk)
    here = desk.broadcast()
    if listing is None or flash is None or here is None:
        return []
    if not flash.running:
        arm_all(here, desk)
        on_air = desk.on_air()
        return card_kept_true(on_air, desk) if on_air and on_air.id == listing.id else []
    stop = button("flash.end", f"flashend {listing.id}", number=listing.link_no)
    said = line("flash.time_to_end", product=name_of(listing), price=flash.normal_price, at=flash.ends or "")
    return _to_ops(said, stop, f"flash:{listing.id}", desk)


def _planned(row: Due, desk: Desk) -> tuple[Listing | None, Flash | None]:
    """The product and its flash sale, while it is on sale in the broadcast on air."""
    here, listing = desk.broadcast(), desk.books.listings.get(row.about)
    gone = listing is None or here is None or listing.broadcast != here.id or listing.withdrawn_at is not None
    if gone or here is None or listing is None or here.stage not in ("live", "closing"):
        return None, None
    return listing, flashes.of(listing.offer)


def _to_ops(said: Any, pressed: Any, key: str, desk: Desk) -> list[Card]:
    people = desk.on_duty("ops") or desk.with_role("ops") or desk.with_role("manager")
    return [tell(m.id, said, buttons=((pressed,),), key=f"{key}:{m.id}", rank="air") for m in people]


DUTY = DutySpec(
    "flash",
    commands=(
        Command("flash", begin, words=("秒杀开始", "秒杀"), roles=CONTROL),
        Command("flashend", end, words=("秒杀结束",), roles=CONTROL),
    ),
    due={"flash_starts": starts, "flash_ends": ends},
)
