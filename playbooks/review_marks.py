"""What each version of a review came to, kept in a few figures: to say what changed, and to compare broadcasts.

"Compared with the last seven" (PRODUCT, Review): the mean over those of them in which the figure was known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from playbooks.model import Document, Model, Moment
from playbooks.review_cases import of_cases

if TYPE_CHECKING:
    from playbooks.review_model import Review

LAST = 7
VERSIONS_KEPT = 20
HeadKind = Literal["count", "yuan", "rate", "seconds"]
FOUR = Decimal("0.0001")


class Version(Model):
    """The figures of one version, by their ids; a figure that was not known is left out. Times in seconds."""

    version: int
    made_at: Moment
    data_until: Moment | None
    figures: dict[str, Decimal]
    said: str = ""
    """A digest of all it says: a version that says the same would be none."""


class ReviewMark(Document):
    """The versions of the review of the broadcast `id`, oldest first, and the hand-off issues of the newest."""

    number: int
    opened_on: date
    versions: tuple[Version, ...] = ()
    issues: tuple[str, ...] = ()
    """Kind and product of each: `slow 精华液`."""


class Compared(Model):
    """One figure beside those of broadcasts before; `mean` over the `known` of the last seven that had it."""

    id: str
    kind: HeadKind
    value: Decimal | None
    last: Decimal | None
    mean: Decimal | None
    known: int


class Changed(Model):
    """What later data made of a figure: as the version before said, and as it is now; None where not known."""

    id: str
    kind: HeadKind
    before: Decimal | None
    after: Decimal | None


HEADLINES: Mapping[str, HeadKind] = {
    "orders": "count", "paid": "count", "gmv": "yuan", "net_sales": "yuan", "unpaid": "count",
    "unpaid_rate": "rate", "contacted": "count", "coverage": "rate", "recovered": "count", "success_rate": "rate",
    "natural_rate": "rate", "amount": "yuan", "found": "count", "open": "count", "exposure": "yuan",
    "changes": "count", "lag_median": "seconds", "lag_worst": "seconds", "questions": "count",
    "unanswered": "count", "answered_late": "count", "answer_median": "seconds", "disputed": "count",
    "slips": "count", "issues": "count", "lost": "count", "needs": "count", "stale": "count",
    "follow_open": "count", "negative": "count", "negative_open": "count", "complaints": "count",
    "complaints_open": "count", "second": "count", "aftersales": "count", "aftersales_open": "count",
    "cases_late": "count", "promises": "count", "promises_broken": "count", "mistakes": "count",
}  # fmt: skip
"""The figures that are compared, in the order they are said; their texts are `headline.<id>`."""
COMPARED = (
    "net_sales", "unpaid_rate", "coverage", "success_rate", "natural_rate", "amount", "found", "lag_median",
    "unanswered", "answer_median", "issues", "lost",
)  # fmt: skip
"""Those that are compared in the text; the workbook has them all."""


def headline(review: Review) -> dict[str, Decimal]:
    """The figures of a review that are known, by id. What people write down and nobody did is not known, never 0."""
    told, hand, held, sales = review.chase.funnel, review.handoff, review.anomalies, review.sales
    known, asked = review.orders_known, hand.asked
    found: dict[str, int | Decimal | timedelta | None] = {
        "orders": sales.orders, "paid": sales.paid, "gmv": sales.gmv, "net_sales": sales.net_sales,
        "unpaid": told.unpaid if known else None, "unpaid_rate": told.unpaid_rate,
        "contacted": told.contacted if known else None, "coverage": told.coverage,
        "recovered": told.recovered if told.contacted else None, "success_rate": told.success_rate,
        "natural_rate": told.natural_rate, "amount": told.recovered_amount,
        "found": held.found, "open": held.open, "exposure": held.exposure,
        "changes": hand.changes, "lag_median": hand.median, "lag_worst": hand.worst,
        "questions": asked.asked or None, "unanswered": asked.unanswered if asked.asked else None,
        "answered_late": asked.late if asked.asked else None, "answer_median": asked.median,
        "disputed": hand.disputes.reported or None, "slips": len(hand.corrections) or None,
        "issues": len(hand.issues), "lost": sum(n for _, n in review.spoken.lost) or None,
        "needs": sum(n for _, n in review.spoken.needs) or None, "stale": len(review.spoken.stale),
        "follow_open": sum(one.open for one in review.follow_ups) if review.follow_ups else None,
        **of_cases(review.cases),
    }  # fmt: skip
    return {id: _decimal(found[id]) for id in HEADLINES if found[id] is not None}


def _decimal(value: int | Decimal | timedelta | None) -> Decimal:
    if isinstance(value, timedelta):
        return Decimal(int(value.total_seconds()))
    return Decimal(value or 0)


def marked(known: ReviewMark | None, review: Review, number: int) -> ReviewMark:
    """The mark with this version in it."""
    before = known or ReviewMark(id=review.broadcast, number=number, opened_on=review.basics.opened_on)
    new = Version(
        version=review.version, made_at=review.made_at, data_until=review.data_until, figures=headline(review),
        said=digest(review),
    )  # fmt: skip
    kept = [one for one in before.versions if one.version < review.version]
    issues = tuple(f"{one.kind} {one.name}" for one in review.handoff.issues)
    return before.changed(versions=(*kept, new)[-VERSIONS_KEPT:], issues=issues)


OF_NO_VERSION = {"version", "made_at", "data_until", "changed_since", "people", "compared"}


def digest(review: Review) -> str:
    """Of all a review says of its broadcast: not when it was made and until when the data goes, what people are called,
    nor what others came to. Newer data that changes nothing is no new version."""
    said = review.model_dump_json(exclude=OF_NO_VERSION)
    return sha256(said.encode()).hexdigest()[:24]


def says_the_same(known: ReviewMark | None, review: Review) -> bool:
    """Whether the newest version already says all that `review` does."""
    return known is not None and bool(known.versions) and known.versions[-1].said == digest(review)


def before(marks: Iterable[ReviewMark], number: int) -> tuple[ReviewMark, ...]:
    """The last seven broadcasts before this one that have a review, the newest first."""
    earlier = [one for one in marks if one.number < number and one.versions]
    return tuple(sorted(earlier, key=lambda one: -one.number)[:LAST])


def compared(now: Mapping[str, Decimal], earlier: Iterable[ReviewMark]) -> tuple[Compared, ...]:
    """A row a figure that is known now or was before; () without an earlier broadcast."""
    past = [one.versions[-1].figures for one in earlier]
    rows = (_compared(id, now, past) for id in HEADLINES)
    return tuple(row for row in rows if past and (row.value is not None or row.known))


def _compared(id: str, now: Mapping[str, Decimal], past: list[dict[str, Decimal]]) -> Compared:
    known = [figures[id] for figures in past if id in figures]
    mean = (sum(known, Decimal(0)) / len(known)).quantize(FOUR, ROUND_HALF_UP) if known else None
    last = past[0].get(id) if past else None
    return Compared(id=id, kind=HEADLINES[id], value=now.get(id), last=last, mean=mean, known=len(known))


def changed(now: Mapping[str, Decimal], known: ReviewMark | None, version: int) -> tuple[Changed, ...]:
    """What is another figure than in the version before; () in the first."""
    former = [one for one in known.versions if one.version < version] if known else []
    if not former:
        return ()
    then = former[-1].figures
    return tuple(
        Changed(id=id, kind=kind, before=then.get(id), after=now.get(id))
        for id, kind in HEADLINES.items()
        if then.get(id) != now.get(id)
    )


def repeats(issue: str, earlier: Iterable[ReviewMark]) -> int:
    """In how many of the earlier broadcasts the same thing went wrong with the same product."""
    return sum(issue in one.issues for one in earlier)
