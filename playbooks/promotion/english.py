"""Promotions as an English room writes them: "buy 2 get 1", "¥20 off over ¥99", "2nd half price" (REQUIREMENTS A03).

A piece is met whole or not at all, as the Chinese ones are; blanks are kept, for names of gifts have them.
"""

from __future__ import annotations

import re
import unicodedata

from playbooks.promotion.english_readers import READERS
from playbooks.promotion.english_words import SAID
from playbooks.promotion.working import Promotion

COLUMN_LEAD = {"promo": "", "gift": "gift: ", "coupon": "coupon "}
"""In the columns for gifts and coupons the word need not be repeated."""


def read(text: str, column: str) -> Promotion | None:
    """The promotion an English piece is; None for what is not understood whole, and for any other language."""
    said = " ".join(unicodedata.normalize("NFKC", text).split()).strip(" .!")
    if not re.search(r"[a-z]", said, re.IGNORECASE) and column == "promo":
        return None
    lead = COLUMN_LEAD[column]
    return _whole(said, text) or (_whole(lead + said, text) if lead and said.isascii() else None)


def _whole(said: str, text: str) -> Promotion | None:
    for pattern, build in READERS:
        found = pattern.fullmatch(said)
        promotion = build(found, text) if found else None
        if promotion:
            return promotion
    return None


def is_english(text: str) -> bool:
    """Whether a piece is of Latin words: then it is told as one, not word by word."""
    return text.isascii() and " " in text and re.search("[A-Za-z]", text) is not None


BOUND = "\ue000"
"""Stands for a comma that parts nothing."""


FIRST_ONES = re.compile(r"(?:for )?(?:the )?first \d{1,4} (?:orders|buyers)")
"""A condition wherever it stands: nothing is called so."""


def bind(text: str) -> str:
    """`text` with `BOUND` for each comma after which a piece goes on: "Buy 2, get 1", "flash sale 49, limited to 9"."""
    bound, *rest = re.split(r"([,;\uff0c\uff1b+\n])", text)
    piece = bound
    for mark, part in zip(rest[::2], rest[1::2], strict=True):
        goes_on = mark in ",\uff0c" and _belongs(part, piece)
        bound += (BOUND if goes_on else mark) + part
        piece = f"{piece},{part}" if goes_on else part
    return bound


def _belongs(said: str, before: str) -> bool:
    start, end = " ".join(before.casefold().split()), " ".join(said.casefold().split())
    if FIRST_ONES.fullmatch(end):
        return True
    if any(start.startswith(f"{word} ") for word in SAID.begun) and "," not in start:
        return any(end.startswith(f"{word} ") for word in SAID.goes_on) or end.endswith(" are sent")
    limited = any(word in start for word in SAID.limited)
    return limited and any(end == word or end.startswith(f"{word} ") for word in SAID.limits)
