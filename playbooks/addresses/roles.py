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
    r"[^,，。;；!！?？\n]{0,16}?(?:路|街|大道|道(?=\W|\d|$)|巷|弄|胡同|村|镇|乡|小区|大厦|广场|花园|苑|公寓|社区|学校|大学|学院|医院|中心|新城|商城|市场"
    r"|园区|工业园|产业园|科技园|机场|\d+\s*(?:号|栋|楼|单元|室|座|#)|\d+-\d+)"
)
"""Something a courier can find, near the beginning."""
_KIND = re.compile(r"[那这]种|[那这]款|[那这]个味|同款|风味|味|的(?!地址|小区|公司|单位|家)|里?[吃喝]")
"""Behind such a thing: goods or people called after it (西安回民街那种, 中山大学的同学)."""
_KINSHIP = "的[\u4e00-\u9fff]{1,3}?[师友亲戚姐哥弟妹妈爸爷奶姨叔舅姑婆嫂侄甥孙婶]"
"""Somebody who is from the place before: 北京|的导师."""
_LISTED = re.compile("和|跟|配|还有|[老同家故下回返城]乡$")
"""Between a place and such a thing: they are two things (德州扒鸡和周村烧饼)."""
ENDS = r"(?:\W|$|[吧呢啊哈呀了去]|就|好|可以|行|谢)"
"""What ends a clause, or may."""
TOWN = 4
NOT_ASKED = "(?<!能)(?<!要)(?<!是)"
"""Before a "not": none of 能不能, 要不要, 是不是."""


def role(text: Text, mention: Mention) -> Role:
    """The first of the parts it plays, in the order in which they exclude each other."""
    left, right = text.left(mention.start), text.right(mention.end)
    sends = leads_there(mention, left, right) or taken_there().match(right) is not None
    elsewhere_sent = sends and not cue("gift").search(left)
    plays: tuple[tuple[Role, bool], ...] = (
        ("refused", before("refused").search(left) is not None),
        ("origin", from_there(left, right)),
        ("gift", said_before(text, "gift", mention.start) and not elsewhere_sent),
        ("invoice", said_before(text, "invoice", mention.start) and not cue("change").search(left)),
        ("sent", sends),
        (
            "address",
            has_door(text, mention, left, right) and (mention.evidence or in_the_city(text, mention)),
        ),
        ("being", bool(before("being").search(left) or after("people").match(right))),
    )
    return next((part for part, so in plays if so), "named")


def has_door(text: Text, mention: Mention, left: str, right: str) -> bool:
    """Whether a street or door follows, behind a comma too: 河北省 保定市 竞秀区,朝阳北大街100号; or a town ends it."""
    in_town = len(mention.units) > 2 and mention.units[-1].level >= TOWN
    if in_town and re.match(ENDS, right) and not before("being").search(left):
        return True
    if before("being").search(left) and after("people").match(right):
        return False
    if right.strip() or len(mention.units) < 3:
        return findable(right)
    return findable(text.plain[mention.end :].lstrip(" ,，、"))


def findable(part: str) -> bool:
    """Whether something a courier can find begins it, and not what is called after such a thing."""
    door = DOORS.match(part)
    return door is not None and not _LISTED.search(door[0]) and not _KIND.match(part, door.end())


def in_the_city(text: Text, mention: Mention) -> bool:
    """Whether it lies within another (昆山 花桥), or is a district of the order's own city (通州区 for one in 北京)
    or of one that is named besides (在鞍山,铁东区…).
    """
    if len(mention.units) > 1:
        return True
    named = {unit.code for one, _ in text.mentions if one is not mention for unit in one.units}
    own = text.case.places.city
    cities = {*named, own.code} if own else named
    return any(unit.parent in cities for unit in mention.candidates)


def leads_there(mention: Mention, left: str, right: str) -> bool:
    if not before("sent").search(left):
        return False
    if mention.evidence or DOORS.match(right) or at_theirs().match(right):
        return True
    if posted().search(left) and at_somebodys().match(right):
        return True
    return not after("goods").search(right[:4]) and not after("people").match(right)


@cache
def posted() -> re.Pattern[str]:
    """A verb that only parcels have, right before a place: 寄给|北京的朋友; 送北京的朋友 may be a gift."""
    return re.compile(rf"(?:寄|邮|快递)(?:{either(words().speech.towards)})*$")


@cache
def taken_there() -> re.Pattern[str]:
    """Behind a place where somebody takes the parcel: 天水麦积区|那边收."""
    return re.compile(
        rf"(?:那边|这边|那里|这里|那)(?:能|可以|才|方便|来|才能)?收(?:货|件)?{ENDS}|收(?:货|件){ENDS}"
    )


@cache
def at_theirs() -> re.Pattern[str]:
    """Where a place stands for the whole of where to send: 寄杭州那边, 发北京那里吧."""
    return re.compile(rf"(?:那边|这边|那里|这里|那儿|那|家里|店里|公司|单位)的?{ENDS}")


@cache
def at_somebodys() -> re.Pattern[str]:
    """Somebody who is there: 北京的朋友, 广州同事那里."""
    return re.compile(rf"(?:{either(words().speech.people)})(?:那边|那里|那儿|那|家|家里|收)?{ENDS}")


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
            "refused": rf"{NOT_ASKED}(?:{either(speech.no)})(?:再|往|给)?(?:{verb})(?:成|错|到|往|去|了|在|\s)*$",
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
    return re.compile(f"{either(phrases)}|{_KINSHIP}" if name == "people" else either(phrases))
