"""A case 工单 that is due: its owner is told, then the leads, then the managers; weekly all complaints (G04)."""

from __future__ import annotations

from datetime import datetime

from bot.call import Call
from bot.card import Card, Line, button, line, lines, tell
from bot.case_cards import case_card, name, summary
from bot.cases import DUE, WEEKLY, alarms, plan, settle_owner
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.questioning import seniors
from playbooks import cases
from playbooks.cases import Alarm, Case, Tally
from playbooks.room import IN_CHARGE
from storage.rows import Due

SHOWN = 10
TO_LEADS: frozenset[Alarm] = frozenset(["lead", "visit_lead", "explain"])


def due(row: Due, desk: Desk) -> list[Card]:
    """What is due of one case by now: everybody is told once, of the gravest that concerns them."""
    one = desk.books.cases.get(row.about)
    if one is None:
        return []
    one = desk.books.cases.put(settle_owner(one, desk))
    whats = alarms(one, datetime.fromisoformat(row.values["since"]), desk.now, desk.zone)
    plan(one, desk)
    told = _whom(one, whats, desk)
    if any(what in ("lead", "cap") for what in whats):
        desk.note("case", one.id, broadcast=one.broadcast, step="late", type=one.kind, number=str(one.number),
                  order_id=one.order_id, sort=one.type, cause=one.cause, owner=one.owner, what=whats[0])  # fmt: skip
    return [case_card(one, who, desk, line(f"case.due_{what}")) for who, what in told.items()]


def _whom(one: Case, whats: list[Alarm], desk: Desk) -> dict[str, Alarm]:
    """Person -> the gravest thing they are told: the owner all, leads what waits too long, managers the hard end."""
    told: dict[str, Alarm] = {}
    for what in whats:  # the gravest first
        others = [m.id for m in desk.with_role("manager")] if what == "cap" else []
        others += [m.id for m in seniors(desk)] if what in TO_LEADS else []
        for who in (one.owner, *others):
            told.setdefault(who, what)
    return told


# -- weekly -------------------------------------------------------------------------------------------


def weekly(row: Due, desk: Desk) -> list[Card]:
    """Every manager gets what was complained of in the week; a week without is not spoken of."""
    found = cases.of_week(desk.books.cases.scan(), desk.now)
    if found or any(one.open for one in desk.books.cases.scan()):
        desk.later(WEEKLY, cases.next_weekly(desk.now, desk.zone), desk.room.id)
    if not found:
        return []
    return [_looked_at(m.id, found, desk) for m in desk.with_role("manager")]


def look_at(call: Call, desk: Desk) -> list[Card]:
    """`/complaints`: the last seven days' complaints and negative reviews, with why and how long (G04)."""
    return [_looked_at(desk.me.id, cases.of_week(desk.books.cases.scan(), desk.now), desk)]


def _looked_at(who: str, found: list[Case], desk: Desk) -> Card:
    counted = cases.tally(found, desk.now)
    said = lines(
        line("case.week", count=counted.count, open=counted.open, late=counted.late),
        line(
            "case.week_again", second=counted.second, reopened=counted.reopened, unhappy=counted.unsatisfied
        ),
        line("case.week_hours", hours=counted.hours) if counted.hours is not None else None,
        line("case.week_causes", causes=_causes(counted)) if counted.causes else None,
        [summary(one, desk) for one in found[:SHOWN]],
        line("case.more", count=len(found) - SHOWN) if len(found) > SHOWN else None,
    )
    opens = [(button("case.open", f"cases {one.number}", name=name(one)),) for one in found[:SHOWN]]
    return tell(who, said, buttons=(*opens, (button("case.export", "cases export"),)), rank="digest")


def _causes(counted: Tally) -> tuple[Line, ...]:
    named = (
        (line(f"case.cause_{id}") if id else line("case.no_cause"), count) for id, count in counted.causes
    )
    return tuple(line("case.cause_count", cause=cause, count=count) for cause, count in named)


DUTY = DutySpec(
    "cases_due",
    commands=(
        Command("complaints", look_at, words=("投诉复盘",), roles=IN_CHARGE, args=False, private=True),
    ),
    due={DUE: due, WEEKLY: weekly},
)
