"""What part a place plays in a sentence: where to send, where not, where from, who or what is called after it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

from playbooks.addresses.scan import Mention
from playbooks.addresses.text import Text
from playbooks.addresses.words import cue, either, words

Role = Literal["sent", "address", "refused", "origin", "invoice", "gift", "being", "named"]
"""`sent`: a verb leads to it; `address`: street or door follow; `refused`: not there; `origin`: the parcel's; `invoice`
and `gift`: in a text for something else; `being`: somebody is or was there; `named`: nothing of this."""
DOORS = re.compile(
    r"[^,，。;；!！?？\n]{0,16}?(?:路|街|大道|巷|弄|胡同|村|镇|乡|小区|大厦|广场|花园|苑|公寓|社区|学校|大学|学院|医院|中心|新城|商城|市场"
    r"|园区|工业园|产业园|科技园|机场|\d+\s*(?:号|栋|楼|单元|室|座|#)|\d+-\d+)"
)
"""Something a courier can find, near the beginning."""


def role(text: Text, mention: Mention) -> Role:
    """The first of the parts it plays, in the order in which they exclude each other."""
    left, right = text.left(mention.start), text.right(mention.end)
    sends = leads_there(mention, left, right)
    elsewhere_sent = sends and not cue("gift").search(left)
    plays: tuple[tuple[Role, bool], ...] = (
        ("refused", before("refused").search(left) is not None),
        ("origin", from_there(left, right)),
        ("gift", said_before(text, "gift", mention.start) and not elsewhere_sent),
        ("invoice", said_before(text, "invoice", mention.start) and not cue("change").search(left)),
        ("sent", sends),
        ("address", has_door(text, mention, right) and (mention.evidence or in_the_city(text, mention))),
        ("being", bool(before("being").search(left) or after("people").match(right))),
    )
    return next((part for part, so in plays if so), "named")


def has_door(text: Text, mention: Mention, right: str) -> bool:
    """Whether a street or door follows, behind a comma too: 河北省 保定市 竞秀区,朝阳北大街100号."""
    if right.strip() or len(mention.units) < 3:
        return DOORS.match(right) is not None
    return DOORS.match(text.plain[mention.end :].lstrip(" ,，、")) is not None


def in_the_city(text: Text, mention: Mention) -> bool:
    """Whether it lies within another (昆山 花桥), or is a district of the order's own city: 通州区 for one in 北京."""
    if len(mention.units) > 1:
        return True
    city = text.case.places.city
    return city is not None and any(unit.parent == city.code for unit in mention.candidates)


def leads_there(mention: Mention, left: str, right: str) -> bool:
    if not before("sent").search(left):
        return False
    if mention.evidence or DOORS.match(right):
        return True
    return not after("goods").search(right[:4]) and not after("people").match(right)


def from_there(left: str, right: str) -> bool:
    if after("from_after").match(right):
        return True
    return bool(re.search(r"[从由]$", left)) and "发" in right


def said_before(text: Text, name: str, at: int) -> bool:
    found = text.find(name)
    return found is not None and found[0] < at


@cache
def before(name: str) -> re.Pattern[str]:
    """What stands right before a place of that role."""
    speech = words().speech
    verb, towards, between = either(speech.send), either(speech.towards), either(speech.between)
    return re.compile(
        {
            "sent": rf"(?:{verb})(?:{towards}|{between}|\W)*$",
            "refused": rf"(?:{either(speech.no)})(?:再|往|给)?(?:{verb})(?:成|错|到|往|去|了|在|\s)*$",
            "being": rf"(?:{either(speech.being)})$",
        }[name]
    )


@cache
def after(name: Literal["people", "goods", "from_after"]) -> re.Pattern[str]:
    """What stands right after a place of that role."""
    speech = words().speech
    phrases: Iterable[str] = {
        "people": speech.people,
        "goods": speech.goods,
        "from_after": speech.from_after,
    }[name]
    return re.compile(either(phrases))
