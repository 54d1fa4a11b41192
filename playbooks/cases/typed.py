"""A case as somebody types it: `6917… 2星 物流 等了十天 到期 12-01`, `6917… 退货退款 尺码不对`."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from playbooks import due_times
from playbooks.cases.deadlines import window_of
from playbooks.cases.public import own_in
from playbooks.cases.rules import Kind, cause_of, rules, type_of
from playbooks.model import Model, Moment, Money, Refusal
from playbooks.privacy import checked_note

NO_TEXT = "-"
"""Typed, or pressed, for: there is nothing to say besides."""
GOOD = (4, 5)
"""Stars of a good review; what is wrong in it is a case of its own kind (E14)."""
_ORDER = re.compile(r"(?=[\dA-Za-z-]*\d)[\dA-Za-z-]{6,40}")
_STARS = re.compile(r"([1-5])\s*(?:星|颗星|★|stars?)", re.IGNORECASE)
_APART = re.compile(r"^((?:\S+\s+)?[1-5])\s+((?:星|颗星|★|stars?)(?=\s|$))", re.IGNORECASE)
"""`2 stars`, said in two words before the text."""
_AMOUNT = re.compile(r"(\d{1,6}(?:\.\d{1,2})?)\s*(?:元|块|yuan)", re.IGNORECASE)
_UNTIL = re.compile(r"(?:\s|^)(?:到期|截止|until)\s*(.{1,20})$", re.IGNORECASE)


class Typed(Model):
    """`type`, `cause`, `text`: '' where none was said; `before`: the words in front of the text, as typed.

    `said`: whether anything was, be it that there is nothing.
    """

    order_id: str
    type: str = ""
    cause: str = ""
    stars: int | None = None
    amount: Money | None = None
    text: str = ""
    before: str = ""
    said: bool = False
    explain_by: Moment | None = None


def is_order(word: str) -> bool:
    """Whether a word is an order number."""
    return bool(_ORDER.fullmatch(word))


def read(kind: Kind, typed: str, now: datetime, zone: ZoneInfo, platform: str = "") -> Typed:
    """A case of `kind`. Stars, type and cause stand before the text, in any order.

    Raises Refusal `case.order_first`, `case.good_stars`, `case.long`, `promise.when`, `common.personal_note`.
    """
    words = typed.split()
    if not words or not is_order(words[0]):
        raise Refusal("case.order_first")
    rest, until = (
        _window(" ".join(words[1:]), now, zone) if kind == "negative" else (" ".join(words[1:]), None)
    )
    found: dict[str, object] = {}
    left = _APART.sub(r"\1\2", rest, count=1).split() if kind in ("negative", "mixed") else rest.split()
    while left and (said := _meant(kind, left[0], found)):
        found.update(said)
        found["before"] = f"{found.get('before', '')} {left[0]}".strip()
        left = left[1:]
    text = " ".join(left)
    if kind == "negative" and found.get("stars") in GOOD:
        raise Refusal("case.good_stars", stars=found["stars"])
    if kind == "negative":
        found["explain_by"] = until or window_of(platform, now)
    return Typed.model_validate(
        {
            **found, "order_id": words[0], "text": "" if text == NO_TEXT else checked(text), "said": bool(text),
            "amount": amount_in(text) if kind == "aftersale" else None,
        }
    )  # fmt: skip


def _meant(kind: Kind, word: str, found: dict[str, object]) -> dict[str, object]:
    """What one word in front of the text says; each thing is said once."""
    if kind in ("negative", "mixed") and "stars" not in found and (stars := _STARS.fullmatch(word)):
        return {"stars": int(stars[1])}
    if kind == "aftersale" and "type" not in found and (sort := type_of(word)):
        return {"type": sort}
    if "cause" not in found and (cause := cause_of(word)):
        return {"cause": cause}
    return {}


def _window(rest: str, now: datetime, zone: ZoneInfo) -> tuple[str, datetime | None]:
    """The words without `到期 12-01` at their end, and that day's end."""
    found = _UNTIL.search(rest)
    if found is None:
        return rest, None
    at, more = due_times.read_due(found[1], now, zone, rules().due_at)
    if more:
        raise Refusal("promise.when", text=found[1][:20])
    return rest[: found.start()].strip(), at


def amount_in(text: str) -> Decimal | None:
    """The yuan named in it, the first; None for none."""
    found = _AMOUNT.search(text)
    return Decimal(found[1]) if found else None


def checked(text: str) -> str:
    """A sentence that may be kept. Raises Refusal `common.personal_note`, `case.own`, `case.long`."""
    kept = " ".join(checked_note(text).split())
    if len(kept) > rules().longest_text:
        raise Refusal("case.long", most=rules().longest_text)
    if own := own_in(kept):
        raise Refusal("case.own", text="、".join(own)[:60])
    return kept
