"""Taking back an accidental 下播: the stream never went off, what was on air is on air."""

from __future__ import annotations

from bot import airing
from bot.card import Button, Card, button, group, line, tell
from bot.cutting import back_button, cut_line
from bot.desk import Desk
from bot.disputes import ask_again
from bot.reminding import remind_again
from bot.upcoming import watch_the_clock
from playbooks import broadcast, undo
from playbooks.broadcast import Broadcast
from playbooks.journal import Entry
from playbooks.model import Refusal


def ended_by(here: Broadcast, desk: Desk) -> Entry | None:
    """The newest 下播 of a broadcast."""
    ends = (e for e in desk.books.journal.by("kind", "off") if e.broadcast == here.id)
    return max(ends, key=lambda e: undo.unit(e.id), default=None)


def off_button(here: Broadcast, person: str, desk: Desk) -> Button | None:
    """撤销 for who ended the broadcast `here`, within the minute; None for everybody else and later."""
    if here.ended_at is None or here.left_off is None or not undo.may_undo(here.ended_at, desk.now):
        return None
    off = ended_by(here, desk)
    mine = off is not None and off.who == person and not off.values.get("assumed")
    return button("undo.off", "undo") if mine else None


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
    remind_again(back, desk)
    return [_said(back, desk), *_on_air(back, desk), *_nights(back, desk)]


def _said(back: Broadcast, desk: Desk) -> Card:
    """To the group; where it was cut off when it was ended, that it is back can be said again."""
    said, cut = line("undo.off_back", by=desk.me.name), cut_line(back, desk)
    if cut is None:
        return group(said, key=f"stage:{back.id}", rank="air")
    return group(said, cut, key=f"segment:{back.id}", buttons=((back_button(),),), rank="air")


def _on_air(back: Broadcast, desk: Desk) -> list[Card]:
    """The journal says again what is on air: its end had taken all off."""
    listing = desk.on_air()
    return airing.put_on(listing, back, desk, undone="undo.off_on_air") if listing else []


def _nights(back: Broadcast, desk: Desk) -> list[Card]:
    keys = {m.id: f"night:{back.id}:{m.id}" for m in desk.with_role("manager")}
    sent = ((person, key) for person, key in keys.items() if desk.books.sent.get(key))
    said = line("undo.off_night", by=desk.me.name)
    return [tell(person, said, key=key, edit=True, silent=True, rank="digest") for person, key in sent]
