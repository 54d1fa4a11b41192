"""Several held orders at once, by province: what may be done to all of them in one press (D06, D07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from playbooks.aftercare.state import DEALT_WITH, Action, Hold
from playbooks.aftercare.work import act, claim
from playbooks.model import Refusal

AT_ONCE: tuple[Action, ...] = ("change_carrier", "shop_pays", "confirmed")
"""What may be said of several orders; a refund or closing is each buyer's own request, in their words (L07)."""


def of_province(holds: Iterable[Hold], province: str) -> tuple[Hold, ...]:
    """Those not dealt with that go to `province`; '' those of which it is not known."""
    return tuple(one for one in holds if one.province == province and one.state not in DEALT_WITH)


def provinces(holds: Iterable[Hold]) -> tuple[tuple[str, int], ...]:
    """(province, how many are not dealt with), the most first."""
    found = Counter(one.province for one in holds if one.state not in DEALT_WITH)
    return tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def rules_found(holds: Iterable[Hold]) -> tuple[tuple[str, int], ...]:
    """(rule, how many not dealt with it found), the most first; an order two rules found counts for both."""
    found = Counter(rule for one in holds if one.state not in DEALT_WITH for rule in set(one.rules))
    return tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def free(one: Hold) -> bool:
    """Whether anybody may take it up."""
    return not one.owner and one.state in ("open", "handed")


def claim_all(holds: Iterable[Hold], who: str) -> tuple[Hold, ...]:
    """Those that were free, now `who`'s; what others have stays theirs."""
    return tuple(claim(one, who) for one in holds if free(one))


def act_all(holds: Iterable[Hold], who: str, action: str) -> tuple[Hold, ...]:
    """What `who` has in hand of them, said to be done by `action`; what was said of one before stays.

    Raises Refusal hold.not_together for an action that is said of one order at a time, hold.none_yours.
    """
    if action not in AT_ONCE:
        raise Refusal("hold.not_together")
    mine = [one for one in holds if one.owner == who and one.state == "claimed"]
    if not mine:
        raise Refusal("hold.none_yours")
    return tuple(act(one, who, action) for one in mine)
