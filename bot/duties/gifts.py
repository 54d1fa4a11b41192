"""Gifts 赠品: ops set how many there are, the orders count them down; who is owed which gift (A03)."""

from __future__ import annotations

from bot.airing import card_kept_true
from bot.asking import ask
from bot.call import Call
from bot.card import Card, line, tell, toast
from bot.changing import change
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.gifting import named, owed, promising
from bot.meaning import meant
from bot.offer import name_of
from bot.pages import in_pages
from playbooks import announce, gifts, products
from playbooks.announce import GiftCount, Listing
from playbooks.broadcast import Broadcast
from playbooks.counts import read_count
from playbooks.gifts import GiftOwed
from playbooks.model import Refusal
from playbooks.room import CONTROL, Role
from storage.rows import Line

PACKERS: frozenset[Role] = frozenset(["manager", "lead", "ops", "warehouse"])


def count(call: Call, desk: Desk) -> list[Card]:
    """`/gift 3 120`: 120 gifts are there now; `/gift 3` says how many are left, `/gift 3 ?` asks. 0 takes the promise
    off the card, a number puts the sheet's promise back."""
    words = call.words()
    stock = read_count(words[-1]) if len(words) > 1 else None
    asking = words[-1:] == ["?"]
    if stock is None and not asking and len(words) > 1 and products.is_number(words[0]):
        raise Refusal("gift.count_only", number=words[0], text=" ".join(words[1:])[:20])
    listing = meant(words[:-1] if stock is not None or asking else words, desk)
    if asking:
        return ask(f"gift {listing.link_no}", "gift.how_many", desk)
    return [_left(listing)] if stock is None else _set(listing, stock, desk)


def _left(listing: Listing) -> Card:
    if listing.gift_count is None:
        return toast("gift.not_counted", product=name_of(listing), number=listing.link_no)
    return toast(
        "gift.left", product=name_of(listing), left=listing.gift_count.left, stock=listing.gift_count.stock
    )


def _set(listing: Listing, stock: int, desk: Desk) -> list[Card]:
    planned = [p for p in (*listing.offer.promotions, *listing.product.promotions) if p.owes_gift]
    if not planned:
        raise Refusal("gift.none", product=name_of(listing))
    counted = GiftCount(stock=stock, at=desk.now, left=stock)
    listing = desk.books.listings.put(listing.changed(gift_count=counted))
    desk.note("gift_count", listing.id, left=str(stock), number=str(listing.link_no))
    fields = gifts.gifts_back(listing.offer, listing.product) if stock else announce.gifts_gone(listing.offer)
    told = toast("gift.set", product=name_of(listing), stock=stock)
    if not fields:
        return [told, *card_kept_true(listing, desk)]
    return [told, *(card for card in change(listing, desk, **fields) if not card.toast)]


def who_is_owed(call: Call, desk: Desk) -> list[Card]:
    """`/gifts`: the orders that are owed a gift no export shows in them, product by product; the others counted."""
    here = _meant_broadcast(desk)
    orders = desk.books.orders.by("broadcast", here.id)
    due = [(one, owed(one, orders, desk)) for one in promising(here, desk)]
    placed = {o.order_id: o.created_at for o in orders}
    said = [
        row
        for listing, owed_ in due
        if owed_
        for row in _listed(listing, owed_, gifts.beyond_stock(listing, owed_, placed))
    ]
    if not said:
        return [tell(desk.me.id, line("gift.nobody", day=f"{here.opened_on:%m-%d}"))]
    head = line("gift.owed_head", day=f"{here.opened_on:%m-%d}", count=sum(len(owed_) for _, owed_ in due))
    return [tell(desk.me.id, page) for page in in_pages([head, *said], desk.room.lang)]


def _meant_broadcast(desk: Desk) -> Broadcast:
    """Tonight's; the one just ended while tomorrow's is only planned."""
    here = desk.need_broadcast()
    return (desk.to_wrap() or here) if here.stage == "planned" else here


def _listed(listing: Listing, due: list[GiftOwed], beyond: frozenset[str]) -> list[Line]:
    by_hand = [one for one in due if not one.along]
    head = line(
        "gift.owed_product", product=name_of(listing), by_hand=len(by_hand), along=len(due) - len(by_hand)
    )
    rows = (
        line(
            "gift.owed_beyond" if one.order_id in beyond else "gift.owed_order",
            order_id=one.order_id,
            gifts=named(one),
        )
        for one in by_hand
    )
    stock = listing.gift_count.stock if listing.gift_count else 0
    warned = [line("gift.beyond_stock", stock=stock, count=len(beyond))] if beyond else []
    return [head, *warned, *rows]


DUTY = DutySpec(
    "gifts",
    commands=(
        Command("gift", count, words=("赠品",), roles=CONTROL),
        Command(
            "gifts",
            who_is_owed,
            words=("赠品名单",),
            roles=PACKERS,
            reads=True,
            args=False,
            private=True,
            slow=True,
        ),
    ),
)
