"""What an audit found, counted by rule and by province."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.card import line, listed
from bot.hold_cards import province_name, rule_name
from playbooks import aftercare
from playbooks.addresses.findings import Finding
from playbooks.aftercare import Hold
from storage.rows import Line

SHOWN = 8
"""Provinces named; the others are counted together."""
RULE, PROVINCE, NOTE = "rule_", "province_", "note_"
MERGE, MERGE_RULE, MERGES_SHOWN = "merge", "merge_candidate", 5


def by_rule(told: Mapping[str, int]) -> Line | None:
    """`原因：停发地区 3、双地址 2`; None where nothing was found. `told` counts `rule_<id>`."""
    counts = _counted(told, RULE)
    if not counts:
        return None
    return line(
        "hold.by_rule", counts=tuple(line("hold.count", what=rule_name(r), count=n) for r, n in counts)
    )


def by_note(told: Mapping[str, int]) -> Line | None:
    """`可以照发，只是提醒：可合并发货 2、旧地名 1`; None where there is none. `told` counts `note_<id>`."""
    counts = _counted(told, NOTE)
    if not counts:
        return None
    each = tuple(line("hold.count", what=rule_name(r), count=n) for r, n in counts)
    return line("hold.by_note", counts=each)


def notes_told(findings: Iterable[Finding]) -> dict[str, int]:
    """The notes among the findings of one order, counted as `by_note` takes it."""
    return {f"{NOTE}{found.rule}": 1 for found in findings if found.verdict == "PASS"}


class Merges:
    """The first orders of a file that one parcel would do for, a line for each such group of orders."""

    def __init__(self, known: Iterable[Line] = ()) -> None:
        self.lines = list(known)
        """Those of its earlier batches."""

    def add(self, order_id: str, findings: Iterable[Finding]) -> None:
        """What was found of one more order; nothing new where another one's line names it."""
        found = next((one for one in findings if one.rule == MERGE_RULE), None)
        named = any(order_id in _orders_of(known) for known in self.lines)
        if found is None or named or len(self.lines) == MERGES_SHOWN:
            return
        orders = (order_id, *found.values["orders"].split(", "))
        self.lines.append(line("hold.merge_line", orders=listed(orders)))


def _orders_of(merge_line: Line) -> list[str]:
    named = merge_line.values["orders"]
    return [str(one.values["text"]) for one in named] if isinstance(named, tuple) else []


def by_province(told: Mapping[str, int]) -> Line | None:
    """`省份：新疆维吾尔自治区 4、浙江省 1`. `told` counts `province_<name>`."""
    counts = _counted(told, PROVINCE)
    if not counts:
        return None
    each = [line("hold.count", what=province_name(name), count=n) for name, n in counts[:SHOWN]]
    if rest := sum(n for _, n in counts[SHOWN:]):
        each.append(line("hold.count_rest", count=rest))
    return line("hold.by_province", counts=tuple(each))


def rules_told(holds: Iterable[Hold]) -> dict[str, int]:
    """What is not dealt with, counted as `by_rule` takes it."""
    return {f"{RULE}{rule}": count for rule, count in aftercare.rules_found(holds)}


def _counted(told: Mapping[str, int], kind: str) -> list[tuple[str, int]]:
    """(name, count) of one kind, the most first."""
    found = [
        (name.removeprefix(kind), count) for name, count in told.items() if name.startswith(kind) and count
    ]
    return sorted(found, key=lambda each: (-each[1], each[0]))
