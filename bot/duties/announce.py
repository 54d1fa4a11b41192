"""On air: ops put products on air and change what is offered; everybody on duty is told and asked to know."""

from __future__ import annotations

from datetime import timedelta

from bot.call import Call
from bot.card import Card, button, line, lines, listed, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.offer import change_line, name_of, offer_lines
from playbooks import announce, broadcast
from playbooks.announce import Listing, Notice, OfferVersion
from playbooks.model import Refusal
from playbooks.room import CONTROL, Role
from storage.rows import Dialogue

ASKED: tuple[Role, ...] = ("agent", "lead", "ops")
ANSWER_WITHIN = timedelta(minutes=2)
COUNT_EVERY = timedelta(seconds=15)


def put_on(call: Call, desk: Desk) -> list[Card]:
    """`/on 3`: product 3 is on air. One card in the group; it is the newest, so the one before loses its buttons."""
    if not call.args:
        raise Refusal("on.which")
    return _put_on(announce.find(desk.listings(), call.args), desk)


def _put_on(listing: Listing, desk: Desk) -> list[Card]:
    here = desk.need_broadcast()
    if here.on_air == listing.link_no:
        return [tell(desk.me.id, line("on.already", product=name_of(listing)))]
    desk.books.broadcasts.put(broadcast.put_on_air(here, listing.link_no, desk.now))
    desk.note("on_air", listing.id, number=str(listing.link_no), name=listing.name)
    after = announce.following(desk.listings(), listing.link_no)
    said = lines(
        line("air.head", product=name_of(listing)),
        offer_lines(listing),
        line("air.link", url=listing.product.url) if listing.product.url else None,
        line("air.next", product=name_of(after)) if after else line("air.last"),
    )
    buttons = ((button("air.details", f"promo {listing.link_no}"),),)
    return [Card(lines=said, buttons=buttons, topic="announce", key=f"air:{here.id}", rank="air")]


def next_(call: Call, desk: Desk) -> list[Card]:
    """`/next`: ops go on to the next product; to everybody else it only shows which that is."""
    here = desk.need_broadcast()
    after = announce.following(desk.listings(), here.on_air)
    if after is None:
        raise Refusal("next.none" if desk.listings() else "broadcast.no_sheet")
    if not desk.me.may(CONTROL):
        return [tell(desk.me.id, line("next.is", product=name_of(after)), offer_lines(after))]
    return _put_on(after, desk)


def _meant(words: list[str], desk: Desk) -> Listing:
    """The product named, else the one on air."""
    if words:
        return announce.find(desk.listings(), " ".join(words))
    listing = desk.on_air()
    if listing is None:
        raise Refusal("on.nothing")
    return listing


def price(call: Call, desk: Desk) -> list[Card]:
    """`/price 59.90` for the product on air, `/price 3 59.90` for another; without a price (or `?`) it asks for one.

    A price less than half or more than twice the one in force is asked about first: a slip of the finger, or a
    product's number typed where a price was expected, is not to reach buyers. `!` at the end says it is meant.
    """
    words = call.words()
    if not words or words[-1] == "?":
        return _ask_price(call, _meant(words[:-1], desk), desk)
    sure = words[-1] == "!"
    *named, amount_word = words[:-1] if sure else words
    amount = announce.read_price(amount_word)
    listing = _meant(named, desk)
    if not sure and announce.startling(listing.offer.live_price, amount):
        broadcast.step(desk.need_broadcast(), "sell")
        yes = button("price.yes", f"price {listing.link_no} {amount} !", after=amount)
        said = line("price.sure", product=name_of(listing), before=listing.offer.live_price, after=amount)
        return [tell(desk.me.id, said, buttons=((yes,),))]
    return _change(listing, desk, live_price=amount)


def _ask_price(call: Call, listing: Listing, desk: Desk) -> list[Card]:
    broadcast.step(desk.need_broadcast(), "sell")
    if not call.private:
        raise Refusal("price.usage")
    id, until = f"{desk.me.id}:{call.chat_id}", desk.now + ANSWER_WITHIN
    desk.books.dialogues.put(Dialogue(id=id, command=f"price {listing.link_no}", until=until))
    return [tell(desk.me.id, line("price.ask", product=name_of(listing), price=listing.offer.live_price))]


def sold_out(call: Call, desk: Desk) -> list[Card]:
    """`/soldout 3`: nothing left; the card offers the substitute first (L04)."""
    return _change(_meant(call.words(), desk), desk, sold_out=True, stock=0)


def back(call: Call, desk: Desk) -> list[Card]:
    """`/back 3 [200]`: on sale again, with the stock if it is known; without, a stock that is known stays."""
    words = call.words()
    stock = announce.whole(words[-1]) if len(words) > 1 else None
    listing = _meant(words if stock is None else words[:-1], desk)
    if stock is None and listing.offer.stock:
        stock = listing.offer.stock
    return _change(listing, desk, sold_out=stock == 0, stock=stock)


def gift_out(call: Call, desk: Desk) -> list[Card]:
    """`/giftout 3`: the gift has run out; the promise leaves the card at once (A03)."""
    listing = _meant(call.words(), desk)
    fields = announce.gifts_gone(listing.offer)
    if not fields:
        raise Refusal("gift.none", product=name_of(listing))
    return _change(listing, desk, **fields)


def _change(listing: Listing, desk: Desk, **fields: object) -> list[Card]:
    """A new revision of the offer, its diff in the group, and a 已知悉 asked of those on duty where it binds."""
    broadcast.step(desk.need_broadcast(), "sell")
    after = announce.revise(listing.offer, desk.me.id, desk.now, **fields)
    changes = announce.diff(listing.offer, after)
    if not changes:
        raise Refusal("change.same", product=name_of(listing))
    changed = desk.books.listings.put(listing.changed(offer=after))
    desk.books.offers.put(OfferVersion(id=f"{listing.id}-r{after.revision}", listing=listing.id, offer=after))
    for c in changes:
        desk.note(
            "changed",
            listing.id,
            field=c.field,
            before=c.before,
            after=c.after,
            number=str(listing.link_no),
            name=listing.name,
        )
    if not announce.is_binding(changes):  # nobody has to know, but who pressed sees that it was done
        return [toast("change.noted", product=name_of(listing), changes=tuple(map(change_line, changes)))]
    return [_notice_card(_notice(changed, changes, desk), changed, desk)]


def _notice(listing: Listing, changes: tuple[announce.Change, ...], desk: Desk) -> Notice:
    for old in desk.books.notices.by("listing", listing.id):
        if not old.superseded:
            desk.books.notices.put(old.changed(superseded=True))
    asked = tuple(m.id for m in desk.on_duty(*ASKED) if m.id != desk.me.id)
    desk.note("asked_known", listing.id, people=" ".join(asked), number=str(listing.link_no))
    return desk.books.notices.put(
        Notice(
            id=f"{listing.id}-r{listing.offer.revision}", broadcast=listing.broadcast, listing=listing.id,
            link_no=listing.link_no, revision=listing.offer.revision, at=desk.now, by=desk.me.id,
            changes=changes, asked=asked,
        )
    )  # fmt: skip


def _notice_card(notice: Notice, listing: Listing, desk: Desk, **more: object) -> Card:
    known, asked = len(set(notice.known) & set(notice.asked)), len(notice.asked)
    waiting = notice.waiting_for()
    said = lines(
        line("notice.head", product=name_of(listing), at=desk.clock(notice.at), by=desk.name(notice.by)),
        (change_line(c) for c in notice.changes),
        (one for one in offer_lines(listing) if one.key.startswith(("promo.", "air.sold_out_for"))),
        line("notice.waiting", names=listed(desk.names(waiting))) if waiting and known else None,
        line("notice.all_known", count=asked) if asked and not waiting else None,
    )
    caption = button("notice.known", f"known {notice.id}", known=known, asked=asked)
    return Card(
        lines=said,
        buttons=((caption,),) if asked else (),
        topic="announce",
        key=f"notice:{listing.id}",
        rank="air",
        **more,
    )


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
        _notice_card(notice, listing, desk, edit=True, not_before=_count_at(notice, desk)),
    ]


def _count_at(notice: Notice, desk: Desk) -> object:
    """The card's count changes at most every 15 s, but at once when the last one knows."""
    stands = desk.books.sent.get(f"notice:{notice.listing}")
    if not notice.waiting_for() or stands is None:
        return None
    return max(desk.now, (stands.edited_at or stands.sent_at) + COUNT_EVERY)


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
