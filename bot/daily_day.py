"""The course of a day's tasks: given to one person each, reminded of with a maximum, closed with the shift."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.card import Card
from bot.daily_book import Falling, as_task, falling, keep, of_day, on_air, open_tasks, plan, setup, today
from bot.daily_cards import kept_true, own_card, told_in_charge
from bot.daily_checks import holds
from bot.desk import Desk
from bot.questioning import seniors
from playbooks import daily
from playbooks.daily import DailyTask
from playbooks.room import Member


def look(desk: Desk) -> list[Card]:
    """What is due now: close what is over, give what falls due, remind, tell who is in charge; plan the next look."""
    touched = [*_settle(desk), *_close(desk)]
    _take_up(desk)
    _give(desk)
    rung = _ring(desk)
    told = [] if on_air(desk) else _tell(desk)
    plan(desk)
    fresh = {card.person for card in rung}
    return [*rung, *told, *kept_true((one for one in touched if one not in fresh), desk)]


def refresh(desk: Desk) -> list[Card]:
    """Something of the day was just done: what the books show now is done, and stands so on the cards."""
    cards = kept_true(_settle(desk), desk)
    plan(desk)
    return cards


def leave(desk: Desk) -> list[Card]:
    """The caller signs out: what is theirs of the day goes to who is on duty with that role (B22). With nobody there it
    rests until somebody comes: nobody is reminded at home, but of what they were given by name and time."""
    others = [m for m in desk.on_duty() if m.id != desk.me.id]
    mine = [one for one in open_tasks(desk) if one.owner == desk.me.id and not one.by]
    given = [passed for one in mine if (passed := _passed(one, others, desk))]
    for one in mine:
        if one.id not in [passed.id for passed in given]:
            desk.books.daily_tasks.put(one.changed(next_at=None))
    plan(desk)
    cards = [own_card(who, desk) for who in dict.fromkeys(one.owner for one in given)]
    return [*cards, *(kept_true([desk.me.id], desk) if given else [])]


def _passed(one: DailyTask, there: list[Member], desk: Desk) -> DailyTask | None:
    """The task as somebody else's who is there; None where nobody fits."""
    to = daily.choose(one.role, "", there, [t for t in open_tasks(desk) if t.owner])
    if to is None:
        return None
    return keep(daily.pass_on(one, to, desk.now), "passed", desk, to=to, of=one.owner)


def left_behind(desk: Desk) -> None:
    """Somebody has no role here any more: what was theirs of the day goes to who is there."""
    _take_up(desk)
    plan(desk)


def _take_up(desk: Desk) -> None:
    """What rests because its person had gone: theirs again once they are back, else somebody's who is there. So is
    what was somebody's who has no role here any more."""
    there = desk.on_duty()
    for one in open_tasks(desk):
        if one.by and not desk.member(one.owner).roles:
            _back_to_giver(one, desk)
        stays = one.next_at is not None and bool(desk.member(one.owner).roles)
        if stays or one.by or one.told:
            continue
        if one.owner in [m.id for m in there]:
            desk.books.daily_tasks.put(one.changed(next_at=max(desk.now, one.at)))
        elif setup(desk).owners.get(one.number) != one.owner:
            _passed(one, there, desk)


def _back_to_giver(one: DailyTask, desk: Desk) -> None:
    """What somebody was given who has no role here any more is whose it was who gave it, else who is in charge's."""
    to = one.by if desk.member(one.by).roles else next((m.id for m in seniors(desk)), "")
    if to:
        keep(daily.pass_on(one, to, desk.now), "passed", desk, to=to, of=one.owner)


def _settle(desk: Desk) -> list[str]:
    """Open tasks the books show done; whose they were."""
    found = [one for one in open_tasks(desk) if one.at <= desk.now and holds(one.check, desk)]
    for one in found:
        keep(daily.finish(one, "", desk.now), "found", desk)
    return [one.owner for one in found]


def _close(desk: Desk) -> list[str]:
    """What is over and not done is missed, also what nobody was there for in a shift others worked; whose they were."""
    over = [one for one in open_tasks(desk) if one.until <= desk.now]
    for one in over:
        keep(daily.miss(one, desk.now), "missed", desk, owner=one.owner)
    for day in (today(desk) - timedelta(days=1), today(desk)):
        worked = {one.shift for one in of_day(day, desk)}
        left = [one for one in falling(day, desk) if one.until <= desk.now and one.shift in worked]
        for each in left:
            keep(daily.miss(as_task(each, "", desk), desk.now), "missed", desk, owner="")
    return [one.owner for one in over]


def _give(desk: Desk) -> None:
    """What falls due goes to one person who is there; with nobody there it waits for somebody to sign in."""
    there = desk.on_duty()
    if not there:
        return
    known = of_day(today(desk), desk)
    for one in sorted(_due(desk), key=lambda each: (each.at, each.task.number)):
        made = _given(one, there, known, desk)
        if made is not None:
            known.append(made)


def _due(desk: Desk) -> Iterable[Falling]:
    return (one for one in falling(today(desk), desk) if one.at <= desk.now < one.until)


def _given(one: Falling, there: list[Member], known: list[DailyTask], desk: Desk) -> DailyTask | None:
    if holds(one.task.check, desk):
        return keep(daily.finish(as_task(one, "", desk), "", desk.now), "found", desk)
    named = setup(desk).owners.get(one.task.number, "")
    named = named if desk.member(named).roles else ""
    owner = daily.choose(one.task.role, named, there, known)
    if owner is None:
        return None
    made = as_task(one, owner, desk)
    if owner not in [m.id for m in there]:  # the person named is not there: nobody is reminded at home
        made = made.changed(next_at=None)
    return keep(made, "given", desk, owner=owner)


def _ring(desk: Desk) -> list[Card]:
    """One card a person with all that is theirs: a new message, to be heard; the one before loses its buttons.

    On a break, and at night, it comes without a sound, but for what somebody was given by name and time.
    """
    mine: dict[str, list[DailyTask]] = {}
    for one in open_tasks(desk):
        if one.by or not on_air(desk):
            mine.setdefault(one.owner, []).append(one)
    cards = []
    for person, tasks in mine.items():
        now = daily.to_ring(tasks, desk.now) if desk.member(person).roles else []
        for one in now:
            desk.books.daily_tasks.put(daily.rung(one, desk.now, desk.zone))
        if now:
            asleep = daily.is_quiet(desk.now, desk.zone) and not any(one.by for one in now)
            resting = desk.member(person).presence == "break"
            cards.append(own_card(person, desk).changed(silent=asleep or resting))
    return cards


def _tell(desk: Desk) -> list[Card]:
    late = daily.in_order(daily.to_tell(open_tasks(desk), desk.now))
    for one in late:
        keep(one.changed(told=True), "told", desk, owner=one.owner)
    return told_in_charge(late, desk, [m.id for m in seniors(desk)])
