"""A run sheet pasted into the chat (REQUIREMENTS A02): a table with headings, lines, or bare numbers.

`1 玫瑰精华水 59.9 拍一发二` is a product a line; `1，4，7` are known products in this order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal, NamedTuple

from playbooks.model import Refusal
from playbooks.promotion.grammar import any_of
from playbooks.runsheet.cells import clean, money, service_behind
from playbooks.runsheet.headings import find_header
from playbooks.runsheet.model import Finding, Product, Sheet
from playbooks.runsheet.reading import read
from playbooks.runsheet.rules import RULES

NUMBERS = re.compile(r"\s*#?\d{1,3}号?(?:\s*[,，、;；→>\s]\s*#?\d{1,3}号?)+\s*[。.]?\s*")
NUMBERED = re.compile(
    r"\s*(?:#|链接|No\.?\s*|Link\s*)?(\d{1,3})(?:号链接|号|链接|#)?[.．、:：)）]?"
    r"(?:\s+|[,，|、；;]\s*|(?<=[号接.．、:：)）])(?=\S))",
    re.IGNORECASE,
)
CIRCLED = re.compile(r"\s*([①-⑳㉑-㉟])[.、:：]?\s*")
THOUSANDS = "|".join(rf"(?<=[¥￥$]{digits}),(?=\d{{3}}(?!\d))" for digits in (r"\d", r"\d\d", r"\d\d\d"))
WORD = re.compile(rf"(?:[^\s,，|；;:：]|(?<=\d)[:：](?=\d)|{THOUSANDS})+")
MARKED = re.compile(r"[¥￥$元块]|\d\.\d")
ATTACHED = re.compile(r"(.*[^\d.¥￥$])([¥￥$]\d+(?:\.\d{1,2})?元?|\d+(?:\.\d{1,2})?元|\d+\.\d{1,2})")
"""玫瑰水59.9: a price behind the name without a blank has a sign or places."""
AROUND = " \t,，|；;:：-—"
LINE_HEADINGS = ("link_no", "name", "live_price", "stated_hand_price", "promo")
FEWEST = 2
"""Lines: one line with a number in it may be any sentence."""


class Typed(NamedTuple):
    """What a typed line says; '' for what it does not."""

    number: str
    name: str
    price: str
    hand: str
    promo: str

    @property
    def sells(self) -> bool:
        """Whether it names a product and its price."""
        return bool(self.name and (self.price or self.hand))


class Named(NamedTuple):
    """A stretch of a line that says a price, and the price."""

    start: int
    end: int
    price: str


def is_pasted(text: str) -> bool:
    """Whether plain text can be nothing but a run sheet: bare numbers, or lines of which each names a price."""
    if NUMBERS.fullmatch(text):
        return True
    lines = [line for line in text.splitlines() if line.strip()]
    named = lines[_titles(lines) :]
    if len(lines) < FEWEST:
        return False
    if find_header(_table(lines)) is not None or (len(named) == 1 and NUMBERS.fullmatch(named[0])):
        return True
    sold = sum(_cells(line).sells for line in named)
    return sold >= FEWEST and _is_list(named, sold)


def _is_list(lines: Sequence[str], sold: int) -> bool:
    """Every line names a product and its price; or most do, with a number each: an odd one is told, not refused."""
    selling = [one for line in lines if (one := _cells(line)).sells]
    return sold == len(lines) or (sold * 2 > len(lines) and all(one.number for one in selling))


def read_pasted(text: str, known: Iterable[Product] = ()) -> Sheet:
    """The sheet in a pasted text; rows are counted as its lines. `known` are the products bare numbers mean.

    Raises Refusal `sheet.paste_unknown` {numbers}, `sheet.paste_twice` {number}, and as `read` does.
    """
    if NUMBERS.fullmatch(text):
        return _chosen([int(number) for number in re.findall(r"\d+", text)], known)
    lines = text.splitlines()
    titles = _titles(lines)
    order = "\n".join(lines[titles:])
    if titles and NUMBERS.fullmatch(order):
        return _titled(read_pasted(order, known), lines[:titles])
    table = _table(lines)
    if find_header(table):
        return read(table)
    headings = [RULES.columns[field].zh for field in LINE_HEADINGS]
    # The heading row is ours: line 1 of the text is row 1.
    blank = [[""] * len(LINE_HEADINGS)] * titles
    found = read([headings, *blank, *(_cells(line) for line in lines[titles:])], first=0, typed=True)
    return _titled(found, lines[:titles])


def _titles(lines: Sequence[str]) -> int:
    """How many lines on top say neither number nor price and stand above lines that do: 今晚排品."""
    count = next((at for at, line in enumerate(lines) if line.strip() and _names_product(line)), 0)
    return count if count <= RULES.header_rows else 0


def _names_product(line: str) -> bool:
    said = _cells(line)
    return bool((said.number or said.sells) and said.name) or NUMBERS.fullmatch(line) is not None


def _titled(found: Sheet, titles: Sequence[str]) -> Sheet:
    """The sheet with a notice of each title that was skipped."""
    column = RULES.columns["name"].zh
    told = tuple(
        Finding(
            row=at,
            column=column,
            severity="warn",
            key="sheet.title_skipped",
            values={"text": clean(title)[:40]},
            field="name",
        )
        for at, title in enumerate(titles, 1)
        if clean(title)
    )
    return found.changed(findings=(*told, *found.findings))


def _table(lines: Sequence[str]) -> list[list[str]]:
    """Cells copied from a spreadsheet come with tabs; typed tables have bars or commas."""
    mark = next((mark for mark in "\t|，," if any(mark in line for line in lines)), "\t")
    return [line.strip("|" if mark == "|" else "").split(mark) for line in lines]


def _cells(line: str) -> Typed:
    """A typed line: `1号：玫瑰精华水，59.9`, `3）面霜：129元 拍1发2`, `① 口红 券后69`, `2 Mask price 69`."""
    number, rest = _number(line)
    hand = _named(rest, "hand")
    live = _named(rest, "live") or _bare(rest, hand)
    said = sorted(one for one in (live, hand) if one)
    if not said:
        return Typed(number, clean(rest).strip(AROUND), "", "", "")
    name, promo = rest[: said[0].start], " ".join((rest[said[0].end : said[-1].start], rest[said[-1].end :]))
    price, in_hand = (one.price if one else "" for one in (live, hand))
    return Typed(number, name.strip(AROUND), price, in_hand, promo.strip(AROUND))


def _number(line: str) -> tuple[str, str]:
    """The link number a line begins with, and the rest."""
    circled = CIRCLED.match(line)
    if circled:
        return str(int(unicodedata.numeric(circled[1]))), line[circled.end() :]
    numbered = NUMBERED.match(line)
    return (numbered[1], line[numbered.end() :]) if numbered else ("", line)


@cache
def _labels(which: Literal["live", "hand"]) -> re.Pattern[str]:
    """A price word that begins a word of the line, and what stands behind it."""
    words = any_of(RULES.price_words if which == "live" else RULES.hand_words)
    return re.compile(rf"(?<![^\s,，|；;:：(（]){words}\s*[:：]?\s*({WORD.pattern})", re.IGNORECASE)


def _named(rest: str, which: Literal["live", "hand"]) -> Named | None:
    """The first price that is called one, behind a name."""
    found = _labels(which).finditer(rest)
    return next(
        (
            Named(one.start(), one.end(), one[1])
            for one in found
            if _is_price(one[1]) and rest[: one.start()].strip()
        ),
        None,
    )


def _bare(rest: str, hand: Named | None) -> Named | None:
    """A price that is a word of its own behind the name, or stands at the name's end; before a price `hand`, if any."""
    words = [one for one in WORD.finditer(rest) if hand is None or one.end() <= hand.start]
    prices = [one for one in words[1:] if _is_price(one[0])]
    # 面膜 30 片 59.9: a price has a sign or places, a bare number may belong to the name.
    marked = next((one for one in prices if MARKED.search(one[0])), None)
    if marked is None and (attached := next((one for word in words if (one := _attached(word))), None)):
        return attached
    found = marked or next(iter(prices), None)
    return Named(found.start(), found.end(), found[0]) if found else None


def _is_price(word: str) -> bool:
    return money(service_behind(word)[0]) is not None


def _attached(word: re.Match[str]) -> Named | None:
    found = ATTACHED.fullmatch(word[0])
    return Named(word.start() + found.start(2), word.end(), found[2]) if found and money(found[2]) else None


def _chosen(numbers: Sequence[int], known: Iterable[Product]) -> Sheet:
    by_number = {product.link_no: product for product in known}
    missing = [number for number in numbers if number not in by_number]
    if missing:
        raise Refusal("sheet.paste_unknown", numbers="、".join(map(str, missing)))
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        raise Refusal("sheet.paste_twice", number=twice)
    # When each is on is the old plan's: in a new order the times say nothing.
    products = (
        by_number[number].changed(seq=seq, start=None, absent=()) for seq, number in enumerate(numbers, 1)
    )
    return Sheet(products=tuple(products), findings=(), columns=(), unknown_columns=(), extent="order")
