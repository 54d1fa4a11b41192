"""Somebody leaves while the stream is on: what they are told themselves, and whoever is in charge (A08, H08)."""

from __future__ import annotations

from bot.card import Card, Row, button, line, tell
from bot.desk import Desk
from bot.questioning import seniors
from playbooks import roster
from playbooks.room import Presence
from storage.rows import Line


def still_needed(presence: Presence, desk: Desk) -> tuple[list[Line], tuple[Row, ...]]:
    """For who goes: that nobody does their work now, that their shift is not over; with the way back in one tap."""
    said = [line(f"leave.last_{work}") for work in _deserted(desk)]
    shift = next(iter(roster.on_now(desk.books.shifts.by("who", desk.me.id), desk.now)), None)
    if shift is not None and presence == "out":
        said.append(line("leave.shift_lasts", end=desk.clock(shift.end)))
    rows: list[Row] = [(button("leave.back", "in"),)] if said else []
    if shift is not None and presence == "out":
        rows.append((button("shift.cannot", "cover ?"),))
    return said, tuple(rows)


def tell_in_charge(presence: Presence, desk: Desk) -> list[Card]:
    """Leads and managers hear at once, in one message, whose work nobody on duty does any more."""
    work = _deserted(desk)
    said = [line(f"leave.nobody_{one}", name=desk.me.name, how=line(f"presence.{presence}")) for one in work]
    people = [m for m in seniors(desk) if m.id != desk.me.id]
    return [tell(m.id, said, line("leave.cure"), rank="work") for m in people] if said else []


def _deserted(desk: Desk) -> list[str]:
    here = desk.broadcast()
    on_air = here is not None and here.stage in ("live", "closing")
    return roster.deserted(desk.me, desk.members()) if on_air else []
