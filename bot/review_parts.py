"""The figures of a review besides its headlines, each of which opens too: by rule, region, product, person, reason.

A count of things equals the number of events its opener gives, as with the headlines (bot.review_events).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from bot.card import line
from bot.desk import Desk
from bot.review_events import entered_as, fates_that, follow_ups_that, holds_that, orders_that
from bot.review_events_handoff import changes_that, lost_that, needs_that
from bot.review_night import Event, Night, Opener
from bot.review_words import figure, product, spoken
from bot.reviewing import journal_of
from bot.texts import LANGUAGES
from playbooks import review_live
from playbooks.journal import Entry
from playbooks.review_entered import Entered
from playbooks.review_marks import HEADLINES, headline
from playbooks.review_work import noted
from storage.rows import Line

NAME = 24


class Part(NamedTuple):
    """One figure: what it is called, its kind and value, and what is behind it."""

    name: Line
    kind: str
    value: Decimal | None
    opens: Opener


def parts(night: Night) -> dict[str, Part]:
    """By an id that stands in buttons: `rule_remote`, `region_新疆`, `product_3`."""
    groups = (_products, _reasons, _audit, _people, _work, _spoken, _follow_ups, _worked_out)
    return {id: part for group in groups for id, part in group(night)}


Found = Iterator[tuple[str, Part]]


def _count(name: Line, count: int, opens: Opener) -> Part:
    return Part(name, "count", Decimal(count), opens)


def _products(night: Night) -> Found:
    """Orders of each product; those whose product is unclear too."""
    links = {row.link_no for row in night.review.products}
    for row in night.review.products:
        if row.sales.orders:
            opens = orders_that(_of_link(row.link_no, links))
            yield (
                f"product_{row.link_no or 0}",
                _count(product(row.link_no, row.name, NAME), row.sales.orders, opens),
            )


def _of_link(link: int | None, known: set[int | None]) -> Callable[[object], bool]:
    return lambda one: (one.link_no if one.link_no in known else None) == link  # type: ignore[attr-defined]


def _reasons(night: Night) -> Found:
    """Why buyers did not pay."""
    for reason, count in night.review.chase.funnel.reasons:
        opens = fates_that("unpaid", lambda fate, why=reason: fate.reason == why)  # type: ignore[misc]
        yield f"reason_{reason}", _count(line(f"chase.reason_{reason}"), count, opens)


def _audit(night: Night) -> Found:
    told = night.review.anomalies
    for rule in told.rules:
        opens = holds_that(lambda one, name=rule.rule: name in one.rules)  # type: ignore[misc]
        yield f"rule_{rule.rule}", _count(line(f"audit.name_{rule.rule}"), rule.found, opens)
    for region, count in told.regions:
        opens = holds_that(lambda one, name=region: one.region == name)  # type: ignore[misc]
        yield f"region_{region}", _count(line("review.plain", text=region), count, opens)


def _people(night: Night) -> Found:
    """How often each person was asked to know a change."""
    for one in night.review.handoff.people:
        opens = changes_that(lambda notice, who=one.who: who in notice.asked)  # type: ignore[misc]
        name = line("why.asked_of", who=night.review.name(one.who))
        yield f"asked_{one.who}", _count(name, one.asked, opens)


def _work(night: Night) -> Found:
    """What each person did that day."""
    for one in night.review.work:
        if one.on or one.off:
            name = line("why.work_of", who=night.review.name(one.who))
            yield f"work_{one.who}", _count(name, one.on + one.off, partial(_pieces, one.who))


def _pieces(who: str, night: Night) -> list[Event]:
    desk = night.desk
    told = noted(journal_of(desk.books, desk.books), night.here, desk.books.broadcasts.scan(), desk.zone)
    return [Event(one.at, _piece(one, desk)) for one in told if one.who == who]


def _piece(one: Entry, desk: Desk) -> Line:
    order = one.values.get("order_id") or one.values.get("order") or "—"
    return line("why.piece", at=desk.clock(one.at), what=line(f"dayreport.work_{one.kind}"), order=order)


def _spoken(night: Night) -> Found:
    told = night.review.spoken
    for reason, count in told.lost:
        opens = lost_that(lambda one, why=reason: one.reason == why)  # type: ignore[misc]
        yield (
            f"lost_{reason}",
            _count(line(f"lost.reason_{reason}" if reason else "lost.no_reason"), count, opens),
        )
    for sort, count in told.needs:
        opens = needs_that(lambda one, of=sort: one.sort == of)  # type: ignore[misc]
        yield f"need_{sort}", _count(line(f"need.sort_{sort}" if sort else "need.unsorted"), count, opens)


def _follow_ups(night: Night) -> Found:
    for one in night.review.follow_ups:
        opens = follow_ups_that(lambda each, kind=one.kind: each.kind == kind)  # type: ignore[misc]
        yield f"follow_{one.kind}", _count(line(f"followup.kind_{one.kind}"), one.created, opens)


def _worked_out(night: Night) -> Found:
    """What follows from figures entered and sold opens those."""
    written = night.desk.books.review_entries.get(night.here.id) or Entered(id=night.here.id)
    for id, metric in review_live.worked_out(written, night.review.sales).items():
        if metric.value is not None:
            opens = (
                _made_of(id) if id in review_live.MADE_OF else orders_that(lambda one: one.paid and one.dead)
            )
            yield id, Part(line(f"entry.figure_{id}"), metric.kind, metric.value, opens)


def _made_of(id: str) -> Opener:
    def opened(night: Night) -> list[Event]:
        known = headline(night.review)
        return [one for name in review_live.MADE_OF[id] for one in _input(name, known, night)]

    return opened


def _input(name: str, known: Mapping[str, Decimal], night: Night) -> list[Event]:
    if name not in HEADLINES:
        called = line(f"entry.figure_{name}")
        return [
            Event(one.at, line("why.input", name=called, what=one.said)) for one in entered_as(name)(night)
        ]
    value = figure(HEADLINES[name], known.get(name))
    said = line("why.input", name=line(f"headline.{name}"), what=line("why.sold", value=value))
    return [Event(night.review.made_at, said)]


def named(word: str, found: Mapping[str, Part], bare: Callable[[str], str]) -> str | None:
    """The part people call so in whichever language, or by its id; `3号` is the product's. None for none."""
    wanted = bare(word)
    product_id = f"product_{wanted.removesuffix('号').removeprefix('#')}"
    if product_id in found:
        return product_id
    return next((id for id, part in found.items() if wanted in _called(id, part, bare)), None)


def _called(id: str, part: Part, bare: Callable[[str], str]) -> set[str]:
    return {bare(id), *(bare(spoken(lang, part.name)) for lang in LANGUAGES)}
