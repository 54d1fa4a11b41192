"""The queue of chases: which are workable, in what order, and who holds one for how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from playbooks.chase.rounds import rounds_left
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, moved
from playbooks.model import Refusal


def urgency(chase: Chase, now: datetime) -> tuple[Decimal, datetime, str]:
    """What a queue is sorted by, most urgent first: yuan per minute left, then the longer known, then the id.

    Unknown money or time counts as the rules' common order, so that such orders neither lead nor starve.
    """
    amount = rules().unknown_amount if chase.amount is None else chase.amount
    minutes = Decimal(rules().unknown_minutes)
    if chase.expires_at is not None:
        minutes = Decimal((chase.expires_at - now) / timedelta(minutes=1))
    return (-amount / max(minutes, Decimal(1)), chase.seen_at, chase.id)


def workable(chase: Chase, now: datetime) -> bool:
    """Whether it may be taken up: alive, nobody at it, its time come, a round left, not said to be paid."""
    if not chase.alive or chase.expired(now) or chase.held(now) or chase.doubted:
        return False
    return (chase.returns_at is None or chase.returns_at <= now) and rounds_left(chase, now)


def due(chases: Iterable[Chase], now: datetime, limit: int) -> tuple[Chase, ...]:
    """At most `limit` workable chases, most urgent first."""
    ready = (chase for chase in chases if workable(chase, now))
    return tuple(sorted(ready, key=lambda chase: urgency(chase, now))[:limit])


def claim(chase: Chase, who: str, now: datetime) -> Chase:
    """`chase` held by `who` for the lease; claiming one's own again renews it.

    Raises Refusal `chase.taken` (who, until), `chase.expired`, `chase.step`.
    """
    free_for(chase, who, now)
    not_expired(chase, now)
    return moved(chase, "claim", owner=who, lease_until=now + rules().lease, returns_at=None)


def release(chase: Chase, who: str, now: datetime) -> Chase:
    """`chase` back in the queue at once. Raises Refusal `chase.taken` for somebody else's, `chase.step`."""
    free_for(chase, who, now)
    return moved(chase, "release", owner="", lease_until=None)


def free_for(chase: Chase, who: str, now: datetime) -> None:
    """Raises Refusal `chase.taken` (who, until) while somebody else's lease runs."""
    if chase.held(now) and chase.owner != who:
        raise Refusal("chase.taken", order_id=chase.order_id, who=chase.owner, until=chase.lease_until)


def not_expired(chase: Chase, now: datetime) -> None:
    """Raises Refusal `chase.expired` (at) where the platform has dropped the order."""
    if chase.alive and chase.expired(now):
        raise Refusal("chase.expired", order_id=chase.order_id, at=chase.expires_at)
