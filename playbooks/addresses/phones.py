"""Phone numbers in running text: mobiles as people type them, landlines, masked ones, virtual ones with extension.

One finder for parsing addresses, for the audit and for what must leave notes (`playbooks.privacy`). A stretch of a
longer number is no phone: order numbers hold such stretches (TRAPS, Wording and privacy).
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from playbooks.addresses.normal import fold

_GAP = r"[-. ·]"
_NUMERALS = "一二三四五六七八九〇零幺"
PHONE = re.compile(
    # a mobile, plain or grouped 3-4-4, or every digit apart; with a virtual number's extension
    rf"(?<![\dA-Za-z*])(?P<mobile>(?:\+?(?:00)?86{_GAP}?)?(?:1[3-9]\d(?:{_GAP}?\d{{4}}){{2}}"
    rf"|1(?:{_GAP}[3-9])(?:{_GAP}\d){{9}}|1[3-9]\d{{3}}{_GAP}\d{{6}}))"
    r"(?: ?(?:[-_转,，#]|ext\.?|分机|转接)[ :：]?(?P<extension>\d{3,6})(?![\d号弄室栋楼]))?(?!\d)"
    r"|(?<![\d*])(?P<masked>1\d{0,2}\*{3,8}\d{2,4})(?![\d*])"
    r"|(?<!\d)(?P<landline>0\d{2,3}[- ]\d{7,8}|\(0\d{2,3}\)\d{7,8})(?!\d)"
    rf"|(?<![{_NUMERALS}])(?P<spelt>[一幺][三四五六七八九][{_NUMERALS}]{{9}})(?![{_NUMERALS}])",
    re.IGNORECASE,
)
"""On text with plain digits and nothing invisible in it (`fold`)."""
_MAY_HAVE = re.compile("[01一幺]")
_DIGITS = str.maketrans(
    {**{word: str(place) for place, word in enumerate("零一二三四五六七八九")}, "〇": "0", "幺": "1"}
)
MOBILE_DIGITS = 11


class Phone(NamedTuple):
    """A number without blanks (landlines with a dash), its extension or "", and where it stands in the text as given.

    `masked`: digits are starred out, so nothing can be said of it.
    """

    number: str
    extension: str
    start: int
    end: int
    masked: bool


def phones(text: str) -> tuple[Phone, ...]:
    """The phone numbers of a text, in their order. Any text is allowed."""
    folded = fold(text)
    if not _MAY_HAVE.search(folded.text):
        return ()
    found = PHONE.finditer(folded.text)
    return tuple(_phone(match, *folded.back(match.start(), match.end())) for match in found)


def _phone(match: re.Match[str], start: int, end: int) -> Phone:
    extension = match["extension"] or ""
    if match["masked"]:
        return Phone(match["masked"], "", start, end, masked=True)
    if match["landline"]:
        area, number = re.findall(r"\d+", match["landline"])
        return Phone(f"{area}-{number}", "", start, end, masked=False)
    digits = re.sub(r"\D", "", (match["mobile"] or match["spelt"]).translate(_DIGITS))
    return Phone(digits[-MOBILE_DIGITS:], extension, start, end, masked=False)


def without_invisible(text: str) -> str:
    """`text` with plain digits and signs and without invisible characters, its words as they are."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
