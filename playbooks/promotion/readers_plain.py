"""Patterns and builders of what is sent and what is taken off: 拍发, 买送, 赠品, 满减, 券, 折.

Each builder gives None for what its pattern met but does not make sense: 满20减30, 拍三发二.
"""

from __future__ import annotations

import re
from decimal import Decimal

from playbooks.promotion.grammar import (
    COUNT,
    CUT,
    FROM,
    MEASURE,
    NAME,
    NAME_ENDS,
    RATE,
    SAID,
    SEND,
    TERMS,
    TICKET,
    TIME,
    YUAN,
    Found,
    clock_of,
    is_gift,
    number,
    quantity_and_name,
    rate_of,
    squeeze,
    yuan,
)
from playbooks.promotion.reductions import AmountOff, Coupon, PercentOff
from playbooks.promotion.units import BuyXGetY, Gift, NForOne
from playbooks.promotion.working import Promotion


def _n_for_1(found: Found, text: str) -> Promotion | None:
    pay, ship = number(found[1]), number(found[2])
    return NForOne(text=text, pay_qty=pay, ship_qty=ship) if pay and ship and ship >= pay else None


def _buy_x_get_y(found: Found, text: str) -> Promotion | None:
    x, (y, name) = number(found[1] or found[2]), quantity_and_name(found[3])
    if not x or not y or not found[3]:
        return None
    if not name or name in SAID.same_item:
        return BuyXGetY(text=text, x=x, y=y)
    return BuyXGetY(text=text, x=x, y=y, gift_name=name) if is_gift(name) else None


def _with_an_order(found: Found) -> tuple[int, str, int | None] | None:
    """How many of what with an order, and how many there are in all; None where a number may mean either.

    共2片 is with an order as 2片 is; 50份 and 共50份 are all there are.
    """
    qty, name = quantity_and_name(found["what"])
    total, lot = number(found["total"] or ""), number(found["lot"] or "")
    if (lot and lot < SAID.gift_lot) or (total and qty not in (1, total)):  # 小样(2份), 小样2片共10片
        return None
    qty = total or qty
    stock = number(found["stock"] or "") or lot
    said = found["what"] if not total else found[0].rstrip(")")
    if not stock and qty >= SAID.gift_lot and said.endswith("份"):
        return 1, name, qty
    return qty, name, stock


def _gift(found: Found, text: str) -> Promotion | None:
    counts = _with_an_order(found)
    if counts is None:
        return None
    qty, name, stock = counts
    first = number(found["first"] or "")
    if name in SAID.same_item and not (first or found["reach"] or stock):
        return BuyXGetY(text=text, x=1, y=qty)
    if not is_gift(name) or name in SAID.same_item:
        return None
    return Gift(text=text, name=name, qty=qty, first_n_orders=first or None, gift_stock=stock or None,
                min_amount=yuan(found["reach"]), until=clock_of(found["until"]))  # fmt: skip


def _amount_off(found: Found, text: str) -> Promotion | None:
    threshold, off, cap = yuan(found[2]), yuan(found[3]), yuan(found[4] or found[5])
    if not threshold or not off or off >= threshold:
        return None
    crossing = "跨店" in found.string[: found.end()]
    room = re.search("全场|全店|店铺|直播间", found.string[: found.end()])
    return AmountOff(
        text=text, threshold=threshold, off=off, per=bool(found[1]), cap=cap,
        scope="cross_shop" if crossing else "room" if room else "item",
        exclusive_group="cross_shop" if crossing else "amount_off",
    )  # fmt: skip


def _pieces_off(found: Found, text: str) -> Promotion | None:
    pieces, off = number(found[2]), yuan(found[3])
    return AmountOff(text=text, pieces=pieces, off=off, per=bool(found[1])) if pieces and off else None


def _flat_off(found: Found, text: str) -> Promotion | None:
    off = yuan(found[1])
    return AmountOff(text=text, off=off) if off else None


def _nth_item(found: Found, text: str) -> Promotion | None:
    nth = number(found[1])
    rate = rate_of(found[3]) if found[3] else Decimal("0.5" if found[2] in {"半价", "对折"} else "0")
    return PercentOff(text=text, rate=rate, nth_item=nth) if nth and nth > 1 and rate is not None else None


def _one_free(found: Found, text: str) -> Promotion | None:
    """买3免1: of three taken the third costs nothing."""
    nth = number(found[1])
    return PercentOff(text=text, rate=Decimal(0), nth_item=nth) if nth and nth > 1 else None


def _percent_off(found: Found, text: str) -> Promotion | None:
    rate = rate_of(found[3]) if found[3] else Decimal("0.5")
    pieces = number(found[1] or "1")
    if rate is None or not pieces:
        return None
    return PercentOff(text=text, rate=rate, pieces=pieces, threshold=yuan(found[2]))


def _coupon(found: Found, text: str) -> Promotion | None:
    said = found.groupdict()
    threshold, value = yuan(said.get("threshold")), yuan(said.get("value"))
    rate = rate_of(said["rate"]) if said.get("rate") else None
    if not (value or rate) or (value and threshold and value > threshold):
        return None
    audience = next((who for word, who in SAID.audiences.items() if word in found[0]), "all")
    group = "" if "叠加" in squeeze(text) else "coupon"
    return Coupon(text=text, measure="percent" if rate else "amount", value=rate or value or Decimal(0),
                  threshold=threshold, audience=audience, quota=number(said["quota"] or "") or None,
                  starts=clock_of(said["starts"]), ends=clock_of(said["ends"]), claim_where=said["where"] or "",
                  exclusive_group=group)  # fmt: skip


UNITS = (
    (rf"拍({COUNT}){MEASURE}?发({COUNT}){MEASURE}?", _n_for_1),
    (rf"(?:(?:买|拍)({COUNT}){MEASURE}?|满({COUNT}){MEASURE}){SEND}{NAME}(?:\(同款\))?", _buy_x_get_y),
)
COUPONS = tuple(
    (pattern + TERMS, _coupon)
    for pattern in (
        rf"领?{TICKET}?满(?P<threshold>{YUAN})元?(?:可用|可领|可使用|使用|可减|立减|减|可|领|用)的?"
        rf"(?P<value>{YUAN})元?的?{TICKET}",
        rf"(?:领|用)?{TICKET}:?满(?P<threshold>{YUAN})元?{CUT}(?P<value>{YUAN})元?",
        rf"(?:领|用){TICKET}后?{CUT}(?P<value>{YUAN})元?",
        rf"(?:领取?)?(?:1张|一张)?(?:无门槛)?(?P<value>{YUAN})(?:元|块)?的?{TICKET}(?:1张|一张)?{FROM}",
        rf"领?{TICKET}:?(?P<value>{YUAN})元?{FROM}",
        rf"(?:领取?)?(?:满(?P<threshold>{YUAN})元?(?:可用|享|打|可享))?(?P<rate>{RATE})折{TICKET}",
    )
)
REDUCTIONS = (
    (rf"(每)?满({YUAN})元?-({YUAN})元?(?!\d|件)()()", _amount_off),  # 满199-30
    (rf"(每)?满?({YUAN})元?{CUT}({YUAN})元?(?:\(?封顶({YUAN})元?\)?|\(?(?:最高|至多|最多)减?({YUAN})元?\)?)?",
     _amount_off),
    (rf"(每)?(?:满|拍|买)?({COUNT}){MEASURE}{CUT}({YUAN})元?", _pieces_off),
    (rf"(?:立减|直减|立降|直降)({YUAN})元?", _flat_off),
    (rf"(?:买|满|拍)({COUNT}){MEASURE}?免(?:费|单)?(?:一|1){MEASURE}?(?:单|的钱)?", _one_free),
    (rf"第({COUNT}){MEASURE}(半价|对折|({RATE})折|0元|免费|免单)", _nth_item),
    (rf"(?:(?:满|拍|买)?({COUNT}){MEASURE}|满({YUAN})(?:元|(?=打|可?享|立享)))?(?:均?(?:打|可?享|立享))?"
     rf"(?:({RATE})折|半价|对折)(?!起)", _percent_off),
)  # fmt: skip
GIFTS = (
    (rf"(?:(?P<until>{TIME})之?前(?:下单|拍下)?)?(?:前(?P<first>{COUNT})(?:名|单|位)(?:下单)?)?"
     rf"(?:满(?P<reach>{YUAN})元?)?{SEND}(?P<what>[^()]{{0,30}}?){NAME_ENDS}"
     rf"(?:[,(]*(?:(?:限量?|前|仅)(?P<stock>{COUNT})[份名个件]|(?P<lot>{COUNT})份"
     rf"|共(?P<total>{COUNT}){MEASURE})\)?)?", _gift),
)  # fmt: skip
