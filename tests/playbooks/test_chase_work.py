"""Working the queue: claims, steps, rounds, windows, outcomes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import chase
from playbooks.chase import Chase, StepKind, outcomes
from playbooks.chase.state import Move, State, moved
from playbooks.model import Refusal
from playbooks.orders import Order

ZONE = ZoneInfo("Asia/Shanghai")
ID = "6917926768823643751"


def local(hour: int, minute: int = 0, day: int = 21) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


EVENING = local(20, 30)
NIGHT = local(21, 30)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def unpaid(now: datetime = EVENING, *, order_id: str = "1", left: int | None = 25, **told: Any) -> Chase:
    facts = {"id": f"a1-c{order_id}", "order_id": order_id, "platform": "douyin",
             "amount": Decimal(59), "seen_at": now, "data_as_of": now,
             "source": "file", "created_at": now - minutes(5),
             "expires_at": None if left is None else now + minutes(left)}  # fmt: skip
    return Chase.model_validate({**facts, **told})


def do(known: Chase, *kinds: StepKind, now: datetime = EVENING, who: str = "amy") -> Chase:
    for kind in kinds:
        known = chase.record(known, who, kind, now, ZONE)
    return known


def answer(known: Chase, outcome: str, now: datetime = EVENING, who: str = "amy", **told: Any) -> Chase:
    return outcomes.outcome(known, who, outcome=outcome, now=now, zone=ZONE, **told)


def refused(key: str) -> Any:
    return pytest.raises(Refusal, match=rf"^{key}\b")


def standing(known: Chase, now: datetime) -> list[tuple[str, str]]:
    return [(step.kind, step.status) for step in chase.steps(known, now, ZONE)]


def test_the_queue_leads_with_most_money_a_minute_left() -> None:
    small, big = unpaid(order_id="small"), unpaid(order_id="big", amount=Decimal(300))
    dying = unpaid(order_id="dying", left=2)
    unknown = unpaid(order_id="unknown", amount=None, left=None)
    ready = chase.due([small, unknown, big, dying], EVENING, 10)
    assert [each.order_id for each in ready] == ["dying", "big", "small", "unknown"]
    assert len(chase.due([small, big, dying], EVENING, 2)) == 2


def test_a_claim_holds_for_ten_minutes_and_then_the_order_comes_back() -> None:
    held = chase.claim(unpaid(), "amy", EVENING)
    assert chase.due([held], EVENING + minutes(9), 5) == ()
    with refused("chase.taken") as refusal:
        chase.claim(held, "bob", EVENING + minutes(9))
    assert refusal.value.values == {"order_id": "1", "who": "amy", "until": EVENING + minutes(10)}
    assert chase.due([held], EVENING + minutes(10), 5) == (held,)
    assert chase.claim(held, "bob", EVENING + minutes(10)).owner == "bob"


def test_a_released_order_is_back_in_the_queue_at_once_and_only_its_holder_may_release_it() -> None:
    held = chase.claim(unpaid(), "amy", EVENING)
    with refused("chase.taken"):
        chase.release(held, "bob", EVENING)
    assert chase.due([chase.release(held, "amy", EVENING)], EVENING, 5)[0].owner == ""


def test_in_a_phone_window_the_call_comes_first_and_then_button_and_message_are_due() -> None:
    assert standing(unpaid(), EVENING)[0] == ("phone", "todo")
    called = do(unpaid(), "phone")
    assert chase.owed(called, EVENING) == ("button", "message")
    assert [step.kind for step in chase.steps(called, EVENING, ZONE) if step.mandatory] == [
        "button", "message", "remark",
    ]  # fmt: skip
    with refused("chase.steps_missing"):
        answer(called, "no_answer")
    assert answer(do(called, "button", "message"), "no_answer").state == "waiting"


def test_outside_the_windows_button_and_message_lead_and_a_dying_order_is_not_phoned() -> None:
    assert standing(unpaid(NIGHT), NIGHT) == [
        ("button", "todo"), ("message", "todo"), ("phone", "not_applicable"), ("remark", "later"),
    ]  # fmt: skip
    with refused("chase.phone_closed") as refusal:
        do(unpaid(NIGHT), "phone", now=NIGHT)
    assert refusal.value.values["at"] == local(11, day=22)


def test_an_order_that_lives_until_the_next_window_keeps_its_call_for_then() -> None:
    call = next(s for s in chase.steps(unpaid(NIGHT, left=None), NIGHT, ZONE) if s.kind == "phone")
    assert (call.status, call.at) == ("later", local(11, day=22))


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(10, 59, False), (11, 0, True), (11, 59, True), (12, 0, False), (16, 0, True), (17, 0, False),
     (18, 59, False), (19, 0, True), (20, 59, True), (21, 0, False)],
)  # fmt: skip
def test_the_phone_windows_are_11_to_12_and_16_to_17_and_19_to_21(
    hour: int, minute: int, is_open: bool
) -> None:
    assert chase.phone_open(local(hour, minute), ZONE) is is_open


def test_the_windows_are_those_of_the_rooms_own_zone() -> None:
    assert chase.phone_open(local(12, 30), ZoneInfo("Asia/Jakarta"))  # an hour behind
    assert not chase.phone_open(local(12, 30), ZONE)


def test_pinduoduo_has_the_remind_button_only() -> None:
    known = unpaid(platform="pinduoduo")
    assert standing(known, EVENING) == [
        ("button", "todo"), ("message", "not_applicable"), ("phone", "not_applicable"),
        ("remark", "not_applicable"),
    ]  # fmt: skip
    for step in (lambda: do(known, "phone"), lambda: do(known, "message")):
        with refused("chase.channel"):
            step()


def test_steps_within_ten_minutes_are_one_round_and_a_double_press_counts_once() -> None:
    worked = do(unpaid(), "phone", "button", "message", "message")
    assert [(contact.step, contact.round) for contact in worked.contacts] == [
        ("phone", 1), ("button", 1), ("message", 1),
    ]  # fmt: skip
    assert chase.round_at(worked, EVENING + minutes(10)) == 1
    assert chase.round_at(worked, EVENING + minutes(11)) == 2


def test_after_two_rounds_the_buyer_is_left_alone() -> None:
    worked = do(do(unpaid(left=None), "button"), "button", now=EVENING + minutes(11))
    later = EVENING + minutes(30)
    with refused("chase.rounds") as refusal:
        do(worked, "message", now=later)
    assert refusal.value.values["limit"] == 2
    assert chase.due([worked], later, 5) == ()
    assert do(worked, "remark", now=later).contacts[-1].step == "remark"


def test_a_buyer_said_to_have_paid_is_left_alone_until_a_newer_export_says_unpaid() -> None:
    said = answer(unpaid(left=None), "paid_said")
    assert said.state == "contacted"
    assert chase.due([said], EVENING + minutes(60), 5) == ()
    with refused("chase.said_paid"):
        do(said, "button", now=EVENING + minutes(5))
    newer = EVENING + minutes(30)
    still = chase.settle(said, Order(platform="douyin", order_id="1", status="pending_payment"), newer, newer)
    assert chase.due([still], newer, 5) == (still,)


def test_a_promised_time_brings_the_order_back_then() -> None:
    waiting = answer(unpaid(), "will_pay", promised_at=EVENING + minutes(15))
    assert chase.due([waiting], EVENING + minutes(14), 5) == ()
    assert chase.due([waiting], EVENING + minutes(15), 5) == (waiting,)


@pytest.mark.parametrize(
    ("promised", "key"),
    [(None, "chase.promise_missing"), (0, "chase.promise_past"), (25, "chase.promise_late")],
)
def test_a_promise_needs_a_time_to_come_and_before_the_order_dies(promised: int | None, key: str) -> None:
    at = None if promised is None else EVENING + minutes(promised)
    with refused(key):
        answer(unpaid(), "will_pay", promised_at=at)


def test_an_order_not_to_be_paid_needs_one_of_the_known_reasons() -> None:
    for told, key in (({}, "chase.reason_missing"), ({"reason": "weather"}, "chase.reason_unknown")):
        with refused(key):
            answer(unpaid(), "refused", **told)
    lost = answer(unpaid(), "refused", reason="price", note="要再便宜10元")
    assert (lost.state, lost.closed_why, lost.reason, lost.note) == (
        "lost",
        "refused",
        "price",
        "要再便宜10元",
    )


def test_an_inconvenient_call_returns_at_the_next_window() -> None:
    called = do(unpaid(local(16, 30), left=None), "phone", "button", "message", now=local(16, 30))
    waiting = answer(called, "inconvenient", now=local(16, 35))
    assert waiting.returns_at == local(19)
    assert chase.script_key(waiting) in ("chase.script_inconvenient", "chase.script_inconvenient_2")


def test_nobody_can_have_not_answered_who_was_not_contacted() -> None:
    with refused("chase.no_contact"):
        answer(unpaid(), "no_answer")
    with refused("chase.no_contact"):
        do(unpaid(), "remark")


@pytest.mark.parametrize("outcome", ["wrong", "malicious", "opted_out"])
def test_wrong_malicious_and_opted_out_orders_are_dropped_for_good(outcome: str) -> None:
    dropped = answer(unpaid(), outcome)
    assert (dropped.state, dropped.closed_why) == ("dropped", outcome)
    assert chase.due([dropped], EVENING, 5) == ()
    for step in (lambda: do(dropped, "button"), lambda: chase.claim(dropped, "amy", EVENING)):
        with refused("chase.step"):
            step()


def test_an_order_past_its_time_can_neither_be_claimed_nor_contacted() -> None:
    late = EVENING + minutes(25)
    with refused("chase.expired"):
        chase.claim(unpaid(), "amy", late)
    with refused("chase.expired"):
        do(unpaid(), "button", now=late)


def test_an_unknown_outcome_is_refused() -> None:
    with refused("chase.outcome_unknown"):
        answer(unpaid(), "maybe")


@pytest.mark.parametrize("state", chase.NEXT)
@pytest.mark.parametrize("move", get_args(Move))
def test_the_table_alone_says_which_move_leads_where(state: State, move: Move) -> None:
    if move in chase.NEXT[state]:
        assert moved(unpaid(state=state), move).state == chase.NEXT[state][move]
    else:
        with refused("chase.step"):
            moved(unpaid(state=state), move)


KINDS = st.sampled_from(["phone", "button", "message", "remark"])
OUTCOMES = st.sampled_from(sorted(chase.ANSWERS))
PEOPLE = st.sampled_from(["amy", "bob"])
ACTS = st.one_of(
    st.tuples(st.just("record"), PEOPLE, KINDS),
    st.tuples(st.just("claim"), PEOPLE, st.none()),
    st.tuples(st.just("release"), PEOPLE, st.none()),
    st.tuples(st.just("outcome"), PEOPLE, OUTCOMES),
    st.tuples(
        st.just("file"), st.none(), st.sampled_from(["pending_payment", "paid_unshipped", "cancelled"])
    ),
)
EVENTS = st.lists(st.tuples(st.integers(0, 40), ACTS), max_size=25)


def act(known: Chase, now: datetime, what: str, who: Any, told: Any) -> Chase:
    if what == "record":
        return chase.record(known, who, told, now, ZONE)
    if what == "outcome":
        return answer(known, told, now, who, reason="price", promised_at=now + minutes(20))
    if what == "file":
        paid_at = now if told == "paid_unshipped" else None
        order = Order(platform="douyin", order_id="1", status=told, paid_at=paid_at)
        return chase.settle(known, order, now, now)
    return chase.claim(known, who, now) if what == "claim" else chase.release(known, who, now)


@given(st.integers(0, 23), st.one_of(st.none(), st.integers(1, 400)), EVENTS)
def test_no_buyer_is_ever_chased_too_often_at_the_wrong_hour_or_after_paying(
    hour: int, left: int | None, events: list[tuple[int, Any]]
) -> None:
    now = local(hour)
    known = unpaid(now, left=left)
    for wait, (what, who, told) in events:
        now += minutes(wait)
        offered = bool(chase.due([known], now, 1))
        try:
            after = act(known, now, what, who, told)
        except Refusal:
            continue
        contacted = len(after.touches) > len(known.touches)
        assert not (contacted and (not known.alive or known.paid_at or known.expired(now)))
        assert not (offered and (not known.alive or known.expired(now)))
        if contacted and known.held(now):
            assert known.owner == who
        known = after
    assert all(chase.phone_open(touch.at, ZONE) for touch in known.touches if touch.step == "phone")
    rounds = {touch.round: touch.at for touch in reversed(known.touches)}
    assert len(rounds) <= 2
    assert all(touch.at - rounds[touch.round] <= minutes(10) for touch in known.touches)
    assert known.paid_at is None or all(touch.at <= known.paid_at for touch in known.touches)


@given(st.integers(0, 24 * 60 - 1))
def test_the_next_window_is_open_when_it_comes_and_shut_just_before_it(minute: int) -> None:
    now = local(0) + minutes(minute)
    opens = chase.next_phone_window(now, ZONE)
    assert now < opens <= now + timedelta(days=1)
    assert chase.phone_open(opens, ZONE)
    assert not chase.phone_open(opens - timedelta(seconds=1), ZONE)
