"""Run-sheet cells as people write them, read into values (facts/runsheet.yaml, columns).

A reader returns None for what it cannot read; whether that is an error is the sheet's business.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from playbooks.model import to_cents
from playbooks.promotion import SAID, number
from playbooks.promotion.grammar import any_of
from playbooks.runsheet.rules import RULES, Role

INVISIBLE = re.compile("[\ufeff\u200b-\u200d\u2060\u00ad]")
PRICE = re.compile(
    r"(?:[¥$]|RMB|CNY)?(\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(\.\d+)?(?:元|块|圆|RMB|CNY|yuan)?(起)?"
    r"(?:(?:/|each|for|per)(.*)|((?<=[元块圆])(?:\d{1,2}|[一二两三四五六七八九十])[件个瓶盒包袋支双条片份套罐箱张]装?))?",
    re.IGNORECASE,
)
CLOCK = r"(\d{1,2})(?::|点)(?:(\d{1,2})(?::\d{1,2}(?:\.0+)?)?分?)?"
HALF_DAY = re.compile(r"(\d{1,2})(?::(\d{2}))?([ap])\.?m\.?", re.IGNORECASE)
SAID_TIME = re.compile(r"(今晚|晚上|晚|下午|今天|次日|第二天|明天|明早|凌晨)(?=\d)")
SPAN = re.compile(rf"{CLOCK}(?:(?:-|~|—|–|至|到)+{CLOCK})?")
DATE = re.compile(r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[T\s]+")
DAY = 24 * 60
SERVICES = sorted((word for words in SAID.services.values() for word in words), key=len, reverse=True)


def clean(cell: str) -> str:
    """The cell without invisible characters and outer blanks, as a person sees it."""
    return INVISIBLE.sub("", cell).replace("\u00a0", " ").strip()


def half_width(text: str) -> str:
    """Half-width and without blanks: how numbers, prices and headings are compared."""
    return "".join(unicodedata.normalize("NFKC", clean(text)).split())


class Price(NamedTuple):
    """Yuan; how many `pieces` they were said for ("/两件" is 2), 0 where that is unclear (起, /箱2)."""

    amount: Decimal
    pieces: int = 1


def money(cell: str) -> Price | None:
    """ "¥59.9", "59.90元", "1,299", "59.9/件", "59.9/两件", "59.9元2瓶"; of "59.9起" the amount alone."""
    found = PRICE.fullmatch(half_width(cell))
    if not found:
        return None
    written = Decimal(found[1].replace(",", "") + (found[2] or ""))
    amount = to_cents(written)
    if abs(written - amount) > Decimal("0.000001"):  # a float's leaving: 59.900000000000006
        return None
    unit = found[4] or found[5]
    return Price(amount, 0 if found[3] else _pieces(unit.casefold()) if unit else 1)


def service_behind(cell: str) -> tuple[str, str]:
    """A price and the service written behind it: "9.9包邮" is ("9.9", "包邮"); ("9.9", "") without one."""
    said = half_width(cell)
    service = next((word for word in SERVICES if said.endswith(word) and money(said.removesuffix(word))), "")
    return (said.removesuffix(service), service) if service else (cell, "")


def _pieces(unit: str) -> int:
    """ "件" and "一件" are 1, "两件" and "2瓶装" are 2; 0 for what is no such word."""
    if unit in RULES.single_units:
        return 1
    measures = "|".join(word for word in RULES.single_units if len(word) == 1 or word.isascii())
    found = re.fullmatch(rf"(\d{{1,3}}|[一二两三四五六七八九十]+)(?:{measures})?装?", unit)
    return (number(found[1]) or 0) if found else 0


def whole(cell: str) -> int | None:
    """A count: "500", "1.0", "1,000件", "200支", "300+", "每人限2件", "3号链接", "二号"."""
    found = re.fullmatch(
        r"(?:每人|每单|每个ID|每ID)?(?:限购?|限拍|链接|第|max|limit|no\.?|#)?"
        r"([\d,]{1,11}|[一二两三四五六七八九十百]+)(?:\.0+)?"
        rf"(?:号链接|号|链接|组|分钟|min|minutes|{_counted()})?"
        r"(?:\+|/人|each|per(?:person|buyer|order))?",
        half_width(cell),
        re.IGNORECASE,
    )
    return number(found[1].replace(",", "")) if found else None


@cache
def _counted() -> str:
    return any_of(word for word in RULES.single_units if not word[0].isdigit() and word != "一件")


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
    said = _spoken(half_width(DATE.sub("", clean(cell))))
    if re.fullmatch(r"0?\.\d+", said):
        return Span(round(float(said) * DAY) % DAY, None)
    found = SPAN.fullmatch(said)
    if not found:
        return None
    start, end = _minutes(found[1], found[2]), _minutes(found[3], found[4]) if found[3] else None
    if start is None or (found[3] and end is None):
        return None
    return Span(start % DAY, None if end is None else (end - start) % DAY)


def _spoken(said: str) -> str:
    """晚8点半, 今晚20:30, 次日0:10 in figures: 20点30分, 20:30, 0:10."""
    said = HALF_DAY.sub(_on_the_whole_day, said.replace("点半", "点30分"))
    for word, hour in re.findall(rf"{SAID_TIME.pattern}(\d{{1,2}})", said):
        late = word in ("晚", "晚上", "今晚", "下午") and 1 <= int(hour) < 12
        said = said.replace(f"{word}{hour}", str(int(hour) + 12 if late else int(hour)), 1)
    return said


def _on_the_whole_day(found: re.Match[str]) -> str:
    """8:30pm is 20:30, 12am is 0:00."""
    return f"{int(found[1]) % 12 + 12 * (found[3] in 'pP')}:{found[2] or '00'}"


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
    said = half_width(cell).casefold()
    return next(
        (name for name, words in RULES.roles.items() if said in {half_width(w).casefold() for w in words}),
        None,
    )
