"""Limit, stock and promotion, changed on air: said, asked to be known and taken back like a price."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card
from bot.changing import change
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.meaning import meant
from playbooks import announce, terms
from playbooks.model import Refusal
from playbooks.room import CONTROL


def limit(call: Call, desk: Desk) -> list[Card]:
    """`/limit 2` for the product on air, `/limit 3 2` for another; 不限 lifts it."""
    *named, word = call.words() or [""]
    if not word:
        raise Refusal("terms.limit_usage")
    number = terms.read_limit(word)
    return change(meant(named, desk), desk, limit=number)


def stock(call: Call, desk: Desk) -> list[Card]:
    """`/stock 120`, `/stock 3 120`: pieces left; none left is sold out."""
    *named, word = call.words() or [""]
    if not word:
        raise Refusal("terms.stock_usage")
    number = terms.read_stock(word)
    return change(meant(named, desk), desk, stock=number, sold_out=number == 0)


def deal(call: Call, desk: Desk) -> list[Card]:
    """`/deal 3 买2送1`: another promotion instead of the sheet's; 无 takes it away.

    The number comes first, for a promotion may begin with one.
    """
    first, _, text = call.args.strip().partition(" ")
    if not text or announce.whole(first.lstrip("#").removesuffix("号")) is None:
        raise Refusal("terms.deal_usage")
    listing = announce.find(desk.listings(), first)
    return change(listing, desk, **terms.new_deal(listing.offer, text))


DUTY = DutySpec(
    "terms",
    commands=(
        Command("limit", limit, words=("限购",), roles=CONTROL),
        Command("stock", stock, words=("改库存",), roles=CONTROL),
        Command("deal", deal, words=("改优惠", "改机制"), roles=CONTROL),
    ),
)
