"""The second half of the review as text: service, hand-off, posts, follow-ups, action items, other broadcasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import review_text_cases
from bot.card import line
from bot.review_text import AGENTS, lag_line, metric_line
from bot.review_words import clip, clock, day_clock, issue, measured, percent, sections, span
from playbooks.review import Review
from playbooks.review_marks import COMPARED, Compared
from storage.rows import Line

ISSUES = 8
SLIPS = 3
STALE = 3
SORTS = 4
WORDS = 3
ACTIONS = 8
OF_CHASE = ("success_rate",)


def lines(review: Review) -> list[Line]:
    """Sections 7 to 11 in order, what nobody entered last; of many the first, the others counted."""
    parts = (_service, _handoff, _posts, _follow_ups, _actions, _compared, _missing)
    return [one for part in parts for one in part(review)]


def _disputes(review: Review) -> Iterator[Line]:
    """Prices that were in dispute and slips that were corrected; nothing is said of an evening without."""
    told = review.handoff.disputes
    if told.reported:
        yield line(
            "review.disputes", reported=told.reported, ours=told.ours, unsettled=told.unsettled,
            median=span(told.median), worst=span(told.worst), orders=told.orders,
        )  # fmt: skip
    for open_ in told.waiting[:SLIPS]:
        yield line(
            "review.dispute_open", at=clock(open_.at, review.tz), number=open_.link_no, price=open_.price,
            ours=open_.ours,
        )  # fmt: skip
    slips = review.handoff.corrections
    if slips:
        yield line("review.corrections", count=len(slips))
    for one in slips[:SLIPS]:
        yield line(
            "review.correction", at=clock(one.at, review.tz), number=one.link_no, text=clip(one.text, 60)
        )


def _answers(review: Review) -> Line:
    """How soon questions to ops were answered, or that nobody entered one."""
    told = review.handoff.asked
    if not told.asked:
        return line("review.no_questions")
    return line(
        "review.questions", asked=told.asked, answered=told.answered, unanswered=told.unanswered, late=told.late,
        median=span(told.median), worst=span(told.worst),
    )  # fmt: skip


def _handoff(review: Review) -> Iterator[Line]:
    told = review.handoff
    yield line("review.head_handoff")
    yield lag_line(review)
    yield _answers(review)
    yield from _disputes(review)
    for person in told.people[:AGENTS]:
        yield line(
            "review.person_lag", who=clip(review.name(person.who), 12), known=person.known,
            asked=person.asked, median=span(person.median), worst=span(person.worst),
        )  # fmt: skip
    for one in told.issues[:ISSUES]:
        yield line("review.issue", issue=issue(one, review, 20))
    if len(told.issues) > ISSUES:
        yield line("review.issues_rest", count=len(told.issues) - ISSUES)
    if not told.issues:
        yield line("review.no_issues")
    yield from _spoken(review)


def _spoken(review: Review) -> Iterator[Line]:
    """What buyers told who did not order, what they want, and which answers have gone stale."""
    told = review.spoken
    if told.lost:
        yield line(
            "review.lost",
            count=sum(n for _, n in told.lost),
            reasons=_counts(told.lost, "lost", "reason", "lost.no_reason"),
        )
    if told.needs:
        yield line(
            "review.needs",
            count=sum(n for _, n in told.needs),
            sorts=_counts(told.needs, "need", "sort", "need.unsorted"),
        )
    if told.stale:
        shown = tuple(line("review.plain", text=clip(one, 20)) for one in told.stale[:STALE])
        yield line("review.stale", count=len(told.stale), questions=shown)


def _counts(counted: Sequence[tuple[str, int]], area: str, what: str, none: str) -> tuple[Line, ...]:
    return tuple(
        line("review.counted", what=line(f"{area}.{what}_{id}" if id else none), count=n)
        for id, n in counted[:SORTS]
    )


def _service(review: Review) -> Iterator[Line]:
    """Section 7: figures as the platform defines them, who did how much, complaints and after-sales."""
    dealt = [*_work(review), *review_text_cases.service(review)]
    if review.service:
        yield line("review.head_service", platform=line(f"platform.{review.basics.platform}"))
        yield metric_line(review.service)
    elif dealt:
        yield line("review.head_cases")
    yield from dealt


def _work(review: Review) -> Iterator[Line]:
    """Who did how much on and off air; who was signed in and did nothing counts with nothing (G15)."""
    agents = [one for one in review.work if one.on or one.off or one.who in review.basics.agents]
    if any(one.on or one.off for one in agents):
        yield line("review.work", on=sum(one.on for one in agents), off=sum(one.off for one in agents))
        for one in agents[:AGENTS]:
            who = clip(review.name(one.who), 12)
            yield line("review.work_of", who=who, on=one.on, off=one.off, there=span(one.there))
        if len(agents) > AGENTS:
            yield line("review.work_rest", count=len(agents) - AGENTS)


def _posts(review: Review) -> Iterator[Line]:
    """Section 9, slips by owner, and how those on duty found the shift."""
    if review.posts or review.mood.said or review.cases.mistakes:
        yield line("review.head_posts")
    for id, remark in review.posts.items():
        yield line("review.post", post=line(f"entry.post_{id}"), text=clip(remark.text, 120))
    yield from review_text_cases.posts(review)
    if review.mood.said:
        said = tuple(
            line("review.counted", what=line(f"feedback.{how}"), count=n) for how, n in review.mood.said
        )
        yield line("review.mood", said=said)
    for words in review.mood.words[:WORDS]:
        yield line("review.mood_words", text=clip(words, 80))


def _actions(review: Review) -> Iterator[Line]:
    """Section 11: what is open, the soonest due first, and what came of those that were."""
    if not review.actions:
        return
    done = sum(one.state == "done" for one in review.actions)
    yield line("review.head_actions", done=done, count=len(review.actions))
    for one in review.actions[:ACTIONS]:
        key = (
            "review.action_late"
            if one.state == "open" and one.due_at <= review.made_at
            else f"review.action_{one.state}"
        )
        old = line("review.action_old") if one.broadcast != review.broadcast else line("review.action_new")
        yield line(
            key, text=clip(one.text, 60), owner=clip(review.name(one.owner), 12), due=day_clock(one.due_at, review.tz),
            old=old, why=clip(one.ended_why, 40) or line("review.nothing"),
        )  # fmt: skip


def _compared(review: Review) -> Iterator[Line]:
    """Beside the last broadcast and the mean of the last seven; the workbook has every figure."""
    rows = {one.id: one for one in review.compared if one.id in COMPARED}
    if not rows:
        return
    yield line("review.head_compared", known=max(one.known for one in rows.values()))
    natural = rows.pop("natural_rate", None)
    for id, one in rows.items():
        said = _beside(one)
        # No recovery is told without what pays by itself.
        yield (
            line("review.compared_natural", said=said, natural=_beside(natural))
            if natural and id in OF_CHASE
            else said
        )


def _beside(one: Compared) -> Line:
    values = {"value": one.value, "last": one.last, "mean": one.mean}
    told = {name: measured(one.kind, value) for name, value in values.items()}
    return line("review.compared", name=line(f"headline.{one.id}"), **told)


def _follow_ups(review: Review) -> Iterator[Line]:
    yield line("review.head_follow_ups")
    for one in review.follow_ups:
        yield line(
            "review.follow_up", kind=line(f"followup.kind_{one.kind}"), done=one.done, created=one.created,
            rate=percent(one.rate), open=one.open,
        )  # fmt: skip
    dealt = list(review_text_cases.follow_ups(review))
    yield from dealt
    if not review.follow_ups and not dealt:
        yield line("review.no_follow_ups")


def _missing(review: Review) -> Iterator[Line]:
    if review.not_entered:
        yield line("review.not_entered", sections=sections(review.not_entered))
