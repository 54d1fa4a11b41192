"""The events behind each figure of a review: what `/why` opens is what was counted (PRODUCT, Review).

An opener gives one event a thing counted, so a count of things equals the number of its events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.card import line
from bot.chase_figures import fates_of, order_line
from bot.desk import Desk
from bot.review_events_cases import OF_CASES
from bot.review_events_handoff import OF_HANDOFF
from bot.review_night import Event, Night, Opener
from bot.review_words import clip, figure
from bot.reviewing import follow_ups_of
from playbooks import chase
from playbooks.aftercare import DEALT_WITH, Hold
from playbooks.chase import Fate, Group
from playbooks.followup import FollowUp
from playbooks.orders import OrderState
from playbooks.review_entered import rules as entered_rules

__all__ = ["Event", "Night", "events"]


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


OPENERS: Mapping[str, Opener] = {
    "orders": orders_that(lambda _: True), "paid": orders_that(lambda one: one.paid),
    "gmv": orders_that(lambda _: True),
    "net_sales": orders_that(lambda one: one.paid and not one.dead),
    "unpaid": fates_that("unpaid"), "unpaid_rate": fates_that("dead"), "contacted": fates_that("contacted"),
    "coverage": fates_that("lasting"), "recovered": fates_that("recovered"), "success_rate": fates_that("contacted"),
    "natural_rate": fates_that("uncontacted"), "amount": fates_that("recovered"),
    "found": holds_that(lambda _: True), "open": holds_that(lambda one: one.state not in DEALT_WITH),
    "exposure": holds_that(lambda one: one.verdict == "HOLD" and one.state not in DEALT_WITH),
    "follow_open": follow_ups_that(lambda one: one.state in ("open", "claimed")),
    **OF_HANDOFF,
    **OF_CASES,
}  # fmt: skip
"""By the id of the figure (playbooks.review_marks.HEADLINES)."""


def events(id: str, night: Night) -> list[Event]:
    """What the figure was counted from, in order of time; a figure people entered has who entered it."""
    found: Iterable[Event] = (OPENERS.get(id) or entered_as(id))(night)
    return sorted(found, key=lambda one: one.at)
