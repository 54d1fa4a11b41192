"""Why a buyer may not have paid, before anybody asked them 未付原因猜测 (REQUIREMENTS C05), and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from playbooks.chase.state import Chase, Reason

Why = Literal["before", "question", "several", "first"]
"""The buyer's reason for another order; a question on the product nobody answered; several orders unpaid at once; the
first order here."""
SEVERAL = 2
"""Other unpaid orders of the buyer."""


class Guess(NamedTuple):
    """What may be in the way."""

    reason: Reason
    why: Why


def guess(chase: Chase, theirs: Iterable[Chase], *, unanswered: bool) -> Guess | None:
    """The likeliest reason; None where it was said already, or nothing points to any.

    `theirs`: the buyer's orders as far as the buyer is known; `unanswered`: somebody asked about its product and has
    no answer yet.
    """
    if chase.reason or chase.answer:
        return None
    others = [one for one in theirs if one.id != chase.id]
    given = [(one.answered_at, one.reason) for one in others if one.reason and one.answered_at]
    if given:
        return Guess(max(given)[1], "before")
    if unanswered:
        return Guess("shop_unsolved", "question")
    if sum(one.alive for one in others) >= SEVERAL:
        return Guess("browsing", "several")
    return Guess("new_user", "first") if chase.first_time else None
