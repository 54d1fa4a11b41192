"""How shops write numbers, units and words in promotions: the patterns the readers are made of.

Words stand in `data/promotions.toml`; spellings are compared as `squeeze` leaves them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from playbooks.model import Model
from playbooks.promotion.terms import Service
from playbooks.rulebook import load


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
    highest_prize: int
    gift_lot: int
    members: tuple[str, ...]
    services: dict[Service, tuple[str, ...]]
    audiences: dict[str, Literal["fans", "new", "member"]]


SAID = load("promotions", Spellings)
# Full-width signs by number, since they look like the half-width ones beside them.
BETWEEN = r",;/+&|、。\s\uff0c\uff1b\uff0f\uff0b"
Found = re.Match[str]


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of `words`, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


COUNT = r"(?:\d{1,4}|[一二两三四五六七八九十百]{1,5})"
YUAN = r"(?:\d{1,6}(?:\.\d{1,2})?)(?![\d.])"
RATE = r"(?:\d\.\d|[1-9]\d?|[一二三四五六七八九]点?[一二三四五六七八九]?)"
MEASURE = rf"(?:{any_of(SAID.measures)}(?!套|装))"
SEND = r"(?:即|就|加|再|额外|随单|随机|附|各|均|下单|拍下)*(?:赠送|送|赠品:?|赠)"
TICKET = r"(?:(?:专属|优惠|店铺|直播间|直播|主播|粉丝|新人|新客|会员|无门槛|平台|立减|满减|现金)*券)"
FROM = rf"(?:[,、(]*满(?P<threshold>{YUAN})元?(?:可用|使用)\)?)?"
CUT = r"(?:立|直|可|再)*减"
TIME = r"(?:\d{1,2}:\d{2}|\d{1,2}点(?:\d{1,2}分?|半)?)"
TO = r"(?:-|~|—|–|至|到)+"
DATE = r"(?:\d{1,2}月\d{1,2}[日号]?|\d{1,2}\.\d{1,2})"
PIECES = r"[份件单个台套张]"
TERMS = (  # of a coupon: how many, when, where it is claimed
    rf"(?:[,(]*限量?(?P<quota>{COUNT})张\)?)?"
    rf"(?:[,(]*(?P<starts>{TIME}){TO}(?P<ends>{TIME})(?:可用|可领|使用|有效|领取)?\)?)?"
    r"(?:\((?P<where>[^()]{2,12}领取?)\))?"
)
NAME_ENDS = (
    r"(?=每?满[\d一二两三]|每[\d]|拍[\d一二两三四五六七八九十]|买[\d一二两三四五六七八九十]"
    rf"|第[二三四五\d]件|前\d|领券|再?加?(?:送|赠)|立减|[(!。]|共{COUNT}|到手|限量?{COUNT}[份名个件]|$)"
)
NAME = r"([^()]{0,30}?)" + NAME_ENDS
LEAD = re.compile(f"{any_of(SAID.lead)}*")
TAIL = re.compile(rf"(?:{any_of(SAID.tail)}|\(?(?:共|到手|合计|实发){COUNT}{MEASURE}\)?)*")
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


def clock_of(text: str | None) -> str | None:
    """A time of day as "20:30": "8:05", "20点半"; hours run to 29, as a programme past midnight writes 25:30."""
    found = re.fullmatch(r"(\d{1,2})(?::|点)(?:(\d{1,2})分?|(半))?", text or "")
    if found is None:
        return None
    hour, minute = int(found[1]), 30 if found[3] else int(found[2] or 0)
    return f"{hour % 24:02d}:{minute:02d}" if hour < 30 and minute < 60 else None


def rate_of(text: str) -> Decimal | None:
    """The part still paid: "85", "8.5", "八五", "八点五" are 0.85, "9" is 0.9; "90" is unclear: None."""
    digits = "".join(str(DIGITS.get(char, char)) for char in text).replace("点", "").replace(".", "")
    return None if digits.endswith("0") and len(digits) > 1 else Decimal(f"0.{digits}")


def squeeze(text: str) -> str:
    """The spelling patterns are written for: half-width, no blanks, no stated worth of a gift.

    A blank between two figures parts them: of "秒杀69 20:30" no price 6920 may be left.
    """
    parted = re.sub(r"(?<=\d)\s+(?=\d)", ",", unicodedata.normalize("NFKC", text))
    said = "".join(parted.split())
    return re.sub(r"价值[\d.]+元?的?|\(价值[\d.]+元?\)", "", said).replace("()", "")


def quantity_and_name(said: str) -> tuple[int, str]:
    """How many of what: "2片面膜", "面膜2片", "面膜*2" are (2, "面膜"), "三件套" is 1 of it, "一" (1, "")."""
    units = any_of(SAID.name_units)
    ahead = re.match(rf"({COUNT})(?![\d.]|{units})({MEASURE})?(?:的)?", said)
    behind = re.search(rf"(?:[*x×]({COUNT}){MEASURE}?|({COUNT}){MEASURE})$", said)
    # 百 and 十 before a word may belong to it (百搭围巾, 十字绣): they count with a measure only.
    if ahead and (ahead[2] or ahead.end() == len(said) or ahead[1] not in {"十", "百"}):
        return number(ahead[1]) or 1, said[ahead.end() :]
    if behind:
        return number(behind[1] or behind[2]) or 1, said[: behind.start()]
    return 1, said


def is_gift(name: str) -> bool:
    blocked = name.startswith(SAID.not_gift_starts) or any(word in name for word in SAID.not_gift_words)
    return bool(name) and not blocked and not re.fullmatch(r"[\d.*x×]+", name)


def yuan(text: str | None) -> Decimal | None:
    """Yuan, None for none and for nothing: an offer of 0 yuan is no offer."""
    amount = Decimal(text) if text else None
    return amount or None
