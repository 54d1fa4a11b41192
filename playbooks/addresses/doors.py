"""Whether a street, house or flat written in a text is the order's own, without any division named."""

from __future__ import annotations

import re
from functools import cache

from playbooks.addresses.findings import Span
from playbooks.addresses.normal import fold
from playbooks.addresses.roles import DOORS
from playbooks.addresses.spot import numbers, roads
from playbooks.addresses.text import Text
from playbooks.addresses.words import cue, either, words

_LONG = re.compile(r"\d{7,}|\d{3,4}-\d{4}-\d{4}|\d{3} \d{4} \d{4}")
_PART = r"(?:号楼|栋|单元|号|室|楼|层|座|弄|门)"
_PAIR = re.compile(
    rf"(\d+)\s*({_PART}?)[^,，。;；\d]{{0,6}}?(?:改(?:成|为|到)?|换(?:成|到)|不是|写成|→|->)[^,，。;；\d]{{0,4}}(\d+)(?!\d*[码件个片瓶盒包g斤元])\s*({_PART}?)"
)
_HOUSE = re.compile(
    r"(?<![\da-z])(\d{1,4}|[a-z])(?:号楼|栋|座|单元|室)(?!装|沙发|椅|汽车|轿车|位|一厅|两厅|的窗)"
)
_FLOOR = re.compile(r"(?:\d+|[一二三四五六七八九十]+)[楼层]")
_NEXT_STREET = re.compile(r"(?:寄|送|发|邮)(?=[\u4e00-\u9fff]{2,10}?(?:路|街|大道|巷|弄|村)\s*\d)")
_STREET = re.compile(
    r"[路街道巷弄村镇乡]|小区|花园|大厦|广场|公寓|\d\s*(?:号(?!前|之|下|上)|栋|座|单元|室)|\d+-\d+"
)
STREET_WITHIN = 24
"""Characters after a verb of sending in which a street is looked for."""
_NOT_THIS = re.compile(r"(?:不是|不要送|别送|不在)\s*(\d{1,4}|[a-z])(?![\da-z码件个片瓶盒包])")
_CORRECTED = re.compile(rf"(?:是|改成|改为|应该是|应为|换成)\s*(?:第)?\d+\s*{_PART}")


def same_door(text: Text, part: str) -> bool:
    """Whether every number and road of `part` stands in the order's address: nothing is to be changed."""
    written = _LONG.sub(" ", part)
    own = fold(text.case.personal.address).text.lower()
    if not _FLOOR.search(own):  # a floor said besides completes the address, it does not change it
        written = _FLOOR.sub(" ", written)
    ours = {*numbers(own), *numbers(text.case.personal.town)}
    named = (road[-3:] for road in roads(written) if len(road) > 2)
    whole = own + text.case.personal.town + text.case.order.district
    return set(numbers(written)) <= ours and all(road in whole for road in named)


def is_door(part: str) -> bool:
    """Whether it says where within a place: a road, a compound, a number of a house."""
    return DOORS.match(_LONG.sub(" ", part)) is not None


def door_changed(text: Text) -> Span | None:
    """A house, stairs or flat put right, and no place named: 5号改成15号601; 门牌写错了,是1302不是1202."""
    for found in _PAIR.finditer(text.plain):
        ours = numbers(text.case.personal.address)
        if found[2] or found[4] or found[1] in ours or found[3] in ours:
            return found.span()
    if other := other_house(text):
        return other
    named = said_wrong().search(text.plain)
    if named is None:
        return None
    corrected = _CORRECTED.search(text.plain)
    return corrected.span() if corrected else named.span()


def other_house(text: Text) -> Span | None:
    """A house, stairs or flat that the order does not have, or "not 301" of one it has: 请送B座; 是302,不是301.

    Where the courier may leave it (驿站, 柜, 门卫) is no other house.
    """
    ours = numbers(text.case.personal.address)
    for found in _HOUSE.finditer(text.plain):
        about = text.plain[slice(*text.clause(found.start()))]
        if ours and found[1] not in ours and not cue("drop").search(about):
            return found.span()
    refused = _NOT_THIS.search(text.plain)
    return refused.span() if refused and refused[1] in ours else None


@cache
def said_wrong() -> re.Pattern[str]:
    """A word of the door with a word of change beside it, in either order: 楼层错了, 改楼号."""
    door, change = either(words().cues["door"]), either(words().cues["door_change"])
    return re.compile(
        rf"(?:{door})[^,，。;；\d]{{0,5}}?(?<!已)(?:{change})|(?<!已)(?:{change})(?:一下|下|个)?(?:{door})"
        rf"|\d\s*{_PART}?(?:写错|写成|填成|填错|弄错|错了)"
    )


def street_named(text: Text) -> Span | None:
    """A street after a verb of sending, with no division before it: 换成公司的 郑东新区商务外环路8号."""
    for found in sending().finditer(text.plain):
        if _STREET.search(text.right(found.end())[:STREET_WITHIN]):
            return found.end(), found.end() + len(text.right(found.end()))
    at_once = _NEXT_STREET.search(text.plain)
    return (at_once.end(), at_once.end() + len(text.right(at_once.end()))) if at_once else None


@cache
def sending() -> re.Pattern[str]:
    speech = words().speech
    return re.compile(
        rf"(?:{either(speech.send)})(?:{either(speech.towards)})(?:{either(speech.towards)}|{either(speech.between)})*"
    )


def somewhere_named(text: Text) -> Span | None:
    """A place only the agent can know after a verb of sending: 寄公司, 送到老家."""
    found = somewhere().search(text.plain)
    return found.span() if found else None


def landmark_named(text: Text) -> Span | None:
    """Something no list has after 寄到: 国贸三期58层. Not the door, a person, or what the order's address has."""
    for found in landmark().finditer(text.plain):
        inside = any(one.start < found.end(1) and found.start(1) < one.end for one, _ in text.mentions)
        if not inside and found[1][:2] not in text.case.personal.address and not cue("drop").search(found[1]):
            return found.span(1)
    return None


@cache
def landmark() -> re.Pattern[str]:
    """The words after a verb of sending and 到, 往 or 去."""
    arrived = either(words().speech.arrived)
    return re.compile(
        rf"(?:寄|送|发|邮|派)(?:到|往|去|至)(?!{arrived})([\u4e00-\u9fff]{{2}}[\u4e00-\u9fffa-z0-9]{{0,10}})"
    )


@cache
def somewhere() -> re.Pattern[str]:
    speech = words().speech
    verbs = "寄|送|邮|发|改|换"
    return re.compile(
        rf"(?:{verbs})(?:到|往|去|给|回|成|为)?(?:我|我们|我的|我妈|的)?(?:{either(speech.somewhere)})(?!快递|发货)"
    )


def changes(text: Text) -> Span | None:
    """Where a change of address is asked for; what is said of keeping it is not counted."""
    found = cue("change").search(cue("keep").sub(lambda kept: "□" * len(kept[0]), text.plain))
    return found.span() if found else None
