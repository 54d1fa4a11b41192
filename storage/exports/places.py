"""Place fields at the door: a shifted column must not carry a name, phone or street into the store."""

from __future__ import annotations

from functools import lru_cache

from playbooks.privacy import has_phone
from storage.exports import cells

LONGEST_PLACE = 15
"""Characters: the longest division names, 克孜勒苏柯尔克孜自治州 and the like, have fewer."""
LONGEST_ABROAD = 40


@lru_cache(maxsize=4096)
def place(text: str) -> str:
    """A province, city or district as it stands; "" where it is ciphered, masked, or can be no division's name."""
    clear = cells.clear(text).strip()
    chinese = any("\u4e00" <= c <= "\u9fff" for c in clear)
    longest = LONGEST_PLACE if chinese else LONGEST_ABROAD
    blank = chinese and any(c.isspace() for c in clear)  # "Jakarta Selatan" may have one
    return "" if blank or len(clear) > longest or any(c.isdigit() for c in clear) else clear


@lru_cache(maxsize=4096)
def title(text: str) -> str:
    """A product's title; "" where a phone slipped into it, for then a name and a street did as well."""
    return "" if has_phone(text) else text
