"""Every pattern a promotion may be written in in English, and what it builds.

Each builder gives None for what its pattern met but does not make sense: "30 off over 20".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from playbooks.promotion.english_words import (
    AUDIENCE,
    BEHIND,
    CLOCK,
    COUNT,
    EACH,
    FROM,
    NTH,
    QUOTA,
    SAID,
    SPAN,
    UNIT,
    UNIT_WORD,
    count_of,
    money,
    named,
    still_paid,
    yuan_of,
)  # fmt: skip
from playbooks.promotion.grammar import Found, any_of, clock_of
from playbooks.promotion.reductions import AmountOff, Coupon, PercentOff
from playbooks.promotion.terms import AddOn, Flash, Freebie, LuckyBag, Member, Presale
from playbooks.promotion.units import BuyXGetY, Gift, NForOne
from playbooks.promotion.working import Promotion


def _n_for_1(found: Found, text: str) -> Promotion | None:
    pay, ship = count_of(found["pay"]), count_of(found["ship"])
    return NForOne(text=text, pay_qty=pay, ship_qty=ship) if pay and ship and ship > pay else None


def _buy_x_get_y(found: Found, text: str) -> Promotion | None:
    x, y, what = count_of(found["x"]), count_of(found["y"]), found["what"].strip().casefold()
    if x and y and re.sub(rf"^{UNIT_WORD} ?", "", what) in SAID.same_item:
        return BuyXGetY(text=text, x=x, y=y)
    gift = named(" ".join(re.sub(r"(?i)\bfree\b", " ", found["got"]).split()))
    return BuyXGetY(text=text, x=x, y=gift[0], gift_name=gift[1]) if x and gift else None


def _gift(found: Found, text: str) -> Promotion | None:
    said = found.groupdict()
    gift = named(said["what"].strip())
    if gift is None:
        return None
    return Gift(
        text=text, name=gift[1], qty=gift[0], first_n_orders=count_of(said.get("first")),
        gift_stock=count_of(said.get("quota")), min_amount=yuan_of(found, "threshold"),
        until=clock_of(said.get("until")),
    )  # fmt: skip


def _amount_off(found: Found, text: str) -> Promotion | None:
    said = found.groupdict()
    off, threshold, pieces = yuan_of(found, "off"), yuan_of(found, "threshold"), count_of(said.get("pieces"))
    if off is None or (threshold and off >= threshold):
        return None
    crossing = bool(said.get("cross"))
    return AmountOff(
        text=text, off=off, threshold=threshold, pieces=pieces, per=bool(said.get("per")), cap=yuan_of(found, "cap"),
        scope="cross_shop" if crossing else "item", exclusive_group="cross_shop" if crossing else "amount_off",
    )  # fmt: skip


def _coupon(found: Found, text: str) -> Promotion | None:
    said = found.groupdict()
    value, threshold = yuan_of(found, "value"), yuan_of(found, "threshold")
    percent = said.get("percent")
    if not (value or percent) or (value and threshold and value > threshold):
        return None
    who = SAID.audiences.get((said.get("who") or said.get("behind") or "").casefold(), "all")
    return Coupon(
        text=text, measure="percent" if percent else "amount",
        value=still_paid(found) if percent else value or Decimal(0),
        threshold=threshold, audience=who, quota=count_of(said.get("quota")),
        starts=clock_of(said.get("starts")), ends=clock_of(said.get("ends")),
        exclusive_group="" if said.get("stackable") else "coupon",
    )  # fmt: skip


def _flash(found: Found, text: str) -> Promotion | None:
    said, price = found.groupdict(), yuan_of(found, "price")
    if price is None:
        return None
    return Flash(text=text, price=price, starts=clock_of(said.get("starts")), ends=clock_of(said.get("ends")),
                 qty=count_of(said.get("quota")), per_user=count_of(said.get("each")))  # fmt: skip


def _lucky_bag(found: Found, text: str) -> Promotion | None:
    gift = named(found["what"].strip())
    if gift is None:
        return None
    counted = re.match(COUNT, found["what"], re.IGNORECASE) or re.search(r"[x×*] ?\d+$", found["what"])
    return LuckyBag(text=text, prize=gift[1], qty=gift[0] if counted else None,
                    draw_at=clock_of(found["at"] or found["ahead"]), condition=found["condition"] or "",
                    value=yuan_of(found, "worth"))  # fmt: skip


def _presale(found: Found, text: str) -> Promotion | None:
    deposit, worth = yuan_of(found, "deposit"), yuan_of(found, "worth")
    if not deposit or not worth or worth < deposit:
        return None
    return Presale(text=text, deposit=deposit, deposit_value=worth)


def _member(found: Found, text: str) -> Promotion | None:
    price, percent = yuan_of(found, "price"), found.groupdict().get("percent")
    if price is None and not percent:
        return None
    return Member(text=text, level=found["level"], price=price, rate=still_paid(found) if percent else None)


def _add_on(found: Found, text: str) -> Promotion | None:
    add, gift = yuan_of(found, "add"), named(found["item"].strip())
    if not add or gift is None:
        return None
    return AddOn(text=text, add_price=add, item=gift[1], threshold=yuan_of(found, "threshold"))


def _percent_off(found: Found, text: str) -> Promotion | None:
    said = found.groupdict()
    rate = still_paid(found) if said.get("percent") else Decimal("0.5")
    return PercentOff(
        text=text, rate=rate, pieces=count_of(said.get("pieces")) or 1, threshold=yuan_of(found, "threshold")
    )


def _nth_item(found: Found, text: str) -> Promotion | None:
    said = found.groupdict()
    rate = still_paid(found) if said.get("percent") else Decimal("0" if said.get("free") else "0.5")
    return PercentOff(text=text, rate=rate, nth_item=SAID.nth[found["nth"].casefold()])


def _freebie(found: Found, text: str) -> Promotion | None:
    said = found["what"].casefold()
    service = next(name for name, words in SAID.services.items() if said in words)
    regions = re.split(r" ?(?:,|;|/|、| and ) ?", found["regions"].strip()) if found["regions"] else ()
    return Freebie(text=text, service=service, regions_excluded=tuple(filter(None, regions)))


PERCENT = r"(?P<percent>[1-9]\d?) ?%"
STACKABLE = r"(?P<stackable>,? \(?stackable\)?)"
CAP = rf"(?:,? ?\(?up to {money('cap')}\)?)"
WHAT = r"(?P<what>[^,;]+?)"
FIRST = rf"(?:,? ?\(?(?:for )?(?:the )?first (?P<first>{COUNT})(?: (?:orders|buyers)\)?|\)))"
READERS: tuple[tuple[re.Pattern[str], Callable[[Found, str], Promotion | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), build)
    for pattern, build in (
        (rf"(?:(?P<ahead>{CLOCK}),? )?lucky (?:bag|draw):? {WHAT}(?:,? worth {money('worth')})?"
         rf"(?:,? (?:drawn )?at (?P<at>{CLOCK}))?(?:,? \((?P<condition>[^()]+)\))?", _lucky_bag),
        (rf"(?:{SPAN},?:? )?flash(?: sale| price)?:?(?: at)? {money('price')}{QUOTA}?{EACH}?", _flash),
        (rf"flash(?: sale| price)?:?(?: at)? {money('price')},? \(?{SPAN}\)?{QUOTA}?{EACH}?", _flash),
        (rf"flash(?: sale| price)? {SPAN},?:?(?: at)? {money('price')}{QUOTA}?{EACH}?", _flash),
        (rf"pay (?:for )?(?P<pay>{COUNT}){UNIT}?,? (?:and )?(?:get|receive|we send) (?P<ship>{COUNT}){UNIT}?",
         _n_for_1),
        (rf"pay for (?P<pay>{COUNT}),? (?P<ship>{COUNT}) are sent", _n_for_1),
        (rf"(?P<ship>{COUNT}) for (?:the price of )?(?P<pay>{COUNT})", _n_for_1),
        (rf"buy (?P<x>{COUNT}){UNIT}?,? (?:and )?get (?P<got>(?P<y>{COUNT})(?P<what>.*))", _buy_x_get_y),
        (rf"buy (?P<x>{COUNT}){UNIT}?,? (?:and )?get (?P<got>(?P<what>(?P<y>)[^\d].*))", _buy_x_get_y),
        (rf"(?P<what>{any_of(w for words in SAID.services.values() for w in words)})"
         r"(?:,? \(?(?:except|excluding|not to) (?P<regions>[^()]+)\)?)?", _freebie),
        (rf"{AUDIENCE}?{money('value')} (?:off )?(?:coupon|voucher){FROM}?{QUOTA}?(?:,? {SPAN})?{BEHIND}?{STACKABLE}?",
         _coupon),
        (rf"{AUDIENCE}?{PERCENT} (?:off )?(?:coupon|voucher){FROM}?{QUOTA}?{BEHIND}?{STACKABLE}?", _coupon),
        (rf"{AUDIENCE}?(?:coupon|voucher):? {money('value')}(?: off)?{FROM}?{QUOTA}?(?:,? {SPAN})?{BEHIND}?"
         rf"{STACKABLE}?", _coupon),
        (rf"{AUDIENCE}?(?:coupon|voucher):? {PERCENT}(?: off)?{FROM}?{QUOTA}?{BEHIND}?{STACKABLE}?", _coupon),
        (rf"(?:(?:from|over) {money('threshold')}:? )?(?P<item>[^,;\d][^,;]*?) for {money('add')} more", _add_on),
        (rf"(?:(?:from|over) {money('threshold')}:? )?add {money('add')} (?:for|to get) (?P<item>[^,;]+)", _add_on),
        (rf"(?P<level>{any_of(SAID.members)})(?: only)?(?: price)?:? {money('price')}", _member),
        (rf"(?P<level>{any_of(SAID.members)})(?: only)?:? {PERCENT} off", _member),
        (rf"(?:(?P<cross>{any_of(SAID.cross_shop)}):? )?{money('off')} off(?P<per>,? (?:for )?(?:every|each|per)) "
         rf"{money('threshold')}{CAP}?", _amount_off),
        (rf"(?:(?P<cross>{any_of(SAID.cross_shop)}):? )?{money('off')} off{FROM}{CAP}?", _amount_off),
        (rf"(?:(?P<cross>{any_of(SAID.cross_shop)}):? )?(?:spend|orders? over) {money('threshold')},? (?:and )?"
         rf"(?:save|get) {money('off')}(?: off)?", _amount_off),
        (rf"{money('off')} off(?P<per> every)? (?:from |for |when you buy )?(?P<pieces>{COUNT}){UNIT}", _amount_off),
        (rf"{money('off')} off(?: the order| any order)?", _amount_off),
        (rf"(?P<nth>{NTH}){UNIT}?(?: at| is)?:? (?:half price|{PERCENT} off|(?P<free>free))", _nth_item),
        (rf"{PERCENT} off(?: the)? (?P<nth>{NTH}){UNIT}?", _nth_item),
        (rf"{PERCENT} off(?: from| for| when you buy)? (?P<pieces>{COUNT}){UNIT}", _percent_off),
        (rf"(?:buy )?(?P<pieces>{COUNT}){UNIT},? (?:get )?{PERCENT} off", _percent_off),
        (rf"{PERCENT} off{FROM}?", _percent_off),
        (r"half price", _percent_off),
        (rf"deposit(?: of)?:? {money('deposit')} (?:counts as|is worth|worth|becomes) {money('worth')}", _presale),
        (rf"(?:free )?gifts? (?:for|to) the first (?P<first>{COUNT})(?: (?:orders|buyers))?:? {WHAT}", _gift),
        (rf"(?:free )?gifts?(?: (?:from|over) {money('threshold')})?:? {WHAT}(?:,? before (?P<until>{CLOCK}))?"
         rf"{FIRST}?{QUOTA}?", _gift),
        (rf"free {WHAT}(?: with (?:each|every|the|your) order)?"
         rf"{FIRST}?{QUOTA}?", _gift),
    )
)  # fmt: skip
