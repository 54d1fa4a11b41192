"""How often a rule was right 规则准确率, from what people decided about what it found (PRODUCT, the audit)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from playbooks.addresses.around import BY_REGION
from playbooks.aftercare.state import DEALT_WITH, Hold, step
from playbooks.model import Model

PERCENT = Decimal(100)


class Judged(Model):
    """What became of what `rule` found: people acted on it, or a manager agreed that it was wrong."""

    rule: str
    found: int
    right: int
    wrong: int

    @property
    def precision(self) -> Decimal | None:
        """Percent of the decided that were right; None where none is decided."""
        decided = self.right + self.wrong
        if not decided:
            return None
        return (PERCENT * self.right / decided).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def judged(holds: Iterable[Hold]) -> tuple[Judged, ...]:
    """Each rule that found anything, the most wrong first. Waived and undecided ones speak neither for nor against."""
    found: dict[str, list[int]] = {}
    for one in holds:
        for rule in set(one.rules) | set(one.false_alarm_rules):
            counts = found.setdefault(rule, [0, 0, 0])
            wrong = rule in one.false_alarm_rules
            counts[0] += 1
            counts[1] += one.action is not None and not wrong
            counts[2] += wrong
    each = (Judged(rule=rule, found=n, right=right, wrong=wrong) for rule, (n, right, wrong) in found.items())
    return tuple(sorted(each, key=lambda j: (-j.wrong, -j.found, j.rule)))


def asked_for(hold: Hold) -> tuple[tuple[str, str], ...]:
    """(rule, region) an exception for everything like this hold would let through; () where each order is judged by
    itself: what one buyer wrote says nothing of the next."""
    stopped = (
        found
        for found in hold.findings
        if found.verdict != "PASS"
        and found.rule in BY_REGION
        and (not hold.proposed_rules or found.rule in hold.proposed_rules)
    )
    return tuple(dict.fromkeys((found.rule, found.region) for found in stopped))


def excepted(hold: Hold, exceptions: Iterable[tuple[str, str]], now: datetime) -> Hold | None:
    """The open hold as it is once (rule, region) are let through; None where that changes nothing about it."""
    if hold.state in DEALT_WITH or hold.state == "done_claimed":
        return None
    let = frozenset(exceptions)
    left = tuple(f for f in hold.findings if (f.rule, f.region) not in let)
    if len(left) == len(hold.findings) or any(f.verdict != "PASS" for f in left):
        return None
    return hold.changed(state=step(hold, "settle"), solved_as="excepted", settled_at=now)
