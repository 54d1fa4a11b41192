"""`/action` 改进项: what is to be better next time, its owner reminded so often and no more (G03, F14)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.entered import named_first
from bot.improving import item_line, need_item
from playbooks import actions
from playbooks.actions import ActionItem
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE
from storage.rows import Due

DUE = "action_due"
SHOWN = 10


def action(call: Call, desk: Desk) -> list[Card]:
    """`/action 小美 明天 18:00 快捷语按新价重写`; without a sentence it lists what is open, mine or everybody's.

    The review's button names its broadcast and asks for the sentence. Raises Refusal `actions.*`.
    """
    here, rest = named_first(call.args, desk)
    if here and not rest:
        return ask(f"action {here.id}", "actions.ask", desk)
    if not rest:
        return [_list(desk)]
    typed = actions.read(rest, desk.members(), desk.now, desk.zone)
    owner = typed.owner or desk.me.id
    if owner != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("actions.whose")
    of = here or desk.answering()
    one = desk.books.action_items.put(
        ActionItem(
            id=desk.books.new_id("ai"), broadcast=of.id if of else "", text=typed.text, owner=owner, by=desk.me.id,
            at=desk.now, due_at=typed.due_at,
        )
    )  # fmt: skip
    _noted(one, "made", desk, text=one.text)
    _plan(one, desk)
    mine = [] if owner == desk.me.id else [_card(one, "actions.given", desk)]
    return [*mine, tell(desk.me.id, line("actions.noted"), item_line(one, desk), buttons=_rows(one))]


def _noted(one: ActionItem, step: str, desk: Desk, **values: str) -> None:
    desk.note("action_item", one.id, broadcast=one.broadcast, step=step, owner=one.owner, **values)


def _plan(one: ActionItem, desk: Desk) -> None:
    at = actions.next_nag(one, desk.now, desk.zone)
    if at is not None:
        desk.later(DUE, at, one.id)
    else:
        desk.books.due.drop(f"{desk.room.id}-d:{DUE}:{one.id}")


def _rows(one: ActionItem) -> tuple[Row, ...]:
    if one.state != "open":
        return ()
    done, later = button("actions.done", f"actdone {one.id}"), button("actions.later", f"actlater {one.id}")
    return ((done, later), (button("actions.drop", f"actdrop {one.id}"),))


def _card(one: ActionItem, head: str, desk: Desk, *, edit: bool = False) -> Card:
    """The owner's card of an item."""
    return tell(
        one.owner, line(head), item_line(one, desk), buttons=_rows(one), key=f"action:{one.id}", edit=edit,
        rank="work",
    )  # fmt: skip


def _list(desk: Desk) -> Card:
    """Mine; for those in charge everybody's, the soonest due first."""
    every = actions.open_ones(desk.books.action_items.by("state", "open"))
    shown = [one for one in every if one.owner == desk.me.id or desk.me.may(IN_CHARGE)]
    if not shown:
        return tell(desk.me.id, line("actions.none"), line("actions.usage"))
    rows = tuple(
        (button("actions.done_named", f"actdone {one.id}", what=one.text[:16]),) for one in shown[:SHOWN]
    )
    more = [line("actions.more", count=len(shown) - SHOWN)] if len(shown) > SHOWN else []
    said = [item_line(one, desk) for one in shown[:SHOWN]]
    return tell(desk.me.id, line("actions.head", count=len(shown)), said, more, buttons=rows)


def done(call: Call, desk: Desk) -> list[Card]:
    """完成 in one tap; what came of it may follow."""
    return _ended(call, "done", desk)


def drop(call: Call, desk: Desk) -> list[Card]:
    """不做了: the reason is asked for, nothing closes without one."""
    id, _, why = call.args.partition(" ")
    if not why.strip():
        need_item(id, desk)
        return ask(f"actdrop {id}", "actions.ask_why", desk)
    return _ended(call, "dropped", desk)


def _ended(call: Call, how: actions.Ending, desk: Desk) -> list[Card]:
    id, _, why = call.args.partition(" ")
    one = desk.books.action_items.put(actions.end(need_item(id, desk), how, desk.me.id, desk.now, why))
    _noted(one, how, desk, why=one.ended_why)
    _plan(one, desk)
    said = _card(one, f"actions.ended_{how}", desk, edit=True)
    # Whoever asked for it reads that it is done; who did both reads it once.
    told = (
        [tell(one.by, line("actions.told"), item_line(one, desk), silent=True)]
        if one.by != desk.me.id
        else []
    )
    return [toast(f"actions.toast_{how}"), said, *told]


def later(call: Call, desk: Desk) -> list[Card]:
    """改期: without a time it is asked for; how often it was put off is kept."""
    id, _, when = call.args.partition(" ")
    before = need_item(id, desk)
    if not when.strip():
        return ask(f"actlater {id}", "actions.ask_when", desk)
    due = actions.read_due(when.strip(), desk.now, desk.zone)
    one = desk.books.action_items.put(actions.put_off(before, due))
    _noted(one, "put_off", desk)
    _plan(one, desk)
    return [_card(one, "actions.put_off", desk)]


def due(row: Due, desk: Desk) -> list[Card]:
    """Its time has come, or it is overdue still: its owner is reminded; the last time the managers hear of it."""
    before = desk.books.action_items.get(row.about)
    if before is None or before.state != "open":
        return []
    before = _with_somebody(before, desk)
    one, last = actions.nagged(before)
    desk.books.action_items.put(one)
    _noted(one, "reminded", desk)
    _plan(one, desk)
    said = [_card(one, "actions.due", desk)]
    if last:
        managers = [m.id for m in desk.with_role("manager") if m.id != one.owner]
        said += [
            tell(
                m,
                line("actions.overdue", times=one.nagged),
                item_line(one, desk),
                buttons=_rows(one),
                rank="work",
            )
            for m in managers
        ]
    return said


def _with_somebody(one: ActionItem, desk: Desk) -> ActionItem:
    """One whose owner has no role here any more is whose it was who asked for it, else a manager's (B22)."""
    if desk.member(one.owner).roles:
        return one
    managers = [m.id for m in desk.with_role("manager")]
    to = one.by if desk.member(one.by).roles else next(iter(managers), "")
    if not to:
        return one
    moved = desk.books.action_items.put(actions.pass_on(one, to))
    _noted(moved, "passed", desk, of=one.owner)
    return moved


DUTY = DutySpec(
    "improve",
    commands=(
        Command("action", action, words=("改进项", "改进")),
        Command("actdone", done, listed=False),
        Command("actdrop", drop, listed=False),
        Command("actlater", later, listed=False),
    ),
    due={DUE: due},
)
