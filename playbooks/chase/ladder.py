"""The offer ladder 优惠档: what ops approved for this broadcast, who may offer it, and how often (B11, K07).

An offer outside the ladder cannot be made: neither another amount nor more of it than was approved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from playbooks.chase.queue import free_for, not_expired
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, moved
from playbooks.model import Document, Model, Moment, Money, Refusal
from playbooks.room import ROLE_WORDS, Member, Role

SENIOR: dict[Role, frozenset[Role]] = {
    "agent": frozenset(["agent", "lead", "manager"]),
    "lead": frozenset(["lead", "manager"]),
    "manager": frozenset(["manager"]),
}
"""Whose authority an offer needs -> the roles that have it."""


class Rung(Model):
    """One offer: yuan `off` or a `gift`, the role whose authority it needs, at most so many times (None: any)."""

    off: Money | None = None
    gift: str = ""
    whose: Role = "agent"
    most: int | None = None
    given: int = 0

    @property
    def spent(self) -> Decimal:
        """Yuan given away by it so far."""
        return (self.off or Decimal(0)) * self.given


class Ladder(Document):
    """The approved offers of one broadcast (`id`: the broadcast's), and the yuan all of them may cost together."""

    by: str
    at: Moment
    rungs: tuple[Rung, ...]
    cap: Money | None = None

    @property
    def spent(self) -> Decimal:
        """Yuan given away so far."""
        return sum((rung.spent for rung in self.rungs), Decimal(0))

    def left(self, rung: Rung) -> bool:
        """Whether it may be offered once more: under its own number and the cap of all."""
        if rung.most is not None and rung.given >= rung.most:
            return False
        return self.cap is None or self.spent + (rung.off or Decimal(0)) <= self.cap


def read_ladder(text: str) -> tuple[tuple[Rung, ...], Decimal | None]:
    """`减5元 客服 30份`, `送小样 组长`, `上限 300`: one offer a line (or parted by ；), and the cap.

    Raises Refusal `chase.ladder_usage` for nothing, `chase.ladder_line` (text) for a line without an offer.
    """
    rungs, cap = [], None
    for said in filter(None, (piece.strip() for piece in re.split(r"[\n;；]", text))):
        found = re.search(rules().ladder.cap, said)
        if found:
            cap = Decimal(found[1])
        else:
            rungs.append(_rung(said))
    if not rungs:
        raise Refusal("chase.ladder_usage")
    return tuple(rungs), cap


def _rung(said: str) -> Rung:
    words = rules().ladder
    off, gift, most = (re.search(pattern, said) for pattern in (words.off, words.gift, words.most))
    if off is None and gift is None:
        raise Refusal("chase.ladder_line", text=said[:30])
    role = next((ROLE_WORDS[word] for word in said.split() if word in ROLE_WORDS), "agent")
    if role not in SENIOR:
        raise Refusal("chase.ladder_line", text=said[:30])
    return Rung(
        off=Decimal(off[1]) if off else None, gift=gift[1][:20] if gift and not off else "", whose=role,
        most=int(most[1]) if most else None,
    )  # fmt: skip


def rung_at(ladder: Ladder | None, number: int) -> Rung:
    """The offer with this number (from 1). Raises Refusal `chase.ladder_gone`."""
    if ladder is None or not 1 <= number <= len(ladder.rungs):
        raise Refusal("chase.ladder_gone")
    return ladder.rungs[number - 1]


def in_authority(rung: Rung, member: Member) -> bool:
    """Whether the person may offer it of themselves; who may not asks somebody who may."""
    return member.may(SENIOR[rung.whose])


def open_rungs(ladder: Ladder | None) -> Iterable[tuple[int, Rung]]:
    """The offers that may still be made, with their numbers."""
    rungs = ladder.rungs if ladder else ()
    return ((number, rung) for number, rung in enumerate(rungs, 1) if ladder and ladder.left(rung))


def give(ladder: Ladder | None, number: int) -> Ladder:
    """`ladder` with the offer counted. Raises Refusal `chase.ladder_gone`, `chase.ladder_spent`."""
    rung = rung_at(ladder, number)
    assert ladder is not None
    if not ladder.left(rung):
        raise Refusal("chase.ladder_spent")
    rungs = list(ladder.rungs)
    rungs[number - 1] = rung.changed(given=rung.given + 1)
    return ladder.changed(rungs=tuple(rungs))


def offer(chase: Chase, who: str, label: str, cost: Decimal | None, now: datetime) -> Chase:
    """`chase` after `who` offered the buyer `label`, costing `cost` yuan: looked at again after the retry time.

    One offer an order. Raises Refusal `chase.taken`, `chase.avoid`, `chase.expired`, `chase.no_contact`,
    `chase.offered` (offer), `chase.step`.
    """
    free_for(chase, who, now)
    not_expired(chase, now)
    if not chase.touches:
        raise Refusal("chase.no_contact", order_id=chase.order_id)
    if chase.offer:
        raise Refusal("chase.offered", order_id=chase.order_id, offer=chase.offer)
    again = now + timedelta(minutes=rules().retry_minutes)
    return moved(
        chase, "wait", owner=who, answer="refused", answered_at=now, reason="price", offer=label,
        offer_cost=cost, lease_until=None, returns_at=again, promised_at=None,
    )  # fmt: skip
