"""Edits in the pending tab 待付款: the same decisions as in the chat, by the same functions (REQUIREMENTS B09, C12)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import cast

from bot import chase_book
from bot.card import Card, line
from bot.chase_entry import enter
from bot.chase_passing import pass_on
from bot.chase_told import stop
from bot.desk import Desk
from bot.sheet_edits import TAKEN, Outcome, back, refused
from bot.sheet_words import meanings, reasons
from playbooks import announce, chase, due_times
from playbooks.chase import Chase, StepKind
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.sheets import Edit, SheetBinding, plain
from storage.rows import Line

DAY_CLOCK = re.compile(
    r"(?:(?:(\d{4})[-/年.])?(\d{1,2})[-/月.](\d{1,2})日?\s*)?(\d{1,2}):(\d{2})(?::\d{2})?(?:之?前)?"
)
DATED = re.compile(r"^\d{4}[-/年.](\d{1,2})[-/月.](\d{1,2})日?")
END_OF_DAY = time(23, 59)
HALF_A_YEAR = timedelta(days=180)
USED = {"refused": frozenset(["reason"]), "will_pay": frozenset(["promised"])}
"""What an answer is completed by; beside another it says nothing."""
MINUTES_A_DAY = 24 * 60
NUMBER = re.compile(r"\s*#?(\d{1,3})(?=\D|$)")


def whose(key: str, binding: SheetBinding, desk: Desk) -> str:
    """Whose edit it counts as: a table does not say who typed, so it is who has the order in hand."""
    one = desk.books.chases.get(chase.chase_id(desk.room.id, key))
    return one.owner if one and desk.books.members.get(one.owner) else binding.by


def take(edit: Edit, desk: Desk) -> Outcome:
    """A note, or what came of it with its reason and time, put to the chase as `desk.me`."""
    try:
        return _take(edit, desk)
    except Refusal as refusal:
        return refused(refusal, desk)


def _take(edit: Edit, desk: Desk) -> Outcome:
    one = chase_book.looked_at(chase.chase_id(desk.room.id, edit.key), desk)
    if "note" in edit.changed:
        desk.books.chases.put(one.changed(note=checked_note(edit.changed["note"])))
        outcome = TAKEN
    else:
        outcome = _stated(one, edit, desk)
    if outcome.kind == "taken":
        desk.note(
            "sheet_edit",
            one.id,
            broadcast=one.broadcast,
            order_id=one.order_id,
            fields=",".join(edit.changed),
        )
    return outcome


def _stated(one: Chase, edit: Edit, desk: Desk) -> Outcome:
    changed = edit.changed
    reason = _reason(edit.cells["reason"])
    if "state" not in changed and one.answer == "will_pay" and "promised" in changed:
        return _answer(one, "will_pay", reason, edit, desk)
    if "state" not in changed and "promised" in changed:
        raise Refusal("sheet_tab.state_first")
    if "state" not in changed:
        desk.books.chases.put(one.changed(reason=reason or None))
        return TAKEN
    kind, which = meanings().get(plain(changed["state"]), ("", ""))
    besides = frozenset(name for name in ("reason", "promised") if changed.get(name))
    if kind == "answer":
        unused = besides - USED.get(which, frozenset())
        why = line("sheet_tab.unused", state=changed["state"]) if unused else None
        return replace(_answer(one, which, reason, edit, desk), why=why, dropped=unused)
    if kind == "step":
        chase_book.contact(one, cast(StepKind, which), desk)
        why = line("sheet_tab.state_first") if "promised" in besides else None
        return Outcome("taken", why=why, left=besides)
    if not changed["state"]:
        return back("sheet_tab.state_empty")
    return back("sheet_tab.state_ours" if kind else "sheet_tab.state_unknown", text=changed["state"][:20])


def _answer(one: Chase, said: str, reason: str, edit: Edit, desk: Desk) -> Outcome:
    promised = promised_at(edit.cells["promised"], desk) if said == "will_pay" else None
    at_it = {c.id: c.owner for c in chase_book.of_buyer(one, desk) if c.held(desk.now)}
    made = chase_book.answer(
        one, said, desk, reason=reason if said == "refused" else "", promised_at=promised
    )
    cards: list[Card] = (
        pass_on(made[0], desk) if made and made[0].alive and made[0].avoid != one.avoid else []
    )
    if said in chase.FINAL:
        cards += [stop(at_it[c.id], c) for c in made if at_it.get(c.id, desk.me.id) != desk.me.id]
    return Outcome("taken", cards=tuple(cards))


def _reason(text: str) -> str:
    if not text:
        return ""
    known = reasons().get(plain(text))
    if known is None:
        raise Refusal("sheet_tab.reason_unknown", text=text[:20])
    return known


def promised_at(text: str, desk: Desk) -> datetime | None:
    """`10` and `10分钟` are in ten minutes, `20:45` the next such time on the room's clock, `11-22 20:45` that day's,
    and everything people say in the chat: `今晚8点`, `半小时后`, `明天 10:00`. None for ''.

    Raises Refusal `chase.promise_unreadable` (text).
    """
    text = plain(text)
    minutes = announce.whole(text)
    if minutes and minutes <= MINUTES_A_DAY:
        return desk.now + timedelta(minutes=minutes)
    if not text:
        return None
    if found := DAY_CLOCK.fullmatch(text):
        return _on_the_clock(found, text, desk)
    try:
        at, rest = due_times.read_due(DATED.sub(r"\1-\2", text), desk.now, desk.zone, END_OF_DAY)
    except Refusal:
        raise _unreadable(text) from None
    if rest:
        raise _unreadable(text)
    return at


def _unreadable(text: str) -> Refusal:
    return Refusal("chase.promise_unreadable", text=text[:20])


def _on_the_clock(found: re.Match[str], text: str, desk: Desk) -> datetime:
    year, month, day, hour, minute = (int(part) if part else 0 for part in found.groups())
    here = desk.now.astimezone(desk.zone)
    try:
        then = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if day:
            then = then.replace(year=year or then.year, month=month, day=day)
            return then if year or then > here - HALF_A_YEAR else then.replace(year=then.year + 1)
    except ValueError:
        raise _unreadable(text) from None
    return then if then > here else then + timedelta(days=1)


def register(key: str, product: str, desk: Desk) -> Line | None:
    """A row people added: the order is registered as by hand. What is wrong with it, or None."""
    if not chase.is_order_id(key):
        return refused(Refusal("sheet_tab.no_order_number"), desk).why
    number = NUMBER.match(plain(product))
    try:
        enter(f"{key} {number[1]}号" if number else key, desk)
    except Refusal as refusal:
        return refused(refusal, desk).why
    return None
