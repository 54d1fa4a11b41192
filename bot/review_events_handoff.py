"""The events behind a review's section 8: changes and who knew, questions, prices heard otherwise, what buyers told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.card import line
from bot.desk import Desk
from bot.review_night import LONGEST, Event, Night, Opener
from bot.review_words import change, clip, issue, span
from playbooks.announce import Notice
from playbooks.inquiries import LostInquiry
from playbooks.needs import BuyerNeed
from playbooks.price_report import PriceReport
from playbooks.questions import Question, default_targets, late_after
from playbooks.questions.figures import waits
from playbooks.review_handoff import lags
from storage.rows import Line

PEOPLE = 6


def changes_that(counts: Callable[[Notice], bool]) -> Opener:
    """Binding changes, and how soon each person asked knew."""

    def opened(night: Night) -> list[Event]:
        known = night.desk.books.notices.by("broadcast", night.here.id)
        return [Event(one.at, _notice(one, night.desk)) for one in known if counts(one)]

    return opened


def _notice(one: Notice, desk: Desk) -> Line:
    """What was changed, and how soon each person asked knew."""
    waited = lags(one)
    each = [
        line("why.knew", who=desk.name(who), lag=span(waited[who]))
        if who in waited
        else line("why.knew_not", who=desk.name(who))
        for who in one.asked[:PEOPLE]
    ]
    changes = tuple(change(c) for c in one.changes)
    people = tuple(each) or line("why.nobody")
    return line("why.change", at=desk.clock(one.at), number=one.link_no, changes=changes, people=people)


def _questions(counts: Callable[[Question, Night], bool]) -> Opener:
    def opened(night: Night) -> list[Event]:
        asked = [
            one
            for one in night.desk.books.questions.by("broadcast", night.here.id)
            if one.state not in ("withdrawn", "told")
        ]
        return [_question(one, night.desk) for one in asked if counts(one, night)]

    return opened


def _question(one: Question, desk: Desk) -> Event:
    first = one.asks[0]
    waited = waits(one)
    answered = line("why.answered", lag=span(max(waited))) if waited else line("why.unanswered")
    text = clip(first.text, LONGEST)
    said = line(
        "why.question", at=desk.clock(first.at), who=desk.name(first.who), text=text, answered=answered
    )
    return Event(first.at, said)


def _is_late(one: Question, night: Night) -> bool:
    books, room = night.desk.books, night.desk.room.id
    limit = late_after(books.question_targets.get(room) or default_targets(room))
    return bool(waited := waits(one)) and max(waited) > limit


def _disputes(night: Night) -> list[Event]:
    return [
        _dispute(one, night.desk) for one in night.desk.books.price_reports.by("broadcast", night.here.id)
    ]


def _dispute(one: PriceReport, desk: Desk) -> Event:
    at, open_for = desk.clock(one.at), span(one.lag)
    said = line("why.dispute", at=at, number=one.link_no, price=one.price, ours=one.ours, lag=open_for)
    return Event(one.at, said)


def _slips(night: Night) -> list[Event]:
    desk = night.desk
    return [
        Event(
            one.at, line("why.slip", at=desk.clock(one.at), number=one.link_no, text=clip(one.text, LONGEST))
        )
        for one in night.review.handoff.corrections
    ]


def _issues(night: Night) -> list[Event]:
    return [Event(one.at, issue(one, night.review, 24)) for one in night.review.handoff.issues]


def lost_that(counts: Callable[[LostInquiry], bool]) -> Opener:
    """Buyers who asked and did not order."""

    def opened(night: Night) -> list[Event]:
        known = night.desk.books.lost_inquiries.by("broadcast", night.here.id)
        return [_inquiry(one, night.desk) for one in known if counts(one)]

    return opened


def _inquiry(one: LostInquiry, desk: Desk) -> Event:
    reason = line(f"lost.reason_{one.reason}" if one.reason else "lost.no_reason")
    at, who, text = desk.clock(one.at), desk.name(one.by), clip(one.text, LONGEST)
    return Event(one.at, line("why.lost", at=at, who=who, product=one.name or "—", reason=reason, text=text))


def needs_that(counts: Callable[[BuyerNeed], bool]) -> Opener:
    """What buyers want or propose."""

    def opened(night: Night) -> list[Event]:
        known = night.desk.books.needs.by("broadcast", night.here.id)
        return [_need(one, night.desk) for one in known if counts(one)]

    return opened


def _need(one: BuyerNeed, desk: Desk) -> Event:
    at, who, text = desk.clock(one.at), desk.name(one.by), clip(one.text, LONGEST)
    return Event(one.at, line("why.need", at=at, who=who, text=text))


def _stale(night: Night) -> list[Event]:
    return [Event(night.review.made_at, line("why.stale", text=one)) for one in night.review.spoken.stale]


def _any(_one: object, _night: Night) -> bool:
    return True


OF_HANDOFF: Mapping[str, Opener] = {
    "changes": changes_that(lambda _: True), "lag_median": changes_that(lambda _: True),
    "lag_worst": changes_that(lambda _: True),
    "questions": _questions(_any), "unanswered": _questions(lambda one, _: not one.answers),
    "answered_late": _questions(_is_late), "answer_median": _questions(lambda one, _: bool(one.answers)),
    "disputed": _disputes, "slips": _slips, "issues": _issues, "lost": lost_that(lambda _: True),
    "needs": needs_that(lambda _: True), "stale": _stale,
}  # fmt: skip
"""By the id of the figure (playbooks.review_marks.HEADLINES)."""
