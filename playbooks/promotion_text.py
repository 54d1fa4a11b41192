"""Promotions as shops write them, read into `promotion` models (REQUIREMENTS A03, facts/runsheet.yaml).

A piece is understood whole or left verbatim: half of "满199减30,仅限新客" would be a wrong price.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Literal

from playbooks.model import Model
from playbooks.promotion import (
    AmountOff,
    BuyXGetY,
    Coupon,
    Freebie,
    Gift,
    NForOne,
    PercentOff,
    Presale,
    Promotion,
    Service,
)
from playbooks.rulebook import load

Column = Literal["promo", "gift", "coupon"]
"""The column a text stands in: 优惠机制, 赠品 or 优惠券; in the last two the word 送 or 券 may be missing."""


class Parsed(Model):
    """The `promotions` understood, and what is `left` verbatim, both in the order written."""

    promotions: tuple[Promotion, ...] = ()
    left: tuple[str, ...] = ()


class Spellings(Model):
    """`data/promotions.toml`."""

    lead: tuple[str, ...]
    tail: tuple[str, ...]
    remarks: tuple[str, ...]
    conditions: tuple[str, ...]
    nothing: tuple[str, ...]
    measures: tuple[str, ...]
    name_units: tuple[str, ...]
    same_item: tuple[str, ...]
    not_gift_starts: tuple[str, ...]
    not_gift_words: tuple[str, ...]
    services: dict[Service, tuple[str, ...]]
    audiences: dict[str, Literal["fans", "new", "member"]]


SAID = load("promotions", Spellings)
# Full-width signs by number, since they look like the half-width ones beside them.
BETWEEN = r",;/+&|、。\s\uff0c\uff1b\uff0f\uff0b"
PART = re.compile(rf"([{BETWEEN}]*)((?:[(\uff08][^()\uff08\uff09]*[)\uff09]|[^{BETWEEN}])+)")
LIST_NUMBER = re.compile(r"(?:^|(?<=[\s;。\uff1b]))\d{1,2}(?:[、)\uff09]|\.(?!\d))|[①-⑳]")
Found = re.Match[str]


def _any(words: Iterable[str]) -> str:
    """A pattern for any of `words`, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


COUNT = r"(?:\d{1,4}|[一二两三四五六七八九十百]{1,5})"
YUAN = r"(?:\d{1,6}(?:\.\d{1,2})?)(?![\d.])"
RATE = r"(?:\d\.\d|[1-9]\d?|[一二三四五六七八九]点?[一二三四五六七八九]?)"
MEASURE = rf"(?:{_any(SAID.measures)}(?!套|装))"
SEND = r"(?:即|就|加|再|额外|随单|随机|附|各|均|下单|拍下)*(?:赠送|送|赠品:?|赠)"
TICKET = r"(?:(?:专属|优惠|店铺|直播间|直播|主播|粉丝|新人|新客|会员|无门槛|平台|立减|满减|现金)*券)"
FROM = rf"(?:[,、(]*满(?P<threshold>{YUAN})元?(?:可用|使用)\)?)?"
CUT = r"(?:立|直|可|再)*减"
NAME = (
    r"([^()]{0,30}?)(?=每?满[\d一二两三]|每[\d]|拍[\d一二两三四五六七八九十]|买[\d一二两三四五六七八九十]"
    rf"|第[二三四五\d]件|前\d|领券|再?加?(?:送|赠)|立减|[(!。]|共{COUNT}|到手|限量?{COUNT}[份名个件]|$)"
)
LEAD = re.compile(f"{_any(SAID.lead)}*")
TAIL = re.compile(rf"(?:{_any(SAID.tail)}|\(?(?:共|到手|合计|实发){COUNT}{MEASURE}\)?)*")
DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}


def number(text: str) -> int | None:
    """A whole number in digits or Chinese numerals up to 999: "3", "三", "两", "十二", "一百"; else None."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    found = re.fullmatch(r"(?:(.)?百零?)?(?:(.)?(十))?(.)?", text)
    digits = [] if found is None else [found[1], found[2], found[4]]
    if found is None or any(digit and digit not in DIGITS for digit in digits):
        return None
    hundreds = DIGITS[found[1]] if found[1] else int("百" in text)
    tens = DIGITS[found[2]] if found[2] else int(bool(found[3]))
    return hundreds * 100 + tens * 10 + (DIGITS[found[4]] if found[4] else 0)


def rate_of(text: str) -> Decimal | None:
    """The part still paid: "85", "8.5", "八五", "八点五" are 0.85, "9" is 0.9; "90" is unclear: None."""
    digits = "".join(str(DIGITS.get(char, char)) for char in text).replace("点", "").replace(".", "")
    return None if digits.endswith("0") and len(digits) > 1 else Decimal(f"0.{digits}")


def parse(text: str, column: Column = "promo") -> Parsed:
    """Everything a cell of the run sheet says of promotions; never raises."""
    promotions: list[Promotion] = []
    left: list[str] = []
    for joint, parts in _pieces(text):
        whole = "".join(parts)
        readings = [(part, _understand(part, column)) for part in parts]
        if any(found is None for _, found in readings):
            as_one = _understand(whole, column) or _one_more_gift(whole, joint, promotions)
            readings = readings if as_one is None else [(" ".join(parts), as_one)]
        for part, found in readings:
            promotions += found or ()
            left += [part] if found is None else []
    return Parsed(promotions=tuple(promotions), left=tuple(left))


def _pieces(text: str) -> list[tuple[str, list[str]]]:
    """(separator before it, parts between blanks) of each piece; a condition stays with what it limits."""
    text = LIST_NUMBER.sub("\n", text.strip())
    pieces: list[tuple[str, list[str]]] = []
    for joint, part in _split(text):
        said = squeeze(part)
        bound = said.startswith(SAID.conditions) or re.match(rf"满{YUAN}元?(?:可用|使用)", said)
        if pieces and bound:
            pieces[-1][1][-1] += joint + part
        elif pieces and not joint.strip(" \t") and not re.search(r"\d \d", f"{pieces[-1][1][-1]} {said}"):
            pieces[-1][1].append(part)
        elif said not in SAID.nothing:
            pieces.append((joint, [part]))
    return pieces


def _split(text: str) -> Iterator[tuple[str, str]]:
    """(separator, part) along commas, semicolons, 、, /, +, blanks and lines, but not inside brackets."""
    for match in PART.finditer(text):
        yield match[1], match[2]


def squeeze(text: str) -> str:
    """The spelling patterns are written for: half-width, no blanks, no stated worth of a gift."""
    said = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"价值[\d.]+元?的?|\(价值[\d.]+元?\)", "", said).replace("()", "")


def _understand(part: str, column: Column) -> tuple[Promotion, ...] | None:
    said = squeeze(part)
    if column == "coupon" and "券" not in said:
        return _scan(f"{said}券", part) or _scan(said, part)
    found = _scan(said, part)
    return _scan(f"送{said}", part) if found is None and column == "gift" else found


def _scan(said: str, text: str) -> tuple[Promotion, ...] | None:
    """The promotions that `said` consists of from its first to its last character, or None."""
    found: list[Promotion] = []
    while said and said not in SAID.remarks and not TAIL.fullmatch(said):
        lead = LEAD.match(said)
        start = lead.end() if lead else 0
        for pattern, build in READERS:
            match = pattern.match(said, start)
            promotion = build(match, text) if match else None
            if match and promotion:
                break
        else:
            return None
        found.append(promotion)
        tail = TAIL.match(said, match.end())
        said = said[tail.end() if tail else match.end() :]
    return tuple(found)


def _one_more_gift(piece: str, joint: str, before: list[Promotion]) -> tuple[Promotion, ...] | None:
    """送面膜+小样: what is joined to a gift and is nothing else is a gift on the same terms."""
    last = before[-1] if before else None
    if not isinstance(last, Gift) or joint.strip() not in {"+", "\uff0b", "、", "&"}:
        return None
    qty, name = quantity_and_name(squeeze(piece))
    return (last.changed(name=name, qty=qty, text=piece),) if _is_gift(name) else None


GIFT_PROMISE = re.compile(rf"(?:(?:买|拍|满){COUNT}{MEASURE}?)?{SEND}[^{BETWEEN}]*")


def without_gift(text: str) -> str:
    """A piece without its promise of a gift: "拍1发3送面膜" is "拍1发3"."""
    return GIFT_PROMISE.sub("", text).strip(" ,;，；")


def quantity_and_name(said: str) -> tuple[int, str]:
    """How many of what: "2片面膜", "面膜2片", "面膜*2" are (2, "面膜"), "三件套" is 1 of it, "一" (1, "")."""
    units = _any(SAID.name_units)
    ahead = re.match(rf"({COUNT})(?![\d.]|{units})({MEASURE})?(?:的)?", said)
    behind = re.search(rf"(?:[*x×]({COUNT}){MEASURE}?|({COUNT}){MEASURE})$", said)
    # 百 and 十 before a word may belong to it (百搭围巾, 十字绣): they count with a measure only.
    if ahead and (ahead[2] or ahead.end() == len(said) or ahead[1] not in {"十", "百"}):
        return number(ahead[1]) or 1, said[ahead.end() :]
    if behind:
        return number(behind[1] or behind[2]) or 1, said[: behind.start()]
    return 1, said


def _is_gift(name: str) -> bool:
    blocked = name.startswith(SAID.not_gift_starts) or any(word in name for word in SAID.not_gift_words)
    return bool(name) and not blocked and not re.fullmatch(r"[\d.*x×]+", name)


def _n_for_1(found: Found, text: str) -> Promotion | None:
    pay, ship = number(found[1]), number(found[2])
    return NForOne(text=text, pay_qty=pay, ship_qty=ship) if pay and ship and ship >= pay else None


def _buy_x_get_y(found: Found, text: str) -> Promotion | None:
    x, (y, name) = number(found[1] or found[2]), quantity_and_name(found[3])
    if not x or not y or not found[3]:
        return None
    if not name or name in SAID.same_item:
        return BuyXGetY(text=text, x=x, y=y)
    return BuyXGetY(text=text, x=x, y=y, gift_name=name) if _is_gift(name) else None


def _gift(found: Found, text: str) -> Promotion | None:
    qty, name = quantity_and_name(found[3])
    first, stock = number(found[1] or ""), number(found[4] or "")
    if name in SAID.same_item and not (first or found[2] or stock):
        return BuyXGetY(text=text, x=1, y=qty)
    if not _is_gift(name) or name in SAID.same_item:
        return None
    return Gift(text=text, name=name, qty=qty, first_n_orders=first or None, gift_stock=stock or None,
                min_amount=_yuan(found[2]))  # fmt: skip


def _amount_off(found: Found, text: str) -> Promotion | None:
    threshold, off, cap = _yuan(found[2]), _yuan(found[3]), _yuan(found[4] or found[5])
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
    pieces, off = number(found[2]), _yuan(found[3])
    return AmountOff(text=text, pieces=pieces, off=off, per=bool(found[1])) if pieces and off else None


def _flat_off(found: Found, text: str) -> Promotion | None:
    off = _yuan(found[1])
    return AmountOff(text=text, off=off) if off else None


def _coupon(found: Found, text: str) -> Promotion | None:
    said = found.groupdict()
    threshold, value = _yuan(said.get("threshold")), _yuan(said.get("value"))
    rate = rate_of(said["rate"]) if said.get("rate") else None
    if not (value or rate) or (value and threshold and value > threshold):
        return None
    audience = next((who for word, who in SAID.audiences.items() if word in found[0]), "all")
    group = "" if "叠加" in squeeze(text) else "coupon"
    return Coupon(text=text, measure="percent" if rate else "amount", value=rate or value or Decimal(0),
                  threshold=threshold, audience=audience, exclusive_group=group)  # fmt: skip


def _nth_item(found: Found, text: str) -> Promotion | None:
    nth = number(found[1])
    rate = rate_of(found[3]) if found[3] else Decimal("0.5" if found[2] in {"半价", "对折"} else "0")
    return PercentOff(text=text, rate=rate, nth_item=nth) if nth and nth > 1 and rate is not None else None


def _percent_off(found: Found, text: str) -> Promotion | None:
    rate = rate_of(found[3]) if found[3] else Decimal("0.5")
    pieces = number(found[1] or "1")
    if rate is None or not pieces:
        return None
    return PercentOff(text=text, rate=rate, pieces=pieces, threshold=_yuan(found[2]))


def _presale(found: Found, text: str) -> Promotion | None:
    deposit, worth = _yuan(found[1]), _yuan(found[2])
    if not deposit or not worth or worth < deposit:
        return None
    return Presale(text=text, deposit=deposit, deposit_value=worth)


def _freebie(found: Found, text: str) -> Promotion | None:
    service = next(name for name, words in SAID.services.items() if found[1] in words)
    regions = tuple(re.split(r"[、,/;和]", found[2])) if found[2] else ()
    return Freebie(text=text, service=service, regions_excluded=regions)


def _yuan(text: str | None) -> Decimal | None:
    """Yuan, None for none and for nothing: an offer of 0 yuan is no offer."""
    amount = Decimal(text) if text else None
    return amount or None


# Tried in this order at each place: a coupon's 满减 before 满减, a service before a gift (送运费险).
READERS: tuple[tuple[re.Pattern[str], Callable[[Found, str], Promotion | None]], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (rf"拍({COUNT}){MEASURE}?发({COUNT}){MEASURE}?", _n_for_1),
        (rf"(?:(?:买|拍)({COUNT}){MEASURE}?|满({COUNT}){MEASURE}){SEND}{NAME}(?:\(同款\))?", _buy_x_get_y),
        (rf"({_any(w for words in SAID.services.values() for w in words)})"
         r"(?:\(除?([^()]+?)(?:除外|不包邮|不包|不发)?\))?", _freebie),
        (rf"领?{TICKET}?满(?P<threshold>{YUAN})元?(?:可用|可领|可使用|使用|可减|立减|减|可|领|用)的?"
         rf"(?P<value>{YUAN})元?的?{TICKET}", _coupon),
        (rf"(?:领|用)?{TICKET}:?满(?P<threshold>{YUAN})元?{CUT}(?P<value>{YUAN})元?", _coupon),
        (rf"(?:领|用){TICKET}后?{CUT}(?P<value>{YUAN})元?", _coupon),
        (rf"(?:领取?)?(?:1张|一张)?(?:无门槛)?(?P<value>{YUAN})(?:元|块)?的?{TICKET}(?:1张|一张)?"
         rf"{FROM}", _coupon),
        (rf"领?{TICKET}:?(?P<value>{YUAN})元?{FROM}", _coupon),
        (rf"(?:领取?)?(?:满(?P<threshold>{YUAN})元?(?:可用|享|打|可享))?(?P<rate>{RATE})折{TICKET}", _coupon),
        (rf"(每)?满?({YUAN})元?{CUT}({YUAN})元?(?:\(?封顶({YUAN})元?\)?|\(?(?:最高|至多|最多)减?({YUAN})元?\)?)?",
         _amount_off),
        (rf"(每)?(?:满|拍|买)?({COUNT}){MEASURE}{CUT}({YUAN})元?", _pieces_off),
        (rf"(?:立减|直减)({YUAN})元?", _flat_off),
        (rf"第({COUNT}){MEASURE}(半价|对折|({RATE})折|0元|免费|免单)", _nth_item),
        (rf"(?:(?:满|拍|买)?({COUNT}){MEASURE}|满({YUAN})(?:元|(?=打|可?享|立享)))?(?:均?(?:打|可?享|立享))?"
         rf"(?:({RATE})折|半价|对折)(?!起)", _percent_off),
        (rf"(?:付|预付)?定金({YUAN})元?(?:可|立)?(?:抵扣|抵用|抵|膨胀到?|顶|当)({YUAN})元?", _presale),
        (rf"(?:前({COUNT})(?:名|单|位)(?:下单)?)?(?:满({YUAN})元?)?{SEND}{NAME}"
         rf"(?:\(?(?:限量?|前)({COUNT})[份名个件]\)?)?", _gift),
    )
)  # fmt: skip
