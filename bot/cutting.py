"""The stream cut off 断播 in the room's books: how it is shown while it lasts, and that it is back."""

from __future__ import annotations

from bot.card import Button, Card, button, group, line
from bot.desk import Desk
from playbooks import segments
from playbooks.broadcast import Broadcast
from storage.rows import Line


def cut_line(here: Broadcast, desk: Desk) -> Line | None:
    """What stands above the product on air while nobody can see it; None while the stream runs."""
    return line("segment.now", at=desk.clock(here.segments[-1].ended_at)) if segments.is_cut(here) else None


def back_button() -> Button:
    """That it is back, in one tap."""
    return button("segment.back", "resume")


def back_on(here: Broadcast, desk: Desk) -> list[Card]:
    """On air again in a new segment, with the same product and host. Raises Refusal `stage.*`, `segment.not_cut`."""
    resumed = desk.books.broadcasts.put(segments.resume(here, desk.now))
    desk.note("segment", resumed.id, step="resume")
    since = here.segments[-1].ended_at
    assert since is not None  # only what was cut off is resumed
    minutes = round((desk.now - since).total_seconds() / 60)
    said = line("segment.resumed", at=desk.clock(desk.now), by=desk.me.name, minutes=minutes)
    return [group(said, key=f"segment:{resumed.id}", rank="air")]
