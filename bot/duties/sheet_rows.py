"""Rows people deleted from a bound spreadsheet: whether they come back is for somebody to say."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE


def sheet_row(call: Call, desk: Desk) -> list[Card]:
    """`sheetrow back`: the rows that were asked about are written anew; `sheetrow out`: they stay away."""
    rows = desk.books.sheet_rows.by("gone", "asked")
    if call.args not in ("back", "out") or not rows:
        raise Refusal("sheet_tab.gone_settled")
    for row in rows:
        desk.books.sheet_rows.put(row.changed(gone=call.args))
    key = "sheet_tab.come_back" if call.args == "back" else "sheet_tab.stay_out"
    return [tell(desk.me.id, line(key, count=len(rows)))]


DUTY = DutySpec(
    "sheet_rows",
    commands=(Command("sheetrow", sheet_row, roles=IN_CHARGE, listed=False, private=True),),
)
"""What may be pressed; the sync itself is bot/sheet_sync.py."""
