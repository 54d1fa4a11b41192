"""The offer ladder 优惠档: what ops approved for this broadcast, who may offer it, and how often (B11, K07).

An offer outside the ladder cannot be made: neither another amount nor more of it than was approved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from playbooks.chase.queue import free_for, not_expired
from playbooks.chase.rounds import look_again
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, moved
from playbooks.model import Document, Model, Moment, Money, Refusal
from playbooks.room import ROLE_WORDS, Member, Role, authority

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
    approved: bool = True
    """False once a later ladder leaves it out: it may not be made any more, what it cost still counts."""

    @property
    def spent(self) -> Decimal:
        """Yuan given away by it so far."""
        return (self.off or Decimal(0)) * self.given

    def fits(self, price: Decimal | None) -> bool:
        """Whether something is left to pay of `price` yuan (None: unknown, so it may be)."""
        return self.off is None or price is None or self.off < price


class Ladder(Document):
    """The offers of one broadcast (`id`: the broadcast's), and the yuan all of them may cost together.

    An offer keeps its number, its place in `rungs` from 1, for the whole broadcast: a button names it by that.
    """

    by: str
    at: Moment
    rungs: tuple[Rung, ...]
    cap: Money | None = None

    @property
    def spent(self) -> Decimal:
        """Yuan given away so far."""
        return sum((rung.spent for rung in self.rungs), Decimal(0))

    def left(self, rung: Rung) -> bool:
        """Whether it may be offered once more: approved still, under its own number and the cap of all."""
        if not rung.approved:
            return False
        if rung.most is not None and rung.given >= rung.most:
            return False
        return self.cap is None or self.spent + (rung.off or Decimal(0)) <= self.cap


def read_ladder(text: str) -> tuple[tuple[Rung, ...], Decimal | None]:
    """`减5元 客服 30份`, `送小样 组长`, `上限 300`: one offer a line (or parted by ；), and the cap.

    Raises Refusal `chase.ladder_usage` for nothing, `chase.ladder_zero` (text) for an offer of nothing, or a cap that
    leaves nothing to offer, `chase.ladder_line` (text) for a line that says anything else.
    """
    rungs, cap = [], None
    for said in filter(None, (piece.strip() for piece in re.split(r"[\n;；]", text))):
        found = re.fullmatch(rules().ladder.cap, said)
        if found:
            cap = _some(Decimal(found[1]), said)
        else:
            rungs.append(_rung(said))
    if not rungs:
        raise Refusal("chase.ladder_usage")
    return tuple(rungs), cap


def _rung(said: str) -> Rung:
    """One offer. Whatever its patterns leave over may be a condition or a second offer: nobody approved a guess."""
    words = rules().ladder
    tokens = re.split(r"[\s,，、]+", said)
    roles = [ROLE_WORDS[word] for word in tokens if word in ROLE_WORDS]
    rest = " ".join(word for word in tokens if word not in ROLE_WORDS)
    gift, rest = _taken(words.gift, rest)
    off, rest = _taken(words.off, rest) if not gift else ("", rest)
    most, rest = _taken(words.most, rest)
    two = bool(re.search(words.off, gift))
    if not (off or gift) or two or rest.strip() or len(roles) > 1 or not SENIOR.keys() >= set(roles):
        raise Refusal("chase.ladder_line", text=said[:30])
    return Rung(
        off=_some(Decimal(off), said) if off else None, gift=gift[:20], whose=roles[0] if roles else "agent",
        most=int(_some(Decimal(most), said)) if most else None,
    )  # fmt: skip


def _some(number: Decimal, said: str) -> Decimal:
    if not number:
        raise Refusal("chase.ladder_zero", text=said[:30])
    return number


def _taken(pattern: str, said: str) -> tuple[str, str]:
    """What the pattern says, and the rest of the line without it."""
    found = re.search(pattern, said)
    return (found[1], said[: found.start()] + said[found.end() :]) if found else ("", said)


def approve(
    known: Ladder | None, *, id: str, by: str, at: datetime, rungs: Iterable[Rung], cap: Decimal | None
) -> Ladder:
    """The broadcast's ladder with `rungs` and `cap` in force from now on.

    What was offered before goes on counting. An offer approved again keeps its number; one that is left out keeps
    it as well, so that a button made for it can never mean another.
    """
    kept = [rung.changed(approved=False) for rung in known.rungs] if known else []
    for rung in rungs:
        same = (n for n, old in enumerate(kept) if not old.approved and _same(old, rung))
        place = next(same, None)
        if place is None:
            kept.append(rung)
        else:
            kept[place] = rung.changed(given=kept[place].given)
    return Ladder(id=id, by=by, at=at, rungs=tuple(kept), cap=cap)


def is_cancel(text: str) -> bool:
    """Whether it says to cancel the ladder, and nothing else."""
    return text.strip().lower() in rules().ladder.cancel


def cancel(known: Ladder | None, *, by: str, at: datetime) -> Ladder:
    """The ladder with nothing in force; what was offered stays. Raises Refusal `chase.ladder_none`."""
    if known is None or not any(standing(known)):
        raise Refusal("chase.ladder_none")
    return known.changed(by=by, at=at, rungs=tuple(rung.changed(approved=False) for rung in known.rungs))


def _same(one: Rung, other: Rung) -> bool:
    return (one.off, one.gift) == (other.off, other.gift)


def rung_at(ladder: Ladder | None, number: int) -> Rung:
    """The offer with this number (from 1). Raises Refusal `chase.ladder_gone`."""
    if ladder is None or not 1 <= number <= len(ladder.rungs) or not ladder.rungs[number - 1].approved:
        raise Refusal("chase.ladder_gone")
    return ladder.rungs[number - 1]


def in_authority(rung: Rung, member: Member) -> bool:
    """Whether the person may offer it of themselves, by role and grade; who may not asks somebody who may (I02)."""
    return bool(SENIOR[rung.whose] & authority(member))


def open_rungs(ladder: Ladder | None, price: Decimal | None) -> Iterable[tuple[int, Rung]]:
    """The offers that may still be made for an order of `price` yuan (None: unknown), with their numbers."""
    some = standing(ladder)
    return ((number, rung) for number, rung in some if ladder and ladder.left(rung) and rung.fits(price))


def standing(ladder: Ladder | None) -> Iterable[tuple[int, Rung]]:
    """The offers in force, used up or not, with their numbers."""
    rungs = ladder.rungs if ladder else ()
    return ((number, rung) for number, rung in enumerate(rungs, 1) if rung.approved)


def give(ladder: Ladder | None, number: int) -> Ladder:
    """`ladder` with the offer counted. Raises Refusal `chase.ladder_gone`, `chase.ladder_spent`."""
    rung = rung_at(ladder, number)
    assert ladder is not None
    if not ladder.left(rung):
        raise Refusal("chase.ladder_spent")
    rungs = list(ladder.rungs)
    rungs[number - 1] = rung.changed(given=rung.given + 1)
    return ladder.changed(rungs=tuple(rungs))


def may_offer(chase: Chase, who: str, rung: Rung, now: datetime) -> None:
    """Whether `who` may offer it to the order's buyer, or ask somebody whether they may.

    One offer an order, to a buyer who was contacted. Raises Refusal `chase.taken`, `chase.avoid`, `chase.expired`,
    `chase.no_contact`, `chase.offered` (offer), `chase.ladder_price` (amount) where nothing is left to pay.
    """
    free_for(chase, who, now)
    not_expired(chase, now)
    if not chase.touches:
        raise Refusal("chase.no_contact", order_id=chase.order_id)
    if chase.offer:
        raise Refusal("chase.offered", order_id=chase.order_id, offer=chase.offer)
    if not rung.fits(chase.amount):
        raise Refusal("chase.ladder_price", order_id=chase.order_id, amount=chase.amount)


def offer(chase: Chase, who: str, rung: Rung, label: str, now: datetime) -> Chase:
    """`chase` after `who` offered the buyer the rung, called `label`: looked at again after the retry time.

    Raises the Refusals of `may_offer`, and `chase.step`.
    """
    may_offer(chase, who, rung, now)
    again = look_again(chase, now + timedelta(minutes=rules().retry_minutes))
    return moved(
        chase, "wait" if again else "answer", owner=who, answer="refused", answered_at=now, reason="price", offer=label,
        offer_cost=rung.off, offered_at=now, lease_until=None, returns_at=again, promised_at=None,
    )  # fmt: skip
