"""How the tabs of a bound spreadsheet are set up: headings in the room's language, what cells offer, what is ours."""

from __future__ import annotations

from bot.sheet_words import choices, heading, word
from playbooks.room import Room
from playbooks.runsheet import RULES
from playbooks.sheets import KEY, PROBLEM, SheetBinding, TabKind
from storage.sheets import TabPlan

LONGEST_TITLE = 100
"""Characters Google takes as a tab's title."""


def usual_title(kind: TabKind, room: Room) -> str:
    """`待付款 小满优选`: with the shop's name, as several rooms may share a spreadsheet."""
    return f"{word(room.lang, f'sheet_tab.title_{kind}')} {room.shop}"[:LONGEST_TITLE]


def own_title(kind: TabKind, room: Room) -> str:
    """`待付款 小满优选 快手 b2`: where another room of the same shop shares the spreadsheet."""
    own = f" {word(room.lang, f'platform.{room.platform}')} {room.id}"
    return usual_title(kind, room)[: LONGEST_TITLE - len(own)] + own


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
