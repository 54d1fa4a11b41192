"""How many people are needed, how much each takes, who is still learning: `/headcount`, `/capacity`, `/newcomer`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot import rostering
from bot.call import Call
from bot.card import Card, line, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.planning import planned
from playbooks import announce, roster
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.room import CONTROL, IN_CHARGE, named
from playbooks.roster import Handled, Need, Past
from storage.rows import Line

HANDLING = frozenset(["chase_contact", "chase_outcome", "hold_step", "follow_done"])
ANSWERING = frozenset(["claimed", "answered"])
"""Steps of a question that are work; asking is what comes in."""
OFF = frozenset(["off", "关", "关闭", "取消"])
MOST = 99


def headcount(call: Call, desk: Desk) -> list[Card]:
    """`/headcount`: half hour by half hour of the broadcast, agents needed and rostered (A08)."""
    span = planned(desk) or _on_air(desk)
    if span is None:
        raise Refusal("headcount.no_plan")
    over = [b for b in desk.books.broadcasts.scan() if b.stage == "ended" and b.live_at and b.ended_at]
    needs = roster.needs([_past(b, desk) for b in over], *span, rostering.agents_shifts(desk))
    if not needs:
        least = roster.rules().least_broadcasts
        return [tell(desk.me.id, line("headcount.unknown", least=least, have=len(over)))]
    head = line("headcount.head", count=min(len(over), roster.rules().past_broadcasts))
    return [tell(desk.me.id, head, (_need_line(one, desk) for one in needs))]


def _on_air(desk: Desk) -> tuple[datetime, datetime] | None:
    """One that began without a plan lasts as long as they usually do."""
    here = desk.broadcast()
    if here is None or here.live_at is None or here.stage == "ended":
        return None
    return here.live_at, here.live_at + roster.rules().usual_length


def _need_line(one: Need, desk: Desk) -> Line:
    key = "headcount.short" if one.rostered < one.needed else "headcount.enough"
    return line(
        key, at=desk.clock(one.start), expected=one.expected, needed=one.needed, rostered=one.rostered
    )


def _past(here: Broadcast, desk: Desk) -> Past:
    assert here.live_at
    assert here.ended_at
    questions = desk.books.questions.by("broadcast", here.id)
    chases = desk.books.chases.by("broadcast", here.id)
    came_in = [said.at for one in questions if one.state != "told" for said in one.asks]
    came_in += [one.created_at or one.seen_at for one in chases]
    return Past(
        start=here.live_at, end=here.ended_at, came_in=tuple(came_in), handled=tuple(_handled(here, desk))
    )


def _handled(here: Broadcast, desk: Desk) -> Iterator[Handled]:
    agents = {m.id for m in desk.with_role(*roster.AGENTS)}
    for entry in desk.books.journal.by("broadcast", here.id):
        answers = entry.kind == "question" and entry.values.get("step") in ANSWERING
        if entry.who in agents and (answers or entry.kind in HANDLING):
            yield Handled(at=entry.at, who=entry.who, about=entry.about)


def capacity(call: Call, desk: Desk) -> list[Card]:
    """`/capacity 小美 3`: at most three chases in hand at once; `/capacity 小美 无` takes the limit away."""
    name, _, most = call.args.strip().rpartition(" ")
    number = announce.whole(most)
    if not name or (number is None and most not in ("无", "none")) or number == 0 or (number or 1) > MOST:
        raise Refusal("capacity.usage")
    member = named(name, desk.members())
    desk.books.members.put(member.changed(capacity=number))
    key = "capacity.set" if number else "capacity.none"
    return [tell(desk.me.id, line(key, name=member.name, most=number or 0))]


def newcomer(call: Call, desk: Desk) -> list[Card]:
    """`/newcomer 小美`: hints with the first use of each kind of work; again, or `… off`: no more (I09)."""
    name, off = _name_and_off(call.args.strip())
    if not name:
        raise Refusal("newcomer.whose" if off else "newcomer.usage", names=_newcomers(desk))
    member = named(name, desk.members())
    if off and not member.newcomer:
        raise Refusal("newcomer.not_on", name=member.name)
    begins = not member.newcomer
    desk.books.members.put(member.changed(newcomer=begins, hinted=()))
    if not begins:
        return [tell(desk.me.id, line("newcomer.over", name=member.name))]
    welcome = tell(member.id, line("newcomer.welcome"), silent=True, rank="work")
    return [tell(desk.me.id, line("newcomer.begins", name=member.name)), welcome]


def _name_and_off(said: str) -> tuple[str, bool]:
    name, _, last = said.rpartition(" ")
    return (name.strip(), True) if last.lower() in OFF else (said, False)


def _newcomers(desk: Desk) -> tuple[Line, ...] | str:
    return listed(m.name for m in desk.members() if m.newcomer)


DUTY = DutySpec(
    "staffing",
    commands=(
        Command("headcount", headcount, words=("人手",), roles=CONTROL, reads=True, slow=True, args=False),
        Command("capacity", capacity, words=("接单上限",), roles=IN_CHARGE),
        Command("newcomer", newcomer, words=("新人提示",), roles=IN_CHARGE),
    ),
)
