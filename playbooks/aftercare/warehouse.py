"""What the warehouse keeps back and lets go again (L08)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from playbooks.aftercare.queue import in_order
from playbooks.aftercare.state import DEALT_WITH, Hold
from playbooks.model import Refusal


def tick_intercepted(hold: Hold, who: str, now: datetime) -> Hold:
    """已拦截: the warehouse has taken the parcel out. Ticking twice is once."""
    if hold.intercepted_at is not None:
        return hold
    return hold.changed(intercepted_at=now, intercepted_by=who)


def tick_released(hold: Hold, who: str, now: datetime) -> Hold:
    """已放行: the parcel goes on, or back on the shelf.

    Raises Refusal hold.not_free until the hold is dealt with.
    """
    if hold.released_at is not None:
        return hold
    if hold.state not in DEALT_WITH:
        raise Refusal("hold.not_free", order_id=hold.order_id)
    return hold.changed(released_at=now, released_by=who)


def intercept_list(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """拦截清单: what the warehouse must keep back, and what it has kept back and not let go yet (L08),
    also where no more than a look is asked for by now: the parcel still lies there."""
    return in_order(
        hold
        for hold in holds
        if hold.released_at is None
        and (hold.intercepted_at is not None or (hold.verdict == "HOLD" and hold.state not in DEALT_WITH))
    )


def may_leave(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """What the warehouse has taken out and may let go by now: its hold is dealt with."""
    return in_order(
        hold
        for hold in holds
        if hold.intercepted_at is not None and hold.released_at is None and hold.state in DEALT_WITH
    )
