"""The roster 排班 in the room's books: shifts kept, who is missed and which gaps are told when their time comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.card import Card, button, line, listed, tell
from bot.desk import Desk
from bot.planning import checklist, planned
from bot.questioning import seniors
from playbooks import chase, roster
from playbooks.broadcast import business_day
from playbooks.room import Member
from playbooks.roster import Shift
from playbooks.roster.watching import Gap
from storage.rows import Line

WATCH = "roster_watch"
SETTLES = timedelta(minutes=2)
"""A roster is written line by line: a gap made a moment ago may be filled by the next line."""


def shifts(desk: Desk) -> list[Shift]:
    """Every shift there is."""
    return list(desk.books.shifts.scan())


def agents_shifts(desk: Desk) -> list[Shift]:
    """The shifts of those who answer buyers: only they fill a gap."""
    agents = {m.id for m in desk.with_role(*roster.AGENTS)}
    return [one for one in shifts(desk) if one.who in agents]


def open_gaps(desk: Desk) -> list[Gap]:
    """The half hours of the planned broadcast nobody is rostered for; none where the room keeps no roster for it."""
    span, known = planned(desk), agents_shifts(desk)
    if span is None or not any(one.meets(*span) for one in known):
        return []
    return roster.gaps(known, *span)


def expected(desk: Desk, at: datetime) -> list[Member]:
    """The agents rostered for the moment."""
    there = {one.who for one in roster.on_now(agents_shifts(desk), at)}
    return [m for m in desk.with_role(*roster.AGENTS) if m.id in there]


def watch(desk: Desk) -> None:
    """One row a room looks at the roster when somebody would be late or a gap comes near, or was made so near."""
    found, told = open_gaps(desk), _told_still_open(desk)
    at = roster.next_look(shifts(desk), found, told, desk.now)
    if roster.gaps_ahead(found, told, desk.now):
        at = min(at or desk.now + SETTLES, desk.now + SETTLES)
    if at is not None:
        desk.later(WATCH, at, desk.room.id)


def _told_still_open(desk: Desk) -> tuple[datetime, ...]:
    """The gaps that were told of; one that was filled since is forgotten, so that it is told of if it opens again."""
    here = desk.broadcast()
    if here is None:
        return ()
    known, still = checklist(here, desk), {gap.start for gap in open_gaps(desk)}
    kept = tuple(start for start in known.gaps_told if start in still)
    if kept != known.gaps_told:
        desk.books.preflights.put(known.changed(gaps_told=kept))
    return kept


def look(desk: Desk) -> list[Card]:
    """Tell who is missed and which gaps come near, each once, and plan the next look."""
    cards = [*_missed(desk), *_gaps(desk)]
    watch(desk)
    return cards


def sign_in_card(shift: Shift, desk: Desk) -> Card:
    """One tap for somebody who is rostered and not signed in."""
    said = line("shift.sign_in_please", start=desk.clock(shift.start), end=desk.clock(shift.end))
    row = (button("shift.sign_in", "in"), button("shift.cannot", "cover ?"))
    return tell(shift.who, said, buttons=(row,), key=f"sign-in:{shift.id}", rank="work")


def _missed(desk: Desk) -> list[Card]:
    """The lead hears it once for each shift (H08); who is missed may sign in by one tap."""
    late = roster.late(shifts(desk), desk.members(), desk.now)
    for one in late:
        desk.books.shifts.put(one.changed(missed=True, asked=True))
        desk.note("shift", one.id, step="missed", person=one.who)
    if not late:
        return []
    names = tuple(line("shift.missed_one", name=desk.name(s.who), start=desk.clock(s.start)) for s in late)
    told = [tell(m.id, line("shift.missed", names=names), rank="work") for m in seniors(desk)]
    return [*told, *(sign_in_card(one, desk) for one in late if not one.asked)]


def _gaps(desk: Desk) -> list[Card]:
    here, found = desk.broadcast(), open_gaps(desk)
    if here is None:
        return []
    known = checklist(here, desk)
    ahead = roster.gaps_ahead(found, known.gaps_told, desk.now)
    if not ahead:
        return []
    # What follows without a break is one gap to people: told whole, so that they are told once.
    whole = [gap for gap in roster.joined(found) if any(gap.start <= g.start < gap.end for g in ahead)]
    covered = [g.start for g in found if any(w.start <= g.start < w.end for w in whole)]
    desk.books.preflights.put(known.changed(gaps_told=(*known.gaps_told, *covered)))
    said = line("shift.gap", spans=gap_lines(whole, desk))
    return [tell(m.id, said, line("shift.gap_cure"), rank="work") for m in seniors(desk)]


def gap_lines(gaps: Sequence[Gap], desk: Desk) -> tuple[Line, ...]:
    """`21:00–21:30`, one a gap."""
    return tuple(line("shift.span", start=desk.clock(g.start), end=desk.clock(g.end)) for g in gaps)


def gap_spans(desk: Desk) -> tuple[str, ...]:
    """The open gaps as room times."""
    whole = roster.joined(open_gaps(desk))
    return tuple(f"{desk.clock(g.start)}–{desk.clock(g.end)}" for g in whole)


def breaks(desk: Desk) -> list[Line]:
    """Who is on a break and since when: a state the lead sees, never counted against anybody (K23)."""
    resting = [m for m in desk.members() if m.presence == "break"]
    named = tuple(line("shift.break_one", name=m.name, since=desk.clock(m.since)) for m in resting)
    return [line("shift.breaks", names=named)] if named else []


def when(one: Shift, desk: Desk) -> Line:
    """`11-11 20:00–00:00`: the business day and the clock's times of a shift."""
    start, end = (moment.astimezone(desk.zone) for moment in (one.start, one.end))
    day = f"{business_day(one.start, desk.zone):%m-%d}"
    return line("shift.when", day=day, start=f"{start:%H:%M}", end=f"{end:%H:%M}")


def names(people: Sequence[str], desk: Desk) -> tuple[Line, ...] | str:
    """Ids as names on a card."""
    return listed(desk.names(people))


def has_room(desk: Desk, *, besides: str = "") -> bool:
    """Whether the caller may take one more chase in hand, as far as a limit was set; `besides` is the one meant.

    A buyer is one piece of work, however many orders they have: they are spoken of in one contact.
    """
    if desk.me.capacity is None:
        return True
    mine = [one for one in desk.books.chases.by("open_owner", desk.me.id) if one.held(desk.now)]
    meant = desk.books.chases.get(besides) if besides else None
    held = chase.pieces(mine) - chase.pieces([meant] if meant else [])
    return len(held) < desk.me.capacity
