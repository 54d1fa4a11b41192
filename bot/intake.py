"""What every file that is taken in shares: the size of a batch, how a bad row is told."""

from __future__ import annotations

from bot.card import line
from storage.exports.reader import BadRow
from storage.rows import Line

BATCH = 500
"""Rows in one unit: a press is answered while 20,000 orders come in."""
BAD_ROWS_SHOWN = 8


def bad_line(row: BadRow) -> Line:
    """A row that could not be read: where it stands, what is wrong and the cure."""
    return line("orders.bad_row", row=row.line, column=row.column, what=line(row.key, **row.values))
