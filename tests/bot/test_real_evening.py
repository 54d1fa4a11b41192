"""A whole evening of seventeen people: what was in force can always be said, the figures are right, the group is quiet.

The evening (tests/support/real_evening.py) is played once and looked at from every side, always against the ledger
the script kept (evening_ledger.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.reviewing import review_of
from playbooks.review import Review
from tests.support import evening_script as script
from tests.support.evening import BOSS, CHEN
from tests.support.evening_ledger import middle
from tests.support.evening_script import AGENTS, LATE, LEAD, NAMES, NEVER, OPS
from tests.support.real_evening import Evening, real_evening

LEAD_TOLD_AGAIN = 3
HOUR = timedelta(hours=1)
NUDGED_AT_MOST_EVERY = timedelta(minutes=10)
Orders = dict[str, tuple[int, datetime]]
"""Order number -> product and moment."""
REMINDED = 3
"""Reminders of one question to those who may answer it."""


async def test_a_real_evening(tmp_path: Path) -> None:
    async with real_evening(tmp_path) as played:
        data, prices, ids = script.sheet()
        await played.prepare(data, prices)
        await played.play()
        the_script_was_played_whole(played)
        the_group_stays_quiet(played)
        nobody_s_phone_rings_without_end(played)
        orders = script.orders_of(played.ledger)
        await the_books_are_in(played, ids, orders)
        await whatever_was_in_force_can_be_said_by_every_agent(played)
        told = [m.text for m in played.core.said(BOSS) if "8 衔接" in m.text][-1]
        the_review_tells_who_knew_what_when(played, told)
        the_review_tells_how_soon_questions_were_answered(played, told)
        the_review_tells_disputes_and_slips(played, told, orders)
        each_person_s_figures_are_their_own(played)
        nothing_was_left_unsent(played)


def the_script_was_played_whole(played: Evening) -> None:
    ledger = played.ledger
    assert len(ledger.aired) == script.SWITCHES
    assert len(ledger.changes) == script.CHANGES
    assert sum(len(one.asks) for one in ledger.questions) == script.ASKS
    assert sum(one.answered is None for one in ledger.questions) == script.UNANSWERED
    assert len(ledger.confirm_waits()) > 200
    assert played.checked["arrival"] == 2  # who came late was told what is on air and what has changed
    assert played.checked["joined"] == script.JOINED


def the_group_stays_quiet(played: Evening) -> None:
    """At most two messages per switch or binding change, and ten an hour, in every hour of the evening."""
    events = [at for at, _ in played.ledger.aired] + [one.at for one in played.ledger.changes]
    for at in played.group_messages:
        said = _within(played.group_messages, at)
        assert said <= 2 * _within(events, at) + 10, f"{said} messages in the hour from {at}"
    # And in fact one each, one a slip of the hosts, and the end.
    assert len(played.group_messages) == len(events) + played.ledger.slips + 1


def _within(moments: Sequence[datetime], start: datetime) -> int:
    return sum(start <= at < start + HOUR for at in moments)


def nobody_s_phone_rings_without_end(played: Evening) -> None:
    """An agent's rings for the answer to their own question, the outcome of a price they reported, and at most every
    ten minutes for a change they have not confirmed; what colleagues asked comes without a sound."""
    nudges = (script.ENDS - script.OPENS) // NUDGED_AT_MOST_EVERY
    questions = played.ledger.questions
    answered = [one for one in questions if one.answered]
    slow = script.UNANSWERED + script.LATE_ANSWERS
    for who in AGENTS:
        own = sum(who in one.asks for one in answered)
        assert played.rung[who] <= own + nudges + 1, NAMES[who]
        assert played.unasked[who] <= len(answered) + nudges + 1, NAMES[who]
    for who in OPS:
        assert played.unasked[who] <= len(questions) + REMINDED * slow + nudges + len(played.ledger.disputes)
    # Who does not know is told with all open changes together; a question once, and again while nobody answers it.
    told_again = LEAD_TOLD_AGAIN * script.UNANSWERED
    for who in (LEAD, BOSS):
        assert played.rung[who] <= 2 * nudges + slow + told_again + 1
        assert played.unasked[who] <= played.rung[who] + len(answered) + 2
    assert played.unasked[CHEN] == 0  # nothing of this concerns the warehouse
    for moments in played.nudges.values():
        assert all(b - a >= NUDGED_AT_MOST_EVERY for a, b in pairwise(moments))
    assert len(played.nudges[NEVER]) == max(map(len, played.nudges.values())) > 10


async def the_books_are_in(played: Evening, ids: dict[int, str], orders: Orders) -> None:
    """Half an hour after the end the export comes that makes the review; `/order` answers from it."""
    await played.shift.at("12 00:10")
    told = await played.shift.sends(AGENTS[0], *script.export_of(orders, ids, played.shift.clock.now()))
    assert any(f"读到 {len(orders)} 单" in text for text in told)
    await played.looks_up_orders(orders)


async def whatever_was_in_force_can_be_said_by_every_agent(played: Evening) -> None:
    await played.looks_at_every_minute()
    assert not played.wrong, "\n".join(played.wrong[:5])
    each = script.SAMPLES * len(AGENTS)
    assert (played.checked["price then"], played.checked["on air then"]) == (each, each)
    assert played.checked["order"] == script.ORDERS
    assert played.checked["minute"] == 200


def the_review_tells_who_knew_what_when(played: Evening, told: str) -> None:
    ledger = played.ledger
    waits = ledger.confirm_waits()
    assert (
        f"播报确认：中位 {span(middle(waits))}，最慢 {span(max(waits))}；"
        f"{script.CHANGES} 次变更中 {ledger.all_knew()} 次全员知悉" in told
    )
    assert f"{NAMES[NEVER]}：知悉 0/{script.CHANGES}，中位 无记录" in told
    lags = told.split("口误更正", 1)[1].splitlines()
    assert next(line for line in lags if "知悉" in line).startswith(
        NAMES[NEVER]
    )  # who never knew comes first


def the_review_tells_how_soon_questions_were_answered(played: Evening, told: str) -> None:
    ledger = played.ledger
    waits = ledger.answer_waits()
    asked = len(ledger.questions)
    assert (
        f"请教运营：提问 {asked}，已答 {asked - script.UNANSWERED}，没答 {script.UNANSWERED}，迟答 {ledger.late()}；"
        f"中位 {span(middle(waits))}，最慢 {span(max(waits))}" in told
    )
    assert ledger.late() == script.LATE_ANSWERS
    first_alone = [one.answered - min(one.asks.values()) for one in ledger.questions if one.answered]
    assert middle(first_alone) != middle(waits)  # else it could not be seen that those who joined count
    night = next(m.text for m in played.core.said(BOSS) if "今晚要您看的" in m.text)
    assert f"没有回答的提问：{script.UNANSWERED} 个" in night


def the_review_tells_disputes_and_slips(played: Evening, told: str, orders: Orders) -> None:
    known = played.ledger.disputes
    disputes = [one.until - one.at for one in known]
    meanwhile = sum(
        one.link == link and one.at <= at <= one.until for link, at in orders.values() for one in known
    )
    assert meanwhile >= len(known)
    assert (
        f"价格不符 {len(disputes)} 次：1 次仍按原价，0 次没有答复；答复中位 {span(middle(disputes))}，"
        f"最慢 {span(max(disputes))}；期间下单 {meanwhile} 单" in told
    )
    assert f"主播口误更正 {len(script.SLIP_SLOTS)} 次" in told


def each_person_s_figures_are_their_own(played: Evening) -> None:
    """The seam the workbook and the picture are made from: everybody's count and median, what was sold early."""
    review = _review(played)
    changes = played.ledger.changes
    expected = {}
    for who in (*AGENTS, *OPS, LEAD):
        waits = [one.known[who] - one.at for one in changes if who in one.known]
        asked = sum(who in one.asked for one in changes)
        expected[str(who)] = (asked, len(waits), middle(waits) if waits else None)
    assert {one.who: (one.asked, one.known, one.median) for one in review.handoff.people} == expected
    asked_late = expected[str(LATE)][0]
    assert 0 < asked_late < script.CHANGES  # who comes late is asked from then on, not for what was before
    late = [one for one in review.handoff.issues if one.kind == "announced_late"]
    assert [(one.link_no, one.count, one.lag) for one in late] == [
        (script.PRODUCTS, script.EARLY_ORDERS, script.EARLY)
    ]


def _review(played: Evening) -> Review:
    books = played.shift.here.bot.runner.view("a1")
    room, here = books.room.get("a1"), books.broadcasts.get("a1-b1")
    assert room is not None
    assert here is not None
    return review_of(books, room, here, played.shift.clock.now())


def nothing_was_left_unsent(played: Evening) -> None:
    """No fault was logged either: the stage fails on one."""
    outbox = played.shift.here.bot.runner.view("a1").outbox
    assert not [row for row in outbox.scan() if row.state == "failed"]


def span(length: timedelta) -> str:
    """As people read it: `14 秒`, `3 分 20 秒`."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"
