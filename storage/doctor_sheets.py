"""What the doctor says of bound spreadsheets: which are not in step, and the cure. Google is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from playbooks.sheets import SheetBinding, SheetHealth

CURES = {
    "down": "Check the network towards sheets.googleapis.com; it catches up by itself.",
    "forbidden": "Have it shared with the service account as an editor (/gsheet says the address).",
    "missing": "Bring it back from the owner's bin, or bind another with /gsheet.",
    "disabled": "Enable the Google Sheets API in the key's project (Google Cloud console, APIs & Services).",
    "office": "Save it as Google Sheets (File menu there) and bind that one with /gsheet.",
    "refused": "See which step it is.",
    "key": "Put a new key file into GOOGLE_SERVICE_ACCOUNT and restart.",
}
TRY_IT = " `shiftbot doctor --sheet ADDRESS` tries everything the bot does there."
TAB_CURES = {
    "sheet_tab.header": "Give the heading its old name.",
    "sheet_tab.tab_gone": "Give the tab its old name, or name another with /gsheet.",
    "sheet_tab.refused": "Cells of it are protected: add the service account to those who may edit.",
    "sheet_tab.taken": "Another room uses this tab: name another with /gsheet.",
}
UNREADABLE = "Compare its headings with the empty run sheet /sheet gives."


def out_of_step(
    bindings: Iterable[SheetBinding], healths: Iterable[SheetHealth]
) -> Iterator[tuple[SheetHealth, str, str]]:
    """Each trouble of a room's spreadsheet: where it is kept, what it is, the cure."""
    known = {one.id: one for one in healths}
    for binding in bindings:
        health = known.get(binding.id)
        if health is None:
            continue
        if health.state != "ok":
            since = f" since {health.since:%Y-%m-%d %H:%M} UTC" if health.since else ""
            what = (
                f"The spreadsheet {binding.key} is not in step{since}: {health.state} ({health.why[:200]})."
            )
            yield health, what, CURES[health.state] + TRY_IT
        for kind, key in health.wrong.items():
            lacks = health.lacks.get(kind, "")
            what = f"Its {kind} tab is not in step: {key.rpartition('.')[2]}{f' ({lacks})' if lacks else ''}."
            yield health, what, TAB_CURES.get(key, UNREADABLE)
