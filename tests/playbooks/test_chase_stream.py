"""A whole stream of 3,000 orders: nobody chased after paying, too often or at the wrong hour, and few left out."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.chase_stream import ZONE, Stream

MINUTE = timedelta(minutes=1)
SEEDS = int(os.environ.get("CHASE_SEEDS", "2"))
"""How many streams are played; `make soak` plays 20."""
WINDOWS = ((time(11), time(12)), (time(16), time(17)), (time(19), time(21)))


def never_after_payment_is_known(stream: Stream) -> None:
    for touch in stream.touched:
        known = stream.paid_known_at.get(touch.order)
        assert known is None or touch.at < known, touch


def never_by_phone_outside_the_windows(stream: Stream) -> None:
    for touch in stream.touched:
        clock = touch.at.astimezone(ZONE).time()
        assert touch.channel != "phone" or any(start <= clock < end for start, end in WINDOWS), touch


def never_over_the_caps(stream: Stream) -> None:
    """Two rounds of ten minutes an order, and a buyer as far as the buyer was known; counted here anew."""
    reached = defaultdict(list)
    for touch in stream.touched:
        for key in {touch.order, touch.buyer or touch.order}:
            reached[key].append(touch.at)
    for key, times in reached.items():
        rounds = []
        for at in sorted(times):
            if not rounds or at - rounds[-1] > 10 * MINUTE:
                rounds.append(at)
        assert len(rounds) <= 2, (key, rounds)


def never_the_same_text_twice(stream: Stream) -> None:
    told = defaultdict(list)
    for touch in stream.touched:
        if touch.text:
            told[touch.buyer or touch.order].append(touch.text)
    assert all(len(texts) == len(set(texts)) for texts in told.values())


def never_after_opting_out(stream: Stream) -> None:
    for touch in stream.touched:
        asked = stream.left_alone.get(touch.buyer or touch.order)
        assert asked is None or touch.at <= asked, touch


def never_by_an_agent_the_buyer_was_unhappy_with(stream: Stream) -> None:
    for touch in stream.touched:
        unhappy = stream.unhappy_with.get((touch.buyer or touch.order, touch.who))
        assert unhappy is None or touch.at <= unhappy, touch


def nothing_refused_but_promises_after_the_end(stream: Stream) -> None:
    """A buyer who wants to be left alone is never sent away, whoever hears it."""
    assert set(stream.refused) <= {"will_pay: chase.promise_late"}


def reached_in_time(stream: Stream) -> tuple[int, int]:
    """(reached, could have been): known ten minutes before their end, unpaid, with somebody free meanwhile."""
    reached = could = 0
    first = {}
    for touch in stream.touched:
        for number in (touch.order, *(c.order_id for c in stream.theirs(stream.chases[touch.order]))):
            first.setdefault(number, touch.at)
    for sale in stream.sales:
        known, dies = stream.known_at.get(sale.number), sale.created_at + sale.life
        gone = min(dies, sale.pays_at or dies)
        if known is None or gone - known < 10 * MINUTE or over_the_cap(stream, sale.number):
            continue
        minutes = (known + n * MINUTE for n in range(int((gone - known) / MINUTE)))
        if not any(minute in stream.idle_at for minute in minutes):
            continue
        could += 1
        reached += first.get(sale.number, gone) < gone
    return reached, could


def over_the_cap(stream: Stream, number: str) -> bool:
    """Whether the buyer had to be left alone: opted out, or contacted as often as may be about other orders."""
    ledger = stream.ledger(stream.chases[number])
    if not stream.chases[number].buyer_key:
        return False
    return ledger.opted_out_at is not None or len({t.order_id for t in ledger.touches}) > 1


def judge(stream: Stream) -> None:
    never_after_payment_is_known(stream)
    never_by_phone_outside_the_windows(stream)
    never_over_the_caps(stream)
    never_the_same_text_twice(stream)
    never_after_opting_out(stream)
    never_by_an_agent_the_buyer_was_unhappy_with(stream)
    nothing_refused_but_promises_after_the_end(stream)
    assert stream.passed_over == 0
    reached, could = reached_in_time(stream)
    assert reached >= 0.9 * could, f"{reached} of {could}"


@pytest.mark.parametrize("seed", range(1, 1 + SEEDS))
def test_a_stream_of_3000_orders_is_chased_in_time_and_never_too_much(seed: int) -> None:
    stream = Stream(seed).run()
    judge(stream)
    _, could = reached_in_time(stream)
    assert could > 200
    assert len(stream.touched) > 500


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(1, 300), st.integers(1, 10), st.integers(9, 23))
def test_no_stream_of_whatever_size_at_whatever_hour_chases_too_much(
    seed: int, orders: int, agents: int, hour: int
) -> None:
    judge(Stream(seed, orders=orders, agents=agents, hour=hour).run())
