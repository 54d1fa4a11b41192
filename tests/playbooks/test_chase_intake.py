"""Unpaid orders coming in, by hand and by file, and being settled by later exports."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import chase
from playbooks.chase import Chase
from playbooks.chase.outcomes import outcome
from playbooks.model import Refusal
from playbooks.orders import PAID, Order, OrderLine, OrderState, Status, advances

NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)  # 20:30 in Shanghai
LIFE = timedelta(minutes=30)
ID = "6917926768823643751"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def order(status: Status = "pending_payment", **told: object) -> Order:
    facts = {"created_at": NOW - minutes(5), "amount": Decimal(59), "city": "武汉市", "phone_tail": "0001",
             "lines": (OrderLine(title="赠品", gift=True), OrderLine(title="白色T恤"))}  # fmt: skip
    return Order.model_validate({"platform": "douyin", "order_id": ID, "status": status, **facts, **told})


def taken_in(known: Chase | None, what: Order, as_of: datetime = NOW, now: datetime = NOW) -> Chase | None:
    return chase.take_in(
        known, what, room="a1", broadcast="a1-b1", link_no=3, as_of=as_of, life=LIFE, now=now
    )


def by_hand(known: Chase | None = None, now: datetime = NOW, **told: object) -> Chase:
    return chase.register(known, room="a1", order_id=ID, platform="douyin", now=now, **told)  # type: ignore[arg-type]


def by_file(now: datetime = NOW) -> Chase:
    made = taken_in(None, order(), now, now)
    assert made is not None
    return made


def test_an_unpaid_order_of_an_export_becomes_a_chase_with_what_the_card_shows() -> None:
    made = by_file()
    assert made.id == f"a1-c{ID}"
    assert (made.link_no, made.title, made.amount, made.city, made.phone_tail) == (
        3, "白色T恤", Decimal("59.00"), "武汉市", "0001",
    )  # fmt: skip
    assert made.expires_at == NOW + minutes(25)
    assert (made.state, made.source, made.data_as_of) == ("open", "file", NOW)


def test_a_paid_a_closed_and_a_run_out_order_open_no_chase() -> None:
    paid = order("paid_unshipped", paid_at=NOW - minutes(1))
    contradicting = order(paid_at=NOW - minutes(1))
    run_out = order(created_at=NOW - LIFE)
    assert [taken_in(None, each) for each in (paid, contradicting, order("cancelled"), run_out)] == [None] * 4


def test_where_the_platforms_unpaid_life_is_unknown_the_order_has_no_expiry() -> None:
    later = NOW + timedelta(days=2)
    made = chase.take_in(
        None, order(), room="a1", broadcast="", link_no=None, as_of=NOW, life=None, now=later
    )
    assert made is not None
    assert made.expires_at is None


def test_registering_the_same_order_again_fills_what_was_missing_and_makes_no_second_one() -> None:
    first = by_hand(amount=Decimal(59))
    again = by_hand(first, now=NOW + minutes(2), amount=Decimal(99), link_no=3)
    assert (again.id, again.seen_at, again.amount, again.link_no) == (first.id, NOW, Decimal(59), 3)
    assert by_hand(again) == again


def test_an_export_confirms_an_order_registered_by_hand() -> None:
    known = by_hand(life=LIFE)
    assert known.expires_at == NOW + LIFE
    confirmed = taken_in(known, order(), as_of=NOW - minutes(1))
    assert confirmed is not None
    assert (confirmed.source, confirmed.amount) == ("file", Decimal(59))
    assert confirmed.created_at == NOW - minutes(5)
    assert confirmed.expires_at == NOW + minutes(25)
    assert confirmed.data_as_of == NOW


def test_a_paid_order_cannot_be_registered_and_a_closed_one_neither() -> None:
    paid = chase.settle(by_file(), order("paid_unshipped", paid_at=NOW), NOW, NOW)
    with pytest.raises(Refusal, match=r"chase\.already_paid"):
        by_hand(paid)
    with pytest.raises(Refusal, match=r"chase\.already_closed"):
        by_hand(chase.expire(by_file(), NOW + LIFE))


def test_a_later_export_that_shows_it_paid_settles_the_chase() -> None:
    paid = taken_in(by_file(), order("paid_unshipped", paid_at=NOW + minutes(3)), NOW + minutes(10))
    assert paid is not None
    assert (paid.state, paid.paid_at, paid.closed_why) == ("paid", NOW + minutes(3), "paid")


def test_a_paid_time_counts_as_paid_whatever_the_status_says() -> None:
    assert chase.settle(by_file(), order(paid_at=NOW), NOW, NOW).state == "paid"


@pytest.mark.parametrize(
    ("status", "reason", "why"),
    [
        ("cancelled", "超时未支付,系统关闭", "expired"),
        ("cancelled", "买家取消", "buyer"),
        ("cancelled", "", "cancelled"),
        ("closed", "其他", "closed"),
        ("deleted", "", "deleted"),
        ("refunded", "买家退款", "refunded"),
    ],
)
def test_a_dead_order_is_lost_with_why(status: Status, reason: str, why: str) -> None:
    paid_at = NOW if status == "refunded" else None
    lost = chase.settle(by_file(), order(status, close_reason=reason, paid_at=paid_at), NOW + minutes(9), NOW)
    assert (lost.state, lost.closed_why) == ("lost", why)


def test_an_older_export_confirms_nothing_but_still_tells_that_it_was_paid_or_is_over() -> None:
    known, before = by_file(), NOW - minutes(1)
    assert taken_in(known, order(amount=Decimal(1)), before) == known
    for status, ends in (("cancelled", "lost"), ("paid_unshipped", "paid")):
        settled = taken_in(known, order(status), before)  # type: ignore[arg-type]
        assert settled is not None
        assert (settled.state, settled.data_as_of) == (ends, NOW)


def test_an_order_past_its_time_is_lost_at_the_moment_it_ran_out() -> None:
    known = by_file()
    assert chase.expire(known, NOW + minutes(24)) == known
    lost = chase.expire(known, NOW + minutes(40))
    assert (lost.state, lost.closed_why, lost.closed_at) == ("lost", "expired", NOW + minutes(25))


def test_an_order_thought_expired_still_becomes_paid_when_an_export_says_so() -> None:
    lost = chase.expire(by_file(), NOW + minutes(40))
    paid = chase.settle(lost, order("paid_unshipped", paid_at=NOW + minutes(24)), NOW + minutes(45), NOW)
    assert (paid.state, paid.paid_at) == ("paid", NOW + minutes(24))


STATUSES: tuple[Status, ...] = (
    "pending_payment", "paid_unshipped", "shipped", "cancelled", "closed", "refunded", "unknown",
)  # fmt: skip
FILES = st.lists(st.tuples(st.sampled_from(STATUSES), st.booleans(), st.integers(0, 60)), max_size=8)


@given(FILES)
def test_settling_is_idempotent_and_never_goes_back(files: list[tuple[Status, bool, int]]) -> None:
    known = by_file()
    for status, has_paid_time, at in files:
        told = order(status, paid_at=NOW + minutes(at) if has_paid_time else None)
        settled = chase.settle(known, told, NOW + minutes(at), NOW + minutes(at))
        assert chase.settle(settled, told, NOW + minutes(at), NOW + minutes(at)) == settled
        assert settled.data_as_of >= known.data_as_of
        if known.state == "paid":
            assert settled == known
        if not known.alive:
            assert not settled.alive
        known = settled


def test_the_age_told_is_never_older_than_the_registration_by_hand() -> None:
    still = chase.settle(by_hand(), order(), NOW - minutes(20), NOW)
    assert (still.state, still.data_as_of) == ("open", NOW)


def state(status: Status, **told: object) -> OrderState:
    facts = {"id": f"a1-o{ID}", "order_id": ID, "platform": "douyin", "status": status, "as_of": NOW}
    return OrderState.model_validate({**facts, **told})


@pytest.mark.parametrize(
    ("known", "key", "why"),
    [
        (state("shipped"), "chase.already_paid", None),
        (state("unknown", paid_at=NOW), "chase.already_paid", None),
        (state("closed", closed_why="buyer"), "chase.already_closed", "buyer"),
        (state("closed", paid_at=NOW), "chase.already_closed", "refunded"),
        (state("cancelled"), "chase.already_closed", "cancelled"),
    ],
)
def test_what_the_exports_know_as_paid_or_dead_is_not_registered(
    known: OrderState, key: str, why: str | None
) -> None:
    with pytest.raises(Refusal) as refused:
        by_hand(state=known)
    assert refused.value.key == key
    assert refused.value.values.get("why") == why


def test_a_dead_order_keeps_why_and_since_when_it_was_first_seen_dead() -> None:
    dead = order("closed", close_reason="买家取消")
    why, when = chase.end_of(dead, None, NOW, LIFE)
    assert (why, when) == ("buyer", NOW)
    known = state("closed", closed_why=why, closed_at=when)
    assert chase.end_of(dead, known, NOW + minutes(60), LIFE) == ("buyer", NOW)
    assert chase.end_of(order(), None, NOW, LIFE) == ("", None)


@given(st.integers(1, 600))
def test_an_unpaid_order_is_dead_once_its_life_is_over_however_late_the_export(late: int) -> None:
    dead = order("closed", close_reason="超时未支付")
    why, when = chase.end_of(dead, None, NOW + minutes(late), LIFE)
    assert why == "expired"
    assert when == min(NOW + minutes(late), NOW - minutes(5) + LIFE)


def test_a_first_paid_time_is_news_under_a_status_nobody_knows() -> None:
    unknown = order("unknown", paid_at=NOW)
    assert advances(state("pending_payment"), unknown, NOW)
    assert not advances(state("closed"), unknown, NOW)
    assert advances(state("pending_payment"), unknown, NOW - minutes(1))
    assert not advances(state("paid_unshipped"), order("shipped"), NOW - minutes(1))


def test_a_wrong_time_typed_anew_does_not_end_what_is_being_worked_on() -> None:
    known = by_hand(life=LIFE)
    with pytest.raises(Refusal, match=r"chase\.too_old"):
        by_hand(known, NOW + minutes(5), life=LIFE, created_at=NOW - minutes(40))
    assert by_hand(known, NOW + minutes(5), life=LIFE).alive


def test_an_order_the_exports_know_is_registered_as_they_know_it() -> None:
    seen = state("pending_payment", platform="pinduoduo", created_at=NOW - minutes(10))
    made = by_hand(life=LIFE, state=seen)
    assert (made.platform, made.expires_at) == ("pinduoduo", NOW + minutes(20))
    with pytest.raises(Refusal, match=r"chase\.too_old"):
        by_hand(life=LIFE, state=seen.changed(created_at=NOW - minutes(31)))


@pytest.mark.parametrize("said", ["wrong", "closed_said"])
def test_registered_anew_an_order_that_a_word_had_ended_is_open_again(said: str) -> None:
    known = outcome(by_hand(life=LIFE), "amy", outcome=said, now=NOW, zone=UTC)
    again = by_hand(known, NOW + minutes(3), life=LIFE)
    assert (again.state, again.answer, again.data_as_of) == ("open", None, NOW + minutes(3))


@pytest.mark.parametrize("said", ["opted_out", "malicious"])
def test_a_buyer_to_be_left_alone_is_so_whoever_registers_the_order_anew(said: str) -> None:
    known = outcome(by_hand(life=LIFE), "amy", outcome=said, now=NOW, zone=UTC)
    with pytest.raises(Refusal, match=rf"contacts\.{said}"):
        by_hand(known, NOW + minutes(3), life=LIFE)


WORDS = st.sampled_from(["wrong", "closed_said", "opted_out", "malicious"])


@given(WORDS, st.sampled_from(STATUSES), st.booleans(), st.integers(-20, 20))
def test_only_a_newer_file_overrules_a_word_and_only_one_on_the_order_itself(
    said: str, status: Status, has_paid_time: bool, at: int
) -> None:
    known = outcome(by_file(NOW - minutes(25)), "amy", outcome=said, now=NOW, zone=UTC)
    as_of = NOW + minutes(at)
    told = order(status, paid_at=as_of if has_paid_time else None)
    after = taken_in(known, told, as_of, max(NOW, as_of))
    assert after is not None
    if after.alive:
        assert said in ("wrong", "closed_said")
        assert (status, has_paid_time, at > 0) == ("pending_payment", False, True)
    if (status, has_paid_time) == ("pending_payment", False) and said in ("wrong", "closed_said") and at > 0:
        assert after.alive
    assert after.state in ("open", "paid") or after == known


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.booleans(), st.integers(-30, 30)), max_size=6))
def test_once_any_export_said_paid_no_later_or_older_one_puts_the_order_back_to_be_chased(
    files: list[tuple[Status, bool, int]],
) -> None:
    one, said_paid = by_file(), False
    known = state("pending_payment", as_of=NOW)
    for status, has_paid_time, at in files:
        as_of = NOW + minutes(at)
        told = order(status, paid_at=NOW - minutes(3) if has_paid_time else None)
        said_paid = said_paid or (told.status in PAID or has_paid_time)
        if advances(known, told, as_of):
            newest = max(as_of, known.as_of)
            known = known.changed(status=status, paid_at=told.paid_at, as_of=newest)
            one = taken_in(one, told, as_of) or one
        if said_paid:
            assert not one.alive
