"""What late orders may cost and until when they can be saved, for every card that says it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

from bot.card import line
from bot.desk import Desk
from playbooks import aftercare
from playbooks.aftercare import Hold
from storage.rows import Line

PRINTED_AT = time(9)
"""When the warehouse prints labels, room time."""


def next_printing(desk: Desk) -> datetime:
    """The next morning's printing of labels."""
    here = desk.now.astimezone(desk.zone)
    at = datetime.combine(here.date(), PRINTED_AT, desk.zone)
    return at if at > here else at + timedelta(days=1)


def exposure_line(some: Collection[Hold], desk: Desk) -> Line:
    """Late orders × the dated penalty; said to be unknown where the platform's is not known (D02)."""
    penalty = aftercare.penalty(desk.room.platform)
    if penalty is None:
        return line("wrap.exposure_unknown", count=len(some))
    return line(
        "wrap.exposure",
        amount=aftercare.exposure(some, penalty.amount),
        as_of=str(penalty.as_of),
        each=penalty.amount,
    )


def to_decide(desk: Desk) -> list[Line]:
    """For the night card: what blocks the wrap, what needs a manager, what is due before nine."""
    blocking = aftercare.may_wrap(desk.books.holds.scan())
    proposed = [h for h in blocking if h.state == "false_alarm_proposed"]
    nine = next_printing(desk)
    early = [
        h for h in aftercare.open_holds(desk.books.holds.scan()) if (h.due_at or h.ship_by or nine) <= nine
    ]
    said = [line("night.holds_open", count=len(blocking), exposure=exposure_line(blocking, desk))]
    if proposed:
        said.append(line("night.to_approve", count=len(proposed)))
    said.append(line("night.before_nine", count=len(early)))
    return said
