"""The chase's figures 催付漏斗 (facts/metrics.yaml `chase`, definitions of our own: no platform states one).

A rate is a Decimal of four places; a figure without a denominator is None, "not known", never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from playbooks.chase.cuts import Share, amount_of, discount_of, natural_rate, shares
from playbooks.chase.fate import Fate, fates
from playbooks.chase.groups import groups, is_recovered
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase
from playbooks.metrics import rate
from playbooks.model import Model, Moment, Money
from playbooks.orders import OrderState


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
    won_rate: Decimal | None
    """`recovered` / `unpaid`: beside the target of two thirds of the unpaid (REQUIREMENTS C24); None where nobody
    was contacted."""
    discount: Money | None
    """Yuan that offers took off recovered orders; None where nobody was contacted."""
    gifts: int
    """Recovered orders whose buyer was given a gift."""
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
    channels: tuple[Share, ...]
    products: tuple[Share, ...]
    by_reason: tuple[Share, ...]
    slots: tuple[Slot, ...]


def funnel(
    chases: Iterable[Chase], orders: Iterable[OrderState], now: datetime, *, cut: bool = True
) -> Funnel:
    """The funnel at `now` of the chases and order states of one broadcast; an order in both counts once.

    Without `cut` it is not told by agent, channel, product, reason and quarter, which takes half the time.
    """
    found = groups(tuple(fates(chases, orders, now)), now)
    count = {name: len(some) for name, some in found.items()}
    contacted, unpaid = found["contacted"], found["unpaid"]
    return Funnel(
        created=count["created"] or None, unpaid_rate=rate(count["dead"], count["created"]),
        unpaid=count["unpaid"], excluded=count["excluded"], contacted=count["contacted"],
        lasting=count["lasting"], coverage=rate(count["reached"], count["lasting"]),
        recovered=count["recovered"], success_rate=rate(count["recovered"], count["contacted"]),
        recovered_amount=amount_of(contacted),
        won_rate=rate(count["recovered"], count["unpaid"]) if contacted else None,
        discount=discount_of(contacted), gifts=sum(fate.offer_cost is None for fate in found["offered"]),
        recovered_unpriced=count["unpriced"], uncontacted=count["uncontacted"],
        uncontacted_paid=count["uncontacted_paid"], natural_rate=natural_rate(found["uncontacted"]),
        reasons=tuple(Counter(fate.reason for fate in unpaid if fate.reason).most_common()),
        agents=shares(found, "agent") if cut else (), channels=shares(found, "channel") if cut else (),
        products=shares(found, "product") if cut else (), by_reason=shares(found, "reason") if cut else (),
        slots=_slots(unpaid) if cut else (),
    )  # fmt: skip


def _slots(unpaid: Sequence[Fate]) -> tuple[Slot, ...]:
    """The quarters in which anything happened, in order."""
    new = Counter(_quarter(fate.began_at) for fate in unpaid if fate.began_at)
    back = Counter(_quarter(fate.paid_at) for fate in unpaid if fate.paid_at and is_recovered(fate))
    return tuple(Slot(at=at, new=new[at], recovered=back[at]) for at in sorted(new.keys() | back.keys()))


def _quarter(at: datetime) -> datetime:
    """The start of the quarter `at` lies in; every zone is whole quarters off UTC."""
    seconds = rules().bucket_minutes * 60
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
