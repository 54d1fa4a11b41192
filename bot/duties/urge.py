"""催发货 (L01): a buyer of a paid order asks when it ships: one line registers it, the warehouse says when, once a
product, and every agent whose buyer waits gets the answer to copy."""

from __future__ import annotations

import re

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.follow_cards import card
from bot.following import hold, order_state
from bot.urging import OVER, WAITS, asking, product_of, remind_later, ship_time, shown_anew, waiting
from playbooks import followup
from playbooks.due_times import read_due
from playbooks.followup import FollowUp
from playbooks.followup.urge import (
    ShipTime,
    answered,
    asked_again,
    need_to_ship,
    time_is_over,
    told_time,
    urged,
)
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.promises import checked_due, rules
from playbooks.room import CONTROL, SERVICE, Role
from storage.rows import Due, Line

WHO_KNOW: frozenset[Role] = CONTROL | {"warehouse"}
NUMBER = re.compile(r"(?=.*\d)[\dA-Za-z-]{6,40}")


def urge(call: Call, desk: Desk) -> list[Card]:
    """`/urge 6917… 急用`: registered as the caller's own; the warehouse is asked unless it was, or has said when."""
    number, _, note = call.args.strip().partition(" ")
    if not number:
        return ask("urge", "urge.which", desk)
    if not NUMBER.fullmatch(number):
        raise Refusal("urge.usage")
    state = order_state(number, desk)
    need_to_ship(number, state)
    known = desk.books.follow_ups.get(followup.follow_up_id(desk.room.id, "urge_ship", number))
    ship, new = ship_time(number, desk)
    kept = checked_note(note.strip())
    item = hold(urged(desk.room.id, number, state, ship, known, by=desk.me.id, note=kept, now=desk.now), desk)
    desk.note(
        "follow_new", item.id, broadcast=state.broadcast if state else "", type=item.kind, order_id=number,
        times=item.values["times"],
    )  # fmt: skip
    return [card(item, "followup.begun", desk), *_ask(ship, desk, new=new)]


def _ask(ship: ShipTime, desk: Desk, *, new: bool) -> list[Card]:
    """The warehouse's card: a message the first time, afterwards only the count in it changes."""
    if not new:
        return shown_anew(ship, desk)
    desk.note("ship_time", ship.id, broadcast=ship.broadcast, step="asked", number=str(ship.link_no or ""))
    remind_later(ship, desk)
    return asking(ship, desk, edit=False)


def eta(call: Call, desk: Desk) -> list[Card]:
    """`eta a1-e1p3 明天 18:00`, or `/eta 3 明天 18:00` by the product's number; alone it lists what is waited for."""
    word, _, when = call.args.strip().partition(" ")
    if not word:
        return [_list(desk)]
    ship = _meant(word, desk)
    if not when.strip():
        return ask(f"eta {ship.id}", "urge.when", desk)
    at, rest = read_due(when, desk.now, desk.zone, rules().end_of_day)
    if rest:
        raise Refusal("promise.when", text=rest[:20])
    said = desk.books.ship_times.put(answered(ship, checked_due(at, desk.now), by=desk.me.id, now=desk.now))
    return _said(said, desk)


def _meant(word: str, desk: Desk) -> ShipTime:
    """By its id, else the newest of the product with this number. Raises Refusal `urge.nobody_asked`."""
    known = desk.books.ship_times.get(word)
    if known:
        return known
    numbered = [one for one in desk.books.ship_times.scan() if str(one.link_no) == word.removesuffix("号")]
    if not numbered:
        raise Refusal("urge.nobody_asked", word=word[:20])
    return max(numbered, key=lambda one: (one.asked_at, one.id))


def _said(ship: ShipTime, desk: Desk) -> list[Card]:
    """The warehouse has said when: whoever is at an order of it is told with the words to copy, each in one message."""
    desk.books.due.drop(f"{desk.room.id}-d:{WAITS}:{ship.id}")
    assert ship.eta
    desk.later(OVER, ship.eta, ship.id)
    items = [_with_time(told_time(one, ship, desk.now), desk) for one in waiting(ship, desk)]
    seconds = str(int((desk.now - ship.asked_at).total_seconds()))
    desk.note(
        "ship_time", ship.id, broadcast=ship.broadcast, step="said", number=str(ship.link_no or ""),
        orders=str(len(items)), seconds=seconds,
    )  # fmt: skip
    people = dict.fromkeys(one.owner or one.by for one in items)
    told = [
        _for_agent(ship, [i for i in items if (i.owner or i.by) == person], person, desk) for person in people
    ]
    return [toast("urge.thanks", count=len(items)), *shown_anew(ship, desk), *told]


def _with_time(item: FollowUp, desk: Desk) -> FollowUp:
    """Whoever has it can tell the buyer from now on."""
    return hold(item, desk) if item.state == "claimed" else desk.books.follow_ups.put(item)


def _for_agent(ship: ShipTime, items: list[FollowUp], person: str, desk: Desk) -> Card:
    said = [line("urge.answer", product=product_of(ship), eta=desk.clock(ship.eta), count=len(items))]
    said += [line("urge.answer_order", order_id=one.order_id) for one in items[: followup.rules().shown]]
    rows = ((button("urge.tell_them", "take"),),)
    return tell(person, said, buttons=rows, key=f"eta-told:{ship.id}:{person}", rank="work")


def _list(desk: Desk) -> Card:
    """What is waited for, the longest waiting first."""
    open_ = [(ship, len(items)) for ship in desk.books.ship_times.scan() if (items := waiting(ship, desk))]
    if not open_:
        raise Refusal("urge.none")
    open_.sort(key=lambda one: (one[0].eta is not None, one[0].asked_at, one[0].id))
    rows = tuple(
        (button("urge.answer_one", f"eta {ship.id}", product=product_of(ship)),)
        for ship, _ in open_[: followup.rules().shown]
    )
    said = [_line(ship, count, desk) for ship, count in open_[: followup.rules().shown]]
    return tell(desk.me.id, line("urge.head", count=len(open_)), said, buttons=rows)


def _line(ship: ShipTime, count: int, desk: Desk) -> Line:
    key = "urge.line" if ship.eta else "urge.line_open"
    return line(
        key, product=product_of(ship), count=count, eta=desk.clock(ship.eta), since=desk.clock(ship.asked_at)
    )


def remind(row: Due, desk: Desk) -> list[Card]:
    """The warehouse has not said when: it is reminded; the last time whoever is in charge hears of it as well."""
    ship = desk.books.ship_times.get(row.about)
    if ship is None or ship.eta or not (items := waiting(ship, desk)):
        return []
    ship = desk.books.ship_times.put(asked_again(ship, desk.now))
    if ship.asks < followup.rules().eta.at_most:
        remind_later(ship, desk)
        return asking(ship, desk, edit=False)
    leads = desk.on_duty("lead", "manager") or desk.with_role("manager")
    said = line(
        "urge.no_answer", product=product_of(ship), count=len(items), since=desk.clock(items[0].created_at)
    )
    rows = ((button("urge.answer_one", f"eta {ship.id}", product=product_of(ship)),),)
    told = [tell(m.id, said, buttons=rows, key=f"eta-late:{ship.id}:{m.id}", rank="work") for m in leads]
    return [*asking(ship, desk, edit=False), *told]


def over(row: Due, desk: Desk) -> list[Card]:
    """The time is over and no file shows that these orders left: the buyers wait again, the warehouse is asked anew."""
    ship = desk.books.ship_times.get(row.about)
    if ship is None or ship.eta is None or ship.eta > desk.now or not (items := waiting(ship, desk)):
        return []
    for one in items:
        desk.books.follow_ups.put(time_is_over(one, desk.now))
    ship = desk.books.ship_times.put(asked_again(ship, desk.now))
    desk.note("ship_time", ship.id, broadcast=ship.broadcast, step="over", number=str(ship.link_no or ""))
    remind_later(ship, desk)
    return asking(ship, desk, edit=False)


DUTY = DutySpec(
    "urge",
    commands=(
        Command("urge", urge, words=("催发货",), roles=SERVICE, private=True),
        Command("eta", eta, words=("预计发货",), roles=WHO_KNOW, private=True),
    ),
    due={WAITS: remind, OVER: over},
)
