"""The checklist before the stream: `/preflight`, ticked by a tap, waived by name; `/plan 20:00` sets the start."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot import readiness
from bot.asking import ask
from bot.call import Call
from bot.card import Card, group, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.planning import checklist, planned
from playbooks import preflight, roster
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.room import CONTROL, MANAGERS
from playbooks.spoken_times import as_clock
from storage.rows import Due

TIMES = re.compile(r"(\d{1,2}):(\d{2})(?:\s*[-–~至到]\s*(\d{1,2}):(\d{2}))?")
LONGEST_WHY = 60


def show(call: Call, desk: Desk) -> list[Card]:
    """`/preflight`: what is done, what is open and whose it is (A01, A04)."""
    return [readiness.card(desk.me, desk.need_broadcast(), desk)]


def tick(call: Call, desk: Desk) -> list[Card]:
    """A press on an item that people do: done, by name."""
    here, item, _ = _meant(call, desk)
    before = checklist(here, desk)
    after = preflight.tick(before, item, desk.me.roles, desk.me.id, desk.now)
    return _keep(here, before, after, desk, item=item.id, step="ticked")


def exempt(call: Call, desk: Desk) -> list[Card]:
    """A manager waives an item for this broadcast by name, with the reason; asked for where it is not written."""
    here, item, why = _meant(call, desk)
    if not why:
        return ask(f"exempt {here.id} {item.id}", "preflight.ask_why", desk)
    before = checklist(here, desk)
    after = preflight.waive(before, item, desk.me.id, why[:LONGEST_WHY], desk.now)
    return _keep(here, before, after, desk, item=item.id, step="waived", why=why[:LONGEST_WHY])


def _meant(call: Call, desk: Desk) -> tuple[Broadcast, preflight.Item, str]:
    """`<broadcast> <item> [why]`, as the buttons carry it."""
    id, item, why = (*call.args.split(maxsplit=2), "", "", "")[:3]
    here = desk.books.broadcasts.get(id)
    if here is None:
        raise Refusal("preflight.gone")
    return here, preflight.find(item), why.strip()


def _keep(
    here: Broadcast, before: preflight.Preflight, after: preflight.Preflight, desk: Desk, **values: str
) -> list[Card]:
    if after != before:
        desk.books.preflights.put(after)
        desk.note("preflight", here.id, broadcast=here.id, **values)
    done = toast("preflight.noted", what=line(f"preflight.short_{values['item']}"))
    return [done, readiness.card(desk.me, here, desk).changed(edit=True)]


def plan(call: Call, desk: Desk) -> list[Card]:
    """`/plan 20:00`, `/plan 11-12 20:00-24:00`: when the next broadcast is meant to go live; else the sheet's times.

    `/plan 取消` takes back what was planned.
    """
    here = desk.broadcast()
    if not call.args:
        return [_plan_told(desk)]
    if here is None or here.stage == "ended":
        here = desk.open_broadcast()
    if here.stage != "planned":
        raise Refusal("plan.live")
    if roster.day_off(call.args) == ("", True):
        return _no_plan(here, desk)
    known = checklist(here, desk)
    start, end = _read(call.args, desk)
    end = end or _as_long(known, start)
    desk.books.preflights.put(known.changed(starts_at=start, ends_at=end, reminded={}, gaps_told=()))
    readiness.replan(desk)
    # Everybody arranges the evening by it: one line in the group, where it was typed or not.
    said = line("plan.set", at=desk.clock(start), by=desk.me.name)
    if end:
        said = line("plan.set_until", at=desk.clock(start), end=desk.clock(end), by=desk.me.name)
    return [group(said, silent=True, rank="work")]


def _as_long(known: preflight.Preflight, start: datetime) -> datetime | None:
    """The end where only the start is moved: the broadcast lasts as long as was said before; None: nobody said."""
    if known.starts_at is None or known.ends_at is None:
        return None
    return start + (known.ends_at - known.starts_at)


def _no_plan(here: Broadcast, desk: Desk) -> list[Card]:
    """Nothing was said of the start any more: the sheet's times hold, where it has some."""
    known = checklist(here, desk)
    if known.starts_at is None:
        raise Refusal("plan.none")
    desk.books.preflights.put(known.changed(starts_at=None, ends_at=None, reminded={}, gaps_told=()))
    readiness.replan(desk)
    span = planned(desk)
    said = line("plan.off_sheet", at=desk.clock(span[0]), by=desk.me.name) if span else None
    return [group(said or line("plan.off", by=desk.me.name), silent=True, rank="work")]


def _plan_told(desk: Desk) -> Card:
    span = planned(desk)
    if span is None:
        raise Refusal("plan.usage")
    return tell(desk.me.id, line("plan.is", start=desk.clock(span[0]), end=desk.clock(span[1])))


def _read(text: str, desk: Desk) -> tuple[datetime, datetime | None]:
    """The next such time on the room's clock, or that of the day named, and the end after it.

    Raises Refusal `plan.usage`, and `plan.past` for a moment that is over.
    """
    day, rest = _day(as_clock(text.strip()), desk)
    match = TIMES.fullmatch(rest.strip())
    if match is None:
        raise Refusal("plan.usage")
    before = datetime.combine(day, time(), desk.zone) - timedelta(microseconds=1) if day else desk.now
    start = _after(match[1], match[2], before, desk)
    if start <= desk.now:
        raise Refusal("plan.past", at=start)
    return start, _after(match[3], match[4], start, desk) if match[3] else None


def _day(text: str, desk: Desk) -> tuple[date | None, str]:
    try:
        return roster.read_day(text, desk.now, desk.zone)
    except Refusal:
        raise Refusal("plan.usage") from None


def _after(hour: str, minute: str, moment: datetime, desk: Desk) -> datetime:
    """The first time the clock shows that after `moment`; 24:00 is midnight."""
    if int(hour) > 24 or int(minute) > 59 or (int(hour) == 24 and int(minute)):
        raise Refusal("plan.usage")
    local = moment.astimezone(desk.zone)
    day = (
        local.date() if local.time() < time(int(hour) % 24, int(minute)) else local.date() + timedelta(days=1)
    )
    return datetime.combine(day, time(int(hour) % 24, int(minute)), desk.zone)


def due(row: Due, desk: Desk) -> list[Card]:
    """An item's time has come: those whose it is are reminded."""
    return readiness.remind(desk)


DUTY = DutySpec(
    "preflight",
    commands=(
        Command("preflight", show, words=("开播检查", "检查单"), args=False),
        Command("plan", plan, words=("计划开播",), roles=CONTROL),
        Command("tick", tick, listed=False),
        Command("exempt", exempt, roles=MANAGERS, listed=False),
    ),
    due={readiness.WATCH: due},
)
