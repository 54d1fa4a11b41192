"""The review 复盘 as text that stands alone, sections 1 to 6, and as six lines for the group.

Sections 7 to 11 are a message of their own (review_text_more): each holds at most 4096 characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.card import line
from bot.review_words import (
    clip,
    count,
    day_clock,
    figure,
    people,
    percent,
    period,
    product,
    sections,
    span,
    whose,
    yuan,
)
from playbooks.review import ProductFigures, Review
from playbooks.review_marks import Changed
from playbooks.review_model import Goal, Metric
from storage.rows import Line

PRODUCTS = 10
AGENTS = 6
REASONS = 4
RULES = 5
REGIONS = 4
CHANGED = 6


def lines(review: Review) -> list[Line]:
    """Sections 1 to 6 in order; of many products and agents the first, the others counted."""
    parts = (_head, _basics, _goals, _traffic, _products, _chase, _anomalies)
    return [one for part in parts for one in part(review)]


def short(review: Review) -> list[Line]:
    """At most six lines, at most 1024 characters: for the group, and under the picture."""
    anomalies = review.anomalies
    opened = "review.short_anomalies" if anomalies.found is not None else "review.short_not_audited"
    return [
        _title(review),
        _recovered(review),
        lag_line(review),
        line(opened, found=anomalies.found, open=anomalies.open, exposure=yuan(anomalies.exposure)),
        line("review.short_issues", count=len(review.handoff.issues), follow=_open_follow_ups(review)),
        _data(review),
    ]


def _open_follow_ups(review: Review) -> int:
    return sum(one.open for one in review.follow_ups)


def _title(review: Review) -> Line:
    basics = review.basics
    return line(
        "review.title", shop=clip(basics.shop, 30), month=basics.opened_on.month, day=basics.opened_on.day,
        period=period(review), version=review.version,
    )  # fmt: skip


def _data(review: Review) -> Line:
    """Until when the figures are true, and which may still change."""
    if review.data_until is None:
        return line("review.no_data", sections=sections(review.provisional))
    until = day_clock(review.data_until, review.tz)
    if review.provisional:
        return line("review.data_provisional", until=until, sections=sections(review.provisional))
    return line("review.data_until", until=until)


def _head(review: Review) -> Iterator[Line]:
    yield _title(review)
    yield _data(review)
    if review.changed_since:
        shown = tuple(_changed(one) for one in review.changed_since[:CHANGED])
        yield line("review.changed_since", version=review.version - 1, changes=shown)
        if len(review.changed_since) > CHANGED:
            yield line("review.changed_more", count=len(review.changed_since) - CHANGED)


def _changed(one: Changed) -> Line:
    name = line(f"headline.{one.id}")
    return line(
        "review.changed", field=name, before=figure(one.kind, one.before), after=figure(one.kind, one.after)
    )


def _basics(review: Review) -> Iterator[Line]:
    basics = review.basics
    hosts = tuple(line("review.plain", text=clip(name, 12)) for name in basics.hosts[:4])
    yield line("review.head_basics")
    yield line("review.duration", duration=span(basics.duration), segments=len(basics.segments))
    yield line(
        "review.crew", hosts=hosts or line("review.missing"), ops=people(review, basics.ops, 4),
        agents=people(review, basics.agents, 8), count=len(basics.agents),
    )  # fmt: skip


def _goals(review: Review) -> Iterator[Line]:
    """Section 2; nothing is said where nobody set a goal, for the last line names it as not entered."""
    if review.goals:
        yield line("review.head_goals")
    for one in review.goals:
        key = "review.goal" if not one.at_most or one.kept is None else f"review.goal_{_kept(one)}"
        yield line(
            key, name=line(f"entry.figure_{one.id}"), goal=figure(one.kind, one.goal),
            result=figure(one.kind, one.result), reached=percent(one.reached),
        )  # fmt: skip


def _kept(goal: Goal) -> str:
    return "kept" if goal.kept else "exceeded"


def _traffic(review: Review) -> Iterator[Line]:
    if review.traffic:
        yield line("review.head_traffic")
        yield metric_line(review.traffic)


def metric_line(metrics: Sequence[Metric]) -> Line:
    """`场观 12,000、人均停留 1 分 20 秒`."""
    each = (
        line("review.counted", what=line(f"entry.figure_{m.id}"), count=figure(m.kind, m.value))
        for m in metrics
    )
    return line("review.listed", items=tuple(each))


def _products(review: Review) -> Iterator[Line]:
    yield line("review.head_products")
    sales = review.sales
    if sales.orders is None:
        yield line("review.no_orders")
    else:
        yield line(
            "review.sales", orders=count(sales.orders), paid=count(sales.paid), gmv=yuan(sales.gmv),
            net=yuan(sales.net_sales),
        )  # fmt: skip
    for row in review.products[:PRODUCTS]:
        yield _product(row)
    if len(review.products) > PRODUCTS:
        yield line("review.products_rest", count=len(review.products) - PRODUCTS)


def _product(row: ProductFigures) -> Line:
    orders, paid = count(row.sales.orders), count(row.sales.paid)
    said = line(
        "review.product_line", product=product(row.link_no, row.name, 24), orders=orders, paid=paid,
        unpaid=count(row.unpaid),
    )  # fmt: skip
    marks = [line("review.mark_price", count=row.price_changes)] if row.price_changes else []
    marks += [line("review.mark_sold_out")] if row.sold_out_at else []
    if row.contacted:
        marks.append(
            line(
                "review.mark_recovered",
                recovered=count(row.recovered),
                rate=percent(row.success_rate),
                natural=percent(row.natural_rate),
            )
        )
    return line("review.with_marks", said=said, marks=tuple(marks)) if marks else said


def _recovered(review: Review) -> Line:
    """The recovery with its baseline, or that nobody was contacted, or that no order is known."""
    funnel = review.chase.funnel
    if not review.orders_known:
        return line("review.no_chase")
    if not funnel.contacted:
        return line("review.not_contacted", unpaid=count(funnel.unpaid), natural=percent(funnel.natural_rate))
    return line(
        "review.recovered", recovered=count(funnel.recovered), amount=yuan(funnel.recovered_amount),
        rate=percent(funnel.success_rate), natural=percent(funnel.natural_rate),
    )  # fmt: skip


def _chase(review: Review) -> Iterator[Line]:
    funnel = review.chase.funnel
    yield line("review.head_chase")
    yield _recovered(review)
    if not review.orders_known:
        return
    yield line(
        "review.unpaid", unpaid=count(funnel.unpaid), rate=percent(funnel.unpaid_rate),
        reference=percent(review.yardstick.unpaid), whose=whose(review.yardstick),
        contacted=count(funnel.contacted), coverage=percent(funnel.coverage),
    )  # fmt: skip
    if funnel.contacted:
        yield line(
            "review.discount", discount=yuan(funnel.discount), gifts=funnel.gifts, won=percent(funnel.won_rate),
            target=percent(review.yardstick.target),
        )  # fmt: skip
    if funnel.recovered_unpriced:
        yield line("review.unpriced", count=funnel.recovered_unpriced)
    if funnel.reasons:
        yield line("review.reasons", reasons=reasons(review, REASONS))
    for share in funnel.agents[:AGENTS]:
        yield line(
            "review.agent", who=clip(review.name(share.key), 12), contacted=count(share.contacted),
            recovered=count(share.recovered), amount=yuan(share.amount), rate=percent(share.success_rate),
            natural=percent(share.natural_rate),
        )  # fmt: skip
    for share in funnel.channels:
        yield line(
            "review.channel", step=line(f"chase.step_{share.key}"), contacted=count(share.contacted),
            recovered=count(share.recovered), rate=percent(share.success_rate),
            natural=percent(share.natural_rate),
        )  # fmt: skip


def reasons(review: Review, at_most: int) -> tuple[Line, ...]:
    """Why buyers did not pay, most frequent first: `价格/赠品 12`."""
    found = review.chase.funnel.reasons[:at_most]
    return tuple(line("review.counted", what=line(f"chase.reason_{name}"), count=n) for name, n in found)


def _anomalies(review: Review) -> Iterator[Line]:
    told = review.anomalies
    yield line("review.head_anomalies")
    if told.found is None:
        yield line("review.not_audited")
        return
    yield line("review.anomalies", found=told.found, solved=told.solved, open=told.open, handed=told.handed)
    for rule in told.rules[:RULES]:
        name = line(f"audit.name_{rule.rule}")
        yield line("review.rule", rule=name, found=rule.found, solved=rule.solved, open=rule.open)
    if told.regions:
        top = tuple(
            line("review.counted", what=line("review.plain", text=clip(region, 12)), count=n)
            for region, n in told.regions[:REGIONS]
        )
        yield line("review.regions", regions=top)
    yield _exposure(review)


def _exposure(review: Review) -> Line:
    told = review.anomalies
    if told.penalty is None:
        return line("review.no_penalty", open=told.open_holds)
    return line(
        "review.exposure", open=told.open_holds, penalty=yuan(told.penalty), exposure=yuan(told.exposure),
        as_of=str(told.penalty_as_of),
    )  # fmt: skip


def lag_line(review: Review) -> Line:
    """How soon changes were known, or why nobody knows."""
    told = review.handoff
    if not told.changes:
        return line("review.no_changes")
    if not told.answers:
        return line("review.no_answers", changes=told.changes)
    return line(
        "review.lag", median=span(told.median), worst=span(told.worst), confirmed=told.confirmed,
        changes=told.changes,
    )  # fmt: skip
