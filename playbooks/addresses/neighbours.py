"""Another district or town of the order's own city, by a name that only the city makes one: 寄松江, 改到塘厦; or a
county or county-level city by its bare name: 发义乌, 寄昆山.

Alone such names say too little (和平, 长安 are everywhere), so `scan` leaves them out. Here the city is known from the
order, and a verb of sending leads to the name, or something else says that a place is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from playbooks.addresses import guards, towns
from playbooks.addresses.divisions import Division
from playbooks.addresses.findings import Span
from playbooks.addresses.nearby import SHORT, Found, name_at, name_before, within
from playbooks.addresses.roles import DOORS, NOT_ASKED, after
from playbooks.addresses.text import Text
from playbooks.addresses.words import either, words

_NO = re.compile(r"(?:不是|不要|别.?|不用|不.?|旧|老|原来)$")
_SUFFIX = re.compile(r"(?:街道|[区县市旗镇乡])$")
_MEANT = re.compile(
    r"(?:的|那个|那边|这个|那|家|公司){0,3}(?:收货|收件)?地址(?!.{0,6}(?:不|错|作废|旧|老))|(?:那个)?才[是对]|那个?(?:家|房子|店|公司|办公室)(?:\W|$)"
)
"""Behind a name: "address" or "is the right one", unless that one is called old or wrong."""
_HEAD = re.compile(r"^|[,，。;；!！:：\s]|是|老家|[改换]下?区")
"""Before a name at the head of a clause: 顺义后沙峪 裕庆路 安馨家园 往这寄."""
_THERE = re.compile("[那这](?:边|里|儿)")
_TAKEN = re.compile(r"收(?:货|件)?(?:\W|$)|[住寄送发邮]那")
_POSTED = re.compile(r"[收寄送发邮改换]")
_LIVES = re.compile(r"(?<!不)(?:住|在|搁|是|搬到|搬去|搬来)")
_LEFT = re.compile(r"[不没](?:住|在|搁|是)$")
_APART = re.compile(r"的?[,， ]+")
_ALONE = re.compile(
    r"(?:\W|$|那边|那里|那个|这边|[吧呢啊哈呀去来了我他她]|的(?=\W|$|[嘛吧呢哦啊])|的?(?:公司|单位|家里))"
)


def neighbour(text: Text) -> tuple[Span, Division] | None:
    """Where the first such name stands and what it means; None where the city is unknown or none is named."""
    city = text.case.places.city
    if city is None:
        return None
    own = f"{text.case.order.district}{text.case.personal.town}{text.case.personal.address}"
    for (start, end), unit in (*_led_to(text.plain, city.code), *_pointed_at(text, city.code)):
        if _SUFFIX.sub("", text.plain[start:end]) not in own:
            return (start, end), unit
    return None


def _led_to(text: str, city: str) -> Iterator[Found]:
    """Where a verb of sending leads to a name."""
    for verb in sending().finditer(text):
        if _NO.search(text, 0, verb.start()):
            continue
        if (found := name_at(text, verb.end(), city)) and _is_place(text, found):
            yield found


def _pointed_at(text: Text, city: str) -> Iterator[Found]:
    """Where a name is meant without a verb: 静安那个地址才是对的; 余姚的,阳明西路; 我住双流,不住武侯了."""
    plain = text.plain
    for behind in _MEANT.finditer(plain):
        found = name_before(plain, behind.start(), city)
        if found and not _NO.search(text.left(found[0][0])):
            yield found
    yield from _at_heads(text, city)
    if found := _begun(plain, city):
        yield found
    if _own_district_after(text, _LEFT):
        yield from filter(None, (name_at(plain, lives.end(), city) for lives in _LIVES.finditer(plain)))


def taken(text: Text) -> bool:
    """Whether somebody takes the parcel, or it is to go "there": a place named besides is the one."""
    return _TAKEN.search(text.plain) is not None


def _at_heads(text: Text, city: str) -> Iterator[Found]:
    """A name at the head of a clause where the text points at a place, or one of its towns follows and somebody sends
    or takes: 文昌清澜 邮这里; 苍南龙港 这边方便收."""
    plain = text.plain
    pointed, posted = text.has("points") or taken(text), _POSTED.search(plain)
    if not (pointed or posted):
        return
    for head in _HEAD.finditer(plain):
        found = name_at(plain, head.end(), city)
        if found is None or (_calls(plain, found[0][1]) and not _THERE.match(plain, found[0][1])):
            continue
        if pointed or _town_follows(plain, found):
            yield found


def _town_follows(text: str, found: Found) -> bool:
    """Whether one of its towns is named next, by its bare name too, and no goods called after it: 南安|水头."""
    (_, end), unit = found
    named = (_SUFFIX.sub("", town) for town in towns.names(unit.code) if len(town) > SHORT)
    return any(
        text.startswith(town, end) and text[end + len(town) : end + len(town) + 1] != "的" for town in named
    )


def _begun(text: str, city: str) -> Found | None:
    """A name the text begins with, set apart from a street that follows."""
    found = name_at(text, len(text) - len(text.lstrip()), city)
    apart = _APART.match(text, found[0][1]) if found else None
    return found if apart and DOORS.match(text, apart.end()) else None


def own_district_refused(text: Text) -> Span | None:
    """Where the order's own district is named as where not to send it: 不要再送沙坪坝."""
    return _own_district_after(text, _refusing())


def _own_district_after(text: Text, before: re.Pattern[str]) -> Span | None:
    """Where the order's own district stands by its short name, no road's, behind something."""
    district = text.case.order.district
    stem = _SUFFIX.sub("", district)
    if len(stem) < SHORT or stem == district:
        return None
    at = text.plain.find(stem)
    if at < 0 or not before.search(text.plain, 0, at) or guards.road().match(text.plain, at + len(stem)):
        return None
    return at, at + len(stem)


def other_part_named(text: Text) -> bool:
    """Whether another district of the order's own city is named by its short name: 青秀或者良庆 都有人收."""
    city, plain = text.case.places.city, text.plain
    if city is None:
        return False
    own = f"{text.case.order.district}{text.case.personal.town}{text.case.personal.address}"
    parts = (name for name in within(city.code) if name in plain and _SUFFIX.sub("", name) not in own)
    return any(not _calls(plain, plain.find(name) + len(name)) for name in parts)


def _calls(text: str, end: int) -> bool:
    """Whether a road, goods or people are called after the name that ends there."""
    return any(pattern.match(text, end) for pattern in (guards.road(), after("goods"), after("people")))


@cache
def _refusing() -> re.Pattern[str]:
    return re.compile(rf"{NOT_ASKED}(?:{either(words().speech.no)})(?:再|往|给)?[寄发送邮](?:到|往|去|在)?$")


@cache
def sending() -> re.Pattern[str]:
    speech = words().speech
    between = f"{either(speech.towards)}|{either(speech.between)}"
    return re.compile(rf"(?:{either(speech.send)})(?:{between}|\W)*")


def _is_place(text: str, found: Found) -> bool:
    """Whether the name is meant: with its ending, or by itself, or before a door or one of its towns (南安|水头); not
    和平路, 长安的米, 朝阳那款."""
    start, end = found[0]
    if guards.road().match(text, end) or after("goods").match(text, end):
        return False
    if _SUFFIX.search(text[start:end]) or _ALONE.match(text, end) or DOORS.match(text, end):
        return True
    return _town_follows(text, found)
