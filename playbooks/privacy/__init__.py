"""What must not be kept or shown of buyers 个人信息: found in texts people type and taken out."""

from __future__ import annotations

import re
import unicodedata

# A mobile with or without a virtual extension, spaced or dashed, but not a stretch of a longer number: order
# numbers hold such stretches (TRAPS: 40-82 % of them). Masked ones go as well.
_PHONE = re.compile(
    r"(?<![\dA-Za-z*])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?:[-转,， ]{1,3}\d{3,6})?(?!\d)"
    r"|(?<![\d*])1\d{0,2}\*{3,8}\d{2,4}(?![\d*])"
)
MASK = "…"


def without_phones(text: str) -> str:
    """`text` on one line, full-width digits made plain, with every phone number replaced by `…`.

    What agents write down about an order is kept for weeks: the buyer's number is not to be in it (K08).
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(_PHONE.sub(MASK, plain).split())
