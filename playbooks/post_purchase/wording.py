"""What a message after a purchase must not say (REQUIREMENTS D04, K01, K20): nobody may override it.

A short list, refused with the reason; not the shop's whole wording check, and no guarantee.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from playbooks import inducement
from playbooks.model import Refusal
from playbooks.post_purchase.rules import Never, rules

FREIGHT = "freight_extra"


def check(text: str) -> None:
    """Raises Refusal `postbuy.never_<id of the rule>` with the words that are refused, as they were written."""
    for rule in rules().never:
        for found in _found(rule, _folded(text)):
            raise Refusal(f"postbuy.never_{rule.id}", text=found)
    inducement.check(text)


def asks_freight(text: str) -> str:
    """The words that put freight on the buyer, '' none (D07, H13): no shop may note that either."""
    of_freight = (rule for rule in rules().never if rule.id == FREIGHT)
    return next((found for rule in of_freight for found in _found(rule, _folded(text))), "")


def _found(rule: Never, text: str) -> Iterator[str]:
    """What the rule's patterns find, but for what an exception overlaps."""
    passed = [match.span() for pattern in rule.passed_by for match in pattern.finditer(text)]
    for pattern in rule.found_by:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in passed):
                yield match[0]


def _folded(text: str) -> str:
    """Half-width, lower case, without invisible characters, on one line."""
    seen = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", "".join(seen)).lower()
