"""The closing 收播前: begun by hand or by itself once there is little else to do; exports are asked for (D01, D05)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.card import Card, group, line, tell
from bot.closing_setup import next_printing
from bot.desk import Desk
from bot.held_cards import holds_told
from bot.planning import planned
from bot.questioning import open_questions
from bot.surging import load_now, threshold
from playbooks import broadcast, chase, closing
from playbooks.broadcast import Broadcast
from playbooks.closing import Load
from playbooks.room import Member
from storage.rows import Line

LOOK, PRINT = "closing_look", "closing_print"


def watch_the_end(here: Broadcast, desk: Desk) -> None:
    """Have it looked, before the planned end, whether the closing may begin; nobody said an end: by hand alone."""
    span = planned(desk)
    if here.closing_at is None and span is not None:
        desk.later(LOOK, max(closing.first_look(span[1]), desk.now), here.id, cool_down=1)


def watch_after(ended: Broadcast, desk: Desk) -> None:
    """The end came before the closing: it is made up for once things are quiet; and the morning's export is planned."""
    if ended.closing_at is None:
        desk.later(LOOK, desk.now + closing.rules().look_again, ended.id, cool_down=1)
    ask_before_printing(ended, desk)


def ask_before_printing(here: Broadcast, desk: Desk) -> None:
    """What is paid after the closing's export is asked for before the labels are printed."""
    printing = next_printing(desk)
    at = closing.ask_before_printing(printing, desk.now)
    desk.later(PRINT, at, here.id, printing=printing.isoformat())


def work_now(desk: Desk) -> Load:
    """What keeps people from looking through orders at this moment."""
    soon = desk.now + closing.rules().due_within
    dying = desk.books.chases.due(soon, len(desk.books.chases), since=desk.now)
    return Load(
        questions=len(open_questions(desk)),
        unpaid=sum(chase.workable(one, desk.now) for one in dying),
        surge=load_now(desk).over(threshold(desk)),
    )


def begin(here: Broadcast, desk: Desk, *said: Line) -> list[Card]:
    """The closing begins: said to the group in one message, asked in private of who sends exports."""
    on_air = "closing" in broadcast.NEXT[here.stage]
    now = broadcast.begin_closing(here, desk.now) if on_air else here.changed(closing_at=desk.now)
    desk.books.broadcasts.put(now)
    desk.note("closing", here.id, broadcast=here.id)
    ask_before_printing(now, desk)
    told = group(*said, line("closing.send_export"), topic="anomaly", key=f"closing:{here.id}")
    asked = ask_senders(f"export-asked:{here.id}", (line("closing.ask_export"),), desk)
    return [told, *holds_told(desk), *asked]  # what exports found was not said while it was live


def ask_senders(key: str, said: Iterable[Line], desk: Desk) -> list[Card]:
    """Each of those who are to send the export is asked in private, all with the same words."""
    lines = tuple(said)
    return [tell(m.id, lines, key=f"{key}:{m.id}", rank="work") for m in _senders(desk)]


def _senders(desk: Desk) -> list[Member]:
    """Who sent exports lately and is there; else the last who did, and ops on duty; else all ops, else managers."""
    sent = ((one.by, one.at) for one in desk.books.imports.scan() if one.kind == "orders")
    members = {m.id: m for m in desk.members()}
    lately = [members[who] for who in closing.senders(sent, desk.now) if who in members]
    there = [m for m in lately if m.presence == "in"]
    if there:
        return there
    last_and_ops = {m.id: m for m in (*lately[:1], *desk.on_duty("ops"))}
    return list(last_and_ops.values()) or desk.with_role("ops") or desk.with_role("manager")
