"""One buyer with several unpaid orders 同一买家: contacted once about all of them, and left alone as one.

Only where the buyer is known: without a key every order is a buyer of its own, and the card says so. `chases` are
the buyer's, the one in question among them; `ledger` is the buyer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import NamedTuple

from playbooks import contacts
from playbooks.chase.contact import record, share, touch_of
from playbooks.chase.outcomes import outcome
from playbooks.chase.rounds import rounds_left
from playbooks.chase.state import ANSWERS, Answer, Chase, StepKind
from playbooks.contacts import Ledger
from playbooks.model import Refusal

FINAL: frozenset[Answer] = frozenset(answer for answer, rule in ANSWERS.items() if rule.final)
"""Answers after which the buyer is left alone, whatever for."""
OF_THE_BUYER: frozenset[Answer] = frozenset(["will_pay", "refused", "no_answer", "inconvenient"])
"""Other answers a buyer gives for all their orders; what is said of payment or closing is said of one order."""
UNREACHED: frozenset[Answer] = frozenset(["no_answer", "inconvenient"])
"""Those that tell nothing new of an order with a time agreed."""


class Made(NamedTuple):
    """What to keep after a step: the chases that changed, and the buyer's ledger."""

    chases: tuple[Chase, ...]
    ledger: Ledger


def of_same(chase: Chase, chases: Iterable[Chase]) -> tuple[Chase, ...]:
    """The buyer's other orders; none where nobody knows the buyer."""
    if not chase.buyer_key:
        return ()
    return tuple(one for one in chases if one.buyer_key == chase.buyer_key and one.id != chase.id)


def pieces(chases: Iterable[Chase]) -> frozenset[str]:
    """What the chases are as pieces of work: one a known buyer, whatever they ordered, else one an order."""
    return frozenset(one.buyer_key or one.id for one in chases)


def for_buyer(chase: Chase, chases: Iterable[Chase]) -> Chase:
    """`chase` kept from everybody its buyer was unhappy with, over whichever order (REQUIREMENTS C18)."""
    avoid = dict.fromkeys((*chase.avoid, *(who for one in of_same(chase, chases) for who in one.avoid)))
    return chase if len(avoid) == len(chase.avoid) else chase.changed(avoid=tuple(avoid))


def siblings(chase: Chase, chases: Iterable[Chase], who: str, now: datetime) -> tuple[Chase, ...]:
    """The buyer's other unpaid orders that the contact `who` makes may speak of: alive and nobody else's."""
    return tuple(
        one
        for one in of_same(chase, chases)
        if one.alive
        and not one.doubted
        and not one.expired(now)
        and rounds_left(one, now)
        and who not in one.avoid
        and (one.owner == who or not one.held(now))
    )


def one_agent(chase: Chase, chases: Iterable[Chase], who: str, now: datetime) -> None:
    """Raises Refusal `chase.buyer_taken` (who, until, other: that order) while somebody else is at the order's buyer:
    they are not to hear from two agents. Who had the order in hand before it was known whose it is, keeps it."""
    if chase.held(now) and chase.owner == who:
        return
    for one in of_same(chase, chases):
        if one.held(now) and one.owner != who:
            raise Refusal(
                "chase.buyer_taken",
                order_id=chase.order_id,
                who=one.owner,
                until=one.lease_until,
                other=one.order_id,
            )


def open_to(chase: Chase, chases: Sequence[Chase], ledger: Ledger | None, who: str, now: datetime) -> bool:
    """Whether it may be offered to `who`: caps, opt-out, malicious, an unhappy buyer, another agent at the buyer."""
    at_it = any(one.held(now) for one in of_same(chase, chases))  # the buyer is not to hear from two agents
    if at_it or who in for_buyer(chase, chases).avoid:
        return False
    return contacts.open_for(ledger, "chase", chase.order_id, now)


def contacted(
    chase: Chase,
    chases: Iterable[Chase],
    ledger: Ledger,
    who: str,
    step: StepKind,
    *,
    now: datetime,
    zone: tzinfo,
    sms: bool = False,
    text: str = "",
) -> Made:
    """A step taken, one contact also for the buyer's other unpaid orders; no chases where it was taken before.

    Raises the Refusals of `record` and `one_agent`, and changes nothing.
    """
    chases = tuple(chases)
    one_agent(chase, chases, who, now)
    before = for_buyer(chase, chases)
    after = record(before, who, step, now, zone, ledger=ledger, sms=sms, text=text)
    if after == before:
        return Made((), ledger)
    others = (share(after, other) for other in siblings(before, chases, who, now))
    return Made((after, *others), contacts.with_touch(ledger, touch_of(after)))


def answered(
    chase: Chase,
    chases: Iterable[Chase],
    ledger: Ledger,
    who: str,
    answer: str,
    *,
    now: datetime,
    zone: tzinfo,
    reason: str = "",
    promised_at: datetime | None = None,
) -> Made:
    """What came of it, for the order (the first of the chases) and for those of the buyer's it also answers.

    A final answer is kept in the ledger whatever has become of the order, and ends all the buyer's, in whosever
    hands. Raises the Refusals of `outcome` for any other.
    """
    if answer in FINAL:
        theirs = (one for one in (chase, *of_same(chase, chases)) if one.alive)
        ended = (outcome(one, who, outcome=answer, now=now, zone=zone) for one in theirs)
        return Made(tuple(ended), _decided(ledger, answer, now))

    def said_of(one: Chase) -> Chase:
        return outcome(one, who, outcome=answer, now=now, zone=zone, reason=reason, promised_at=promised_at)

    chases = tuple(chases)
    made = [said_of(for_buyer(chase, chases))]
    for other in siblings(chase, chases, who, now) if answer in OF_THE_BUYER else ():
        with suppress(Refusal):  # one that it does not fit goes its own way
            if _spoken_of(other, answer, promised_at, now):
                made.append(said_of(other))
    return Made(tuple(made), ledger)


def _spoken_of(other: Chase, answer: str, promised_at: datetime | None, now: datetime) -> bool:
    if not other.touches or (answer in UNREACHED and other.waits(now)):
        return False
    return promised_at is None or not other.expired(promised_at)


def _decided(ledger: Ledger, answer: str, now: datetime) -> Ledger:
    """After the buyer asked to be left alone, or was found to order without meaning it (C07, K02)."""
    if answer == "malicious":
        return ledger.changed(malicious=True)
    return ledger if ledger.opted_out_at else ledger.changed(opted_out_at=now)
