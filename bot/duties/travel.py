"""`/order 6917…`: what was in force when that order was placed, what was said of it since, and what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import gifting, vips
from bot.call import Call
from bot.card import Card, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.history import in_force_lines, offer_at
from bot.offer import bought, change_line
from playbooks import announce, corrections, gifts, promises
from playbooks.announce import Listing
from playbooks.chase import chase_id, is_order_id
from playbooks.model import Refusal
from playbooks.room import CONTROL, SERVICE
from storage.rows import Line


@dataclass(frozen=True)
class Placed:
    """What the room knows of an order: from an export, or from the chase somebody registered."""

    order_id: str
    broadcast: str
    link_no: int | None
    title: str
    at: datetime | None
    seen_at: datetime


def order(call: Call, desk: Desk) -> list[Card]:
    """Privately. Raises Refusal `order.usage`, `order.unknown`."""
    number = _number(call.args)
    if not number:
        raise Refusal("order.usage")
    placed = _known(number, desk)
    if placed is None:
        return [_only_owed(number, desk)]
    listing = _listing(placed, desk)
    product = bought(placed.link_no, listing.name if listing else placed.title)
    head = lines(
        line("order.head", order_id=placed.order_id, product=product),
        vips.vip_line(vips.key_of(number, desk), desk),
    )
    owed = [*_gifts_owed(number, listing, desk), *_promised(number, desk)]
    return [tell(desk.me.id, head, _then(placed, listing, desk), owed or line("order.nothing_owed"))]


def _only_owed(number: str, desk: Desk) -> Card:
    """An order nobody has seen in a file, to whose buyer something was promised. Raises Refusal `order.unknown`."""
    owed = _promised(number, desk)
    if not owed:
        raise Refusal("order.unknown", order_id=number[:40])
    return tell(desk.me.id, line("order.only_owed", order_id=number), owed)


def _number(typed: str) -> str:
    """`6917… 这个什么价`: the order number among what was typed or pasted, else all of it."""
    return next((word for word in typed.split() if is_order_id(word)), typed.strip())


def _known(number: str, desk: Desk) -> Placed | None:
    state = desk.books.orders.get(f"{desk.room.id}-o{number}")
    if state is not None:
        return Placed(number, state.broadcast, state.link_no, state.title, state.created_at, state.as_of)
    chase = desk.books.chases.get(chase_id(desk.room.id, number))
    if chase is None:
        return None
    return Placed(number, chase.broadcast, chase.link_no, chase.title, chase.created_at, chase.seen_at)


def _listing(placed: Placed, desk: Desk) -> Listing | None:
    listings = desk.books.listings.by("broadcast", placed.broadcast) if placed.broadcast else []
    return next((one for one in listings if one.link_no == placed.link_no), None)


def _then(placed: Placed, listing: Listing | None, desk: Desk) -> list[Line]:
    """What was in force: said to be unknown where the product or the time is."""
    if placed.at is None:
        at = desk.clock(placed.seen_at)
        return list(lines(line("order.time_unknown", at=at), _said(listing, None, desk)))
    head = line("order.placed", at=desk.clock(placed.at))
    if listing is None:
        return [head, line("order.product_unknown")]
    told = in_force_lines(listing, placed.at, desk)
    return list(lines(head, told, _since(listing, placed.at, desk), _said(listing, placed.at, desk)))


def _since(listing: Listing, at: datetime, desk: Desk) -> Line | None:
    """How the offer differs today from what the buyer ordered under."""
    then = offer_at(listing, at, desk)
    changes = announce.diff(then, listing.offer) if then else ()
    if not changes:
        return None
    return line(
        "order.since", changes=tuple(change_line(c) for c in changes), revision=listing.offer.revision
    )


def _said(listing: Listing | None, at: datetime | None, desk: Desk) -> list[Line]:
    """Slips of the host about the product, those before the order and those after it."""
    if listing is None:
        return []
    known = desk.books.corrections.by("listing", listing.id)
    before, after = corrections.around(known, at) if at else ((), tuple(known))
    key = "order.corrected_after" if at else "order.corrected"
    return [
        *(line("order.corrected_before", at=desk.clock(one.at), text=one.text) for one in before),
        *(line(key, at=desk.clock(one.at), text=one.text) for one in after),
    ]


def _gifts_owed(number: str, listing: Listing | None, desk: Desk) -> list[Line]:
    """The gift the order was promised and its export shows none of, as the list of gifts has it; whether it came after
    the last one."""
    here = desk.books.broadcasts.get(listing.broadcast) if listing else None
    if listing is None or here is None or listing not in gifting.promising(here, desk):
        return []
    orders = desk.books.orders.by("broadcast", here.id)
    due = gifting.owed(listing, orders, desk)
    beyond = gifts.beyond_stock(listing, due, {o.order_id: o.created_at for o in orders})
    return [
        line("order.gift_beyond" if number in beyond else "order.gift", gifts=gifting.named(one))
        for one in due
        if one.order_id == number and not one.along
    ]


def _promised(number: str, desk: Desk) -> list[Line]:
    """What was promised to the buyer and what is still to be done for the order."""
    items = [one for one in desk.books.follow_ups.by("order_id", number) if one.state in ("open", "claimed")]
    promised = promises.open_ones(desk.books.promises.by("order_id", number))
    owed = [
        line(
            "order.promised", text=one.text, due=desk.clock(one.due_at), owner=desk.name(one.owner),
            at=desk.clock(one.at),
        )
        for one in promised
    ]  # fmt: skip
    return owed + [
        line("order.owed", kind=line(f"followup.kind_{one.kind}"), due=desk.clock(one.due_at))
        for one in items
    ]


DUTY = DutySpec(
    "travel",
    commands=(
        Command(
            "order", order, words=("查订单",), roles=SERVICE | CONTROL, reads=True, private=True, slow=True
        ),
    ),
)
