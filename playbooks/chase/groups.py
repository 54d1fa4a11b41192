"""The orders each chase figure counts: one group a figure, so that what is opened is what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, get_args

from playbooks.chase.fate import Fate
from playbooks.chase.rules import rules

Group = Literal[
    "created", "dead", "excluded", "unpaid", "lasting", "reached", "unreached", "contacted", "recovered",
    "unpriced", "offered", "uncontacted", "uncontacted_paid",
]  # fmt: skip
"""`created`: known to the exports; `dead`: of these ended unpaid; `lasting`: still unpaid at the first-touch delay,
of these `reached` by a contact or `unreached`; `offered`: recovered ones that were given something;
`uncontacted`: the baseline, `lasting`, never contacted and decided."""
GROUPS: tuple[Group, ...] = get_args(Group)
Groups = dict[Group, tuple[Fate, ...]]


def groups(rows: Sequence[Fate], now: datetime) -> Groups:
    """Every group at `now`, in the order of `rows`.

    What was registered in error, is malicious or was cancelled by the buyer is `excluded` and otherwise only among
    `created` and `dead` (facts/metrics.yaml chase).
    """
    delay = rules().first_touch
    counted = [fate for fate in rows if not fate.excluded]
    unpaid = [fate for fate in counted if fate.lingered]
    contacted = [fate for fate in unpaid if fate.contacted_at]
    recovered = [fate for fate in contacted if is_recovered(fate)]
    lasting = [fate for fate in counted if fate.pending_past(delay, now)]
    unreached = [fate for fate in lasting if not fate.contacted_at]
    baseline = [fate for fate in unreached if fate.decided]
    found: dict[Group, Sequence[Fate]] = {
        "created": [fate for fate in rows if fate.ordered_here],
        "dead": [fate for fate in rows if fate.ordered_here and fate.dead],
        "excluded": [fate for fate in rows if fate.excluded],
        "unpaid": unpaid, "lasting": lasting, "contacted": contacted, "recovered": recovered,
        "reached": [fate for fate in lasting if fate.contacted_at], "unreached": unreached,
        "unpriced": [fate for fate in recovered if fate.amount is None],
        "offered": [fate for fate in recovered if fate.offered],
        "uncontacted": baseline, "uncontacted_paid": [fate for fate in baseline if fate.paid],
    }  # fmt: skip
    return {name: tuple(found[name]) for name in GROUPS}


def is_recovered(fate: Fate) -> bool:
    """Paid within the window of its first contact, before expiry, and not refunded (facts/metrics.yaml chase)."""
    return fate.recovered(timedelta(hours=rules().success_hours))
