"""What the script of the simulated week did, kept as it did it; nothing in it is read from the bot.

The figures of a review are recounted here from these rows in the words of facts/metrics.yaml; only rounding is shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from tests.support.week_cases import CaseLedger

MINUTE = timedelta(minutes=1)
LIFE = 30 * MINUTE
"""How long an order waits for its payment; the script tells the bot with `/life 30`."""
TOUCH_DELAY = 5 * MINUTE
LATE_ANSWER = 3 * MINUTE
SLOW_LAG = 2 * MINUTE


@dataclass
class Sale:
    """One order as the script decided it."""

    number: str
    link: int
    at: datetime
    amount: Decimal
    fate: str
    paid_at: datetime | None = None
    seen_unpaid: bool = False
    """An export showed it unpaid."""
    contacted_at: datetime | None = None
    agent: int = 0
    channels: list[str] = field(default_factory=list)
    reason: str = ""
    cancelled_at: datetime | None = None
    """The buyer cancelled it, unpaid."""
    refunded_at: datetime | None = None
    received_at: datetime | None = None
    region: str = ""
    """A region nothing is sent to; '' for anywhere else."""
    hold: str = ""
    """What was done about it: open, claimed, solved, waived, handed; '' never held."""
    invited: str = ""
    """The invitation to a review: open, done; '' there is none."""
    explained: str = ""
    """The follow-up of an order placed while the price was in dispute: open, done; '' there is none."""

    @property
    def dead_at(self) -> datetime | None:
        """When it ended unpaid."""
        return None if self.paid_at else self.cancelled_at or self.at + LIFE

    @property
    def excluded(self) -> bool:
        """Cancelled by the buyer: in no figure of the chase but the orders created and ended unpaid."""
        return self.cancelled_at is not None and self.paid_at is None

    @property
    def lingered(self) -> bool:
        return not self.excluded and (self.seen_unpaid or self.paid_at is None)

    @property
    def lasting(self) -> bool:
        """Still unpaid five minutes after it was placed."""
        ended = self.paid_at or self.dead_at
        return not self.excluded and ended is not None and ended - self.at > TOUCH_DELAY

    @property
    def recovered(self) -> bool:
        """Paid after the first contact and not refunded since."""
        return bool(self.contacted_at and self.paid_at and self.refunded_at is None)


@dataclass
class Change:
    """A price change on air: who had to know it, and since when somebody does."""

    link: int
    at: datetime
    asked: frozenset[int]
    known: dict[int, datetime] = field(default_factory=dict)

    def waits(self) -> dict[int, timedelta]:
        return {who: at - self.at for who, at in self.known.items()}


@dataclass
class Question:
    """A question to ops; `asks`: who asked it when."""

    text: str
    asks: dict[int, datetime]
    answered: datetime | None = None


@dataclass
class Dispute:
    """A price heard otherwise."""

    link: int
    at: datetime
    until: datetime | None = None
    ours: bool = False
    """Ops said that ours holds; else the price was changed meanwhile."""


@dataclass
class Ledger:
    """One broadcast."""

    names: dict[int, str] = field(default_factory=dict)
    prices: dict[int, Decimal] = field(default_factory=dict)
    live: datetime | None = None
    off: datetime | None = None
    aired: list[tuple[datetime, int]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    slips: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    needs: int = 0
    after: CaseLedger = field(default_factory=CaseLedger)
    entered: dict[str, Decimal] = field(default_factory=dict)

    # -- sections 3 to 5: sales and the chase --------------------------------------------------------

    def funnel(self, some: Sequence[Sale]) -> dict[str, object]:
        """The chase of these orders."""
        unpaid = [one for one in some if one.lingered]
        contacted = [one for one in unpaid if one.contacted_at]
        back = [one for one in contacted if one.recovered]
        lasting = [one for one in some if one.lasting]
        alone = [one for one in lasting if not one.contacted_at]
        return {
            "created": len(some) or None, "unpaid": len(unpaid), "contacted": len(contacted),
            "excluded": sum(one.excluded for one in some),
            "unpaid_rate": rate(sum(one.paid_at is None for one in some), len(some)),
            "lasting": len(lasting), "coverage": rate(len(lasting) - len(alone), len(lasting)),
            "recovered": len(back), "success_rate": rate(len(back), len(contacted)),
            "recovered_amount": yuan(back) if contacted else None,
            "won_rate": rate(len(back), len(unpaid)) if contacted else None,
            "uncontacted": len(alone), "uncontacted_paid": sum(one.paid_at is not None for one in alone),
            "natural_rate": rate(sum(one.paid_at is not None for one in alone), len(alone)),
        }  # fmt: skip

    def sold(self, some: Sequence[Sale]) -> dict[str, object]:
        """Orders, paid ones, GMV and net sales of these orders."""
        paid = [one for one in some if one.paid_at]
        kept = [one for one in paid if one.refunded_at is None]
        return {
            "orders": len(some), "paid": len(paid), "gmv": yuan(some), "net_sales": yuan(kept),
            "refunded": len(paid) - len(kept), "unpriced": 0,
        }  # fmt: skip

    def of(self, link: int) -> list[Sale]:
        return [one for one in self.sales if one.link == link]

    def reasons(self) -> Counter[str]:
        return Counter(one.reason for one in self.sales if one.lingered and one.reason)

    def agents(self) -> dict[str, tuple[int, int, Decimal]]:
        """Contacted, recovered and yuan of each agent, by who contacted the buyer first."""
        contacted = [one for one in self.sales if one.lingered and one.contacted_at]
        parts = {one.agent: [s for s in contacted if s.agent == one.agent] for one in contacted}
        return {
            str(who): (len(part), sum(s.recovered for s in part), yuan(s for s in part if s.recovered))
            for who, part in parts.items()
        }

    def channels(self) -> Counter[str]:
        """Orders contacted by each channel."""
        return Counter(
            channel for one in self.sales if one.lingered for channel in dict.fromkeys(one.channels)
        )

    def quarters(self) -> list[tuple[datetime, int, int, int | None]]:
        """Each quarter of an hour on air: orders that began unpaid, payments recovered, longest on air."""
        assert self.live
        assert self.off
        new = Counter(quarter(one.at) for one in self.sales if one.lingered)
        back = Counter(quarter(one.paid_at) for one in self.sales if one.paid_at and one.recovered)
        at, rows = quarter(self.live), []
        while at <= self.off:
            rows.append((at, new[at], back[at], self._longest(at)))
            at += 15 * MINUTE
        return rows

    def _longest(self, start: datetime) -> int | None:
        """Second by second, what was on air most."""
        assert self.off
        seconds = Counter(
            self.on_air(start + timedelta(seconds=n))
            for n in range(900)
            if start + timedelta(seconds=n) < self.off
        )
        seconds.pop(None, None)
        return max(seconds, key=lambda link: seconds[link], default=None)

    def on_air(self, at: datetime) -> int | None:
        return next((link for since, link in reversed(self.aired) if since <= at), None)

    # -- section 6: anomalies ------------------------------------------------------------------------

    def anomalies(self, penalty: Decimal) -> dict[str, object]:
        held = [one for one in self.sales if one.hold]
        done = sum(one.hold in ("solved", "waived") for one in held)
        return {
            "found": len(held), "solved": done, "open": len(held) - done, "open_holds": len(held) - done,
            "handed": sum(one.hold == "handed" for one in held), "exposure": penalty * (len(held) - done),
        }  # fmt: skip

    def regions(self) -> Counter[str]:
        return Counter(one.region for one in self.sales if one.hold)

    # -- section 8: the hand-off ---------------------------------------------------------------------

    def handoff(self) -> dict[str, object]:
        waits = [wait for one in self.changes for wait in one.waits().values()]
        return {
            "changes": len(self.changes), "answers": len(waits),
            "confirmed": sum(bool(one.asked) and not self._without(one) for one in self.changes),
            "median": middle(waits), "worst": max(waits, default=None),
        }  # fmt: skip

    def _without(self, one: Change) -> set[int]:
        """Those asked who know neither this change nor a later one of the same product."""
        known = {
            who
            for later in self.changes
            if later.link == one.link and later.at >= one.at
            for who in later.known
        }
        return set(one.asked) - known

    def people(self) -> dict[str, tuple[int, int, timedelta | None, timedelta | None]]:
        """How often each was asked, how often they knew, median and longest wait."""
        found = {}
        for who in sorted({who for one in self.changes for who in one.asked}):
            waits = [one.waits()[who] for one in self.changes if who in one.known]
            asked = sum(who in one.asked for one in self.changes)
            found[str(who)] = (asked, len(waits), middle(waits), max(waits, default=None))
        return found

    def issues(self) -> Counter[tuple[str, int]]:
        """What went wrong with changes and announcements, by kind and product; changes stand apart by minutes."""
        found: Counter[tuple[str, int]] = Counter()
        for one in self.changes:
            again = {w for n in self.changes if n.link == one.link and n.at > one.at for w in n.asked}
            left = self._without(one) - again
            if not one.asked:
                found["nobody_asked", one.link] += 1
            elif left:
                found["nobody_knew" if left == set(one.asked) else "some_unknown", one.link] += 1
            elif max(one.waits().values(), default=timedelta()) > SLOW_LAG:
                found["slow", one.link] += 1
        for link in self.names:
            first = next((at for at, aired in self.aired if aired == link), None)
            early = [s for s in self.of(link) if s.at < (first or self.off or s.at)]
            if first is None and early:
                found["never_announced", link] += 1
            if first is not None and len(early) >= 3:
                found["announced_late", link] += 1
        return found

    def answers(self) -> dict[str, object]:
        told = [(one, one.answered) for one in self.questions if one.answered]
        waits = [answered - at for one, answered in told for at in one.asks.values()]
        late = sum(answered - min(one.asks.values()) > LATE_ANSWER for one, answered in told)
        return {
            "asked": len(self.questions), "answered": len(told), "unanswered": len(self.questions) - len(told),
            "late": late, "median": middle(waits), "worst": max(waits, default=None),
        }  # fmt: skip

    def disputed(self) -> dict[str, object]:
        lags = [one.until - one.at for one in self.disputes if one.until]
        settled_ours = sum(one.ours for one in self.disputes)
        placed = sum(self.in_dispute(one) for one in self.sales if one.paid_at and not one.refunded_at)
        return {
            "reported": len(self.disputes), "unsettled": len(self.disputes) - len(lags), "ours": settled_ours,
            "median": middle(lags), "worst": max(lags, default=None), "orders": placed,
        }  # fmt: skip

    def in_dispute(self, one: Sale) -> bool:
        """Whether it was placed while its product's price was in dispute."""
        return any(d.link == one.link and d.until and d.at <= one.at <= d.until for d in self.disputes)

    # -- sections 2, 3 and 10 ------------------------------------------------------------------------

    def follow_ups(self) -> dict[str, tuple[int, int, int]]:
        """Created, done and open of each kind that occurred."""
        kinds = {
            "review_invite": [one.invited for one in self.sales if one.invited],
            "price": [one.explained for one in self.sales if one.explained],
        }
        return {
            kind: (len(all_), all_.count("done"), all_.count("open")) for kind, all_ in kinds.items() if all_
        }

    def goals(self) -> dict[str, tuple[Decimal, Decimal | None]]:
        """What was reached of each goal, as a share with four places."""
        results = {
            "goal_net_sales": self.sold(self.sales)["net_sales"],
            "goal_viewers": self.entered.get("viewers"),
        }
        return {
            id: (
                self.entered[id],
                rate(Decimal(str(result)), self.entered[id]) if result is not None else None,
            )
            for id, result in results.items()
            if id in self.entered
        }


def yuan(some: Iterable[Sale]) -> Decimal:
    return sum((one.amount for one in some), Decimal(0))


def rate(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """A share with four places; None of nothing."""
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None


def middle(waits: Iterable[timedelta]) -> timedelta | None:
    """The median in whole seconds."""
    seconds = [wait.total_seconds() for wait in waits]
    return timedelta(seconds=int(median(seconds))) if seconds else None


def quarter(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
