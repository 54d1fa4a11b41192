"""An outcome taken back 撤销: buttons stand side by side, and a slip must not cost an order, or a buyer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from playbooks.chase.buyers import FINAL, Made, of_same
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, moved
from playbooks.contacts import Ledger
from playbooks.model import Refusal


def ended_by(chase: Chase, who: str) -> bool:
    """Whether what `who` answered ended it."""
    return not chase.alive and chase.owner == who and chase.closed_why == chase.answer


def unsaid(chase: Chase, chases: Iterable[Chase], ledger: Ledger, who: str, now: datetime) -> Made:
    """`chase` in the hands of `who` as before the outcome that ended it; what it ended of the buyer's others is
    nobody's again, and the buyer not to be left alone any more.

    Raises Refusal `chase.unsay_gone` where nothing `who` answered ended it, `chase.unsay_late` after the minute.
    """
    said_at = chase.answered_at
    if said_at is None or not ended_by(chase, who):
        raise Refusal("chase.unsay_gone", order_id=chase.order_id)
    if now - said_at > rules().unsay_within:
        raise Refusal("chase.unsay_late", order_id=chase.order_id)
    same = (one for one in of_same(chase, chases) if ended_by(one, who) and one.answered_at == said_at)
    mine = moved(_open(chase), "claim", owner=who, lease_until=now + rules().lease)
    return Made((mine, *map(_open, same)), _forgotten(ledger, chase, said_at))


def _open(chase: Chase) -> Chase:
    unsaid = {"answer": None, "answered_at": None, "reason": None, "closed_at": None, "closed_why": ""}
    return moved(chase, "reopen", owner="", **unsaid)


def _forgotten(ledger: Ledger, chase: Chase, said_at: datetime) -> Ledger:
    """Without the decision this answer was; one that stood before it stays."""
    if chase.answer not in FINAL:
        return ledger
    if chase.answer == "malicious":
        return ledger.changed(malicious=False)
    return ledger.changed(opted_out_at=None) if ledger.opted_out_at == said_at else ledger
