"""What the cards of an order note 订单备注 say and offer, and who is told of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.card import Card, Row, button, copy, line, lines, tell
from bot.desk import Desk
from bot.texts import plain, say
from playbooks import notes
from playbooks.model import Refusal
from playbooks.notes import Note
from playbooks.room import Member, Role
from storage.rows import Line

STORE: frozenset[Role] = frozenset(["warehouse", "manager", "lead"])
"""Who does notes in the ERP."""


def need_note(id: str, desk: Desk) -> Note:
    """The note with this id. Raises Refusal `note.gone`."""
    found = desk.books.notes.get(id)
    if found is None:
        raise Refusal("note.gone")
    return found


def note_card(one: Note, desk: Desk, *, edit: bool = True) -> Card:
    """The agent's: the red flag first, then the remark to copy, then saved (B26)."""
    text = notes.remark(one, desk.me.name, desk.now, desk.zone)
    flag = line(f"note.flag_{notes.rules().flag}")
    steps = line("note.to_flag", flag=flag) if one.flagged_at is None else line("note.to_write", text=text)
    step = (
        (button("note.flagged", f"noteflag {one.id}", flag=flag),)
        if one.flagged_at is None
        else (copy("chase.copy_remark", text), button("note.written", f"notewritten {one.id}"))
    )
    said = lines(head(one), steps, line("note.address_where") if one.kind == "address" else None)
    rows: tuple[Row, ...] = (
        step,
        (copy("chase.copy_order", one.order_id), button("note.withdraw", f"notedrop {one.id}")),
    )
    return mine(one, desk, said, rows, edit=edit)


def mine(one: Note, desk: Desk, said: Sequence[Line], rows: tuple[Row, ...], *, edit: bool = True) -> Card:
    """The caller's card of a note; a press edits it in place."""
    return tell(desk.me.id, said, buttons=rows, key=f"note:{one.id}:{desk.me.id}", edit=edit, rank="work")


def head(one: Note) -> Line:
    """`订单 6917… 指定快递：顺丰`."""
    kind = line(f"note.kind_{one.kind}")
    said = line("note.detail", text=one.text) if one.text else line("note.no_detail")
    return line("note.head", order_id=one.order_id, kind=kind, detail=said)


def ungrouped_card(order_id: str, desk: Desk) -> Card:
    """Not before the group is complete: why, and what to tell the buyer (B27, B28)."""
    words = plain(say(desk.room.lang, "note.say_ungrouped"))
    said = line("note.ungrouped", order_id=order_id, hours=notes.rules().group_hours)
    row = (copy("chase.copy_script", words), copy("chase.copy_order", order_id))
    return tell(desk.me.id, said, line("note.say", words=words), buttons=(row,), rank="work")


def ask_group(one: Note, desk: Desk) -> Card:
    """Whether the group is complete, where no export tells."""
    row = (
        button("note.is_grouped", f"notegroup {one.id} yes"),
        button("note.not_grouped", f"notegroup {one.id} no"),
    )
    return mine(one, desk, (head(one), line("note.ask_group")), (row,), edit=False)


def packers(desk: Desk) -> list[Member]:
    """Who is told that a note waits: the warehouse, else whoever may do it."""
    return desk.with_role("warehouse") or desk.with_role("lead", "manager")


def waits_card(who: Member, desk: Desk) -> Card:
    """How many notes wait for the ERP, and the button that opens them; the newest takes the place of the one before."""
    count = len(desk.books.notes.by("state", "queued"))
    opens = ((button("note.open", "notes"),),)
    return tell(
        who.id, line("note.waiting", count=count), buttons=opens, key=f"notes-new:{who.id}", rank="work"
    )
