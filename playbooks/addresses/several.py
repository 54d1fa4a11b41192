"""One order to more than one place: no label can say it (REQUIREMENTS D01)."""

from __future__ import annotations

import re
from functools import cache

from playbooks.addresses.doors import somewhere_named
from playbooks.addresses.findings import Finding, Span
from playbooks.addresses.neighbours import other_part_named
from playbooks.addresses.reading import RULE, Reading
from playbooks.addresses.words import cue, either, words

_SHARE = re.compile(r"(?:\d+|[一二两三四五])[盒件份箱瓶单个套包袋条罐提桶][^,，。;；]{0,4}?[到给寄发送]")
_COUNTED = re.compile(r"\s*(?:\d|[一二两三四五六])[个份盒件箱瓶套包袋]")
_NOT = re.compile(r"(?:不|别|不要|不用|无需|勿)$")
_HOME = re.compile(r"[寄送发](?:到|回|去)?(?:我家|家里|家(?!人|属|具|电))")
_LISTED = re.compile(r"地址\s*[1一①a甲].+地址\s*[2二②b乙]")
_TIME = (
    r"(?:工作日|休息日|节假日|周[一二三四五六日中内末][到至]?(?:周[五六日])?|平[时日]|[白晚][天上]|[上下]班)"
)
_TO = (
    r"[^,，。;；]{0,4}?[送寄发](?:到|去)?(?!货|来|达|件|的|吧|过|上|前台|门|物业|驿站|快递|[\u4e00-\u9fff]?柜)"
    r"[\u4e00-\u9fff]"
)
_BY_TIME = re.compile(f"{_TIME}{_TO}.*?{_TIME}{_TO}")
"""To one place at one time and to another at another: 周中寄高新区,周末寄家."""


def several(said_in: Reading) -> Finding | None:
    """Parts of it to several places (分别寄三个地址), or a choice of places (地址①… 地址②…; 白天送公司,晚上送家里)."""
    shared, span = shares(said_in)
    if shared:
        return said_in.text.says(RULE, "HOLD", "double_split", span)
    choice = chosen(said_in)
    return said_in.text.says(RULE, "HOLD", "double_choice", choice) if choice else None


def shares(said_in: Reading) -> tuple[bool, Span | None]:
    """Whether what was bought is to be divided, and where a phrase says so: 2盒寄我,2盒寄杭州; 广州1个,杭州1个."""
    text = said_in.text
    away = any(part.elsewhere for part in said_in.parts) or somewhere_named(text) is not None
    if away and len(_SHARE.findall(text.plain)) > 1:
        return True, None
    if sum(_COUNTED.match(text.right(part.mention.end)) is not None for part in said_in.parts) > 1:
        return True, None
    span = text.find("split")
    return span is not None and not text.has("same") and not _NOT.search(text.left(span[0])), span


def chosen(said_in: Reading) -> Span | None:
    """Where places are named of which one is to be taken, by the day or as it suits."""
    text = said_in.text
    if listed := _BY_TIME.search(text.plain) or _LISTED.search(text.plain):
        return listed.span()
    both = text.find("both")
    if both and not _aside(text.plain[slice(*text.clause(both[0]))]):
        return both
    away, choice = somewhere_named(text), text.find("either")
    if away and _HOME.search(text.plain):
        return away
    return choice if choice and (away or of_places(said_in) or other_part_named(text)) else None


def _aside(clause: str) -> bool:
    """Whether the choice is of corners of one house, or of carriers."""
    return any(pattern.search(clause) for pattern in (cue("one_house"), _carriers()))


@cache
def _carriers() -> re.Pattern[str]:
    return re.compile(either(words().speech.carriers))


def of_places(said_in: Reading) -> bool:
    """Whether places are named between which one may choose: two, or one that is not the order's."""
    aside = ("gift", "invoice", "origin", "refused", "being")
    led = [part for part in said_in.parts if part.role not in aside]
    return len(led) > 1 or any(part.elsewhere for part in led)
