"""What leaves the bot as a table 导出: every document as plain columns, personal fields masked, phones taken out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from playbooks.model import Model
from playbooks.privacy import has_phone, without_phones
from playbooks.rulebook import load

Record = dict[str, Any]
"""Column -> text, number, list or table, as JSON has them; absent is None."""


class Rules(Model):
    """`data/export.toml`."""

    source: str
    left: tuple[str, ...]
    masked: tuple[str, ...]
    mask: str


def rules() -> Rules:
    """`data/export.toml`."""
    known: Rules = load("export", Rules)
    return known


def record(document: Model) -> Record:
    """A document's fields in their order: Decimals as text, times as ISO text, personal fields masked at any depth."""
    told: Record = _clean(document.model_dump(mode="json"))
    return told


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _field(name, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, str) and has_phone(value):
        return without_phones(value)
    return value


def _field(name: str, value: Any) -> Any:
    """What is empty stays empty: that nothing is known tells nobody."""
    return rules().mask if name in rules().masked and value else _clean(value)


def columns(records: Iterable[Record]) -> tuple[str, ...]:
    """Every column any record has, in the order they first come."""
    return tuple(dict.fromkeys(name for one in records for name in one))


def cell(value: Any) -> str:
    """A value as one cell: lists and tables as JSON, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
