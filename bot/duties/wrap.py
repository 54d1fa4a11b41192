"""The end of the shift 收尾: `/wrap`, once no held order is left without somebody who answers for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.call import Call
from bot.card import Card, group, line, lines, listed, tell
from bot.desk import Desk
from bot.disputes import put_before, waiting_line
from bot.duty import Command, DutySpec
from bot.exposure import exposure_line, open_holds
from playbooks import aftercare, broadcast
from playbooks.aftercare import Hold
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from storage.rows import Line

NAMED = 5
"""Orders named in one line; the rest are counted."""


def wrap(call: Call, desk: Desk) -> list[Card]:
    """`/wrap [broadcast id]` closes the shift once each HOLD is solved, waived by name or handed over in time.

    Without an id: the newest broadcast that has ended and is not wrapped.
    """
    here = _which(call.args, desk)
    broadcast.step(here, "wrap")
    if desk.books.jobs.by("state", "waiting"):
        raise Refusal("wrap.reading")  # the orders in that file are not looked at yet
    not_ours = _later_than(here, desk)
    held = [h for h in open_holds(desk) if h.broadcast not in not_ours]
    blocking = aftercare.may_wrap(held, desk.now)
    if here.wrapped_at:
        return [_already(here, blocking, held, desk)]
    if blocking:
        raise _blocked(blocking, held, here, desk)
    desk.books.broadcasts.put(broadcast.wrap(here, desk.me.id, desk.now))
    handed = [h for h in held if h.state == "handed"]
    desk.note("wrap", here.id, handed=str(len(handed)))
    said = line("wrap.done", by=desk.me.name, handed=len(handed), exposure=exposure_line(held, desk))
    return [
        group(said, waiting_line(here.id, desk), topic="anomaly", key=f"wrap:{here.id}"),
        *put_before(desk.me.id, here, desk),
    ]


def _blocked(blocking: Sequence[Hold], held: Sequence[Hold], here: Broadcast, desk: Desk) -> Refusal:
    """The orders that stand in the way; prices still in dispute do not, but are for whoever wraps to see."""
    prices = waiting_line(here.id, desk)
    return Refusal(
        "wrap.blocked_and_prices" if prices else "wrap.blocked",
        count=len(blocking),
        orders=_named(blocking),
        exposure=exposure_line(held, desk),
        prices=prices,
    )


def _which(id: str, desk: Desk) -> Broadcast:
    if not id:
        return desk.to_wrap() or desk.need_broadcast()
    named = desk.books.broadcasts.get(id)
    if named is None or named.stage == "archived":
        raise Refusal("wrap.unknown", id=id[:20])
    return named


def _later_than(here: Broadcast, desk: Desk) -> set[str]:
    """Broadcasts after this one: their held orders are their own shift's."""
    return {b.id for b in desk.books.broadcasts.scan() if b.number > here.number}


def _already(here: Broadcast, blocking: Sequence[Hold], held: Sequence[Hold], desk: Desk) -> Card:
    """Wrapped before; what was handed over then and is overdue now is listed."""
    said = lines(
        line("wrap.already", at=desk.clock(here.wrapped_at), by=desk.name(here.wrapped_by)),
        _since(blocking, held, desk) if blocking else None,
        waiting_line(here.id, desk),
    )
    return tell(desk.me.id, said)


def _since(blocking: Sequence[Hold], held: Sequence[Hold], desk: Desk) -> Line:
    exposure = exposure_line(held, desk)
    return line("wrap.since", count=len(blocking), orders=listed(_named(blocking)), exposure=exposure)


def _named(blocking: Sequence[Hold]) -> tuple[str, ...]:
    return tuple(h.order_id for h in blocking[:NAMED])


DUTY = DutySpec(
    "wrap",
    commands=(Command("wrap", wrap, words=("收尾",), roles=frozenset(["manager", "lead"]), args=False),),
)
