"""The review 复盘: what a broadcast came to, counted from what was recorded and from nothing else.

`summarise` is pure; the same books and the same `now` give the same review. The sections are those of
facts/metrics.yaml review_report_sections (REQUIREMENTS G01-G03); every formula stands at its figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from playbooks import actions, inquiries, needs, review_live, review_marks
from playbooks.actions import ActionItem
from playbooks.aftercare import DEALT_WITH, Hold, at_risk, exposure, penalty
from playbooks.announce import Listing, Notice
from playbooks.broadcast import Broadcast
from playbooks.cases import Case
from playbooks.chase import Chase, funnel
from playbooks.corrections import Correction
from playbooks.followup import FollowUp, Kind
from playbooks.inquiries import LostInquiry
from playbooks.journal import Entry
from playbooks.metrics import rate
from playbooks.needs import BuyerNeed
from playbooks.orders import OrderState
from playbooks.price_report import PriceReport
from playbooks.price_report import figures as disputed
from playbooks.promises import Promise
from playbooks.questions import Question, answer_times, default_targets, late_after
from playbooks.references import OwnReferences, yardstick
from playbooks.review_cases import case_figures
from playbooks.review_entered import FEELINGS, Entered
from playbooks.review_handoff import handoff
from playbooks.review_marks import ReviewMark
from playbooks.review_model import (
    Anomalies,
    Basics,
    FollowUpFigures,
    Issue,
    Mood,
    ProductFigures,
    Quarter,
    Review,
    RuleFigures,
    Sales,
    Section,
    Spoken,
)
from playbooks.review_products import product_figures, sales
from playbooks.review_quarters import chased
from playbooks.review_work import Worked

__all__ = ["Issue", "ProductFigures", "Quarter", "Review", "Section", "summarise"]

ENTERED_BY_PEOPLE: tuple[Section, ...] = ("goals", "traffic", "service", "posts", "actions")
"""Sections nobody can count from the journal; until somebody enters them they are said to be missing."""
FROM_ORDERS: tuple[Section, ...] = ("products", "chase", "anomalies")

DEFAULT_ANSWER = late_after(default_targets(""))
"""From when an answer is late in a room that has set no target of its own."""
AT_WORK = frozenset(["chase_claim", "chase_contact", "chase_outcome"])
Crew = tuple[tuple[str, ...], tuple[str, ...]]
"""Ids of ops and of agents."""


def summarise(
    *,
    broadcast: Broadcast,
    room_shop: str,
    platform: str,
    listings: Iterable[Listing],
    notices: Iterable[Notice],
    journal: Iterable[Entry],
    chases: Iterable[Chase],
    orders: Iterable[OrderState],
    holds: Iterable[Hold],
    follow_ups: Iterable[FollowUp],
    questions: Iterable[Question] = (),
    reports: Iterable[PriceReport] = (),
    corrections: Iterable[Correction] = (),
    entered: Entered | None = None,
    lost: Iterable[LostInquiry] = (),
    wanted: Iterable[BuyerNeed] = (),
    cases: Iterable[Case] = (),
    promised: Iterable[Promise] = (),
    work: Iterable[Worked] = (),
    serving: Collection[str] = (),
    own_references: OwnReferences | None = None,
    stale: Iterable[str] = (),
    items: Iterable[ActionItem] = (),
    marks: Iterable[ReviewMark] = (),
    answer_within: timedelta = DEFAULT_ANSWER,
    names: Mapping[str, str],
    zone: ZoneInfo,
    now: datetime,
    data_until: datetime | None,
    version: int,
) -> Review:
    """The review at `now` of one broadcast, from that broadcast's rows alone.

    An answer later than `answer_within` is late. `items` and `marks` are those of all the room's broadcasts.
    `serving`: who answers buyers; `names` go by person id, `data_until` is the newest export's moment. Figures that may
    still change are named in `Review.provisional`.
    """
    listed, asked, told = tuple(listings), tuple(notices), sorted(journal, key=lambda e: (e.at, e.id))
    open_chases, states, held = tuple(chases), tuple(orders), tuple(holds)
    exported = bool(states) or _reaches(data_until, broadcast)
    products = product_figures(listed, open_chases, states, told, now, exported=exported)
    figures = funnel(open_chases, states, now)
    worked = tuple(work)
    there = {one.who for one in worked if one.there and one.who in serving}
    basics = _basics(broadcast, room_shop, platform, _crew(told, asked, open_chases, there), now)
    met = _people(basics, told, asked, open_chases, held)
    due = actions.of_review(items, broadcast.id, broadcast.live_at)
    dealt = case_figures(cases, promised, now)
    met |= {one.who for one in dealt.mistakes} | {one.who for one in worked}
    sold, written = sales(states) if exported else Sales(), entered or Entered(id=broadcast.id)
    review = Review(
        broadcast=broadcast.id, version=version, made_at=now, zone=zone.key, data_until=data_until,
        provisional=_provisional(broadcast, data_until, open_chases, now), not_entered=(),
        people={p: names[p] for p in sorted(met | {one.owner for one in due}) if p in names},
        basics=basics, sales=sold, products=products,
        chase=chased(figures, broadcast, told, now),
        anomalies=_anomalies(held, platform, audited=exported),
        handoff=handoff(
            broadcast, listed, asked, products, states, asked_ops=answer_times(questions, answer_within),
            disputes=disputed(reports, states, now), corrections=tuple(corrections),
        ),
        follow_ups=_follow_ups(follow_ups), goals=review_live.goals(written, sold),
        traffic=review_live.metrics("traffic", written, sold, platform),
        service=review_live.metrics("service", written, sold, platform), posts=written.posts, mood=_mood(written),
        spoken=Spoken(lost=tuple(inquiries.tally(lost)), needs=_wanted(wanted), stale=tuple(stale)),
        yardstick=yardstick(own_references), cases=dealt, work=worked, actions=due,
    )  # fmt: skip
    return _beside_others(review, broadcast.number, tuple(marks))


def _beside_others(review: Review, number: int, marks: Sequence[ReviewMark]) -> Review:
    """The review compared with the last seven and with its own version before, its repeats marked."""
    earlier = review_marks.before(marks, number)
    own = next((one for one in marks if one.id == review.broadcast), None)
    issues = tuple(
        one.changed(repeated=review_marks.repeats(f"{one.kind} {one.name}", earlier))
        for one in review.handoff.issues
    )
    figures = review_marks.headline(review)
    return review.changed(
        not_entered=tuple(name for name in ENTERED_BY_PEOPLE if not getattr(review, name)),
        handoff=review.handoff.changed(issues=issues), compared=review_marks.compared(figures, earlier),
        changed_since=review_marks.changed(figures, own, review.version),
    )  # fmt: skip


def _mood(entered: Entered) -> Mood:
    """Words without names: who is to say openly what was hard must not be pointed at."""
    said = Counter(one.how for one in entered.felt.values())
    words = sorted(one.text for one in entered.felt.values() if one.text)
    return Mood(said=tuple((how, said[how]) for how in FEELINGS if said[how]), words=tuple(words))


def _wanted(wanted: Iterable[BuyerNeed]) -> tuple[tuple[str, int], ...]:
    return tuple((sort, len(found)) for sort, found in needs.by_sort(wanted))


def _reaches(data_until: datetime | None, broadcast: Broadcast) -> bool:
    """Whether the newest export was made after the stream began; yesterday's says nothing of it."""
    return data_until is not None and broadcast.live_at is not None and data_until >= broadcast.live_at


def _basics(broadcast: Broadcast, shop: str, platform: str, crew: Crew, now: datetime) -> Basics:
    hosts = dict.fromkeys(s.host for s in broadcast.segments if s.host)
    return Basics(
        shop=shop, platform=platform, opened_on=broadcast.opened_on, segments=broadcast.segments,
        duration=_duration(broadcast, now), hosts=tuple(hosts), ops=crew[0], agents=crew[1],
    )  # fmt: skip


def _crew(
    journal: Sequence[Entry], notices: Sequence[Notice], chases: Sequence[Chase], there: Collection[str]
) -> Crew:
    """Ops are who put on air or changed offers; agents, among the others, who chased, were asked to know, or were
    `there` to answer buyers."""
    ops = {e.who for e in journal if e.kind in ("on_air", "changed")}
    asked = {p for notice in notices for p in notice.asked}
    chasing = {c.who for chase in chases for c in chase.contacts} | {
        e.who for e in journal if e.kind in AT_WORK
    }
    return tuple(sorted(ops - {""})), tuple(sorted((asked | chasing | set(there)) - ops - {""}))


def _duration(broadcast: Broadcast, now: datetime) -> timedelta | None:
    if not broadcast.segments:
        return None
    return sum(((s.ended_at or now) - s.started_at for s in broadcast.segments), timedelta(0))


def _provisional(
    broadcast: Broadcast, data_until: datetime | None, chases: Sequence[Chase], now: datetime
) -> tuple[Section, ...]:
    """On air everything, then order figures until an export reaches the end, the chase while it runs."""
    if broadcast.ended_at is None:
        return ("basics", "products", "chase", "anomalies", "handoff")
    if data_until is None or data_until < broadcast.ended_at:
        return FROM_ORDERS
    running = any(chase.alive and not chase.expired(now) for chase in chases)
    return ("chase",) if running else ()


def _people(
    basics: Basics, journal: Sequence[Entry], notices: Sequence[Notice], chases: Sequence[Chase],
    holds: Sequence[Hold],
) -> set[str]:  # fmt: skip
    """Everybody who occurs in the review or in the rows it was counted from."""
    asked = {p for n in notices for p in (*n.asked, *n.known, n.by)}
    worked = {c.who for chase in chases for c in chase.contacts} | {chase.owner for chase in chases}
    held = {p for h in holds for p in (h.owner, h.waived_by)}
    return {*basics.ops, *basics.agents, *(e.who for e in journal), *asked, *worked, *held} - {""}


def _anomalies(holds: Sequence[Hold], platform: str, *, audited: bool) -> Anomalies:
    solved = [hold for hold in holds if hold.state in DEALT_WITH]
    stopped = at_risk(holds)
    fine = penalty(platform)
    known = audited or bool(holds)
    return Anomalies(
        found=len(holds) if known else None, solved=len(solved) if known else None,
        open=len(holds) - len(solved) if known else None, handed=sum(h.state == "handed" for h in holds),
        rules=_by_rule(holds), regions=tuple(Counter(h.place for h in holds if h.place).most_common()),
        open_holds=len(stopped), penalty=fine.amount if fine else None,
        penalty_as_of=fine.as_of if fine else None,
        exposure=exposure(stopped, fine.amount) if fine and known else None,
    )  # fmt: skip


def _by_rule(holds: Sequence[Hold]) -> tuple[RuleFigures, ...]:
    found = Counter(rule for hold in holds for rule in set(hold.rules))
    solved = Counter(rule for hold in holds if hold.state in DEALT_WITH for rule in set(hold.rules))
    return tuple(
        RuleFigures(rule=rule, found=n, solved=solved[rule], open=n - solved[rule])
        for rule, n in sorted(found.items(), key=lambda one: (-one[1], one[0]))
    )


def _follow_ups(items: Iterable[FollowUp]) -> tuple[FollowUpFigures, ...]:
    """A row a kind that occurred, in the order of the kinds."""
    rows = list(items)
    states = {kind: Counter(one.state for one in rows if one.kind == kind) for kind in get_args(Kind)}
    return tuple(
        FollowUpFigures(
            kind=kind, created=n.total(), done=n["done"], dropped=n["dropped"], open=n["open"] + n["claimed"],
            rate=rate(n["done"], n.total()),
        )
        for kind, n in states.items()
        if n
    )  # fmt: skip
