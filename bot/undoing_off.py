"""Taking back an accidental 下播: the stream never went off, what was on air is on air."""

from __future__ import annotations

from bot import airing
from bot.card import Card, group, line, tell
from bot.desk import Desk
from bot.disputes import ask_again
from bot.upcoming import watch_the_clock
from playbooks import broadcast, undo
from playbooks.broadcast import Broadcast
from playbooks.journal import Entry
from playbooks.model import Refusal


def ended_by(here: Broadcast, desk: Desk) -> Entry | None:
    """The newest 下播 of a broadcast."""
    ends = (e for e in desk.books.journal.by("kind", "off") if e.broadcast == here.id)
    return max(ends, key=lambda e: undo.unit(e.id), default=None)


def take_back(here: Broadcast, desk: Desk) -> list[Card]:
    """On air again as before, in the same segment; the managers' cards for the night say so.

    Raises Refusal `undo.off_others`, `undo.off_late`, `undo.nothing`.
    """
    off = ended_by(here, desk)
    if off is None or here.ended_at is None or off.values.get("assumed"):
        raise Refusal("undo.nothing")
    if off.who != desk.me.id:
        raise Refusal("undo.off_others", who=off.who)
    if not undo.may_undo(here.ended_at, desk.now):
        raise Refusal("undo.off_late", at=here.ended_at)
    back = desk.books.broadcasts.put(broadcast.not_ended(here))
    desk.note("undone", off.id, step="off")
    watch_the_clock(back, desk)
    ask_again(back.id, desk)
    said = group(line("undo.off_back", by=desk.me.name), key=f"stage:{back.id}", rank="air")
    return [said, *_on_air(back, desk), *_nights(back, desk)]


def _on_air(back: Broadcast, desk: Desk) -> list[Card]:
    """The journal says again what is on air: its end had taken all off."""
    listing = desk.on_air()
    return airing.put_on(listing, back, desk, undone="undo.off_on_air") if listing else []


def _nights(back: Broadcast, desk: Desk) -> list[Card]:
    keys = {m.id: f"night:{back.id}:{m.id}" for m in desk.with_role("manager")}
    sent = ((person, key) for person, key in keys.items() if desk.books.sent.get(key))
    said = line("undo.off_night", by=desk.me.name)
    return [tell(person, said, key=key, edit=True, silent=True, rank="digest") for person, key in sent]
