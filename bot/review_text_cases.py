"""Cases 工单, promises and slips as lines of the review's sections 7, 9 and 10; nothing is said where nothing came."""

from __future__ import annotations

from collections.abc import Iterator

from bot.card import line
from bot.review_words import clip, count, percent, yuan
from playbooks.cases import Kind, State
from playbooks.review import Review
from playbooks.review_cases import TypeFigures
from storage.rows import Line

CAUSES = 4
TYPES = 5
OWNERS = 6
FOLLOWED: tuple[Kind, ...] = ("negative", "mixed", "complaint", "aftersale")
"""Kinds whose completion stands with the follow-ups; slips stand with the posts."""


def service(review: Review) -> Iterator[Line]:
    """Of section 7: complaints by state, causes, the after-sales register by type."""
    told = review.cases
    if told.complaints:
        states = tuple(line("review.counted", what=_state(state), count=n) for state, n in told.complaints)
        yield line(
            "review.complaints", count=sum(n for _, n in told.complaints), states=states, second=told.second,
            reopened=told.reopened, unsatisfied=told.unsatisfied,
        )  # fmt: skip
    if told.causes:
        causes = tuple(
            line("review.counted", what=line(f"case.cause_{id}" if id else "lost.no_reason"), count=n)
            for id, n in told.causes[:CAUSES]
        )
        yield line("review.causes", causes=causes)
    if told.types:
        shown = tuple(map(_type, told.types[:TYPES]))
        yield line("review.aftersales", count=sum(one.came for one in told.types), types=shown)


def _state(state: State) -> Line:
    return line("review.case_closed" if state == "closed" else f"case.state_{state}")


def _type(one: TypeFigures) -> Line:
    name = line(f"case.type_{one.type}" if one.type else "review.no_type")
    paid = line("review.type_amount", amount=yuan(one.amount)) if one.amount is not None else ""
    return line("review.type", name=name, came=one.came, closed=one.closed, paid=paid)


def posts(review: Review) -> Iterator[Line]:
    """Of section 9: slips by who answers for them (F16)."""
    shown = tuple(
        line("review.slip_owner", who=clip(review.name(one.who), 12), count=one.count, cured=one.cured)
        for one in review.cases.mistakes[:OWNERS]
    )
    if shown:
        yield line("review.mistakes", count=sum(one.count for one in review.cases.mistakes), owners=shown)


def follow_ups(review: Review) -> Iterator[Line]:
    """Of section 10: how many of each kind are over, and whether what was promised was kept (H36)."""
    for kind in FOLLOWED:
        if one := review.cases.of(kind):
            yield line(
                "review.case", kind=line(f"review.kind_{kind}"), closed=count(one.closed), came=count(one.came),
                rate=percent(one.rate), open=one.open, late=one.late,
            )  # fmt: skip
    if told := review.cases.promises:
        yield line(
            "review.promises", made=told.made, kept=told.kept, late=told.late, broken=told.broken, open=told.open,
            rate=percent(told.rate),
        )  # fmt: skip
