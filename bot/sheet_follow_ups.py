"""Edits in the follow-up tab 跟进: the outcome people chose there, by the same decisions as in the chat (B22)."""

from __future__ import annotations

from bot.desk import Desk
from bot.following import finish
from bot.sheet_edits import TAKEN, Outcome, back, refused
from bot.sheet_words import outcomes
from playbooks import followup
from playbooks.followup import FollowUp
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.sheets import Edit, SheetBinding, plain


def whose(key: str, binding: SheetBinding, desk: Desk) -> str:
    """Who has the follow-up, else who bound the spreadsheet."""
    item = desk.books.follow_ups.get(key)
    return item.owner if item and desk.books.members.get(item.owner) else binding.by


def take(edit: Edit, desk: Desk) -> Outcome:
    """The row's changed cells, put to the follow-up as `desk.me`."""
    item = desk.books.follow_ups.get(edit.key)
    assert item is not None
    try:
        note = checked_note(edit.cells["note"])
        if "state" not in edit.changed:
            return _noted(item, note, desk)
        outcome = outcomes(item.kind).get(plain(edit.changed["state"]))
        if outcome is None:
            said = edit.changed["state"]
            return back("sheet_tab.state_unknown" if said else "sheet_tab.state_empty", text=said[:20])
        return _ended(item, outcome, note, desk)
    except Refusal as refusal:
        return refused(refusal, desk)


def _noted(item: FollowUp, note: str, desk: Desk) -> Outcome:
    desk.books.follow_ups.put(item.changed(note=note))
    desk.note("sheet_edit", item.id, order_id=item.order_id, fields="note")
    return TAKEN


def _ended(item: FollowUp, outcome: str, note: str, desk: Desk) -> Outcome:
    mine = followup.claim(item, desk.me.id) if item.state == "open" else item
    finish(mine, outcome, note, desk, asked=False)
    desk.note("sheet_edit", item.id, order_id=item.order_id, fields="state")
    return TAKEN
