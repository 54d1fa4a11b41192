"""The room's held orders on every card that says them: which are open, what they may cost, until when to save them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

from bot.card import line
from bot.desk import Desk
from playbooks import aftercare
from playbooks.aftercare import Hold
from playbooks.model import Refusal
from storage.rows import Line

PRINTED_AT = time(9)
"""When the warehouse prints labels, room time."""


def open_holds(desk: Desk) -> list[Hold]:
    """The room's holds that are not dealt with; closed ones are not even read."""
    return [hold for state in aftercare.OPEN for hold in desk.books.holds.by("state", state)]


def need_hold(id: str, desk: Desk) -> Hold:
    """The hold with this id. Raises Refusal hold.gone."""
    one = desk.books.holds.get(id)
    if one is None:
        raise Refusal("hold.gone")
    return one


def keep_hold(one: Hold, step: str, desk: Desk) -> Hold:
    """Keep the hold after `step` and note it in the journal."""
    desk.note("hold_step", one.id, broadcast=one.broadcast, step=step, state=one.state, order_id=one.order_id)
    return desk.books.holds.put(one)


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
    waiting = open_holds(desk)
    blocking = aftercare.may_wrap(waiting, desk.now)
    proposed = [h for h in blocking if h.state == "false_alarm_proposed"]
    nine = next_printing(desk)
    early = [h for h in waiting if (h.due_at or h.ship_by or nine) <= nine]
    said = [line("night.holds_open", count=len(blocking), exposure=exposure_line(blocking, desk))]
    if proposed:
        said.append(line("night.to_approve", count=len(proposed)))
    said.append(line("night.before_nine", count=len(early)))
    return said
