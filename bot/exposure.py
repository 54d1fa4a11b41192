"""The room's held orders on every card that says them: which are open, what they may cost, until when to save them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.card import line
from bot.closing_setup import next_printing
from bot.desk import Desk
from playbooks import aftercare
from playbooks.aftercare import Hold
from playbooks.model import Refusal
from playbooks.orders import OrderState
from storage.rows import Line


def open_holds(desk: Desk) -> list[Hold]:
    """The room's holds that are not dealt with; closed ones are not even read."""
    return [hold for state in aftercare.OPEN for hold in desk.books.holds.by("state", state)]


def need_hold(id: str, desk: Desk) -> Hold:
    """The hold with this id, or of the order of this number, which the group reads. Raises Refusal hold.gone."""
    one = desk.books.holds.get(id) or desk.books.holds.get(f"{desk.room.id}-h{id}")
    if one is None:
        raise Refusal("hold.gone")
    return one


def keep_hold(one: Hold, step: str, desk: Desk) -> Hold:
    """Keep the hold after `step` and note it in the journal."""
    desk.note("hold_step", one.id, broadcast=one.broadcast, step=step, state=one.state, order_id=one.order_id)
    return desk.books.holds.put(one)


def keep_ship_by(hours: int, desk: Desk) -> None:
    """Open holds whose ship-by time nobody knew have one from now on: `hours` after payment."""
    for one in open_holds(desk):
        order = desk.books.orders.get(f"{desk.room.id}-o{one.order_id}")
        if one.ship_by is None and order and order.paid_at:
            desk.books.holds.put(one.changed(ship_by=order.paid_at + timedelta(hours=hours)))


def late_line(late: Collection[OrderState], desk: Desk) -> Line:
    """What orders that are late already cost."""
    penalty = aftercare.penalty(desk.room.platform)
    if penalty is None:
        return line("wrap.exposure_unknown", count=len(late))
    cost = aftercare.exposure(late, penalty.amount)
    return line("ship.cost", amount=cost, as_of=str(penalty.as_of), each=penalty.amount)


def exposure_line(some: Collection[Hold], desk: Desk) -> Line:
    """The exposure 敞口 of these: the orders among them that will be late as things stand × the dated penalty, one
    definition wherever it is said, the review's included; unknown where the platform's penalty is (D02)."""
    risk, penalty = aftercare.at_risk(some), aftercare.penalty(desk.room.platform)
    if penalty is None:
        return line("wrap.exposure_unknown", count=len(risk))
    return line(
        "wrap.exposure",
        count=len(risk),
        amount=aftercare.exposure(risk, penalty.amount),
        as_of=str(penalty.as_of),
        each=penalty.amount,
    )


def to_wrap(desk: Desk, held: Sequence[Hold]) -> Line | None:
    """What stays in front of who is in charge until the shift is wrapped: the HOLDs nobody answers for, and what they
    may cost. None where the shift is wrapped and nothing is left over."""
    blocking = aftercare.may_wrap(held, desk.now)
    if not blocking:
        if desk.to_wrap() is None:
            return None
        if not aftercare.at_risk(held):
            return line("board.to_wrap_free")
        return line("board.to_wrap_handed", exposure=exposure_line(held, desk))
    return line("board.to_wrap", count=len(blocking), exposure=exposure_line(held, desk))


def to_decide(desk: Desk) -> list[Line]:
    """For the night card: what blocks the wrap, what needs a manager, what is due before nine."""
    waiting = open_holds(desk)
    blocking = aftercare.may_wrap(waiting, desk.now)
    proposed = [h for h in blocking if h.state == "false_alarm_proposed"]
    nine = next_printing(desk)
    early = [h for h in waiting if (h.due_at or h.ship_by or nine) <= nine]
    said = [line("night.holds_open", count=len(blocking), exposure=exposure_line(waiting, desk))]
    if proposed:
        said.append(line("night.to_approve", count=len(proposed)))
    said.append(line("night.before_nine", count=len(early)))
    return said
