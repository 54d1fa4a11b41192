"""Edits in the case tab 工单: a cause, progress, an outcome, by the same decisions as in the chat (E16-E19, B22)."""

from __future__ import annotations

from dataclasses import replace

from bot.card import Card, line
from bot.case_cards import case_card
from bot.cases import close, for_managers, keep
from bot.desk import Desk
from bot.sheet_edits import TAKEN, Outcome, back, refused
from bot.sheet_words import case_causes, case_outcomes, case_states
from playbooks import cases
from playbooks.cases import Case
from playbooks.model import Refusal
from playbooks.sheets import Edit, SheetBinding, plain


def whose(key: str, binding: SheetBinding, desk: Desk) -> str:
    """Who answers for the case, else who bound the spreadsheet."""
    one = _case(key, desk)
    return one.owner if one else binding.by


def take(edit: Edit, desk: Desk) -> Outcome:
    """The row's changed cells, put to the case as `desk.me`: a note is progress, added to what happened."""
    one = _case(edit.key, desk)
    assert one is not None
    try:
        if note := edit.changed.get("note"):
            keep(cases.noted(one, desk.me.id, note, desk.now), "note", desk)
        if "note" in edit.changed:
            return _taken(one, edit, desk) if note else back("sheet_tab.case_note_stays")
        cards = _caused(one, edit.changed["cause"], desk) if "cause" in edit.changed else ()
        outcome = _ended(edit, desk) if "state" in edit.changed else _taken(one, edit, desk)
        return replace(outcome, cards=cards)
    except Refusal as refusal:
        return refused(refusal, desk)


def _case(key: str, desk: Desk) -> Case | None:
    return next((one for one in desk.books.cases.scan() if str(one.number) == key), None)


def _caused(one: Case, said: str, desk: Desk) -> tuple[Card, ...]:
    """Why it came to this; what only a manager may settle goes to one, who is told (L02)."""
    cause = case_causes().get(plain(said))
    if cause is None:
        raise Refusal("sheet_tab.reason_unknown", text=said[:20])
    after = keep(for_managers(cases.caused(one, desk.me.id, cause, desk.now), desk), "cause", desk)
    if after.owner == one.owner:
        return ()
    return (case_card(after, after.owner, desk, line("case.yours_now", by=desk.me.name)),)


def _ended(edit: Edit, desk: Desk) -> Outcome:
    """What only a manager may settle is not settled here: a table does not say who typed (L02)."""
    one, said = _case(edit.key, desk), plain(edit.changed["state"])
    assert one is not None
    outcome = case_outcomes(one.kind).get(said)
    if outcome is None and said in case_states():
        return back("sheet_tab.state_ours", text=said[:20])
    if outcome is None:
        return back("sheet_tab.state_unknown" if said else "sheet_tab.state_empty", text=said[:20])
    close(one, outcome, edit.cells["note"] if outcome in cases.TO_BE_SAID else "", desk, manager=False)
    return _taken(one, edit, desk)


def _taken(one: Case, edit: Edit, desk: Desk) -> Outcome:
    desk.note("sheet_edit", one.id, order_id=one.order_id, fields=",".join(edit.changed))
    return TAKEN
