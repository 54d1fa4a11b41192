"""The time axis of the chase: quarters of an hour through the broadcast, each with what was on air."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from playbooks.broadcast import EARLY, Broadcast
from playbooks.chase import Funnel
from playbooks.chase.rules import rules
from playbooks.journal import Entry
from playbooks.review_model import Chased, Quarter

LONGEST = timedelta(hours=24)
"""A broadcast nobody ended must not draw an axis of days."""


def chased(figures: Funnel, broadcast: Broadcast, journal: Sequence[Entry], now: datetime) -> Chased:
    """The funnel with its quarters 催付走势 from the first minute on air, or an order shortly before it, on.

    Orders before and payments after are in no quarter but in the two counts beside (PRODUCT, an order belongs
    to the broadcast from 30 minutes before its start).
    """
    length = timedelta(minutes=rules().bucket_minutes)
    slots = {slot.at: slot for slot in figures.slots}
    first, last = _window(figures, broadcast, now, length)
    inside = [at for at in slots if first - EARLY <= at <= last]
    spans = tuple(_on_air(journal, broadcast.ended_at or now))
    quarters = tuple(
        Quarter(
            at=at, new=slots[at].new if at in slots else 0,
            recovered=slots[at].recovered if at in slots else 0, link_no=_longest(spans, at, at + length),
        )
        for at in _axis(min([first, *inside]), last, length)
    )  # fmt: skip
    return Chased(
        funnel=figures, quarters=quarters,
        new_outside=sum(slot.new for slot in figures.slots) - sum(one.new for one in quarters),
        recovered_outside=sum(s.recovered for s in figures.slots) - sum(one.recovered for one in quarters),
    )  # fmt: skip


def _window(
    figures: Funnel, broadcast: Broadcast, now: datetime, length: timedelta
) -> tuple[datetime, datetime]:
    """The first and the last quarter; for a broadcast that never went live those of its orders."""
    slots = [slot.at for slot in figures.slots]
    if broadcast.live_at:
        first, last = (_floor(at, length) for at in (broadcast.live_at, broadcast.ended_at or now))
    else:
        first = min(slots, default=_floor(now, length))
        last = max(slots, default=first)
    return first, min(max(first, last), first + LONGEST)


def _axis(first: datetime, last: datetime, length: timedelta) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += length


def _floor(at: datetime, length: timedelta) -> datetime:
    seconds = int(length.total_seconds())
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def _on_air(journal: Sequence[Entry], end: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """(link number, from, until) of each stretch a product was on air."""
    put = [(entry.at, int(entry.values["number"])) for entry in journal if entry.kind == "on_air"]
    for (start, link), (stop, _) in pairwise([*put, (end, 0)]):
        yield link, start, stop


def _longest(spans: Sequence[tuple[int, datetime, datetime]], start: datetime, stop: datetime) -> int | None:
    """The product on air for most of start..stop; None where none was."""
    times: dict[int, timedelta] = {}
    for link, begin, end in spans:
        shared = min(end, stop) - max(begin, start)
        if shared > timedelta(0):
            times[link] = times.get(link, timedelta(0)) + shared
    return max(times, key=lambda link: times[link], default=None)
