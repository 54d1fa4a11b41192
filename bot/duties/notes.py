"""Order notes 订单备注: `/note 6917… 指定快递 顺丰`: red flag, remark, then done in the ERP (REQUIREMENTS B24-B29)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, lines, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.note_cards import (
    STORE,
    ask_group,
    head,
    mine,
    need_note,
    note_card,
    packers,
    ungrouped_card,
    waits_card,
)
from bot.questioning import seniors
from playbooks import notes
from playbooks.model import Refusal
from playbooks.notes import Note, NoteKind
from playbooks.room import SERVICE
from storage.rows import Due

SHOWN = 10


def note_(call: Call, desk: Desk) -> list[Card]:
    """One request for one order; without a kind it is chosen by a press, without its sentence that is asked for."""
    typed = notes.read(call.args)
    known = desk.books.orders.get(f"{desk.room.id}-o{typed.order_id}")
    complete = notes.grouped(known.platform if known else desk.room.platform, known)
    if complete is False:
        return [ungrouped_card(typed.order_id, desk)]
    notes.check_open(known)
    if typed.kind is None:
        return [_ask_kind(typed.order_id, desk)]
    if notes.rules().kinds[typed.kind].text and not typed.text:
        return ask(f"note {typed.order_id} {typed.kind}", f"note.ask_{typed.kind}", desk)
    one = _keep(typed.order_id, typed.kind, typed.text, desk, group_unknown=complete is None)
    return [ask_group(one, desk) if one.group_unknown else note_card(one, desk, edit=False)]


def _ask_kind(order_id: str, desk: Desk) -> Card:
    rows = tuple((button(f"note.kind_{kind}", f"note {order_id} {kind}"),) for kind in notes.rules().kinds)
    return tell(desk.me.id, line("note.ask_kind", order_id=order_id), buttons=rows, rank="work")


def _keep(order_id: str, kind: NoteKind, text: str, desk: Desk, *, group_unknown: bool) -> Note:
    same = [
        one
        for one in desk.books.notes.by("order_id", order_id)
        if one.state in notes.OPEN and (one.kind, one.text) == (kind, text)
    ]
    if same:  # asked for twice: it is one note
        return same[0]
    one = desk.books.notes.put(
        Note(
            id=desk.books.new_id("n"), order_id=order_id, kind=kind, text=text, by=desk.me.id, at=desk.now,
            broadcast=desk.broadcast_id(), group_unknown=group_unknown,
        )
    )  # fmt: skip
    _noted(one, "made", desk)
    desk.later("note_waiting", desk.now + notes.rules().remind, one.id)
    return one


def _noted(one: Note, step: str, desk: Desk) -> None:
    desk.note("order_note", one.id, broadcast=one.broadcast, step=step, type=one.kind, order_id=one.order_id)


def group_said(call: Call, desk: Desk) -> list[Card]:
    """已成团 goes on; 未成团 ends it with the reason to tell the buyer (B27)."""
    id, _, answer = call.args.partition(" ")
    one = need_note(id, desk)
    if answer == "yes":
        return [note_card(desk.books.notes.put(one.changed(group_unknown=False)), desk)]
    desk.books.notes.put(notes.withdraw(one))
    _noted(one, "withdrawn", desk)
    card = ungrouped_card(one.order_id, desk)
    return [mine(one, desk, card.lines, card.buttons)]


def flagged(call: Call, desk: Desk) -> list[Card]:
    """已点红旗."""
    one = desk.books.notes.put(notes.flag(need_note(call.args, desk), desk.now))
    return [note_card(one, desk)]


def written(call: Call, desk: Desk) -> list[Card]:
    """已写备注并保存: the warehouse is told."""
    before = need_note(call.args, desk)
    one = desk.books.notes.put(notes.written(before, desk.now))
    said = mine(
        one, desk, (head(one), line("note.queued")), ((button("note.withdraw", f"notedrop {one.id}"),),)
    )
    if before.state == "queued":
        return [said]
    _noted(one, "queued", desk)
    return [said, *(waits_card(m, desk) for m in packers(desk))]


def drop(call: Call, desk: Desk) -> list[Card]:
    """不用了: whoever asked for it, or who is in charge; a warehouse that was told hears of it."""
    before = need_note(call.args, desk)
    if desk.me.id != before.by and not desk.me.may(STORE):
        raise Refusal("note.whose", owner=before.by)
    one = desk.books.notes.put(notes.withdraw(before))
    _noted(one, "withdrawn", desk)
    told = [tell(m.id, head(one), line("note.withdrawn"), rank="work") for m in packers(desk)]
    return [
        mine(one, desk, (head(one), line("note.withdrawn")), ()),
        *(told if before.state == "queued" else []),
    ]


# -- the warehouse ----------------------------------------------------------------------------------


def list_(call: Call, desk: Desk) -> list[Card]:
    """`/notes`: what is to be done in the ERP, to tick; for who asked for notes, theirs that are not written yet."""
    everybody = desk.me.may(STORE)
    queued = notes.waiting(desk.books.notes.by("state", "queued"))
    unwritten = [one for one in notes.waiting(desk.books.notes.by("state", "new")) if one.by == desk.me.id]
    shown = [one for one in queued if everybody or one.by == desk.me.id][:SHOWN]
    if not shown and not unwritten:
        return [tell(desk.me.id, line("note.none"))]
    ticks = [
        (button("note.done", f"notedone {one.id}", tail=one.order_id[-6:]),) for one in shown if everybody
    ]
    goes_on = [
        (button("note.go_on", f"notecard {one.id}", tail=one.order_id[-6:]),) for one in unwritten[:SHOWN]
    ]
    said = lines(
        line("note.list", queued=len(shown), unwritten=len(unwritten)),
        (line("note.item", what=head(one), by=desk.name(one.by), at=desk.clock(one.at)) for one in shown),
        (line("note.item_unwritten", what=head(one)) for one in unwritten[:SHOWN]),
    )
    key = f"notes:{desk.me.id}"
    return [
        tell(desk.me.id, said, buttons=(*ticks, *goes_on), key=key, edit=bool(call.press_id), rank="work")
    ]


def card(call: Call, desk: Desk) -> list[Card]:
    """One's own note again, to flag and write it."""
    one = need_note(call.args, desk)
    return [ask_group(one, desk) if one.group_unknown else note_card(one, desk, edit=False)]


def done(call: Call, desk: Desk) -> list[Card]:
    """已在ERP处理: ticked by name, and whoever asked for it knows."""
    one = desk.books.notes.put(notes.done(need_note(call.args, desk), desk.me.id, desk.now))
    _noted(one, "done", desk)
    desk.books.due.drop(f"{desk.room.id}-d:note_waiting:{one.id}")
    said = lines(head(one), line("note.done_by", by=desk.me.name))
    told = [tell(one.by, said, silent=True)] if one.by != desk.me.id else []
    return [toast("note.ticked"), *list_(call, desk), *told]


def waits(row: Due, desk: Desk) -> list[Card]:
    """Nobody has gone on with it: the agent, or the warehouse, is reminded; after the last time the leads are told."""
    one = desk.books.notes.get(row.about)
    if one is None or one.state not in notes.OPEN:
        return []
    times = int(row.values.get("times", "0")) + 1
    if times > notes.rules().reminders:
        late = lines(head(one), line("note.late", by=desk.name(one.by), at=desk.clock(one.at)))
        return [
            tell(m.id, late, buttons=((button("note.open", "notes"),),), rank="work") for m in seniors(desk)
        ]
    desk.later("note_waiting", desk.now + notes.rules().remind, one.id, times=str(times))
    if one.state == "queued":
        return [waits_card(m, desk) for m in packers(desk)]
    row_ = ((button("note.go_on", f"notecard {one.id}", tail=one.order_id[-6:]),),)
    return [tell(one.by, head(one), line("note.unwritten"), buttons=row_, rank="work")]


DUTY = DutySpec(
    "notes",
    commands=(
        Command("note", note_, words=("备注", "特别要求"), roles=SERVICE, private=True),
        Command("notes", list_, words=("备注清单",), roles=SERVICE | STORE, args=False, private=True),
        Command("notegroup", group_said, roles=SERVICE, listed=False, private=True),
        Command("noteflag", flagged, roles=SERVICE, listed=False, private=True),
        Command("notewritten", written, roles=SERVICE, listed=False, private=True),
        Command("notecard", card, roles=SERVICE, listed=False, private=True),
        Command("notedrop", drop, roles=SERVICE | STORE, listed=False, private=True),
        Command("notedone", done, roles=STORE, listed=False, private=True),
    ),
    due={"note_waiting": waits},
)
