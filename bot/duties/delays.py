"""Notices of delay 延误告知 (E12): one tap gives the orders on their way to a region and what to tell the buyers."""

from __future__ import annotations

from datetime import timedelta

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, tell, toast
from bot.contacting import reached
from bot.delaying import DUE, cards, drop_button, remind, still_there
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.under_way import under_way
from playbooks.followup import delays
from playbooks.followup.delays import Delay, Typed
from playbooks.followup.rules import rules
from playbooks.followup.texts import check
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.room import IN_CHARGE, SERVICE
from storage.rows import Due


def delay(call: Call, desk: Desk) -> list[Card]:
    """`/delay 新疆 中通 暴风雪`; without a cause it is asked for with buttons."""
    if not call.args.strip():
        return ask("delay", "delay.where", desk)
    parcels = under_way(desk.books)
    typed = delays.read(call.args, {one.carrier for one in parcels})
    orders = delays.on_the_way(parcels, typed.carrier, typed.region)
    if not orders:
        raise Refusal("delay.nobody", region=typed.region, carrier=typed.carrier or "—")
    if not typed.cause:
        return [_ask_cause(typed, len(orders), desk)]
    check("delay", typed.cause, desk.room.platform)
    one = desk.books.delays.put(
        delays.made(desk.books.new_id("w"), typed, orders, by=desk.me.id, now=desk.now)
    )
    desk.note(
        "delay", one.id, step="made", region=one.region, carrier=one.carrier, cause=one.cause,
        orders=str(len(orders)),
    )  # fmt: skip
    remind(one, desk)
    return cards(one, desk)


def _ask_cause(typed: Typed, count: int, desk: Desk) -> Card:
    words = f"delay {typed.region} {typed.carrier}".strip()
    rows = tuple(
        (button("common.verbatim", f"{words} {cause}", text=cause),)
        for cause in rules().delay.causes(desk.room.lang)
    )
    said = line("delay.ask_cause", region=typed.region, carrier=typed.carrier or "—", count=count)
    return tell(desk.me.id, said, buttons=rows)


def show(call: Call, desk: Desk) -> list[Card]:
    """The list once more, as it is now."""
    return cards(_need(call.args, desk), desk)


def told(call: Call, desk: Desk) -> list[Card]:
    """都告知了: the buyers on the list as it stands were written to."""
    one = _need(call.args, desk)
    there = still_there(one, desk)
    done = desk.books.delays.put(delays.end(one, "told", by=desk.me.id))
    for number in there:
        reached("delay", number, "sent", desk)
    return _ended(done, f"{len(there)}", desk)


def drop(call: Call, desk: Desk) -> list[Card]:
    """不用告知, with the reason (B22)."""
    id, _, why = call.args.partition(" ")
    one = _need(id, desk)
    if not why.strip() and one.state == "open":
        return ask(f"delaydrop {id}", "hold.ask_why", desk)
    done = desk.books.delays.put(delays.end(one, "dropped", by=desk.me.id, note=checked_note(why)))
    return _ended(done, "0", desk)


def _ended(done: Delay, orders: str, desk: Desk) -> list[Card]:
    desk.books.due.drop(f"{desk.room.id}-d:{DUE}:{done.id}")
    desk.note("delay", done.id, step=done.state, region=done.region, carrier=done.carrier, orders=orders)
    said = line(f"delay.{done.state}", region=done.region, count=orders)
    return [toast("delay.noted"), tell(desk.me.id, said, key=f"delay:{done.id}", edit=True)]


def _need(id: str, desk: Desk) -> Delay:
    """One's own, or anybody's for who is in charge. Raises Refusal `delay.over`, `delay.whose`."""
    one = desk.books.delays.get(id)
    if one is None:
        raise Refusal("delay.over")
    if one.by != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("delay.whose", owner=desk.name(one.by))
    return one


def due(row: Due, desk: Desk) -> list[Card]:
    """Nobody has told the buyers: whoever made the notice is reminded, the last time who is in charge as well."""
    one = desk.books.delays.get(row.about)
    if one is None or one.state != "open":
        return []
    one = desk.books.delays.put(one.changed(reminded=one.reminded + 1))
    last = one.reminded >= rules().delay.at_most
    people = {one.by}
    if last:
        people |= {m.id for m in desk.on_duty("lead", "manager") or desk.with_role("manager")}
    else:
        desk.later(DUE, desk.now + timedelta(hours=rules().delay.due_hours), one.id)
    said = line("delay.due", region=one.region, count=len(one.orders), owner=desk.name(one.by))
    rows = ((button("delay.open", f"delayshow {one.id}", region=one.region),), (drop_button(one),))
    return [tell(person, said, buttons=rows, rank="work") for person in sorted(people)]


DUTY = DutySpec(
    "delays",
    commands=(
        Command("delay", delay, words=("延误", "延误告知"), roles=SERVICE, private=True),
        Command("delayshow", show, roles=SERVICE, listed=False, private=True),
        Command("delaytold", told, roles=SERVICE, listed=False, private=True),
        Command("delaydrop", drop, roles=SERVICE, listed=False, private=True),
    ),
    due={DUE: due},
)
