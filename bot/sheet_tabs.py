"""How the tabs of a bound spreadsheet are set up: headings in the room's language, what cells offer, what is ours."""

from __future__ import annotations

from bot.sheet_words import choices, heading, word
from playbooks.room import Room
from playbooks.runsheet import RULES
from playbooks.sheets import KEY, PROBLEM, SheetBinding, TabKind
from storage.sheets import TabPlan


def title(lang: str, kind: TabKind) -> str:
    """What a tab is called unless its people called it otherwise."""
    return word(lang, f"sheet_tab.title_{kind}")


def plans(room: Room, binding: SheetBinding) -> list[TabPlan]:
    """Every tab of the binding."""
    return [_plan(room.lang, kind, name, binding) for kind, name in binding.tabs.items()]


def _plan(lang: str, kind: TabKind, name: str, binding: SheetBinding) -> TabPlan:
    if kind == "runsheet":  # people's own: only our column is added to what they have
        ours = word(lang, "sheet_tab.col_problem")
        theirs = tuple(word(lang, f"template.column_{field}") for field in RULES.columns)
        return TabPlan(name, (ours,), new=theirs, ours=(ours,))
    columns = binding.columns(kind)
    named = {one.field: heading(lang, kind, one.field) for one in columns}
    offered = choices(lang, kind)
    return TabPlan(
        name, tuple(named.values()),
        choices={named[field]: words for field, words in offered.items()},
        ours=tuple(named[one.field] for one in columns if not one.agents and _shut(kind, one.field)),
    )  # fmt: skip


def _shut(kind: TabKind, field: str) -> bool:
    """Whether people are warned off a column of ours. Not the order number: a new order is added by it."""
    return not (kind == "pending" and field in (KEY, "product")) or field == PROBLEM
