"""A cell's text read into promotions (REQUIREMENTS A03, facts/runsheet.yaml).

A piece is understood whole or left verbatim: half of "满199减30,仅限新客" would be a wrong price.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from playbooks.model import Model
from playbooks.promotion import english
from playbooks.promotion.grammar import (
    BETWEEN,
    COUNT,
    DATE,
    LEAD,
    MEASURE,
    PIECES,
    SAID,
    SEND,
    TAIL,
    TIME,
    TO,
    YUAN,
    any_of,
    is_gift,
    quantity_and_name,
    squeeze,
)
from playbooks.promotion.readers import READERS
from playbooks.promotion.units import Gift
from playbooks.promotion.working import Promotion

Column = Literal["promo", "gift", "coupon"]
"""The column a text stands in: 优惠机制, 赠品 or 优惠券; in the last two the word 送 or 券 may be missing."""
PART = re.compile(rf"([{BETWEEN}]*)((?:[(\uff08][^()\uff08\uff09]*[)\uff09]|[^{BETWEEN}])+)")
LIST_NUMBER = re.compile(r"(?:^|(?<=[\s;。\uff1b]))\d{1,2}(?:[、)\uff09]|\.(?!\d))|[①-⑳]")
OPENED = re.compile(r"[(\uff08][^)\uff09]*$")
_COUNTED = rf"(?:限量?|共){COUNT}{PIECES}|每人限.*|{TIME}{TO}{TIME}(?:可用|可领|使用|有效|领取)?"
# What may follow one of these in a piece of its own and limits it.
TERM_OF = {
    "秒杀": re.compile(_COUNTED),
    "券": re.compile(_COUNTED),
    "福袋": re.compile(rf"{_COUNTED}|(?:关注|评论|加粉|参与|条件|点赞|口令|发送|价值|{TIME}开).*"),
    "定金": re.compile(rf"付?尾款.*|{TIME}(?:{TO}{TIME})?|(?:最晚|预计)?{DATE}(?:之?前)?发货"),
}
LOT = re.compile(r"[\s,，]+((?:限量?|共|仅)\s*\d{1,4}\s*[份名个件])")
"""化妆包，限量50份: how many there are belongs to the gift before it, whatever parts them."""
GIFT_PROMISE = re.compile(rf"(?:(?:买|拍|满){COUNT}{MEASURE}?)?{SEND}[^{BETWEEN}]*")


class Parsed(Model):
    """The `promotions` understood, and what is `left` verbatim, both in the order written."""

    promotions: tuple[Promotion, ...] = ()
    left: tuple[str, ...] = ()


def parse(text: str, column: Column = "promo") -> Parsed:
    """Everything a cell of the run sheet says of promotions; never raises."""
    promotions: list[Promotion] = []
    left: list[str] = []
    if column == "gift":
        text = LOT.sub(r"\1", text)
    for joint, parts in _pieces(text):
        in_english = english.read(" ".join(parts), column)
        if in_english:
            promotions.append(in_english)
            continue
        whole = _joined(parts)
        readings = [(part, _understand(part, column)) for part in parts]
        if any(found is None for _, found in readings):
            as_one = _understand(whole, column) or _one_more_gift(whole, joint, promotions)
            if as_one is not None or english.is_english(" ".join(parts)):
                readings = [(" ".join(parts), as_one)]
        for part, found in readings:
            promotions += found or ()
            left += [part] if found is None else []
    return Parsed(promotions=tuple(promotions), left=tuple(left))


def _pieces(text: str) -> list[tuple[str, list[str]]]:
    """(separator before it, parts between blanks) of each piece; a condition stays with what it limits."""
    said = text.strip()
    # The "2)" of "(limit 2)" closes a bracket and begins nothing.
    text = LIST_NUMBER.sub(lambda at: at[0] if OPENED.search(said[: at.start()]) else "\n", said)
    pieces: list[tuple[str, list[str]]] = []
    for joint, part in _split(text):
        said = squeeze(part)
        bound = bool(pieces) and _limits(said, "".join(pieces[-1][1]))
        if bound:
            pieces[-1][1][-1] += joint + part
        elif pieces and not joint.strip(" \t") and _one_piece(pieces[-1][1], said):
            pieces[-1][1].append(part)
        elif said not in SAID.nothing:
            pieces.append((joint, [part]))
    return pieces


def _joined(parts: list[str]) -> str:
    """Parts of one piece without the blanks between them, but for those between two figures."""
    whole = ""
    for part in parts:
        whole += f" {part}" if whole[-1:].isdigit() and part[:1].isdigit() else part
    return whole


def _one_piece(before: list[str], said: str) -> bool:
    """Whether a blank parts no pieces: 满199减30 299减60 are two, in English "49.9 20:30-20:40" is one."""
    return "".join(before).isascii() or not re.search(r"\d \d", f"{before[-1]} {said}")


def _limits(said: str, before: str) -> bool:
    """Whether a piece is a condition on the one before it; 限量200份 and times belong to a 秒杀, a 券 or a 福袋."""
    if re.fullmatch(rf"满{YUAN}元?(?:可用|使用)", said):
        return True
    if said.startswith(SAID.conditions):
        return not re.match(rf"(?:{any_of(SAID.members)})专享(?:价?\d|[^,]*折)", said)
    return any(word in before and TERM_OF[word].fullmatch(said) for word in TERM_OF)


def _split(text: str) -> Iterator[tuple[str, str]]:
    """(separator, part) along commas, semicolons, 、, /, +, blanks and lines, but not inside brackets."""
    for match in PART.finditer(english.bind(text)):
        yield match[1], match[2].replace(english.BOUND, ",")


def _understand(part: str, column: Column) -> tuple[Promotion, ...] | None:
    said = squeeze(part)
    if column == "coupon" and "券" not in said:
        return _scan(f"{said}券", part) or _scan(said, part)
    found = _scan(said, part)
    # Latin words were read as English before: what was not understood then is no name of a gift.
    named = column == "gift" and not part.isascii()
    return _scan(f"送{said}", part) if found is None and named else found


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
    return (last.changed(name=name, qty=qty, text=piece),) if is_gift(name) else None


def without_gift(text: str) -> str:
    """A piece without its promise of a gift: "拍1发3送面膜" is "拍1发3"."""
    return GIFT_PROMISE.sub("", text).strip(" ,;，；")
