"""A message or memo with the part each place plays in it, and where it says the parcel is to go (REQUIREMENTS D01)."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from playbooks.addresses.doors import somewhere_named
from playbooks.addresses.findings import Span
from playbooks.addresses.neighbours import taken
from playbooks.addresses.places import Relation
from playbooks.addresses.roles import Role, role
from playbooks.addresses.scan import Mention
from playbooks.addresses.text import Text
from playbooks.addresses.words import blank, cue, either, words

RULE = "double_address"
LEADING: tuple[Role, ...] = ("sent", "address")
_AFTER_ALL = re.compile(r"(?:还是|就).{0,4}?(?:[发寄送邮用按]|收货)(?:到|去|往|回)?([\u4e00-\u9fff]{2})")
_AS_IT_IS = re.compile(
    r"(?:^|[,，。;；!！\s])(?:就|那)?(?:不用|不|别|不要|无需)再?[换改][了啦吧哈的]*(?:\W|$)"
)
"""Nothing is to be changed, and no object named: 不用换."""
_NOT_IT = re.compile(r"(?:不是|不在|没在|不住|不去)$")
_NOT_OWN = re.compile(r"(?:不是|不在|没在|不住|不去|不搁|写的|填的|选的|写成|填成|选成)(?:是|了)?$")
"""Before the order's own place: it is not meant."""
_IS_IT = re.compile(r"(?<![不没])(?:是|在|搁|住|到|去)$")


class Part(NamedTuple):
    """A place of the text, the part it plays, and how it lies to where the order goes."""

    mention: Mention
    role: Role
    lies: Relation

    @property
    def elsewhere(self) -> bool:
        return self.lies == "other"

    @property
    def span(self) -> Span:
        return self.mention.start, self.mention.end


class Reading(NamedTuple):
    """The text with its parts; `change` where an address change is asked for, `kept` whether the old one stays."""

    text: Text
    parts: tuple[Part, ...]
    change: Span | None
    kept: bool


def reading(text: Text) -> Reading:
    parts = tuple(Part(mention, role(text, mention), lies) for mention, lies in text.mentions)
    change = asked_to_change(text)
    kept = (text.has("keep") and not text.has("not_kept")) or _taken_back(text, change) or _stays(text)
    return Reading(text, parts, change, kept)


def asked_to_change(text: Text) -> Span | None:
    """Where a change of address is asked for; what is said of keeping it is not counted, nor a move to where the order
    goes (从昭通搬来昆明十年了).
    """
    here = [one for one, lies in text.mentions if lies == "same"]
    for found in cue("change").finditer(blank("keep", text.plain)):
        moved_here = found[0][0] == "搬" and any(found.start() < one.start < found.end() for one in here)
        if not moved_here:
            return found.span()
    return None


def _stays(text: Text) -> bool:
    """The order's own place is chosen after all: 还是发芳城园吧."""
    if _AS_IT_IS.search(text.plain):
        return True
    found = _AFTER_ALL.search(text.plain)
    order = text.case.order
    own = f"{order.province}{order.city}{order.district}{text.case.personal.address}"
    return found is not None and found[1] in own


def _taken_back(text: Text, change: Span | None) -> bool:
    """A change asked for, and let go in the clauses after it: 先前说改地址,不用啦."""
    return change is not None and _let_go().search(text.plain, change[1]) is not None


@cache
def _let_go() -> re.Pattern[str]:
    return re.compile(
        rf"[,，。;；!！?？\s](?:{either(words().speech.by_now)})?(?:{either(words().speech.let_go)})[了啦吧哈的哦~]*(?:\W|$)"
    )


def destination(said_in: Reading) -> Part | None:
    """The first place elsewhere that the parcel is to go to: a verb leads to it, a street follows it, it is named
    where a change is asked for, or it is set against the order's own (不是沈阳,是大连; 我在丹东,不在沈阳了)."""
    if contrasted := _instead(said_in):
        return contrasted
    text = said_in.text
    pointed = said_in.change or text.has("points") or taken(text) or somewhere_named(text)
    leading: tuple[Role, ...] = (*LEADING, "named") if pointed else LEADING
    leading = (*LEADING, "named", "being") if text.has("for_them") else leading
    led = (part for part in said_in.parts if part.elsewhere and part.role in leading)
    return next((part for part in led if not _denied(said_in, part)), None)


def _denied(said_in: Reading, part: Part) -> bool:
    left = said_in.text.left(part.mention.start)
    return (_NOT_IT if part.elsewhere else _NOT_OWN).search(left) is not None


def _instead(said_in: Reading) -> Part | None:
    """The place that is meant where the order's own is said not to be it."""
    text = said_in.text
    if not any(not part.elsewhere and _denied(said_in, part) for part in said_in.parts):
        return None
    meant_to = (part for part in said_in.parts if part.elsewhere and part.mention.units)
    return next(
        (
            part
            for part in meant_to
            if _IS_IT.search(text.left(part.mention.start))
            or (part.role == "named" and part.mention.evidence and not _denied(said_in, part))
        ),
        None,
    )
