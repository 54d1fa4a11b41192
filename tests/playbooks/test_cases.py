"""Deadlines, states and guards of cases 工单, whatever happens to them and whenever (E14-E28, K14, K16, L02)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import cases
from playbooks.cases import Case, Kind, Typed
from playbooks.cases.deadlines import at_night
from playbooks.cases.state import Step, step
from playbooks.model import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
ORDER = "6917000000000000001"
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
kinds = st.sampled_from(cases.KINDS)


def opened(kind: Kind, at: datetime, **typed: object) -> Case:
    """A case of `kind` that came at `at`."""
    said = Typed.model_validate({"order_id": ORDER, **typed})
    due = cases.due_of(kind, said.type, at, SHANGHAI)
    return cases.opened("a1-cs1", 1, kind, said, owner="7", by="7", at=at, due_at=due)


@given(kinds, moments)
def test_nobody_is_told_at_night_and_every_deadline_is_told_before_it_has_passed(
    kind: Kind, at: datetime
) -> None:
    one = opened(kind, at, explain_by=at + timedelta(days=30))
    told = list(cases.told(one, SHANGHAI))
    assert not [moment for moment, _ in told if at_night(moment, SHANGHAI)]
    for what, deadline in (("due", one.due_at), ("cap", one.cap_at)):
        assert all(moment <= deadline for moment, said in told if said == what)


@given(kinds, moments)
def test_followed_moment_by_moment_a_case_tells_of_everything_once_and_then_nothing_more(
    kind: Kind, at: datetime
) -> None:
    one = opened(kind, at)
    expected = sorted(moment for moment, _ in cases.told(one, SHANGHAI) if moment > at)
    seen: list[datetime] = []
    whats: list[str] = []
    now = at
    while (following := cases.next_told(one, now, SHANGHAI)) and len(seen) <= len(expected):
        now = following.at
        seen.append(now)
        whats += following.whats
    assert seen == sorted(set(expected))
    assert whats.count("again") <= cases.rules().nags
    assert whats.count("lead") <= 1
    assert whats.count("cap") <= 1


@given(moments)
def test_a_review_is_due_by_the_next_half_past_six_and_never_after_three_days(at: datetime) -> None:
    one = opened("negative", at)
    due = one.due_at.astimezone(SHANGHAI)
    assert due.time() == time(18, 30)
    assert timedelta() < one.due_at - at <= timedelta(days=1)
    assert one.cap_at - at == timedelta(days=3)


def test_a_review_that_comes_as_the_clock_strikes_half_past_six_is_due_the_next_day() -> None:
    at = datetime(2026, 11, 11, 18, 30, tzinfo=SHANGHAI)
    assert cases.due_of("negative", "", at, SHANGHAI) == at + timedelta(days=1)
    assert cases.due_of("negative", "", at - timedelta(seconds=1), SHANGHAI) == at


@given(moments, st.integers(0, 12), st.integers(1, 10))
def test_whoever_only_comes_in_the_evening_has_until_the_end_of_the_shift(
    at: datetime, late: int, hours: int
) -> None:
    usual = cases.due_of("negative", "", at, SHANGHAI)
    start = usual + timedelta(minutes=late * 20)
    end = start + timedelta(hours=hours)
    due = cases.due_of("negative", "", at, SHANGHAI, [(start, end)])
    assert due == (end if start.astimezone(SHANGHAI).date() == usual.astimezone(SHANGHAI).date() else usual)
    by_day = (usual - timedelta(hours=8), usual)
    assert cases.due_of("negative", "", at, SHANGHAI, [(start, end), by_day]) == usual


@given(kinds, moments, st.lists(st.sampled_from(get_args(Step)), max_size=12))
def test_no_way_through_its_states_leaves_a_case_closed_without_its_steps(
    kind: Kind, at: datetime, ways: list[Step]
) -> None:
    one = opened(kind, at)
    passed: list[str] = [one.state]
    for way in ways:
        try:
            one = one.changed(state=step(one, way))
        except Refusal:
            continue
        passed.append(one.state)
        if way == "close" and kind == "complaint":
            assert passed[-2] == "tracking"


@pytest.mark.parametrize("cause", [id for id, one in cases.rules().causes.items() if one.manager])
@pytest.mark.parametrize("kind", ["negative", "aftersale", "complaint"])
def test_what_only_a_manager_may_settle_no_agent_closes_whatever_the_outcome(kind: Kind, cause: str) -> None:
    at = datetime(2026, 11, 11, 12, tzinfo=UTC)
    one = opened(kind, at, cause=cause)
    for outcome in cases.may_end_as(one):
        with pytest.raises(Refusal, match=r"case\.manager_only"):
            cases.closed(one, "7", outcome, at, SHANGHAI, manager=False, text="说明")


def test_an_outcome_others_must_understand_is_not_taken_without_a_sentence_nor_a_cause() -> None:
    at = datetime(2026, 11, 11, 12, tzinfo=UTC)
    one = opened("negative", at)
    with pytest.raises(Refusal, match=r"case\.cause_missing"):
        cases.closed(one, "7", "solved", at, SHANGHAI, manager=False)
    with pytest.raises(Refusal, match=r"case\.no_text"):
        cases.closed(one, "7", "void", at, SHANGHAI, manager=False)
    with pytest.raises(Refusal, match=r"case\.reply_first"):
        cases.closed(one.changed(cause="quality"), "7", "explained", at, SHANGHAI, manager=False)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_text_for_buyers_passes_the_check_of_public_replies(lang: str) -> None:
    for name, text in cases.rules().scripts[lang].items():
        said = text.format(address="", days=cases.rules().returns.days, what=cases.rules().returns.what[lang])
        assert cases.check_reply(said), name


@pytest.mark.parametrize(
    "text",
    [
        "亲，改一下评价给您补偿 10 元", "删掉差评退您 5 元", "加微信 wx:abc12345 处理", "详情看 www.shop.example.com",
        "您的订单 6917000000000000001 已补发", "张先生住文三路 12 号的，已处理", "已寄到3栋2单元501室",
        "Change your review and we refund 5 yuan", "please see https://example.com/a", "送您优惠券一张",
        "收货人：李四 已处理", "１３８ ００００ ０００１ 已回电",
    ],
)  # fmt: skip
def test_what_must_not_stand_below_a_review_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        cases.check_reply(text)


@pytest.mark.parametrize(
    "text",
    [
        "您好，非常抱歉，问题已经处理好了", "感谢反馈，我们已给您补发，请留意查收", "抱歉让您久等 10 天，已加急",
        "您说的 3 号色差问题已反馈给工厂", "谢谢支持，有问题随时联系客服", "北京的天气冷，物流慢了些，抱歉",
    ],
)  # fmt: skip
def test_an_honest_reply_passes(text: str) -> None:
    assert cases.check_reply(text) == text


@given(
    st.text("你好，。 abc收到", max_size=20),
    st.integers(10**9, 10**19),
    st.text("你好，。 谢谢", max_size=20),
)
def test_a_masked_sentence_holds_nothing_personal_any_more(before: str, number: int, after: str) -> None:
    masked = cases.masked(f"{before} {number} {after}")
    assert str(number) not in masked or number < 10**9
    assert not cases.personal_in(masked)


def test_a_line_is_read_in_whatever_order_its_words_stand() -> None:
    now = datetime(2026, 11, 11, 12, tzinfo=UTC)
    one = cases.read("negative", f"{ORDER} 物流 2星 等了十天 到期 12-01", now, SHANGHAI)
    other = cases.read("negative", f"{ORDER} 2星 物流 等了十天 到期 12-01", now, SHANGHAI)
    assert one.model_copy(update={"before": other.before}) == other
    assert (one.stars, one.cause, one.text) == (2, "logistics", "等了十天")
    assert one.explain_by == datetime(2026, 12, 1, 18, 30, tzinfo=SHANGHAI)
    for apart in ("2 stars logistics late again", "logistics 2 stars late again"):
        said = cases.read("negative", f"{ORDER} {apart}", now, SHANGHAI)
        assert (said.stars, said.cause, said.text) == (2, "logistics", "late again")
    kept = cases.read("aftersale", f"{ORDER} 尺码 太小了 物流也慢", now, SHANGHAI)
    assert (kept.cause, kept.text) == ("size", "太小了 物流也慢")


def test_of_many_cases_the_tally_is_what_one_counts_by_hand() -> None:
    at = datetime(2026, 11, 9, 2, tzinfo=UTC)
    one = opened("complaint", at, cause="quality")
    done = one.changed(state="closed", outcome="solved", closed_at=at + timedelta(hours=3), reopened=1)
    late = opened("complaint", at, cause="quality")
    other = opened("negative", at + timedelta(hours=1))
    counted = cases.tally([done, late, other], at + timedelta(days=2))
    assert (counted.count, counted.open, counted.late, counted.reopened, counted.hours) == (3, 2, 2, 1, 3)
    assert counted.causes == (("quality", 2), ("", 1))
