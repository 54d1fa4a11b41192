"""Segments 时段 of a broadcast: cut off and resumed, another host (PRODUCT, People and places)."""

from __future__ import annotations

from playbooks.broadcast import Broadcast, Segment, step
from playbooks.model import Moment, Refusal
from playbooks.privacy import checked_note

LONGEST_HOST = 20
"""Characters of a host's name: the review's picture names several in a line."""


def is_cut(broadcast: Broadcast) -> bool:
    """Whether the stream is cut off while the broadcast goes on."""
    return broadcast.stage in ("live", "closing") and broadcast.segments[-1].ended_at is not None


def cut(broadcast: Broadcast, now: Moment) -> Broadcast:
    """The stream was cut off at `now`. Raises Refusal `stage.*` off air, `segment.cut_already`."""
    step(broadcast, "sell")
    if is_cut(broadcast):
        raise Refusal("segment.cut_already", at=broadcast.segments[-1].ended_at)
    *before, last = broadcast.segments
    return broadcast.changed(segments=(*before, last.changed(ended_at=now)))


def resume(broadcast: Broadcast, now: Moment) -> Broadcast:
    """It is back, with the same host. Raises Refusal `stage.*` off air, `segment.not_cut`."""
    step(broadcast, "sell")
    if not is_cut(broadcast):
        raise Refusal("segment.not_cut")
    again = Segment(started_at=now, host=broadcast.segments[-1].host)
    return broadcast.changed(segments=(*broadcast.segments, again))


def hosted(broadcast: Broadcast, name: str, now: Moment) -> Broadcast:
    """`name` hosts: the first of a segment is written to it, another one begins the next segment.

    Raises Refusal `stage.*` off air, `segment.host_same`.
    """
    step(broadcast, "sell")
    *before, last = broadcast.segments
    if last.host == name:
        raise Refusal("segment.host_same", name=name)
    if not last.host or last.ended_at:
        return broadcast.changed(segments=(*before, last.changed(host=name)))
    segments = (*before, last.changed(ended_at=now), Segment(started_at=now, host=name))
    return broadcast.changed(segments=segments)


def read_host(typed: str) -> str:
    """A host's name. Raises Refusal `segment.host_usage`, `segment.host_long`, `common.personal_note`."""
    name = " ".join(checked_note(typed).split())
    if not name:
        raise Refusal("segment.host_usage")
    if len(name) > LONGEST_HOST:
        raise Refusal("segment.host_long", most=LONGEST_HOST)
    return name
