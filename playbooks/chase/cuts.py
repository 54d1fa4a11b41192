"""The chase's figures cut by agent, channel, product or reason, each beside its baseline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Literal, get_args

from playbooks.chase.fate import Fate
from playbooks.chase.groups import Groups, is_recovered
from playbooks.metrics import rate
from playbooks.model import Model, Money

Cut = Literal["agent", "channel", "product", "reason"]
CUTS: tuple[Cut, ...] = get_args(Cut)


class Share(Model):
    """The funnel of one agent (`key`: person id), channel (its step), product (link number as text, else the
    title; '' where unknown) or reason.

    An order counts for the agent who contacted its buyer first, and with each channel used before it was paid.
    `amount`: recovered yuan, `discount`: what offers took off them; None where nobody was contacted.
    `natural_rate` is the product's own; agents, channels and reasons have none of their own, for who was never
    contacted has no agent: there it is that of all.
    """

    key: str
    title: str = ""
    unpaid: int
    contacted: int
    recovered: int
    amount: Money | None
    discount: Money | None = None
    success_rate: Decimal | None = None
    natural_rate: Decimal | None = None


def keys_of(fate: Fate, cut: Cut) -> tuple[str, ...]:
    """Under which keys of a cut an order counts; none where it has nothing to do with it."""
    return _KEYS[cut](fate)


def shares(found: Groups, cut: Cut) -> tuple[Share, ...]:
    """One share a key, the most recovered yuan first."""
    parts = _parted(found["unpaid" if cut in ("product", "reason") else "contacted"], cut)
    baseline = _parted(found["uncontacted"], cut) if cut == "product" else {}
    made = (
        _share(key, part, baseline.get(key, ()) if cut == "product" else found["uncontacted"], cut)
        for key, part in parts.items()
    )
    return tuple(sorted(made, key=lambda share: (-(share.amount or 0), -share.unpaid, share.key)))


def amount_of(some: Sequence[Fate]) -> Decimal | None:
    """Yuan over the recovered ones whose amount is known; None where nobody was contacted."""
    return _sum(some, lambda fate: fate.amount)


def discount_of(some: Sequence[Fate]) -> Decimal | None:
    """Yuan that offers took off the recovered ones; None where nobody was contacted."""
    return _sum(some, lambda fate: fate.offer_cost)


def natural_rate(baseline: Sequence[Fate]) -> Decimal | None:
    """What pays by itself: the paid ones of those never contacted / those never contacted."""
    return rate(sum(fate.paid for fate in baseline), len(baseline))


def _share(key: str, part: Sequence[Fate], baseline: Sequence[Fate], cut: Cut) -> Share:
    contacted = sum(fate.contacted_at is not None for fate in part)
    recovered = sum(map(is_recovered, part))
    title = next((fate.title for fate in part if fate.title), "") if cut == "product" else ""
    return Share(
        key=key, title=title, unpaid=len(part), contacted=contacted, recovered=recovered, amount=amount_of(part),
        discount=discount_of(part), success_rate=rate(recovered, contacted), natural_rate=natural_rate(baseline),
    )  # fmt: skip


def _parted(some: Iterable[Fate], cut: Cut) -> dict[str, list[Fate]]:
    parts: dict[str, list[Fate]] = defaultdict(list)
    for fate in some:
        for key in keys_of(fate, cut):
            parts[key].append(fate)
    return parts


def _sum(some: Sequence[Fate], worth: Callable[[Fate], Decimal | None]) -> Decimal | None:
    if not any(fate.contacted_at for fate in some):
        return None
    return sum((worth(fate) or Decimal(0) for fate in some if is_recovered(fate)), Decimal(0))


_KEYS: dict[Cut, Callable[[Fate], tuple[str, ...]]] = {
    "agent": lambda fate: (fate.agent,) if fate.contacted_at else (),
    "channel": lambda fate: fate.channels,
    "product": lambda fate: (fate.title if fate.link_no is None else str(fate.link_no),),
    "reason": lambda fate: (fate.reason,) if fate.reason else (),
}
