"""What counts as somebody's work, and how much of it was done while the room was on air 播中 播外 (I07, G15)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pydantic import Field

from playbooks import followup
from playbooks.broadcast import Broadcast
from playbooks.journal import Entry
from playbooks.model import Model

WORK: dict[str, tuple[str, ...]] = {
    "chase_contact": (),
    "follow_done": (),
    "hold_step": (
        "act_change_carrier",
        "act_shop_pays",
        "act_buyer_refund",
        "act_confirmed",
        "propose",
        "waive",
    ),
    "question": ("answered",),
    "case": ("new", "contact", "cause", "proposed", "replied", "closed", "visited"),
    "promise": ("kept",),
    "lost_inquiry": ("made",),
    "order_note": (),
    "price_report": (),
    "daily": ("done",),
}
"""The journal's kinds that are somebody's work, and which of their steps; () any. One entry is one piece of work."""
Span = tuple[datetime, datetime]


class Work(Model):
    """What a person did: kind -> how often, while the room was on air and while it was not (I07)."""

    who: str
    on_air: dict[str, int] = Field(default_factory=dict)
    off_air: dict[str, int] = Field(default_factory=dict)

    @property
    def total(self) -> int:
        """Pieces of work."""
        return sum(self.on_air.values()) + sum(self.off_air.values())


def on_air(broadcasts: Iterable[Broadcast], start: datetime, end: datetime) -> tuple[Span, ...]:
    """When the room was on air in between, as spans that do not overlap, in order."""
    spans = sorted(
        (max(s.started_at, start), min(s.ended_at or end, end)) for b in broadcasts for s in b.segments
    )
    joined: list[Span] = []
    for first, last in spans:
        if first >= last:
            continue
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def pieces(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that are somebody's work, each one piece; a tick that was taken back is none."""
    known = list(entries)
    back = {one.about: one.at for one in known if one.kind == "daily" and one.values.get("step") == "undone"}
    return [
        one
        for one in known
        if _is_work(one) and not (one.kind == "daily" and one.at <= back.get(one.about, _NEVER))
    ]


_NEVER = datetime.min.replace(tzinfo=UTC)


def _is_work(entry: Entry) -> bool:
    if entry.kind == "follow_done" and not followup.is_said(
        entry.values.get("type", ""), entry.values.get("outcome", "")
    ):
        return False
    steps = WORK.get(entry.kind)
    return bool(entry.who) and steps is not None and (not steps or entry.values.get("step") in steps)


def works(entries: Iterable[Entry], spans: Sequence[Span]) -> tuple[Work, ...]:
    """What each person did, on air (within `spans`) and off; who did most first."""
    counts: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for one in pieces(entries):
        live = any(first <= one.at < last for first, last in spans)
        counts[one.who][0 if live else 1][one.kind] += 1
    people = (Work(who=who, on_air=dict(on), off_air=dict(off)) for who, (on, off) in counts.items())
    return tuple(sorted(people, key=lambda one: (-one.total, one.who)))
