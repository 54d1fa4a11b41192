"""What an audit found, counted by rule and by province."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.card import line
from bot.hold_cards import province_name, rule_name
from playbooks import aftercare
from playbooks.addresses.findings import Finding
from playbooks.aftercare import Hold
from storage.rows import Line

SHOWN = 8
RULE, PROVINCE, NOTE = "rule_", "province_", "note_"
MERGE, MERGES_SHOWN = "merge", 5


def by_rule(told: Mapping[str, int]) -> Line | None:
    """`原因：停发地区 3、双地址 2`; None where nothing was found. `told` counts `rule_<id>`."""
    counts = _most(told, RULE)
    if not counts:
        return None
    return line(
        "hold.by_rule", counts=tuple(line("hold.count", what=rule_name(r), count=n) for r, n in counts)
    )


def by_note(told: Mapping[str, int]) -> Line | None:
    """`可以照发，只是提醒：可合并发货 2、旧地名 1`; None where there is none. `told` counts `note_<id>`."""
    counts = _most(told, NOTE)
    if not counts:
        return None
    each = tuple(line("hold.count", what=rule_name(r), count=n) for r, n in counts)
    return line("hold.by_note", counts=each)


def notes_told(findings: Iterable[Finding]) -> dict[str, int]:
    """The notes among the findings of one order, counted as `by_note` takes it."""
    return {f"{NOTE}{found.rule}": 1 for found in findings if found.verdict == "PASS"}


def merge_lines(order_id: str, findings: Iterable[Finding]) -> list[Line]:
    """The orders one parcel would do for."""
    return [
        line("hold.merge_line", order_id=order_id, what=line(found.text_key, **found.values))
        for found in findings
        if found.rule == "merge_candidate"
    ]


def by_province(told: Mapping[str, int]) -> Line | None:
    """`省份：新疆维吾尔自治区 4、浙江省 1`. `told` counts `province_<name>`."""
    counts = _most(told, PROVINCE)
    if not counts:
        return None
    each = tuple(line("hold.count", what=province_name(name), count=n) for name, n in counts)
    return line("hold.by_province", counts=each)


def rules_told(holds: Iterable[Hold]) -> dict[str, int]:
    """What is not dealt with, counted as `by_rule` takes it."""
    return {f"{RULE}{rule}": count for rule, count in aftercare.rules_found(holds)}


def _most(told: Mapping[str, int], kind: str) -> list[tuple[str, int]]:
    found = [
        (name.removeprefix(kind), count) for name, count in told.items() if name.startswith(kind) and count
    ]
    return sorted(found, key=lambda each: (-each[1], each[0]))[:SHOWN]
