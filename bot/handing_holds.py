"""Held orders go to the next shift, to be dealt with before labels are printed: one by one, or all at once."""

from __future__ import annotations

from datetime import datetime

from bot.closing_setup import next_printing
from bot.desk import Desk
from bot.exposure import keep_hold
from playbooks import aftercare
from playbooks.aftercare import Hold
from playbooks.room import IN_CHARGE


def hand_on(one: Hold, desk: Desk) -> tuple[Hold, datetime]:
    """The hold as the next shift's, and when it must have been dealt with. Raises what aftercare.hand_over does."""
    print_at = next_printing(desk)
    due = min(print_at, one.ship_by) if one.ship_by and one.ship_by > desk.now else print_at
    handed = aftercare.hand_over(
        one,
        desk.me.id,
        aftercare.NEXT_SHIFT,
        due,
        now=desk.now,
        print_at=print_at,
        in_charge=desk.me.may(IN_CHARGE),
    )
    keep_hold(handed, "hand_over", desk)
    # One row a moment, not one a hold: what comes due together is told together.
    desk.later("hold_due", due, due.astimezone(desk.zone).isoformat())
    return handed, due
