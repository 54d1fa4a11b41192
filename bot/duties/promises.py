"""承诺: what was promised to a buyer is registered, its owner reminded, and the lead told of what is overdue (H36)."""

from __future__ import annotations

from datetime import timedelta

from bot.asking import ask
from bot.call import Call
from bot.card import Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.knowing import promise_text
from playbooks import promises
from playbooks.model import Refusal
from playbooks.promises import Promise, Typed
from playbooks.room import CONTROL, SERVICE
from storage.rows import Due, Line

SHOWN = 20


def promise(call: Call, desk: Desk) -> list[Card]:
    """`/promise 6917… 明天 18:00 补发小样`; alone it lists what is open: mine, for leads and managers everybody's."""
    if not call.args:
        return [_list(desk)]
    return [_made(promises.read(call.args, desk.now, desk.zone), desk)]


def told(call: Call, desk: Desk) -> list[Card]:
    """A press under a text that promises what holds today alone: `told cutoff 6917…`; the order is asked for (K06)."""
    topic, _, number = call.args.strip().partition(" ")
    text = promise_text(topic, desk)
    if not number:
        return ask(f"told {topic}", "promise.which_order", desk)
    return [_made(promises.told_today(number.strip(), text, desk.now, desk.zone), desk)]


def _made(typed: Typed, desk: Desk) -> Card:
    """Registered, and its owner reminded when it is due; what stands there already is shown."""
    known = promises.open_ones(desk.books.promises.by("order_id", typed.order_id))
    made = next((one for one in known if one.text == typed.text), None)
    if made is None:
        made = desk.books.promises.put(
            Promise(
                id=desk.books.new_id("m"), order_id=typed.order_id, text=typed.text, due_at=typed.due_at,
                owner=desk.me.id, at=desk.now,
            )
        )  # fmt: skip
        desk.note("promise", made.id, step="made", order_id=made.order_id, text=made.text)
        desk.later("promise_due", made.due_at, made.id)
    return tell(desk.me.id, line("promise.noted"), _line(made, desk), buttons=(_kept(made),))


def _kept(one: Promise) -> Row:
    return (button("promise.keep", f"kept {one.id}", order=one.order_id[-4:]),)


def _line(one: Promise, desk: Desk) -> Line:
    key = "promise.line" if one.due_at > desk.now else "promise.line_late"
    return line(
        key, order_id=one.order_id, text=one.text, due=desk.clock(one.due_at), owner=desk.name(one.owner)
    )


def _list(desk: Desk) -> Card:
    all_of_them = desk.me.may(frozenset(["lead", "manager"]))
    found = [
        one
        for one in promises.open_ones(desk.books.promises.scan())
        if all_of_them or one.owner == desk.me.id
    ]
    if not found:
        raise Refusal("promise.none")
    said = [_line(one, desk) for one in found[:SHOWN]]
    head = line("promise.head", count=len(found))
    return tell(desk.me.id, head, said, buttons=tuple(_kept(one) for one in found[:SHOWN]))


def kept(call: Call, desk: Desk) -> list[Card]:
    """已兑现, by whoever did it; the owner is told where it was somebody else."""
    one = desk.books.promises.get(call.args)
    if one is None:
        raise Refusal("promise.kept")
    done = desk.books.promises.put(promises.keep(one, desk.me.id, desk.now))
    desk.note("promise", done.id, step="kept", order_id=done.order_id)
    for kind in ("promise_due", "promise_overdue"):
        desk.books.due.drop(f"{desk.room.id}-d:{kind}:{done.id}")
    said = line("promise.kept_by", order_id=done.order_id, text=done.text, by=desk.me.name)
    told = [tell(done.owner, said, silent=True)] if done.owner != desk.me.id else []
    return [toast("promise.thanks"), *told]


def due(row: Due, desk: Desk) -> list[Card]:
    """It is due now: its owner is reminded, and if that does not help the lead hears of it."""
    one = desk.books.promises.get(row.about)
    if one is None or one.kept_at is not None:
        return []
    desk.later("promise_overdue", desk.now + timedelta(minutes=promises.rules().overdue_minutes), one.id)
    return [tell(one.owner, line("promise.due_now"), _line(one, desk), buttons=(_kept(one),), rank="work")]


def overdue(row: Due, desk: Desk) -> list[Card]:
    """Leads and managers on duty are told once; where none is, the managers."""
    one = desk.books.promises.get(row.about)
    if one is None or one.kept_at is not None:
        return []
    leads = desk.on_duty("lead", "manager") or desk.with_role("manager")
    said = (line("promise.overdue"), _line(one, desk))
    return [tell(m.id, said, buttons=(_kept(one),), rank="work") for m in leads if m.id != one.owner]


DUTY = DutySpec(
    "promises",
    commands=(
        Command("promise", promise, words=("承诺",), roles=SERVICE | CONTROL, private=True),
        Command("told", told, roles=SERVICE | CONTROL, listed=False, private=True),
        Command("kept", kept, roles=SERVICE | CONTROL, listed=False),
    ),
    due={"promise_due": due, "promise_overdue": overdue},
)
