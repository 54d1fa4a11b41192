"""Run-sheet headings and cells as people write them, read into values (facts/runsheet.yaml, columns).

A reader returns None for what it cannot read; whether that is an error is the sheet's business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from playbooks.model import Model, to_cents
from playbooks.promotion_text import number
from playbooks.rulebook import load

Role = Literal["traffic", "welfare", "hero", "profit", "premiere", "encore", "image"]
Rows = Sequence[Sequence[str]]


class Column(Model):
    """A field's Chinese name and the headings it is found under, the surest first."""

    zh: str
    aliases: tuple[str, ...]


class Rules(Model):
    """`data/runsheet.toml`."""

    header_rows: int
    advised_points: int
    default_duration: int
    longest_duration: int
    highest_link: int
    nothing: tuple[str, ...]
    no_limit: tuple[str, ...]
    broken: tuple[str, ...]
    single_units: tuple[str, ...]
    roles: dict[Role, tuple[str, ...]]
    columns: dict[str, Column]


RULES = load("runsheet", Rules)
INVISIBLE = re.compile("[\ufeff\u200b-\u200d\u2060\u00ad]")
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
PRICE = re.compile(
    r"(?:[¥$]|RMB|CNY)?(\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(\.\d+)?(?:元|块|圆|RMB)?(起)?(?:/(.+))?",
    re.IGNORECASE,
)
CLOCK = r"(\d{1,2})(?::|点)(?:(\d{1,2})(?::\d{1,2}(?:\.0+)?)?分?)?"
SPAN = re.compile(rf"{CLOCK}(?:(?:-|~|—|–|至|到)+{CLOCK})?")
DATE = re.compile(r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[T\s]+")
DAY = 24 * 60


def clean(cell: str) -> str:
    """The cell without invisible characters and outer blanks, as a person sees it."""
    return INVISIBLE.sub("", cell).replace("\u00a0", " ").strip()


def half_width(text: str) -> str:
    """Half-width and without blanks: how numbers, prices and headings are compared."""
    return "".join(unicodedata.normalize("NFKC", clean(text)).split())


class Header(NamedTuple):
    """Where the headings stand: 0-based `row`, {field: column index}, and the headings of no field."""

    row: int
    at: dict[str, int]
    unknown: tuple[str, ...]


def find_header(rows: Rows) -> Header | None:
    """Of the first `header_rows` that name product and price, the one of most known headings."""
    found = [_header(number, row) for number, row in enumerate(rows[: RULES.header_rows])]
    usable = [h for h in found if "name" in h.at and h.at.keys() & {"live_price", "stated_hand_price"}]
    if not usable:
        return None
    best = max(usable, key=lambda h: len(h.at))
    return _links_are_addresses(best, rows)


def _header(number: int, row: Sequence[str]) -> Header:
    ranked: dict[str, tuple[int, int]] = {}
    for index, heading in enumerate(row):
        for field, rank in _meanings(heading):
            ranked[field] = min(ranked.get(field, (rank, index)), (rank, index))
    at = {field: index for field, (_, index) in ranked.items()}
    taken = set(at.values())
    unknown = tuple(clean(cell) for index, cell in enumerate(row) if clean(cell) and index not in taken)
    return Header(number, at, unknown)


def _meanings(heading: str) -> list[tuple[str, int]]:
    said = half_width(heading).strip("*").casefold()
    bare = BRACKETS.sub("", said).strip(":")
    return [
        (field, rank)
        for field, column in RULES.columns.items()
        for rank, alias in enumerate(column.aliases)
        if alias.casefold() in {said, bare}
    ]


def _links_are_addresses(header: Header, rows: Rows) -> Header:
    """A column headed 链接 holds numbers in one shop and web addresses in the next: its cells tell."""
    index = header.at.get("link_no")
    cells = [row[index] for row in rows[header.row + 1 :] if index is not None and index < len(row)]
    if "url" in header.at or index is None or not any("://" in cell for cell in cells):
        return header
    at = {("url" if field == "link_no" else field): place for field, place in header.at.items()}
    return header._replace(at=at)


class Price(NamedTuple):
    """Yuan, and whether it was said for something else than one unit (起, /两件)."""

    amount: Decimal
    other_unit: bool


def money(cell: str) -> Price | None:
    """ "¥59.9", "59.90元", "1,299", "59.9/件"; of "59.9/两件" and "59.9起" the amount and other_unit."""
    found = PRICE.fullmatch(half_width(cell))
    if not found:
        return None
    written = Decimal(found[1].replace(",", "") + (found[2] or ""))
    amount = to_cents(written)
    if abs(written - amount) > Decimal("0.000001"):  # a float's leaving: 59.900000000000006
        return None
    other = bool(found[3]) or (found[4] is not None and found[4] not in RULES.single_units)
    return Price(amount, other)


def whole(cell: str) -> int | None:
    """A count: "500", "1.0", "1,000件", "每人限2件", "3号链接", "二号"."""
    found = re.fullmatch(
        r"(?:每人|每单|每个ID|每ID)?(?:限购?|限拍|链接|第)?([\d,]{1,11}|[一二两三四五六七八九十百]+)(?:\.0+)?"
        r"(?:号链接|号|链接|件|个|单|份|瓶|盒|包|套|组|分钟|min)?(?:/人)?",
        half_width(cell),
    )
    return number(found[1].replace(",", "")) if found else None


def identifier(cell: str) -> str:
    """An id as text: no leading apostrophe, and none of the ".0" a numeric cell adds to a short one."""
    said = half_width(cell).lstrip("'")
    return re.sub(r"^(\d{1,15})\.0$", r"\1", said)


def damaged(code: str) -> bool:
    """Whether a spreadsheet made a number of an id, 1.23E+18: its last digits are gone for good."""
    return re.fullmatch(r"\d+(?:\.\d+)?E\+\d+", code, re.IGNORECASE) is not None


def rounded(code: str) -> bool:
    """Whether an id of 18 digits or more has nothing but zeros after the 15 a spreadsheet keeps."""
    return code.isdigit() and len(code) >= 18 and not code[15:].strip("0")


class Span(NamedTuple):
    """Minutes from midnight, and the minutes to the end where one is given (it may pass midnight)."""

    start: int
    length: int | None

    def text(self) -> str:
        return f"{self.start // 60:02d}:{self.start % 60:02d}"


def clock(cell: str) -> Span | None:
    """ "20:10", "20:10-20:25", "23:50~00:10", "20点10分", or the fraction of a day a time cell holds."""
    said = half_width(DATE.sub("", clean(cell)))
    if re.fullmatch(r"0?\.\d+", said):
        return Span(round(float(said) * DAY) % DAY, None)
    found = SPAN.fullmatch(said)
    if not found:
        return None
    start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4]) if found[3] else None
    if start is None or (found[3] and end is None):
        return None
    return Span(start % DAY, None if end is None else (end - start) % DAY)


def _minutes(hour: str, minute: str | None) -> int | None:
    """Hours run to 29, as a programme that passes midnight writes 25:30."""
    hours, minutes = int(hour), int(minute or 0)
    return hours * 60 + minutes if hours < 30 and minutes < 60 else None


def items(cell: str, between: str = r"[\n;；、,，|/]") -> tuple[str, ...]:
    """A list in one cell, its numbering dropped; faq entries stand one a line."""
    parts = (re.sub(r"^\s*(?:\d{1,2}[.、)](?!\d)|[①-⑳•·-])\s*", "", part) for part in re.split(between, cell))
    return tuple(part.strip() for part in parts if part.strip())


def percent(cell: str) -> Decimal | None:
    """ "20%", "20" and the stored fraction "0.2" are 20 percent."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)(%)?", half_width(cell))
    if not found:
        return None
    share = Decimal(found[1])
    share = share if found[2] or share >= 1 else share * 100
    return share if share <= 100 else None


def quantity(cell: str) -> Decimal | None:
    """A target in pieces or yuan: "500", "1,200.5", "5万", "1.2w"."""
    found = re.fullmatch(r"([\d,]{1,15}(?:\.\d+)?)(万|w|千|k)?(?:元|件|单)?", half_width(cell), re.IGNORECASE)
    if not found or not found[1].strip(",."):
        return None
    scale = {"万": 10_000, "w": 10_000, "千": 1000, "k": 1000}.get((found[2] or "").lower(), 1)
    return Decimal(found[1].replace(",", "")) * scale


def role(cell: str) -> Role | None:
    """定位 by any of its names."""
    said = half_width(cell)
    return next((name for name, words in RULES.roles.items() if said in words), None)
