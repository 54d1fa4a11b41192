"""How a room's spreadsheet stands 表格状态, in words: for `/gsheet` and `/health`."""

from __future__ import annotations

from datetime import datetime

from bot.card import line
from bot.health import seconds
from playbooks.sheets import TAB_KINDS, SheetBinding, SheetHealth, TabKind
from storage.rows import Line

TOLD_APART = frozenset(["sheet_tab.header", "sheet_tab.tab_gone", "sheet_tab.taken", "sheet_tab.refused"])


def stands(
    binding: SheetBinding,
    health: SheetHealth | None,
    now: datetime,
    address: str,
    read_at: datetime | None = None,
) -> list[Line]:
    """Whether it is read and written, and each tab that is not, with what to do. `address`: whom it is shared with;
    `read_at`: when it was last read."""
    title = binding.title or binding.key
    if health and health.state != "ok":
        since = seconds(now - health.since) // 60 if health.since else 0
        found = line(f"sheets.is_{health.state}", title=title, minutes=since)
        return [
            line("health.trouble", found=found, cure=line(f"sheets.cure_{health.state}", address=address))
        ]
    if binding.made_at is None:
        return [line("sheets.is_new", title=title)]
    wrong = health.wrong if health else {}
    said = [_tab_wrong(kind, key, binding) for kind, key in wrong.items() if kind in binding.tabs]
    if read_at is None:
        return [line("health.ok", found=line("sheets.is_ok", title=title)), *said]
    return [line("health.ok", found=line("sheets.is_read", title=title, age=seconds(now - read_at))), *said]


def _tab_wrong(kind: TabKind, key: str, binding: SheetBinding) -> Line:
    why = key.removeprefix("sheet_tab.") if key in TOLD_APART else "unreadable"
    found = line(f"sheets.tab_{why}", tab=binding.tabs[kind])
    return line("health.trouble", found=found, cure=line(f"sheets.cure_tab_{why}"))


def tabs_of(binding: SheetBinding) -> list[Line]:
    """Each tab: what it is called, or that it is off; which personal columns it shows."""
    return [_tab(kind, binding) for kind in TAB_KINDS]


def _tab(kind: TabKind, binding: SheetBinding) -> Line:
    what = line(f"sheet_tab.title_{kind}")
    if kind not in binding.tabs:
        return line("sheets.tab_is_off", what=what)
    shown = tuple(line(f"sheet_tab.col_{field}") for field in binding.personal.get(kind, ()))
    does = line(f"sheets.does_{kind}")
    if not shown:
        return line("sheets.tab_is", what=what, title=binding.tabs[kind], does=does)
    return line("sheets.tab_is_personal", what=what, title=binding.tabs[kind], does=does, columns=shown)
