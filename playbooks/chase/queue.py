"""The queue of chases: which are workable, in what order, and who holds one for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from playbooks.chase.rounds import rounds_left
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, moved
from playbooks.model import Refusal


def urgency(chase: Chase, now: datetime) -> tuple[Decimal, datetime, str]:
    """What a queue is sorted by, most urgent first: yuan per minute left, then the longer known, then the id.

    Unknown money or time counts as the rules' common order, so that such orders neither lead nor starve. Who was
    only looking round waits like a part of the money (REQUIREMENTS C16).
    """
    amount = rules().unknown_amount if chase.amount is None else chase.amount
    if chase.soft:
        amount *= rules().soft_share
    minutes = Decimal(rules().unknown_minutes)
    if chase.expires_at is not None:
        minutes = Decimal((chase.expires_at - now) / timedelta(minutes=1))
    return (-amount / max(minutes, Decimal(1)), chase.seen_at, chase.id)


def workable(chase: Chase, now: datetime) -> bool:
    """Whether it may be taken up: alive, nobody at it, its time come, a round left, not said to be paid.

    Who was contacted within the last ten minutes is left in peace, unless a time was agreed or the buyer, unhappy
    with who did it, waits for another agent's apology.
    """
    if not chase.alive or chase.expired(now) or chase.held(now) or chase.doubted:
        return False
    if chase.returns_at is not None:
        return chase.returns_at <= now and rounds_left(chase, now)
    return rounds_left(chase, now) and _rested(chase, now)


def _rested(chase: Chase, now: datetime) -> bool:
    if not chase.touches or chase.touches[-1].who in chase.avoid:
        return True
    return now - chase.touches[-1].at >= rules().round_length


def waiting(fresh: int, overdue: Iterable[Chase], begun: Iterable[Chase], now: datetime) -> int:
    """How many are workable of the `fresh` ones, which the books count unread, and of the `begun` ones.

    `overdue`: those that have died by `now` and of which nobody has said so yet.
    """
    dead = sum(one.standing == "fresh" for one in overdue)
    return fresh - dead + sum(workable(one, now) for one in begun)


def due(
    chases: Iterable[Chase], now: datetime, limit: int, allowed: Callable[[Chase], bool] = lambda chase: True
) -> tuple[Chase, ...]:
    """At most `limit` workable chases, most urgent first, of those `allowed` lets through.

    `allowed` is asked in that order and no longer than needed; it may look at the buyer's ledger. Of a known
    buyer only the most urgent order is given: the others are spoken of in the same contact.
    """
    ready = sorted((chase for chase in chases if workable(chase, now)), key=lambda chase: urgency(chase, now))
    return tuple(_first(ready, limit, allowed))


def _first(ready: Iterable[Chase], limit: int, allowed: Callable[[Chase], bool]) -> Iterator[Chase]:
    buyers = set[str]()
    for chase in ready:
        if limit <= 0:
            return
        if chase.buyer_key in buyers or not allowed(chase):
            continue
        if chase.buyer_key:
            buyers.add(chase.buyer_key)
        limit -= 1
        yield chase


def claim(chase: Chase, who: str, now: datetime, *, many: bool = False) -> Chase:
    """`chase` held by `who` for the lease; claiming one's own again renews it.

    With `many` orders waiting its buyer is to be written to before anybody phones (REQUIREMENTS B10). Raises
    Refusal `chase.taken` (who, until), `chase.avoid`, `chase.expired`, `chase.step`.
    """
    free_for(chase, who, now)
    not_expired(chase, now)
    return moved(chase, "claim", owner=who, lease_until=now + rules().lease, returns_at=None, hurried=many)


def release(chase: Chase, who: str, now: datetime) -> Chase:
    """`chase` back in the queue at once. Raises Refusal `chase.taken` for somebody else's, `chase.step`."""
    free_for(chase, who, now)
    return moved(chase, "release", owner="", lease_until=None)


def free_for(chase: Chase, who: str, now: datetime) -> None:
    """Raises Refusal `chase.taken` (who, until) while somebody else's lease runs; `chase.avoid` for somebody
    the buyer was unhappy with (REQUIREMENTS C18)."""
    if who in chase.avoid:
        raise Refusal("chase.avoid", order_id=chase.order_id)
    if chase.held(now) and chase.owner != who:
        raise Refusal("chase.taken", order_id=chase.order_id, who=chase.owner, until=chase.lease_until)


def not_expired(chase: Chase, now: datetime) -> None:
    """Raises Refusal `chase.expired` (at) where the platform has dropped the order."""
    if chase.alive and chase.expired(now):
        raise Refusal("chase.expired", order_id=chase.order_id, at=chase.expires_at)
