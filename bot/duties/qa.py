"""`/qa` 质检: a few orders of each agent by lot, judged with a tap; `/qa 成绩` says how each agent stands (G13)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.entered import aired, named_first
from bot.review_words import percent
from playbooks import qa
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.qa import Sample, Score
from playbooks.room import IN_CHARGE
from storage.rows import Line

IN_A_ROW = 2


def check(call: Call, desk: Desk) -> list[Card]:
    """The next order to look at; drawn by lot when first asked for. Raises Refusal `qa.nothing`, `qa.on_air`."""
    named, rest = named_first(call.args, desk)
    here = named or aired(desk)
    if rest in ("scores", *_words()):
        return [_scores(here, desk)]
    waiting = [one for one in _samples(here, desk) if one.fault is None and one.agent != desk.me.id]
    if not waiting:
        return [_scores(here, desk)]
    return [_card(waiting[0], here, desk, left=len(waiting))]


def _words() -> tuple[str, ...]:
    return qa.rules().score_words


def _samples(here: Broadcast, desk: Desk) -> list[Sample]:
    """What was drawn; drawn now where nothing was. What is contacted later is not drawn any more."""
    known = desk.books.qa_samples.by("broadcast", here.id)
    if known:
        return sorted(known, key=lambda one: one.id)
    if here.ended_at is None:
        raise Refusal("qa.on_air")
    drawn = qa.draw(here.id, desk.books.chases.by("broadcast", here.id), desk.now)
    if not drawn:
        raise Refusal("qa.nothing", day=f"{here.opened_on:%m-%d}")
    desk.note("qa", here.id, broadcast=here.id, step="drawn", count=str(len(drawn)))
    return sorted((desk.books.qa_samples.put(one) for one in drawn), key=lambda one: one.id)


def _card(one: Sample, here: Broadcast, desk: Desk, *, left: int) -> Card:
    """Which order, by whom, what they did and when; the talk itself is on the platform's desk."""
    chase = next(iter(desk.books.chases.by("order_id", one.order_id)), None)
    steps: list[Line] = [
        line("qa.step", at=desk.clock(c.at), step=line(f"chase.step_{c.step}"), who=desk.name(c.who))
        for c in (chase.contacts if chase else ())
    ]
    head = line("qa.head", day=f"{here.opened_on:%m-%d}", left=left)
    what = line(
        "qa.order", order=one.order_id, who=desk.name(one.agent), product=chase.title if chase else "—"
    )
    return tell(
        desk.me.id, head, what, steps, line("qa.how"), buttons=_rows(one), key=f"qa:{here.id}:{desk.me.id}"
    )


def _rows(one: Sample) -> tuple[Row, ...]:
    faults = [button(f"qa.fault_{fault}", f"qajudge {one.id} {fault}") for fault in qa.rules().faults]
    rows = tuple(tuple(faults[at : at + IN_A_ROW]) for at in range(0, len(faults), IN_A_ROW))
    return ((button("qa.good", f"qajudge {one.id} good"),), *rows)


def judge(call: Call, desk: Desk) -> list[Card]:
    """One tap judges it and brings the next; nobody judges their own work."""
    id, _, word = call.args.partition(" ")
    before = desk.books.qa_samples.get(id)
    here = desk.books.broadcasts.get(before.broadcast) if before else None
    if before is None or here is None:
        raise Refusal("qa.unknown")
    one = qa.judge(before, "" if word == "good" else word, desk.me.id, desk.now)
    if one.fault != before.fault:
        desk.books.qa_samples.put(one)
        desk.note(
            "qa", one.id, broadcast=one.broadcast, step="judged", agent=one.agent, fault=one.fault or "good"
        )
    waiting = [s for s in _samples(here, desk) if s.fault is None and s.agent != desk.me.id]
    then = _card(waiting[0], here, desk, left=len(waiting)) if waiting else _scores(here, desk)
    return [toast("qa.noted"), then.changed(edit=True, key=f"qa:{here.id}:{desk.me.id}")]


def _scores(here: Broadcast, desk: Desk) -> Card:
    rows = qa.scores(_samples(here, desk))
    said = [_score(row, desk) for row in rows]
    items = ((button("review.action", f"action {here.id}"),),) if any(row.low for row in rows) else ()
    return tell(desk.me.id, line("qa.scores", day=f"{here.opened_on:%m-%d}"), said, buttons=items)


def _score(row: Score, desk: Desk) -> Line:
    if row.rate is None:
        return line("qa.not_yet", who=desk.name(row.agent))
    counted = (line("review.counted", what=line(f"qa.fault_{f}"), count=n) for f, n in row.faults)
    faults = tuple(counted) or line("review.nothing")
    key = "qa.score_low" if row.low else "qa.score"
    return line(
        key, who=desk.name(row.agent), good=row.good, judged=row.judged, rate=percent(row.rate), faults=faults
    )


DUTY = DutySpec(
    "qa",
    commands=(
        Command("qa", check, words=("质检",), roles=IN_CHARGE, private=True),
        Command("qajudge", judge, roles=IN_CHARGE, listed=False, private=True),
    ),
)
