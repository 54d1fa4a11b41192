"""Swapping a shift 换班: `/cover 阿强 …` offers it with the reason, and it changes hands when the other accepts."""

from __future__ import annotations

from bot import readiness, rostering
from bot.call import Call
from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.questioning import seniors
from playbooks import roster
from playbooks.model import Refusal
from playbooks.room import Member, named
from playbooks.roster import Shift
from storage.rows import Line


def cover(call: Call, desk: Desk) -> list[Card]:
    """`/cover 阿强 家里有事`: my shift that runs or comes next, offered with the reason; `?` shows whom to ask.

    Who could not serve is refused by name at once. An offer made before is withdrawn.
    """
    mine = roster.of_person(rostering.shifts(desk), desk.me.id, desk.now)
    if mine is None:
        raise Refusal("cover.none")
    name, _, why = call.args.strip().partition(" ")
    if not name or name == "?":
        return [tell(desk.me.id, line("cover.how", when=rostering.when(mine, desk)))]
    other = named(name, desk.members())
    offered = roster.offer(mine, other.id, why)
    _fit(mine, other, desk)
    desk.books.shifts.put(offered)
    desk.note("shift", mine.id, step="offered", to=other.id, why=offered.offered_why)
    sent = line("cover.sent", name=other.name, when=rostering.when(mine, desk))
    return [tell(desk.me.id, sent), *_withdrawn(mine, other, desk), _asked(offered, desk)]


def _fit(one: Shift, other: Member, desk: Desk) -> None:
    """Refuses somebody who cannot serve in the place of who has the shift: see roster.check_fit."""
    owner = desk.books.members.get(one.who) or Member(id=one.who, name="")
    roster.check_fit(one, owner, other, _others(one, desk), desk.now)


def _others(one: Shift, desk: Desk) -> list[Shift]:
    return [each for each in rostering.shifts(desk) if each.id != one.id]


def _asked(offered: Shift, desk: Desk) -> Card:
    said = line("cover.asked", name=desk.me.name, when=rostering.when(offered, desk), why=offered.offered_why)
    row = (button("cover.yes", f"coveryes {offered.id}"), button("cover.no", f"coverno {offered.id}"))
    return tell(offered.offered_to, said, buttons=(row,), key=_key(offered, offered.offered_to), rank="work")


def _withdrawn(before: Shift, other: Member, desk: Desk) -> list[Card]:
    """Whoever was asked before is not any more: their buttons go."""
    first = before.offered_to
    if first in ("", other.id):
        return []
    said = line("cover.asked_another", name=desk.me.name, when=rostering.when(before, desk))
    return [tell(first, said, key=_key(before, first), edit=True, rank="work")]


def _key(one: Shift, person: str) -> str:
    return f"cover:{one.id}:{person}"


def accept(call: Call, desk: Desk) -> list[Card]:
    """接班: the shift, or what is left of it, is the presser's; who had it and the lead are told."""
    before = _need(call.args, desk)
    kept = roster.accept(before, desk.me.id, _others(before, desk), desk.now, desk.books.new_id("t"))
    _fit(before, desk.me, desk)
    for one in kept:
        desk.books.shifts.put(one)
    desk.note("shift", kept[-1].id, step="taken_over", person=desk.me.id, of=before.who)
    readiness.replan(desk)
    when = rostering.when(kept[-1], desk)
    said = line("cover.done", name=desk.me.name, other=desk.name(before.who), when=when)
    people = dict.fromkeys([before.who, *(m.id for m in seniors(desk))])
    told = (tell(id, said, rank="work") for id in people if id != desk.me.id)
    return [_answered(before, said, desk), *told]


def decline(call: Call, desk: Desk) -> list[Card]:
    """不方便: the shift stays whose it is, and they are told at once."""
    before = _need(call.args, desk)
    desk.books.shifts.put(roster.decline(before, desk.me.id, desk.now))
    desk.note("shift", before.id, step="declined", person=desk.me.id)
    said = line("cover.declined", name=desk.me.name, when=rostering.when(before, desk))
    return [_answered(before, said, desk), tell(before.who, said, rank="work")]


def _need(id: str, desk: Desk) -> Shift:
    found = desk.books.shifts.get(id)
    if found is None:
        raise Refusal("cover.gone")
    return found


def _answered(before: Shift, said: Line, desk: Desk) -> Card:
    """The card that asked says what came of it, without its buttons."""
    return tell(desk.me.id, said, key=_key(before, desk.me.id), edit=True, rank="work")


DUTY = DutySpec(
    "cover",
    commands=(
        Command("cover", cover, words=("换班",)),
        Command("coveryes", accept, listed=False),
        Command("coverno", decline, listed=False),
    ),
)
