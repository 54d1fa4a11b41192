"""Quality checks 质检: a fair sample of what each agent did for buyers, looked at by leads and managers (G13)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from playbooks.chase import Chase
from playbooks.metrics import rate
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.rulebook import load


class Rules(Model):
    """`data/qa.toml`."""

    source: str
    each: int
    pass_rate: Decimal
    longest_note: int
    faults: tuple[str, ...]
    score_words: tuple[str, ...]


class Sample(Document):
    """One order an agent contacted the buyer of; `fault` is '' where it was good, None while nobody has looked."""

    broadcast: str
    agent: str
    order_id: str
    at: Moment
    fault: str | None = None
    by: str = ""
    judged_at: Moment | None = None


class Score(Model):
    """One agent's checks: looked at, good, and what was wrong, most frequent first; `rate` None before any."""

    agent: str
    judged: int
    good: int
    rate: Decimal | None
    faults: tuple[tuple[str, int], ...] = ()

    @property
    def low(self) -> bool:
        """Whether it is below what is asked for."""
        return self.rate is not None and self.rate < rules().pass_rate


def rules() -> Rules:
    """`data/qa.toml`."""
    known: Rules = load("qa", Rules)
    return known


def draw(broadcast: str, chases: Iterable[Chase], now: Moment) -> tuple[Sample, ...]:
    """As many orders of each agent as are asked for, by lot; the same broadcast gives the same lot, so that nobody can
    draw until it suits. An order belongs to the agent who contacted its buyer first; nobody is drawn who did nothing.
    """
    theirs: dict[str, list[Chase]] = defaultdict(list)
    for one in sorted(chases, key=lambda chase: chase.order_id):
        if one.contacts:
            theirs[one.contacts[0].who].append(one)
    found = []
    for agent in sorted(theirs):
        drawn = sorted(theirs[agent], key=lambda one: _lot(broadcast, one.order_id))[: rules().each]
        found += [
            Sample(
                id=f"{broadcast}-qa{one.order_id}",
                broadcast=broadcast,
                agent=agent,
                order_id=one.order_id,
                at=now,
            )
            for one in drawn
        ]
    return tuple(found)


def _lot(broadcast: str, order_id: str) -> bytes:
    return hashlib.sha256(f"{broadcast} {order_id}".encode()).digest()


def judge(sample: Sample, fault: str, by: str, now: Moment) -> Sample:
    """Good (`''`), or what was wrong; judged anew after a slip. Raises Refusal `qa.fault`, `qa.own`."""
    if fault and fault not in rules().faults:
        raise Refusal("qa.fault")
    if by == sample.agent:
        raise Refusal("qa.own")
    return sample.changed(fault=fault, by=by, judged_at=now)


def scores(samples: Iterable[Sample]) -> tuple[Score, ...]:
    """A row an agent, the lowest rate first, who was not looked at yet last."""
    theirs: dict[str, list[Sample]] = defaultdict(list)
    for one in samples:
        theirs[one.agent].append(one)
    rows = [_score(agent, some) for agent, some in theirs.items()]
    return tuple(sorted(rows, key=lambda row: (row.rate is None, row.rate or 0, row.agent)))


def _score(agent: str, some: Iterable[Sample]) -> Score:
    judged = [one for one in some if one.fault is not None]
    good = sum(one.fault == "" for one in judged)
    counts = {fault: sum(one.fault == fault for one in judged) for fault in rules().faults}
    faults = sorted(((f, n) for f, n in counts.items() if n), key=lambda pair: -pair[1])
    return Score(
        agent=agent, judged=len(judged), good=good, rate=rate(good, len(judged)), faults=tuple(faults)
    )
