"""What must not be kept or shown of buyers 个人信息: found in texts people type, taken out or refused."""

from __future__ import annotations

import re
import unicodedata

from playbooks.model import Refusal

# A mobile with or without a virtual extension, spaced, dashed or dotted, in Chinese numerals, or a landline with
# its area code; but not a stretch of a longer number: order numbers hold such stretches. Masked ones go as well.
_PHONE = re.compile(
    r"(?<![\dA-Za-z*])(?:\+?86[- ]?)?1[3-9]\d(?:[-. ]?\d{4}){2}(?:[-转,， ]{1,3}\d{3,6})?(?!\d)"
    r"|(?<![\d*])1\d{0,2}\*{3,8}\d{2,4}(?![\d*])"
    r"|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"
    r"|(?<![一二三四五六七八九〇零幺])[一幺][三四五六七八九][一二三四五六七八九〇零幺]{9}(?![一二三四五六七八九〇零幺])"
)
MASK = "…"


def without_phones(text: str) -> str:
    """`text` on one line, full-width digits made plain, with every phone number replaced by `…`."""
    return " ".join(_PHONE.sub(MASK, _plain(text)).split())


def has_phone(text: str) -> bool:
    """Whether a phone number stands in it, however it is written."""
    return bool(_PHONE.search(_plain(text)))


def checked_note(text: str) -> str:
    """A sentence that may be kept. What agents write about an order is kept for weeks, and where they write a
    buyer's number the name and street stand beside it: raises Refusal `common.personal_note`, nothing is kept (K08).
    """
    if has_phone(text):
        raise Refusal("common.personal_note")
    return text


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
