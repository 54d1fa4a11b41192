"""The hand-over at a shift change 交接: what somebody leaves is taken on item by item (REQUIREMENTS A15, F05, I08).

Promises, complaints and other cases, held orders and notes are handed over; the rest returns to its queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from playbooks.daily.tasks import rules
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.privacy import checked_note

Kind = Literal["promise", "case", "hold", "note"]
Outcome = Literal["", "accepted", "given", "settled", "back"]
"""Waits '' · taken on 接下 accepted · went to whoever is on duty 分给 given · was over before 已了结 settled · its
person came back 本人回来 back."""


class Item(Model):
    """One thing handed over: `ref` is its id, `order_id` and `text` what it is about."""

    kind: Kind
    ref: str
    text: str = ""
    order_id: str = ""
    due_at: Moment | None = None
    outcome: Outcome = ""
    to: str = ""
    at: Moment | None = None


class HandOver(Document):
    """What `by` left at `at`; open until every item has an outcome. `again_at`: when what waits is dealt out."""

    by: str
    at: Moment
    items: tuple[Item, ...]
    state: Literal["open", "closed"] = "open"
    again_at: Moment | None = None
    told_none: bool = False
    """Who is in charge heard that nobody is there to take it on."""

    def waiting(self) -> list[tuple[int, Item]]:
        """The items without an outcome, with their places."""
        return [(place, one) for place, one in enumerate(self.items) if not one.outcome]


def read_note(text: str) -> str:
    """A sentence for the next shift. Raises Refusal `handover.long`, `common.personal_note`."""
    said = " ".join(checked_note(text).split())
    if len(said) > rules().longest_proof:
        raise Refusal("handover.long", most=rules().longest_proof)
    return said


def end_item(whole: HandOver, place: int, outcome: Outcome, to: str, now: datetime) -> HandOver:
    """The item at `place` has this outcome, once and for good. Raises Refusal `handover.gone`, `handover.taken`."""
    if not 0 <= place < len(whole.items):
        raise Refusal("handover.gone")
    item = whole.items[place]
    if item.outcome:
        raise Refusal("handover.taken", to=item.to)
    items = list(whole.items)
    items[place] = item.changed(outcome=outcome, to=to, at=now)
    left = any(not one.outcome for one in items)
    return whole.changed(items=tuple(items), state="open" if left else "closed")


def dealt(whole: HandOver, there: Sequence[str]) -> list[tuple[int, str]]:
    """(place, person) for what nobody took on: to those on duty in turn, who has taken on fewest of it first.

    Nobody there: nothing is dealt, everything waits.
    """
    if not there:
        return []
    load = Counter(one.to for one in whole.items if one.outcome in ("accepted", "given"))
    found = []
    for place, _ in whole.waiting():
        who = min(there, key=lambda id: (load[id], there.index(id)))
        load[who] += 1
        found.append((place, who))
    return found


def still_open(known: Iterable[HandOver]) -> list[HandOver]:
    """Those with an item that waits, the oldest first."""
    return sorted((one for one in known if one.state == "open"), key=lambda one: (one.at, one.id))
