"""The largest file that is read, and how its rows are held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Row = tuple[str, ...]
"""Cells as text, exactly as in the file."""

HEAD_ROWS = 20
"""A header stands within the first 20 rows; titles and notes may stand above it (reader_rules.header_row)."""


def nobody(_: int) -> None:
    """Hears of progress and does nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is read: bytes as sent and unpacked, unpacked/sent, rows, columns, cells.

    20 MB is what Telegram gives a bot; the rest is several times the largest honest export that fits into it.
    `told` hears every `TOLD_EVERY` rows how many are read.
    """

    sent: int = 20_000_000
    unpacked: int = 400_000_000
    ratio: int = 200
    rows: int = 200_000
    columns: int = 300
    cells: int = 12_000_000
    told: Callable[[int], None] = nobody

    def as_dict(self) -> dict[str, int]:
        """The numbers alone."""
        return {
            "sent": self.sent, "unpacked": self.unpacked, "ratio": self.ratio, "rows": self.rows,
            "columns": self.columns, "cells": self.cells,
        }  # fmt: skip


TOLD_EVERY = 1_000
LIMITS = Limits()
