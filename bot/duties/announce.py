"""On air: ops put products on air and change what is offered; everybody on duty is told and asked to know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.airing import put_on as put_on_air
from bot.call import Call
from bot.card import Card, button, line, tell, toast
from bot.changing import change, count_at, gives_away, notice_card
from bot.delisting import ask_to_delist
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.meaning import meant, said_words
from bot.offer import name_of, offer_lines
from playbooks import announce, broadcast, products
from playbooks.announce import Listing
from playbooks.counts import read_count
from playbooks.model import Refusal
from playbooks.room import CONTROL
from storage.rows import Dialogue

ANSWER_WITHIN = timedelta(minutes=2)


def put_on(call: Call, desk: Desk) -> list[Card]:
    """`/on 3`: product 3 is on air. One card in the group; it is the newest, so the one before loses its buttons."""
    if not call.args:
        raise Refusal("on.which")
    return _put_on(products.find(desk.listings(), call.args), desk)


def _put_on(listing: Listing, desk: Desk) -> list[Card]:
    here = desk.need_broadcast()
    if here.on_air == listing.link_no:
        return [tell(desk.me.id, line("on.already", product=name_of(listing)))]
    return put_on_air(listing, here, desk)


def next_(call: Call, desk: Desk) -> list[Card]:
    """`/next`: ops go on to the next product; to everybody else it only shows which that is."""
    here = desk.need_broadcast()
    after = announce.following(desk.listings(), here.on_air)
    if after is None:
        raise Refusal("next.none" if desk.listings() else "broadcast.no_sheet")
    if not desk.me.may(CONTROL):
        return [tell(desk.me.id, line("next.is", product=name_of(after)), offer_lines(after))]
    return _put_on(after, desk)


def price(call: Call, desk: Desk) -> list[Card]:
    """`/price 59.90` for the product on air, `/price 3 59.90` for another; without a price (or `?`) it asks for one.

    A price less than half or more than twice the one in force is asked about first: a slip of the finger, or a
    product's number typed where a price was expected, is not to reach buyers. `!` at the end says it is meant.
    """
    words = said_words(call)
    if not words or words[-1] == "?":
        return _ask_price(call, meant(words[:-1], desk), desk)
    sure = words[-1] == "!"
    *named, amount_word = words[:-1] if sure else words
    amount = announce.read_price(amount_word)
    listing = meant(named, desk)
    free = gives_away(listing, live_price=amount)
    if not sure and (free or announce.startling(listing.offer.live_price, amount)):
        broadcast.step(desk.need_broadcast(), "sell")
        yes = button("price.yes", f"price {listing.link_no} {amount} !", after=amount)
        key = "price.sure_free" if free else "price.sure"
        said = line(key, product=name_of(listing), before=listing.offer.live_price, after=amount)
        return [tell(desk.me.id, said, buttons=((yes,),))]
    return change(listing, desk, live_price=amount)


def _ask_price(call: Call, listing: Listing, desk: Desk) -> list[Card]:
    broadcast.step(desk.need_broadcast(), "sell")
    if not call.private:
        raise Refusal("price.usage")
    id, until = f"{desk.me.id}:{call.chat_id}", desk.now + ANSWER_WITHIN
    desk.books.dialogues.put(Dialogue(id=id, command=f"price {listing.link_no}", until=until))
    return [tell(desk.me.id, line("price.ask", product=name_of(listing), price=listing.offer.live_price))]


def sold_out(call: Call, desk: Desk) -> list[Card]:
    """`/soldout 3`: nothing left; the card offers the substitute first (L04)."""
    listing = meant(call.words(), desk)
    return [*change(listing, desk, sold_out=True, stock=0), *ask_to_delist(listing, desk)]


def back(call: Call, desk: Desk) -> list[Card]:
    """`/back 3 [200]`: on sale again, with the stock if it is known; without, a stock that is known stays."""
    words = call.words()
    stock = read_count(words[-1]) if len(words) > 1 else None
    listing = meant(words if stock is None else words[:-1], desk)
    if stock is None and listing.offer.stock:
        stock = listing.offer.stock
    return change(listing, desk, sold_out=stock == 0, stock=stock)


def gift_out(call: Call, desk: Desk) -> list[Card]:
    """`/giftout 3`: the gift has run out; the promise leaves the card at once (A03)."""
    listing = meant(call.words(), desk)
    fields: dict[str, Any] = announce.gifts_gone(listing.offer)
    if not fields:
        raise Refusal("gift.none", product=name_of(listing))
    return change(listing, desk, **fields)


def known(call: Call, desk: Desk) -> list[Card]:
    """已知悉 pressed, or the new revision looked up: this person knows. The count on the card follows within 15 s."""
    id, _, how = call.args.partition(" ")
    notice = desk.books.notices.get(id)
    if notice is None:
        raise Refusal("known.gone")
    listing = desk.books.listings.get(notice.listing)
    assert listing is not None
    if notice.superseded:
        raise Refusal("known.stale", product=name_of(listing), price=listing.offer.live_price)
    if desk.me.id in notice.known:
        return [toast("known.already")]
    notice = desk.books.notices.put(announce.know(notice, desk.me.id, desk.now))
    desk.note("known", notice.listing, revision=str(notice.revision), how=how or "pressed")
    return [
        toast("known.thanks"),
        notice_card(notice, listing, desk, edit=True, not_before=count_at(notice, desk)),
    ]


DUTY = DutySpec(
    "announce",
    commands=(
        Command("on", put_on, words=("开讲", "讲"), roles=CONTROL),
        Command("next", next_, words=("下一个",), args=False),
        Command("price", price, words=("改价",), roles=CONTROL),
        Command("soldout", sold_out, words=("售罄", "卖完"), roles=CONTROL),
        Command("back", back, words=("返场", "补货"), roles=CONTROL),
        Command("giftout", gift_out, words=("赠品送完",), roles=CONTROL),
        Command("known", known, listed=False),
    ),
)
