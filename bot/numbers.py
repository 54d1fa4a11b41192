"""Many order numbers to copy: so many a button as one can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.card import Row, copy

AT_ONCE = 12
"""Numbers a button copies: 256 characters hold no more of the usual ones."""
BUTTONS = 8


def copy_numbers(numbers: Sequence[str]) -> Iterator[Row]:
    """A button for each dozen, up to eight of them; lists that are longer stand in the message."""
    for at in range(0, min(len(numbers), AT_ONCE * BUTTONS), AT_ONCE):
        some = numbers[at : at + AT_ONCE]
        yield (copy("delay.copy_orders", "\n".join(some), first=at + 1, last=at + len(some)),)
