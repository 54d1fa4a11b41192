"""Whether a street, house or flat written in a text is the order's own, without any division named."""

from __future__ import annotations

import re
from functools import cache

from playbooks.addresses.findings import Span
from playbooks.addresses.houses import GOODS
from playbooks.addresses.normal import fold
from playbooks.addresses.roles import findable
from playbooks.addresses.spot import numbers, roads
from playbooks.addresses.text import Text
from playbooks.addresses.words import cue, either, words

_LONG = re.compile(r"\d{7,}|\d{3,4}-\d{4}-\d{4}|\d{3} \d{4} \d{4}")
_NUMBERED = re.compile(
    r"[\u4e00-\u9fff]{2,10}?(?:路|街|大道|巷|弄)(?:[东西南北中一二三四五六七八九十]{1,2}段)?\s*\d{1,4}\s*号"
)
_FLOOR = re.compile(r"(?:\d+|[一二三四五六七八九十]+)[楼层]")
_NEXT_STREET = re.compile(
    r"(?:寄|送|发|邮)(?=[\u4e00-\u9fff]{2,10}?(?:路|街|大道|巷|弄|村)\s*\d"
    r"|[\u4e00-\u9fff]{2,6} [\u4e00-\u9fff]{1,6}(?:路|街|大道|村|小区)(?:\W|$))"
)
_STREET = re.compile(
    rf"[路街道巷弄村镇乡]|小区|花园|大厦|广场|公寓|\d\s*(?:号(?!前|之|下|上|{GOODS})|栋|座|单元|室)|\d+-\d+"
)
STREET_WITHIN = 24
"""Characters after a verb of sending in which a street is looked for."""


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
    return findable(_LONG.sub(" ", part))


def street_named(text: Text) -> Span | None:
    """A street after a verb of sending, with no division before it: 换成公司的 郑东新区商务外环路8号."""
    for found in sending().finditer(text.plain):
        gift = found[0].endswith("送的")
        if not gift and _STREET.search(text.right(found.end())[:STREET_WITHIN]):
            return found.end(), found.end() + len(text.right(found.end()))
    if at_once := _NEXT_STREET.search(text.plain):
        return at_once.end(), at_once.end() + len(text.right(at_once.end()))
    return next((found.span() for found in _NUMBERED.finditer(text.plain) if not _visited(text, found)), None)


def _visited(text: Text, street: re.Match[str]) -> bool:
    """Whether somebody is or was at a street, or it is a shop's, an invoice's, a card's: no place to send to."""
    about = text.plain[slice(*text.clause(street.start()))]
    aside = text.has("invoice") or text.has("gift")
    return aside or any(cue(name).search(about) for name in ("origin", "visited"))


@cache
def sending() -> re.Pattern[str]:
    speech = words().speech
    return re.compile(
        rf"(?:{either(speech.send)})(?:{either(speech.towards)})(?:{either(speech.towards)}|{either(speech.between)})*"
    )


def somewhere_named(text: Text) -> Span | None:
    """A place only the agent can know after a verb of sending: 寄公司, 送到老家."""
    found = somewhere().search(text.plain)
    if found is None or cue("drop").search(text.right(found.end())):
        return None
    return found.span()


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
    theirs = f"(?:{'|'.join(words().groups['kin'])})(?:家|那)"
    verbs, owner = "(?:寄|送|邮|发|改|换)(?:到|往|去|给|回|成|为)?", "(?:我|我们|我的|我妈|的)?"
    return re.compile(rf"{verbs}{owner}(?:{either(speech.somewhere)}|{theirs})(?!快递|发货|人)")
