"""Agents ask what is in force: `/now`, `/p 3`, `/promo 3`. Answered privately, from committed books."""

from __future__ import annotations

from collections.abc import Iterable

from bot.call import Call
from bot.card import Card, Line, line, lines, tell, toast
from bot.cutting import cut_line
from bot.desk import Desk
from bot.disputes import dispute_lines
from bot.duty import Command, DutySpec
from bot.history import now_then, product_then
from bot.meaning import moved_line
from bot.offer import internal_lines, name_of, offer_lines, promo_lines
from bot.substitute import instead, said_once
from bot.texts import escape, plain, say
from bot.which import which_broadcast
from playbooks import announce, in_force, products
from playbooks.announce import Listing
from playbooks.model import Refusal
from playbooks.room import CONTROL

ALERT_UNITS = 200
"""What Telegram shows of the answer to a press."""


def _meant(call: Call, desk: Desk) -> Listing:
    if not desk.asked_about():
        raise Refusal("broadcast.no_sheet")
    if call.args:
        return products.find_moved(desk.asked_about(), call.args)
    listing = desk.on_air()
    if listing is None:
        raise Refusal("on.nothing")
    return listing


def _answer(call: Call, desk: Desk, *said: Line | Iterable[Line] | None) -> list[Card]:
    """A press is answered by an alert where it fits, else by a private message as typed words are."""
    card = tell(desk.me.id, *said)
    if not call.press_id:
        return [card]
    if _units(card.lines, desk.room.lang) <= ALERT_UNITS:
        return [card.changed(toast=True, alert=True)]
    return [toast("air.sent"), card]


def _units(said: tuple[Line, ...], lang: str) -> int:
    """The length of lines as Telegram counts an alert: UTF-16 units."""
    text = "\n".join(_text(one, lang) for one in said)
    return len(text.encode("utf-16-le")) // 2


def _text(value: str | int | Line | tuple[Line, ...], lang: str) -> str:
    """What a person reads of a value; of several lines as one, what parts them counts too."""
    if isinstance(value, tuple):
        return plain(say(lang, "common.comma")).join(_text(one, lang) for one in value)
    if not isinstance(value, Line):
        return str(value)
    return plain(say(lang, value.key, **{n: escape(_text(v, lang)) for n, v in value.values.items()}))


def now(call: Call, desk: Desk) -> list[Card]:
    """`/now`: what is on air and what comes next (B02); `/now @20:14` what was; `/now 玫瑰` that product."""
    word, then = in_force.split(call.args)
    if word:
        return product(call, desk)
    if then:
        return _answer(call, desk, now_then(then, desk))
    here = desk.need_broadcast()
    listing = desk.on_air()
    after = announce.following(desk.listings(), here.on_air)
    following = line("air.next", product=name_of(after)) if after else None
    if listing is None:
        return _answer(call, desk, line(f"now.{here.stage}"), following, which_broadcast(desk, now=True))
    said = lines(
        cut_line(here, desk), line("now.head", product=name_of(listing), since=desk.clock(here.on_air_since))
    )
    first = instead(listing, desk)
    in_force_now = said_once(offer_lines(listing), first)
    return _answer(call, desk, said, first, dispute_lines(listing, desk), in_force_now, following)


def product(call: Call, desk: Desk) -> list[Card]:
    """`/p 3`, or a bare `3` in private: everything about a product; `/p 3 @20:14` what was in force then."""
    word, then = in_force.split(call.args)
    if then:
        return _answer(call, desk, product_then(word, then, desk))
    listing = _meant(call, desk)
    more, first = listing.product, instead(listing, desk)
    said = lines(
        line("air.product", number=listing.link_no, name=listing.name),
        moved_line(word, listing),
        which_broadcast(desk),
        first,
        dispute_lines(listing, desk),
        line("air.spec", value=more.spec) if more.spec else None,
        said_once(offer_lines(listing), first),
        line("air.points", value="；".join(more.points)) if more.points else None,
        line("air.after_sale", value=more.after_sale) if more.after_sale else None,
        line("air.link", url=more.url) if more.url else None,
        internal_lines(listing) if desk.me.may(CONTROL) and call.private else None,
        line("air.as_of", at=desk.clock(listing.offer.at), revision=listing.offer.revision),
    )
    return _answer(call, desk, said)


def promo(call: Call, desk: Desk) -> list[Card]:
    """`/promo 3`: price and promotions with the worked 到手价; `/promo 3 @20:14` those of that minute."""
    word, then = in_force.split(call.args)
    if then:
        return _answer(call, desk, product_then(word, then, desk, promo=True))
    listing = _meant(call, desk)
    found = promo_lines(listing.offer) or [line("promo.none")]
    price = line("air.price", price=listing.offer.live_price)
    first = lines(moved_line(word, listing), instead(listing, desk), dispute_lines(listing, desk))
    return _answer(call, desk, name_of(listing), which_broadcast(desk), first, price, found)


def knows(call: Call, desk: Desk) -> str:
    """Looking a changed offer up counts as 已知悉: the words that record it, or '' where nothing is asked."""
    if in_force.split(call.args)[1]:
        return ""  # what was in force at another minute
    try:
        listing = _meant(call, desk)
    except Refusal:
        return ""
    asked = (n for n in desk.books.notices.by("listing", listing.id) if not n.superseded)
    return next((f"known {n.id} looked_up" for n in asked if desk.me.id in n.waiting_for()), "")


DUTY = DutySpec(
    "lookup",
    commands=(
        Command("now", now, words=("现在", "在讲什么"), reads=True, args=False, follow=knows),
        Command("p", product, words=("商品", "产品"), reads=True, follow=knows),
        Command("promo", promo, words=("优惠",), reads=True, follow=knows),
    ),
)
