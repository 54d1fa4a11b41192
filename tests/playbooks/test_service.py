"""Service figures as each platform defines them: the worked examples of facts/metrics.yaml, and their invariants."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import service
from playbooks.service import Said, Session

SHANGHAI = ZoneInfo("Asia/Shanghai")
SENDERS = {"B": "buyer", "S": "agent", "R": "robot"}


def session(*told: str, **more: object) -> Session:
    """`B 10:10:15`: who and when."""
    said = []
    for one in told:
        who, clock = one.split()
        at = datetime.strptime(f"2026-11-11 {clock}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
        said.append(Said(at=at, who=SENDERS[who]))
    return Session(said=tuple(said), **more)


def in_time(platform: str, *sessions: Session) -> tuple[int, int]:
    return service.replies(sessions, platform, SHANGHAI)


@pytest.mark.parametrize(
    ("told", "result"),
    [
        (("B 10:10:15", "B 10:15:20", "S 10:18:10"), (0, 1)),
        (("B 10:10:15", "B 10:15:20", "S 10:18:10", "B 10:18:30", "S 10:19:00"), (1, 2)),
        (tuple(f"B 21:0{n % 3}:{n:02}" for n in range(10)), (0, 1)),
    ],
)
def test_taobao_counts_rounds_by_the_first_unanswered_message(
    told: tuple[str, ...], result: tuple[int, int]
) -> None:
    assert in_time("taobao", session(*told)) == result


def test_douyin_counts_sessions_by_their_mean_wait_and_none_with_an_unanswered_message() -> None:
    mean_good = session("B 10:00:00", "S 10:05:00", "B 10:10:00", "S 10:10:30")
    assert in_time("douyin", mean_good) == (1, 1)
    assert in_time("douyin", session("B 10:00:00", "S 10:00:05", "B 10:01:00")) == (0, 1)


def test_kuaishou_counts_each_message_of_the_buyer() -> None:
    assert in_time("kuaishou", session("B 10:10:15", "B 10:15:20", "S 10:18:10")) == (1, 2)


def test_jd_counts_sessions_by_when_they_began() -> None:
    assert in_time("jd", session("B 08:56:00", "S 09:01:00")) == (0, 0)
    assert in_time("jd", session("B 09:00:00", "S 09:00:30"), session("B 10:00:00", "S 10:00:31")) == (1, 2)


@pytest.mark.parametrize(
    ("platform", "inside", "outside"),
    [
        ("douyin", "22:59:59", "23:00:00"), ("taobao", "23:59:59", "07:59:59"), ("kuaishou", "08:00:00", "07:59:59"),
        ("pinduoduo", "22:59:59", "23:00:00"), ("jd", "22:59:59", "23:00:00"),
    ],
)  # fmt: skip
def test_a_question_outside_the_platform_s_hours_is_not_counted(
    platform: str, inside: str, outside: str
) -> None:
    assert in_time(platform, session(f"B {inside}")) == (0, 1)
    assert in_time(platform, session(f"B {outside}")) == (0, 0)


def test_the_first_response_is_the_mean_over_sessions() -> None:
    some = [session("B 10:00:00", f"S 10:00:{n}", "B 10:05:00", "S 10:06:00") for n in (25, 50, 30)]
    assert service.first_response(some) == Decimal(35)
    assert service.mean_response(some) == Decimal(48)  # (25+50+30+60×3)/6 = 47.5


def test_handed_on_or_reopened_within_a_day_was_not_solved_at_once() -> None:
    day = timedelta(hours=24)
    some = [
        session("B 10:00:00", solved=True), session("B 10:00:00", solved=True, handed_on=True),
        session("B 10:00:00", solved=True, reopened_after=day),
        session("B 10:00:00", solved=True, reopened_after=day + timedelta(seconds=1)),
        session("B 10:00:00", solved=False), session("B 10:00:00"),
    ]  # fmt: skip
    assert service.solved_at_once(some) == (2, 5)


def test_a_robot_answers_nothing() -> None:
    assert in_time("taobao", session("B 10:00:00", "R 10:00:01", "S 10:04:00")) == (0, 1)


def test_nothing_asked_is_not_known_rather_than_nought() -> None:
    assert service.figures([session("S 10:00:00")], "douyin", SHANGHAI) == {}
    assert "reply_3min" not in service.figures([session("B 10:00:00")], "xiaohongshu", SHANGHAI)


MESSAGES = st.lists(st.tuples(st.sampled_from("BSR"), st.integers(9 * 3600, 22 * 3600)), max_size=30)


@given(MESSAGES, st.sampled_from(sorted(service.rules().reply)))
def test_never_more_in_time_than_asked_and_a_faster_agent_never_fares_worse(
    told: list[tuple[str, int]], platform: str
) -> None:
    def at(second: int) -> datetime:
        return datetime(2026, 11, 11, tzinfo=SHANGHAI) + timedelta(seconds=second)

    said = tuple(Said(at=at(second), who=SENDERS[who]) for who, second in told)
    good, counted = in_time(platform, Session(said=said))
    assert 0 <= good <= counted
    # With an answer one second after each message all are in time.
    quick = tuple(Said(at=one.at + timedelta(seconds=1), who="agent") for one in said if one.who == "buyer")
    assert in_time(platform, Session(said=said + quick))[0] >= good
