"""A break that lasts too long on air: its person is asked first, then who is in charge is told (REQUIREMENTS H08)."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.questioning import seniors
from playbooks import daily
from storage.rows import Due

KIND = "break_over"


def watch(desk: Desk) -> None:
    """The caller begins a break: looked at again when it is over."""
    me = desk.books.members.get(desk.me.id)
    if me and me.since:
        _again(me.id, me.since.isoformat(), "person", desk)


def _again(person: str, since: str, whom: str, desk: Desk) -> None:
    at = desk.now + timedelta(minutes=daily.rules().break_minutes)
    desk.later(KIND, at, person, since=since, whom=whom)


def over(row: Due, desk: Desk) -> list[Card]:
    """Nobody is told of a break that ended, or off air; a break itself is no fault (K23)."""
    member, here = desk.books.members.get(row.about), desk.broadcast()
    on_air = here is not None and here.stage in ("live", "closing")
    same = member and member.presence == "break" and member.since and member.since.isoformat()
    if not on_air or not member or same != row.values["since"]:
        return []
    since = desk.clock(member.since)
    if row.values["whom"] == "person":
        _again(member.id, row.values["since"], "in_charge", desk)
        return [
            tell(
                member.id,
                line("away.ask", since=since),
                buttons=((button("leave.back", "in"),),),
                rank="work",
            )
        ]
    said = line("away.told", name=member.name, since=since)
    return [tell(m.id, said, rank="work") for m in seniors(desk) if m.id != member.id]
