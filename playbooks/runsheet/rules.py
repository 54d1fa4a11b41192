"""What may stand above and in the columns of a run sheet: `data/runsheet.toml` (facts/runsheet.yaml, columns)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from playbooks.model import Model
from playbooks.rulebook import load

Role = Literal["traffic", "welfare", "hero", "profit", "premiere", "encore", "image"]
Extent = Literal["whole", "lines", "order"]
"""How much a sheet speaks of: every product, those of the typed lines, or nothing but the run order."""
Rows = Sequence[Sequence[str]]
"""The cells of a table as text, its first row being row 1."""


class Column(Model):
    """A field's Chinese name and the headings it is found under, the surest first."""

    zh: str
    aliases: tuple[str, ...]


class Rules(Model):
    """`data/runsheet.toml`."""

    header_rows: int
    advised_points: int
    default_duration: int
    longest_duration: int
    highest_link: int
    delist_minutes: int
    nothing: tuple[str, ...]
    no_limit: tuple[str, ...]
    examples: tuple[str, ...]
    totals: tuple[str, ...]
    signatures: tuple[str, ...]
    broken: tuple[str, ...]
    single_units: tuple[str, ...]
    price_words: tuple[str, ...]
    hand_words: tuple[str, ...]
    roles: dict[Role, tuple[str, ...]]
    columns: dict[str, Column]


RULES = load("runsheet", Rules)
