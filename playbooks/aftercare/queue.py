"""Which held orders wait, in what order they are worked on, and which of them keep a shift open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from playbooks.aftercare.state import DEALT_WITH, Hold


def open_holds(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """Those not dealt with, soonest ship-by first."""
    return in_order(hold for hold in holds if hold.state not in DEALT_WITH)


def overdue(hold: Hold, now: datetime) -> bool:
    """Whether it was handed over and its time has come without anybody taking it up."""
    return hold.state == "handed" and hold.due_at is not None and hold.due_at <= now


def may_wrap(holds: Iterable[Hold], now: datetime) -> tuple[Hold, ...]:
    """The HOLDs that block /wrap: not solved, waived by name, approved as an exception, or handed over in time.

    A hold handed over blocks again from its due time on.
    """
    return tuple(
        hold
        for hold in open_holds(holds)
        if hold.verdict == "HOLD" and (hold.state != "handed" or overdue(hold, now))
    )


def worklist(holds: Iterable[Hold], now: datetime) -> tuple[Hold, ...]:
    """Those not dealt with as they are to be taken up, among equals the soonest ship-by first.

    What the shift before left and is overdue, what must not ship, what is to be looked at, what is the next
    shift's.
    """
    return tuple(sorted(open_holds(holds), key=lambda hold: _place(hold, now)))


def _place(hold: Hold, now: datetime) -> int:
    if overdue(hold, now):
        return 0
    if hold.state == "handed":
        return 3
    return 1 if hold.verdict == "HOLD" else 2


def in_order(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """Soonest ship-by first; where none is known, the longest known first."""
    return tuple(sorted(holds, key=lambda hold: (hold.ship_by or hold.found_at, hold.order_id)))
