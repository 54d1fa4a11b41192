"""A run sheet pasted into the chat (REQUIREMENTS A02): a table with headings, lines, or bare numbers.

`1 玫瑰精华水 59.9 拍一发二` is a product a line; `1，4，7` are known products in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from playbooks.model import Refusal
from playbooks.runsheet.cells import clean, money
from playbooks.runsheet.headings import find_header
from playbooks.runsheet.model import Finding, Product, Sheet
from playbooks.runsheet.reading import read
from playbooks.runsheet.rules import RULES

NUMBERS = re.compile(r"\s*#?\d{1,3}号?(?:\s*[,，、;；→>\s]\s*#?\d{1,3}号?)+\s*[。.]?\s*")
NUMBERED = re.compile(
    r"\s*#?(\d{1,3})(?:号链接|号|[.．、:：)）])?(?:\s+|[,，|、；;]\s*|(?<=[号.．、:：)）])(?=\S))"
)
WORD = re.compile(r"[^\s,，|；;]+")
MARKED = re.compile(r"[¥$元块]|\d\.\d")
LINE_HEADINGS = ("link_no", "name", "live_price", "promo")
FEWEST = 2
"""Lines: one line with a number in it may be any sentence."""


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
    return len(named) >= FEWEST and all(_cells(line)[2] and _cells(line)[1] for line in named)


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
    blank = [["", "", "", ""]] * titles
    found = read([headings, *blank, *(_cells(line) for line in lines[titles:])], first=0, typed=True)
    return _titled(found, lines[:titles])


def _titles(lines: Sequence[str]) -> int:
    """How many lines on top say neither number nor price and stand above lines that do: 今晚排品."""
    count = next((at for at, line in enumerate(lines) if line.strip() and _names_product(line)), 0)
    return count if count <= RULES.header_rows else 0


def _names_product(line: str) -> bool:
    number, name, price, _ = _cells(line)
    return bool((number or price) and name) or NUMBERS.fullmatch(line) is not None


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
        )
        for at, title in enumerate(titles, 1)
        if clean(title)
    )
    return found.changed(findings=(*told, *found.findings))


def _table(lines: Sequence[str]) -> list[list[str]]:
    """Cells copied from a spreadsheet come with tabs; typed tables have bars or commas."""
    mark = next((mark for mark in "\t|，," if any(mark in line for line in lines)), "\t")
    return [line.strip("|" if mark == "|" else "").split(mark) for line in lines]


def _cells(line: str) -> tuple[str, str, str, str]:
    """Link number, name, price, promotions of a typed line; '' for what it does not have."""
    numbered = NUMBERED.match(line)
    rest = line[numbered.end() :] if numbered else line
    words = list(WORD.finditer(rest))
    prices = [at for at, word in enumerate(words) if at and money(word[0])]
    if not prices:
        return (numbered[1] if numbered else "", clean(rest), "", "")
    # 面膜 30 片 59.9: a price has a sign or places, a bare number may belong to the name.
    at = next((at for at in prices if MARKED.search(words[at][0])), prices[0])
    name, promo = rest[: words[at].start()], rest[words[at].end() :]
    return (
        numbered[1] if numbered else "",
        name.strip(" \t,，|；;"),
        words[at][0],
        promo.strip(" \t,，|；;"),
    )


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
