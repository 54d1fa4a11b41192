"""One buyer with several unpaid orders 同一买家: contacted once about all of them, and left alone as one.

Only where the buyer is known: without a key every order is a buyer of its own, and the card says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from playbooks.chase.rounds import rounds_left
from playbooks.chase.state import Answer, Chase
from playbooks.contacts import Ledger

OF_THE_BUYER: frozenset[Answer] = frozenset(
    ["will_pay", "refused", "no_answer", "inconvenient", "malicious", "opted_out"]
)
"""Answers a buyer gives for all their orders; what is said of payment or closing is said of one order."""


def siblings(chase: Chase, chases: Iterable[Chase], who: str, now: datetime) -> tuple[Chase, ...]:
    """The buyer's other unpaid orders that the contact `who` makes may speak of: alive and nobody else's."""
    if not chase.buyer_key:
        return ()
    return tuple(
        one
        for one in chases
        if one.buyer_key == chase.buyer_key
        and one.id != chase.id
        and one.alive
        and not one.doubted
        and not one.expired(now)
        and rounds_left(one, now)
        and (one.owner == who or not one.held(now))
    )


def busy(chase: Chase, chases: Iterable[Chase], now: datetime) -> bool:
    """Whether somebody is at another order of this buyer right now: the buyer is not to hear from two agents."""
    theirs = (one for one in chases if chase.buyer_key and one.buyer_key == chase.buyer_key)
    return any(one.id != chase.id and one.held(now) for one in theirs)


def decided(ledger: Ledger, answer: str, now: datetime) -> Ledger:
    """`ledger` after the buyer asked to be left alone, or was found to order without meaning it (C07, K02)."""
    if answer == "opted_out":
        return ledger.changed(opted_out_at=now)
    return ledger.changed(malicious=True) if answer == "malicious" else ledger
