"""Lost inquiries 流失: buyers who asked and did not order, why, and when to try again (REQUIREMENTS B23).

They are a list of their own: who ordered and has not paid is chased (playbooks.chase) and never stands here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from playbooks import due_times, promises
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.privacy import checked_note
from playbooks.rulebook import load

Outcome = Literal["bought", "gone"]
OTHER = "other"
MOST_TIME_WORDS = 3
"""Words of the longest time: `in 2 hours`."""


class Rules(Model):
    """`data/lost.toml`: each reason with the words that mean it, and the longest text in characters."""

    source: str
    longest_text: int
    reasons: dict[str, tuple[str, ...]]


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("lost", Rules)
    return shipped


class LostInquiry(Document):
    """Who asked `by` for a product (`number` None: none in particular) did not order; `reason` '' until one is said.

    Open while it is to be tried again at `retry_at` and `outcome` is not known.
    """

    broadcast: str
    number: int | None
    name: str = ""
    reason: str
    text: str = ""
    by: str
    at: Moment
    retry_at: Moment | None = None
    outcome: Outcome | None = None

    @property
    def open(self) -> bool:
        """Whether somebody still has to get back to the buyer."""
        return self.retry_at is not None and self.outcome is None


class Typed(Model):
    """A lost inquiry as somebody typed it, the product apart. `reason` is '' where nothing but a time was said."""

    reason: str
    text: str
    retry_at: Moment | None


def read(typed: str, now: datetime, zone: ZoneInfo) -> Typed:
    """`太贵 明天 15:00`, `嫌贵，再看看`, `2小时`, ``: the time ends the line; in mid-sentence it is part of the reason.

    Raises Refusal `lost.long`, `promise.when`, `promise.past`, `promise.far`, `common.personal_note`.
    """
    words = checked_note(typed).split()
    retry_at, reason = None, words
    if count := _time_words(words):
        retry_at, reason = read_time(words[-count:], now, zone), words[:-count]
    text = " ".join(reason)
    if len(text) > rules().longest_text:
        raise Refusal("lost.long", most=rules().longest_text)
    return Typed(reason=reason_of(text), text=text, retry_at=retry_at)


def read_time(words: list[str], now: datetime, zone: ZoneInfo) -> datetime:
    """When to try again: `明天 15:00`, `2小时`. Raises Refusal `promise.when`, `promise.past`, `promise.far`."""
    unreadable = Refusal("promise.when", text=" ".join(words)[:20])
    try:
        due, rest = due_times.read_due(" ".join(words), now, zone, promises.rules().end_of_day)
    except Refusal:
        raise unreadable from None
    if rest:
        raise unreadable
    return promises.checked_due(due, now)


def _time_words(words: list[str]) -> int:
    """How many words at the end are a time: each of them (`明天 15:00`), or together (`in 2 hours`); 0 for none."""
    each = 0
    while each < min(2, len(words)) and due_times.is_time(words[-1 - each]):
        each += 1
    together = (n for n in range(MOST_TIME_WORDS, 0, -1) if due_times.is_time(" ".join(words[-n:])))
    return max(each, min(next(together, 0), len(words)))


def reason_of(text: str) -> str:
    """The reason the words mean, that of the word that stands first; `other` where none does, '' for no text."""
    if not text:
        return ""
    said = text.casefold()
    found = [(said.find(word), id) for id, words in rules().reasons.items() for word in words if word in said]
    return min(found)[1] if found else OTHER


def because(lost: LostInquiry, reason: str) -> LostInquiry:
    """With the reason said, or said anew. Raises Refusal `lost.reason_unknown`."""
    if reason not in rules().reasons:
        raise Refusal("lost.reason_unknown")
    return lost.changed(reason=reason)


def again(lost: LostInquiry, at: datetime) -> LostInquiry:
    """To be tried again, later. Raises Refusal `lost.over` where it is known what came of it."""
    if lost.outcome is not None:
        raise Refusal("lost.over")
    return lost.changed(retry_at=at)


def end(lost: LostInquiry, outcome: str) -> LostInquiry:
    """The buyer ordered after all, or is not asked again. Raises Refusal `lost.over`, `lost.outcome_unknown`."""
    if lost.outcome is not None:
        raise Refusal("lost.over")
    if outcome not in ("bought", "gone"):
        raise Refusal("lost.outcome_unknown")
    return lost.changed(outcome=outcome)


def open_ones(lost: Iterable[LostInquiry]) -> list[LostInquiry]:
    """Those to be tried again, the soonest first."""
    return sorted((one for one in lost if one.open), key=lambda one: (one.retry_at or one.at, one.id))


def tally(lost: Iterable[LostInquiry]) -> list[tuple[str, int]]:
    """(reason, how many), the most frequent first, then in the order of the rules; '' are those without a reason."""
    order = {reason: place for place, reason in enumerate(rules().reasons)}
    counts = Counter(one.reason for one in lost)
    return sorted(counts.items(), key=lambda pair: (-pair[1], order.get(pair[0], len(order))))
