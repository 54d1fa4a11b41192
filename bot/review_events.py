"""The events behind each figure of a review: what `/why` opens is what was counted (PRODUCT, Review).

An opener gives one event a thing counted, so a count of things equals the number of its events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.card import line
from bot.chase_figures import fates_of, order_line
from bot.desk import Desk
from bot.review_events_cases import OF_CASES
from bot.review_night import LONGEST, Event, Night, Opener
from bot.review_words import change, clip, figure, issue, span
from bot.reviewing import follow_ups_of
from playbooks import chase
from playbooks.aftercare import DEALT_WITH, Hold
from playbooks.announce import Notice
from playbooks.chase import Fate, Group
from playbooks.followup import FollowUp
from playbooks.inquiries import LostInquiry
from playbooks.needs import BuyerNeed
from playbooks.orders import OrderState
from playbooks.price_report import PriceReport
from playbooks.questions import Question, default_targets, late_after
from playbooks.questions.figures import waits
from playbooks.review_entered import rules as entered_rules
from playbooks.review_handoff import lags
from storage.rows import Line

__all__ = ["Event", "Night", "events"]

PEOPLE = 6


def fates_that(group: Group, counts: Callable[[Fate], bool] = lambda _: True) -> Opener:
    """Orders of a group of the chase."""

    def opened(night: Night) -> list[Event]:
        some = chase.groups(fates_of(night.here, night.desk), night.desk.now)[group]
        return [
            Event(fate.began_at or night.desk.now, order_line(fate, night.desk))
            for fate in some
            if counts(fate)
        ]

    return opened


def orders_that(counts: Callable[[OrderState], bool]) -> Opener:
    """Orders of the broadcast."""

    def opened(night: Night) -> list[Event]:
        known = night.desk.books.orders.by("broadcast", night.here.id)
        return [_order(one, night.desk) for one in known if counts(one)]

    return opened


def _order(one: OrderState, desk: Desk) -> Event:
    at = one.created_at or one.as_of
    product = line("air.product", number=one.link_no or "—", name=clip(one.title, 20))
    said = line(
        "why.order", at=desk.clock(at), order=one.order_id, product=product, amount=one.amount,
        state=line(f"order_status.{one.status}"),
    )  # fmt: skip
    return Event(at, said)


def holds_that(counts: Callable[[Hold], bool]) -> Opener:
    """Orders the audit found."""

    def opened(night: Night) -> list[Event]:
        known = night.desk.books.holds.by("broadcast", night.here.id)
        return [_hold(one, night.desk) for one in known if counts(one)]

    return opened


def _hold(one: Hold, desk: Desk) -> Event:
    rules = tuple(line(f"audit.name_{rule}") for rule in dict.fromkeys(one.rules))
    state = line(f"hold.state_{one.state}")
    said = line(
        "why.hold",
        at=desk.clock(one.found_at),
        order=one.order_id,
        rules=rules,
        region=one.region or "—",
        state=state,
    )
    return Event(one.found_at, said)


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


def follow_ups_that(counts: Callable[[FollowUp], bool]) -> Opener:
    """Those of the broadcast's orders."""

    def opened(night: Night) -> list[Event]:
        books, here = night.desk.books, night.here.id
        found = follow_ups_of(books, here, books.orders.by("broadcast", here))
        return [_follow_up(one, night.desk) for one in found if counts(one)]

    return opened


def _follow_up(one: FollowUp, desk: Desk) -> Event:
    kind, owner = line(f"followup.kind_{one.kind}"), desk.name(one.owner) if one.owner else "—"
    due, order = desk.clock(one.due_at), one.order_id or one.title
    return Event(one.due_at, line("why.follow_up", due=due, kind=kind, order=order, owner=owner))


def entered_as(id: str) -> Opener:
    """Who entered a figure, and when."""

    def opened(night: Night) -> list[Event]:
        desk = night.desk
        known = desk.books.review_entries.get(night.here.id)
        told = known.figures.get(id) if known else None
        if told is None:
            return []
        kind = next(one.kind for one in entered_rules().figure if one.id == id)
        value = figure(kind, told.value)
        source = line("why.from_file", name=told.source) if told.source else line("why.by_hand")
        said = line("why.entered", at=desk.clock(told.at), who=desk.name(told.by), value=value, source=source)
        return [Event(told.at, said)]

    return opened


def _any(_one: object, _night: Night) -> bool:
    return True


OPENERS: Mapping[str, Opener] = {
    "orders": orders_that(lambda _: True), "paid": orders_that(lambda one: one.paid),
    "gmv": orders_that(lambda _: True),
    "net_sales": orders_that(lambda one: one.paid and not one.dead),
    "unpaid": fates_that("unpaid"), "unpaid_rate": fates_that("dead"), "contacted": fates_that("contacted"),
    "coverage": fates_that("lasting"), "recovered": fates_that("recovered"), "success_rate": fates_that("contacted"),
    "natural_rate": fates_that("uncontacted"), "amount": fates_that("recovered"),
    "found": holds_that(lambda _: True), "open": holds_that(lambda one: one.state not in DEALT_WITH),
    "exposure": holds_that(lambda one: one.verdict == "HOLD" and one.state not in DEALT_WITH),
    "changes": changes_that(lambda _: True), "lag_median": changes_that(lambda _: True),
    "lag_worst": changes_that(lambda _: True),
    "questions": _questions(_any), "unanswered": _questions(lambda one, _: not one.answers),
    "answered_late": _questions(_is_late), "answer_median": _questions(lambda one, _: bool(one.answers)),
    "disputed": _disputes, "slips": _slips, "issues": _issues, "lost": lost_that(lambda _: True),
    "needs": needs_that(lambda _: True), "stale": _stale,
    "follow_open": follow_ups_that(lambda one: one.state in ("open", "claimed")),
    **OF_CASES,
}  # fmt: skip
"""By the id of the figure (playbooks.review_marks.HEADLINES)."""


def events(id: str, night: Night) -> list[Event]:
    """What the figure was counted from, in order of time; a figure people entered has who entered it."""
    found: Iterable[Event] = (OPENERS.get(id) or entered_as(id))(night)
    return sorted(found, key=lambda one: one.at)
