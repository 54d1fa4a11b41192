"""Promotions 优惠: the twelve kinds, how shops write them, and the worked hand price 到手价 (REQUIREMENTS A03).

A kind is one model that says what it does to a `Cart`, one member of `Promotion`, one word in `STACKING` and a
pattern among the readers. One door to its parts; source: facts/runsheet.yaml, promotions and stacking.
"""

from playbooks.promotion.base import Cart, Extra, GiftDue, plain
from playbooks.promotion.grammar import SAID, clock_of, number, squeeze
from playbooks.promotion.reading import Column, Parsed, parse, without_gift
from playbooks.promotion.reductions import AmountOff, Coupon, PercentOff
from playbooks.promotion.terms import AddOn, Flash, Freebie, LuckyBag, Member, Presale, Service
from playbooks.promotion.units import BuyXGetY, Gift, NForOne
from playbooks.promotion.working import (
    STACKING,
    HandPrice,
    Kind,
    Promotion,
    advertised,
    bundle,
    extras,
    given_away,
    hand_line,
    line,
    pieces_of_price,
    work_out,
)

__all__ = [
    "SAID", "STACKING", "AddOn", "AmountOff", "BuyXGetY", "Cart", "Column", "Coupon", "Extra", "Flash", "Freebie",
    "Gift", "GiftDue", "HandPrice", "Kind", "LuckyBag", "Member", "NForOne", "Parsed", "PercentOff", "Presale",
    "Promotion", "Service", "advertised", "bundle", "clock_of", "extras", "given_away", "hand_line", "line", "number",
    "parse", "pieces_of_price", "plain", "squeeze", "without_gift", "work_out",
]  # fmt: skip
