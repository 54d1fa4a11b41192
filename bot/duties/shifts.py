"""The roster: `/shift 小美 18:00-24:00` plans, `/who` tells who is there and who comes, `/cover 阿强 …` swaps."""

from __future__ import annotations

from datetime import timedelta

from bot import readiness, rostering
from bot.call import Call
from bot.card import Card, button, line, lines, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.questioning import seniors
from playbooks import roster
from playbooks.broadcast import business_day
from playbooks.model import Refusal
from playbooks.room import CONTROL, Member, named
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
    return [line("shift.planned", names=rostering.names(planned.who, desk), when=_when(first, desk))]


def _new(who: str, planned: Planned, desk: Desk) -> Shift:
    assert planned.span is not None
    start, end = planned.span
    id = desk.books.new_id("t")
    return desk.books.shifts.put(Shift(id=id, who=who, start=start, end=end, by=desk.me.id, at=desk.now))


def _when(one: Shift, desk: Desk) -> Line:
    start, end = (moment.astimezone(desk.zone) for moment in (one.start, one.end))
    day = f"{business_day(one.start, desk.zone):%m-%d}"
    return line("shift.when", day=day, start=f"{start:%H:%M}", end=f"{end:%H:%M}")


def _told(name: str, who: str, desk: Desk) -> Card:
    """What a person's shifts are now, silently: it is no alarm."""
    mine = sorted((s for s in desk.books.shifts.by("who", who) if s.end > desk.now), key=lambda s: s.start)
    whens = tuple(_when(one, desk) for one in mine)
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
        (line("who.next", name=desk.name(s.who), when=_when(s, desk)) for s in coming),
        None if known else line("who.no_roster"),
        _gaps(desk),
    )
    return [tell(desk.me.id, said)]


def _there(member: Member, one: Shift | None, desk: Desk) -> Line:
    if one is None:
        return line("common.verbatim", text=member.name)
    return line("who.until", name=member.name, end=desk.clock(one.end))


# -- swapping ---------------------------------------------------------------------------------------


def cover(call: Call, desk: Desk) -> list[Card]:
    """`/cover 阿强 家里有事`: my shift that runs or comes next, offered with the reason; `?` shows whom to ask."""
    mine = roster.of_person(rostering.shifts(desk), desk.me.id, desk.now)
    if mine is None:
        raise Refusal("cover.none")
    name, _, why = call.args.strip().partition(" ")
    if not name or name == "?":
        return [tell(desk.me.id, line("cover.how", when=_when(mine, desk)))]
    other = named(name, desk.members())
    offered = desk.books.shifts.put(roster.offer(mine, other.id, why))
    desk.note("shift", mine.id, step="offered", to=other.id, why=offered.offered_why)
    said = line("cover.asked", name=desk.me.name, when=_when(mine, desk), why=offered.offered_why)
    row = (button("cover.yes", f"coveryes {mine.id}"), button("cover.no", f"coverno {mine.id}"))
    asked = tell(other.id, said, buttons=(row,), key=f"cover:{mine.id}:{other.id}", rank="work")
    return [tell(desk.me.id, line("cover.sent", name=other.name, when=_when(mine, desk))), asked]


def cover_yes(call: Call, desk: Desk) -> list[Card]:
    """接班: the shift, or what is left of it, is the presser's; who had it and the lead are told."""
    before = _need(call.args, desk)
    others = (one for one in rostering.shifts(desk) if one.id != before.id)
    kept = roster.accept(before, desk.me.id, others, desk.now, desk.books.new_id("t"))
    for one in kept:
        desk.books.shifts.put(one)
    desk.note("shift", kept[-1].id, step="taken_over", person=desk.me.id, of=before.who)
    readiness.replan(desk)
    said = line("cover.done", name=desk.me.name, other=desk.name(before.who), when=_when(kept[-1], desk))
    people = dict.fromkeys([before.who, *(m.id for m in seniors(desk))])
    told = (tell(id, said, rank="work") for id in people if id != desk.me.id)
    return [_answered(before, said, desk), *told]


def cover_no(call: Call, desk: Desk) -> list[Card]:
    """不方便: the shift stays whose it is, and they are told at once."""
    before = _need(call.args, desk)
    desk.books.shifts.put(roster.decline(before, desk.me.id, desk.now))
    desk.note("shift", before.id, step="declined", person=desk.me.id)
    said = line("cover.declined", name=desk.me.name, when=_when(before, desk))
    return [_answered(before, said, desk), tell(before.who, said, rank="work")]


def _need(id: str, desk: Desk) -> Shift:
    found = desk.books.shifts.get(id)
    if found is None:
        raise Refusal("cover.gone")
    return found


def _answered(before: Shift, said: Line, desk: Desk) -> Card:
    """The card that asked says what came of it, without its buttons."""
    return tell(desk.me.id, said, key=f"cover:{before.id}:{desk.me.id}", edit=True, rank="work")


def look(row: Due, desk: Desk) -> list[Card]:
    """Somebody is missed, or a gap comes near."""
    return rostering.look(desk)


DUTY = DutySpec(
    "shifts",
    commands=(
        Command("shift", shift, words=("排班",), roles=CONTROL),
        Command("who", who, words=("谁在",), reads=True, args=False),
        Command("cover", cover, words=("换班",)),
        Command("coveryes", cover_yes, listed=False),
        Command("coverno", cover_no, listed=False),
    ),
    due={rostering.WATCH: look},
)
