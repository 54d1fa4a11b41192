"""The roster: `/shift 小美 18:00-24:00` plans, `/who` tells who is there and who comes."""

from __future__ import annotations

from datetime import timedelta

from bot import readiness, rostering
from bot.call import Call
from bot.card import Card, line, lines, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import roster
from playbooks.model import Refusal
from playbooks.room import CONTROL, Member
from playbooks.roster import Planned, Shift
from storage.rows import Due, Line

KEPT = timedelta(days=14)
"""Shifts that ended longer ago are dropped when the roster is next written."""
AHEAD = timedelta(hours=24)


# -- planning ---------------------------------------------------------------------------------------


def shift(call: Call, desk: Desk) -> list[Card]:
    """`/shift 小美 18:00-24:00`, one line a shift, several people at once; `小美 休` takes the day's shifts off.

    Good lines count, each bad one is told with its reason.
    """
    typed = [one.strip() for one in call.args.splitlines() if one.strip()]
    if not typed:
        raise Refusal("shift.usage")
    _tidy(desk)
    said, touched = [], dict[str, None]()
    for text in typed:
        try:
            planned = roster.read_line(text, desk.members(), desk.now, desk.zone)
        except Refusal as refusal:
            said.append(line("shift.bad_line", what=line(refusal.key, **refusal.values)))
            continue
        said += _put(planned, desk)
        touched |= dict.fromkeys(planned.who)
    readiness.replan(desk)
    told = (_told(desk.name(who), who, desk) for who in touched if who != desk.me.id)
    return [tell(desk.me.id, said, _gaps(desk)), *told]


def _tidy(desk: Desk) -> None:
    for one in rostering.shifts(desk):
        if one.end < desk.now - KEPT:
            desk.books.shifts.drop(one.id)


def _put(planned: Planned, desk: Desk) -> list[Line]:
    """The line's shifts in the place of those they overlap."""
    old = roster.replaced(rostering.shifts(desk), planned, desk.zone)
    for one in old:
        desk.books.shifts.drop(one.id)
        desk.note("shift", one.id, step="off", person=one.who)
    if planned.span is None:
        names = rostering.names(planned.who, desk)
        return [line("shift.day_off", names=names, day=f"{planned.day:%m-%d}", count=len(old))]
    made = [_new(who, planned, desk) for who in planned.who]
    for one in made:
        desk.note("shift", one.id, step="planned", person=one.who)
    first = made[0]
    return [line("shift.planned", names=rostering.names(planned.who, desk), when=rostering.when(first, desk))]


def _new(who: str, planned: Planned, desk: Desk) -> Shift:
    assert planned.span is not None
    start, end = planned.span
    id = desk.books.new_id("t")
    return desk.books.shifts.put(Shift(id=id, who=who, start=start, end=end, by=desk.me.id, at=desk.now))


def _told(name: str, who: str, desk: Desk) -> Card:
    """What a person's shifts are now, silently: it is no alarm."""
    mine = sorted((s for s in desk.books.shifts.by("who", who) if s.end > desk.now), key=lambda s: s.start)
    whens = tuple(rostering.when(one, desk) for one in mine)
    said = line("shift.yours", name=name, whens=whens) if whens else line("shift.yours_none", name=name)
    return tell(who, said, silent=True, rank="work")


def _gaps(desk: Desk) -> Line | None:
    found = roster.joined(rostering.open_gaps(desk))
    return line("shift.gap", spans=rostering.gap_lines(found, desk)) if found else None


# -- who is there -----------------------------------------------------------------------------------


def who(call: Call, desk: Desk) -> list[Card]:
    """`/who`: on duty, on a break, missing, coming next, and where nobody is planned (A08, K23)."""
    known = rostering.shifts(desk)
    now = {one.who: one for one in roster.on_now(known, desk.now)}
    there = [_there(m, now.get(m.id), desk) for m in desk.on_duty()]
    missing = [m.name for m in desk.members() if m.presence == "out" and m.id in now]
    coming = roster.upcoming(known, desk.now, desk.now + AHEAD)
    said = lines(
        line("who.there", names=tuple(there) or "—"),
        rostering.breaks(desk),
        line("who.missing", names=listed(missing)) if missing else None,
        (line("who.next", name=desk.name(s.who), when=rostering.when(s, desk)) for s in coming),
        None if known else line("who.no_roster"),
        _gaps(desk),
    )
    return [tell(desk.me.id, said)]


def _there(member: Member, one: Shift | None, desk: Desk) -> Line:
    if one is None:
        return line("common.verbatim", text=member.name)
    return line("who.until", name=member.name, end=desk.clock(one.end))


def look(row: Due, desk: Desk) -> list[Card]:
    """Somebody is missed, or a gap comes near."""
    return rostering.look(desk)


DUTY = DutySpec(
    "shifts",
    commands=(
        Command("shift", shift, words=("排班",), roles=CONTROL),
        Command("who", who, words=("谁在",), reads=True, args=False),
    ),
    due={rostering.WATCH: look},
)
