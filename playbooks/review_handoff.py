"""Section 8 of the review: the hand-off 衔接 between the broadcast team and the service team.

facts/metrics.yaml ops_ours announce_lag, REQUIREMENTS G01, G02. What the host says first is recorded by
nobody, so a lag runs from ops' change in the group, and what is on air counts from ops' `/on`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from playbooks.announce import Listing, Notice
from playbooks.broadcast import Broadcast
from playbooks.corrections import Correction
from playbooks.metrics import median, worst
from playbooks.model import Moment
from playbooks.orders import OrderState
from playbooks.price_report import Disputes
from playbooks.questions import AnswerTimes
from playbooks.review_model import Handoff, Issue, IssueKind, PersonLag, ProductFigures, rules


def lags(notice: Notice) -> dict[str, timedelta]:
    """How long each person asked waited until they knew, never below 0; who was not asked does not count."""
    return {p: max(at - notice.at, timedelta(0)) for p, at in notice.known.items() if p in notice.asked}


def handoff(
    broadcast: Broadcast,
    listings: Sequence[Listing],
    notices: Sequence[Notice],
    products: Sequence[ProductFigures],
    orders: Sequence[OrderState],
    *,
    asked_ops: AnswerTimes,
    disputes: Disputes,
    corrections: Sequence[Correction],
) -> Handoff:
    """The figures of section 8, its issues in order of time."""
    asked = sorted(notices, key=lambda one: (one.at, one.id))
    names = {one.link_no: one.name for one in listings}
    uninformed = {one.id: _uninformed(one, asked) for one in asked}
    placed = _placed(orders)
    waits = [wait for one in asked for wait in lags(one).values()]
    issues = (
        *(_issue(one, uninformed[one.id], _asked_again(one, asked), names) for one in asked),
        *_crowded(asked, names),
        *(_unannounced(row, broadcast, placed.get(row.link_no, ())) for row in products),
    )
    found = sorted((i for i in issues if i), key=lambda i: (i.at, i.link_no, i.kind))
    return Handoff(
        changes=len(asked), confirmed=sum(bool(n.asked) and not uninformed[n.id] for n in asked),
        answers=len(waits), median=median(waits), worst=worst(waits), people=_people(asked),
        issues=tuple(found), asked=asked_ops, disputes=disputes,
        corrections=tuple(sorted(corrections, key=lambda one: (one.at, one.id))),
    )  # fmt: skip


def _uninformed(notice: Notice, all_of_them: Iterable[Notice]) -> tuple[str, ...]:
    """Those asked who knew neither this revision nor a later one of the same product."""
    later = [n for n in all_of_them if n.listing == notice.listing and n.revision >= notice.revision]
    return tuple(person for person in notice.asked if not any(person in one.known for one in later))


def _asked_again(notice: Notice, all_of_them: Iterable[Notice]) -> frozenset[str]:
    """Those asked about a later revision too: that one says whether they knew."""
    later = (n for n in all_of_them if n.listing == notice.listing and n.revision > notice.revision)
    return frozenset(person for one in later for person in one.asked)


def _issue(
    notice: Notice, uninformed: tuple[str, ...], again: frozenset[str], names: Mapping[int, str]
) -> Issue | None:
    """The most serious thing about one change: nobody there, nobody or not everybody knew, known late."""
    waits = lags(notice)
    longest = worst(waits.values())
    if not notice.asked:
        return _about(notice, names, "nobody_asked")
    if left := tuple(person for person in uninformed if person not in again):
        kind: IssueKind = "nobody_knew" if set(left) == set(notice.asked) else "some_unknown"
        return _about(notice, names, kind, people=left)
    if longest is not None and longest > timedelta(seconds=rules().slow_seconds):
        last = max(waits, key=lambda person: waits[person])
        return _about(notice, names, "slow", people=(last,), lag=longest)
    return None


def _about(
    notice: Notice, names: Mapping[int, str], kind: IssueKind, *, people: tuple[str, ...] = (),
    lag: timedelta | None = None, count: int = 0,
) -> Issue:  # fmt: skip
    return Issue(
        kind=kind, at=notice.at, link_no=notice.link_no, name=names.get(notice.link_no, ""),
        changes=notice.changes, people=people, count=count, lag=lag,
    )  # fmt: skip


def _crowded(asked: Sequence[Notice], names: Mapping[int, str]) -> Iterator[Issue]:
    """Runs of changes, each within `crowded_seconds` of the one before: faster than a person reads them."""
    limit = timedelta(seconds=rules().crowded_seconds)
    run: list[Notice] = list(asked[:1])
    for before, after in pairwise([*asked, None]):
        if before is not None and after is not None and after.at - before.at < limit:
            run.append(after)
            continue
        if len(run) > 1:
            first, last = run[0], run[-1]
            yield _about(first, names, "crowded", count=len(run), lag=last.at - first.at)
        run = [after] if after is not None else []


def _placed(orders: Iterable[OrderState]) -> dict[int | None, list[Moment]]:
    """When the orders of each product were placed, in order."""
    placed: dict[int | None, list[Moment]] = {}
    for at, link in sorted((o.created_at, o.link_no) for o in orders if o.created_at and o.link_no):
        placed.setdefault(link, []).append(at)
    return placed


def _unannounced(row: ProductFigures, broadcast: Broadcast, placed: Sequence[Moment]) -> Issue | None:
    """Sold on air but never announced, or announced after `late_orders` orders had come in.

    Only orders placed on air count: buyers may order from the cart before the stream.
    """
    start = broadcast.live_at
    if row.link_no is None or start is None:
        return None
    announced = row.announced[0] if row.announced else None
    until = announced or broadcast.ended_at
    early = [at for at in placed if at >= start and (until is None or at < until)]
    if announced:
        if len(early) < rules().late_orders:
            return None
        return _sold(row, "announced_late", early, at=announced, lag=announced - early[0])
    return _sold(row, "never_announced", early, at=early[0]) if early else None


def _sold(
    row: ProductFigures, kind: IssueKind, early: Sequence[Moment], *, at: Moment, lag: timedelta | None = None
) -> Issue:
    return Issue(kind=kind, at=at, link_no=row.link_no or 0, name=row.name, count=len(early), lag=lag)


def _people(notices: Sequence[Notice]) -> tuple[PersonLag, ...]:
    """One row a person asked, the slowest first, those who never knew before them."""
    waits: dict[str, list[timedelta]] = {}
    asked: dict[str, int] = {}
    for notice in notices:
        for person in notice.asked:
            asked[person] = asked.get(person, 0) + 1
            waits.setdefault(person, [])
        for person, wait in lags(notice).items():
            waits[person].append(wait)
    rows = (
        PersonLag(who=p, asked=n, known=len(waits[p]), median=median(waits[p]), worst=worst(waits[p]))
        for p, n in asked.items()
    )
    slowest = sorted(rows, key=lambda row: (row.median is not None, -(row.median or timedelta(0)), row.who))
    return tuple(slowest)
