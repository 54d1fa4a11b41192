"""Limit, stock and promotion, changed on air: said, asked to be known and taken back like a price."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, lines, listed, tell
from bot.changing import change, gives_away
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.flashing import arm_all
from bot.meaning import meant, said_words
from bot.offer import name_of
from bot.render import DATA_BYTES
from playbooks import announce, broadcast, products, terms
from playbooks.announce import Listing
from playbooks.model import Refusal
from playbooks.room import CONTROL

AGAIN = "?"


def limit(call: Call, desk: Desk) -> list[Card]:
    """`/limit 2` for the product on air, `/limit 3 2` for another; 不限 lifts it."""
    *named, word = said_words(call) or [""]
    if not word:
        raise Refusal("terms.limit_usage")
    number = terms.read_limit(word)
    return change(meant(named, desk), desk, limit=number)


def stock(call: Call, desk: Desk) -> list[Card]:
    """`/stock 120`, `/stock 3 120`: pieces left; none left is sold out."""
    *named, word = said_words(call) or [""]
    if not word:
        raise Refusal("terms.stock_usage")
    number = terms.read_stock(word)
    return change(meant(named, desk), desk, stock=number, sold_out=number == 0)


def deal(call: Call, desk: Desk) -> list[Card]:
    """`/deal 3 买2送1`: another promotion instead of the sheet's; 无 takes it away.

    The product comes first, by number or name, for a promotion may begin with a number. One that is not understood,
    or after which buyers would pay nothing, is asked about; `!` at the end says it is meant, `?` asks for another.
    """
    first, _, text = call.args.strip().partition(" ")
    if not text or not _names_a_product(first, desk):
        raise Refusal("terms.deal_usage")
    listing = products.find(desk.listings(), first)
    said = text.removesuffix("!").removesuffix("！").strip()
    if said == AGAIN:
        return ask(f"deal {listing.link_no}", "terms.deal_again", desk)
    fields = terms.new_deal(listing.offer, said)
    free, unclear = gives_away(listing, **fields), terms.unclear(said)
    if said == text.strip() and (free or unclear):
        broadcast.step(desk.need_broadcast(), "sell")
        return [_really(listing, said, unclear, free, desk)]
    cards = change(listing, desk, **fields)
    arm_all(desk.need_broadcast(), desk)  # it may be a flash sale
    return cards


def _really(listing: Listing, text: str, unclear: tuple[str, ...], free: bool, desk: Desk) -> Card:
    """Not understood, or buyers would pay nothing: pressed, or typed once more with `!`, it is meant; a long one does
    not fit a button."""
    number, act = listing.link_no, f"deal {listing.link_no} {text} !"
    fits = len(f"{desk.room.id}:{act}".encode()) <= DATA_BYTES
    yes = ((button("terms.free_yes" if free else "terms.unclear_yes", act),),) if fits else ()
    pieces = listed(f"「{piece}」" for piece in unclear)
    said = lines(
        line("terms.unclear_sure", product=name_of(listing), pieces=pieces) if unclear else None,
        line("terms.free_sure", product=name_of(listing), number=number, text=text) if free else None,
        line("terms.unclear_typed", number=number, text=text) if unclear and not free and not fits else None,
    )
    return tell(desk.me.id, said, buttons=(*yes, (button("terms.deal_other", f"deal {number} {AGAIN}"),)))


def _names_a_product(word: str, desk: Desk) -> bool:
    number = announce.whole(word.lstrip("#").removesuffix("号"))
    return number is not None or bool(products.called(desk.listings(), word))


DUTY = DutySpec(
    "terms",
    commands=(
        Command("limit", limit, words=("限购",), roles=CONTROL),
        Command("stock", stock, words=("改库存",), roles=CONTROL),
        Command("deal", deal, words=("改优惠", "改机制"), roles=CONTROL),
    ),
)
