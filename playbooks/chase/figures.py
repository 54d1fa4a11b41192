"""The chase's figures 催付漏斗 (facts/metrics.yaml `chase`, definitions of our own: no platform states one).

A rate is a Decimal of four places; a figure without a denominator is None, "not known", never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from playbooks.chase.fate import Fate, fates
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase
from playbooks.model import Model, Moment, Money
from playbooks.orders import OrderState


class Share(Model):
    """The funnel of one agent (`key`: person id) or product (`key`: link number as text, else the title).

    An order counts for the agent who contacted its buyer first. `amount`: recovered yuan, None where nobody
    was contacted.
    """

    key: str
    title: str = ""
    unpaid: int
    contacted: int
    recovered: int
    amount: Money | None


class Slot(Model):
    """A quarter of an hour from `at`: orders that began unpaid in it, and recovered payments in it."""

    at: Moment
    new: int
    recovered: int


class Funnel(Model):
    """What became of the unpaid orders. Orders registered in error, malicious or cancelled by the buyer are
    `excluded` and in no other figure but `created` and `unpaid_rate`."""

    created: int | None
    """Orders the exports know; None before any export."""
    unpaid_rate: Decimal | None
    """Orders ended unpaid / orders created (reference of the playbook: 30 %, REQUIREMENTS C24)."""
    unpaid: int
    """Orders seen unpaid: chased, or not paid in the newest export."""
    excluded: int
    contacted: int
    """Unpaid orders with at least one recorded contact."""
    lasting: int
    """Orders still unpaid at the first-touch delay after they began."""
    coverage: Decimal | None
    """Contacted ones among `lasting` / `lasting`."""
    recovered: int
    """Paid at or after the first contact, within 24 h and before expiry, and not refunded. A payment whose
    time is not known is not counted."""
    success_rate: Decimal | None
    """`recovered` / `contacted`; those still undecided count as not recovered yet."""
    recovered_amount: Money | None
    """Yuan over `recovered` where the amount is known; None where nobody was contacted."""
    recovered_unpriced: int
    """Recovered orders without a known amount, hence not in `recovered_amount`."""
    uncontacted: int
    """The baseline's orders: in `lasting`, never contacted, and paid or ended by now."""
    uncontacted_paid: int
    natural_rate: Decimal | None
    """`uncontacted_paid` / `uncontacted`: what pays by itself. Shown beside every recovery figure."""
    reasons: tuple[tuple[str, int], ...]
    """Reasons (C14-C19) by how often, most frequent first."""
    agents: tuple[Share, ...]
    products: tuple[Share, ...]
    slots: tuple[Slot, ...]


def funnel(chases: Iterable[Chase], orders: Iterable[OrderState], now: datetime) -> Funnel:
    """The funnel at `now` of the chases and order states of one broadcast; an order in both counts once."""
    rows = tuple(fates(chases, orders, now))
    counted = [fate for fate in rows if not fate.excluded]
    unpaid = [fate for fate in counted if fate.lingered]
    contacted = [fate for fate in unpaid if fate.contacted_at]
    lasting = [fate for fate in counted if fate.pending_past(rules().first_touch, now)]
    baseline = [fate for fate in lasting if not fate.contacted_at and fate.decided]
    recovered = [fate for fate in contacted if _recovered(fate)]
    created = sum(fate.ordered_here for fate in rows)
    baseline_paid = sum(fate.paid for fate in baseline)
    return Funnel(
        created=created or None, unpaid_rate=_rate(sum(f.dead for f in rows if f.ordered_here), created),
        unpaid=len(unpaid), excluded=len(rows) - len(counted), contacted=len(contacted), lasting=len(lasting),
        coverage=_rate(sum(f.contacted_at is not None for f in lasting), len(lasting)),
        recovered=len(recovered), success_rate=_rate(len(recovered), len(contacted)),
        recovered_amount=_amount(contacted), recovered_unpriced=sum(f.amount is None for f in recovered),
        uncontacted=len(baseline), uncontacted_paid=baseline_paid,
        natural_rate=_rate(baseline_paid, len(baseline)),
        reasons=tuple(Counter(fate.reason for fate in unpaid if fate.reason).most_common()),
        agents=_shares(contacted, lambda fate: fate.agent, titled=False),
        products=_shares(unpaid, _product, titled=True), slots=_slots(unpaid),
    )  # fmt: skip


def _recovered(fate: Fate) -> bool:
    return fate.recovered(timedelta(hours=rules().success_hours))


def _rate(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None


def _amount(some: Sequence[Fate]) -> Decimal | None:
    if not any(fate.contacted_at for fate in some):
        return None
    return sum((fate.amount or Decimal(0) for fate in some if _recovered(fate)), Decimal(0))


def _product(fate: Fate) -> str:
    return fate.title if fate.link_no is None else str(fate.link_no)


def _shares(some: Sequence[Fate], key: Callable[[Fate], str], *, titled: bool) -> tuple[Share, ...]:
    """One share a key, the most recovered yuan first; orders of unknown product under the empty key."""
    groups: dict[str, list[Fate]] = {}
    for fate in some:
        groups.setdefault(key(fate), []).append(fate)
    shares = (
        Share(
            key=name, title=next((f.title for f in group if titled and f.title), ""), unpaid=len(group),
            contacted=sum(f.contacted_at is not None for f in group), recovered=sum(map(_recovered, group)),
            amount=_amount(group),
        )
        for name, group in groups.items()
    )  # fmt: skip
    return tuple(sorted(shares, key=lambda share: (-(share.amount or 0), -share.unpaid, share.key)))


def _slots(unpaid: Sequence[Fate]) -> tuple[Slot, ...]:
    """The quarters in which anything happened, in order."""
    new = Counter(_quarter(fate.began_at) for fate in unpaid if fate.began_at)
    back = Counter(_quarter(fate.paid_at) for fate in unpaid if fate.paid_at and _recovered(fate))
    return tuple(Slot(at=at, new=new[at], recovered=back[at]) for at in sorted(new.keys() | back.keys()))


def _quarter(at: datetime) -> datetime:
    """The start of the quarter `at` lies in; every zone is whole quarters off UTC."""
    seconds = rules().bucket_minutes * 60
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
