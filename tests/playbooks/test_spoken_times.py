"""Times as people say them are read as the clock shows them, and what is no time stays as it was typed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import due_times
from playbooks.model import Refusal
from playbooks.spoken_times import as_clock

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 11, 21, 0, tzinfo=SHANGHAI)  # a Wednesday
CLOSE = time(22)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("小美 20点-24点", "小美 20:00-24:00"),
        ("晚上8点半", "20:30"),
        ("晚上8点到10点", "20:00到22:00"),
        ("晚上8点到2点", "20:00到2:00"),
        ("晚上12点", "24:00"),
        ("晚上2点", "2:00"),
        ("明天 下午3点一过", "明天 15:00一过"),
        ("今晚8点", "今晚 20:00"),
        ("中午12点-1点", "12:00-13:00"),
        ("凌晨1点30分", "1:30"),
        ("8pm-10:30PM", "20:00-22:30"),
        ("12am", "0:00"),
        ("20：00-24:00", "20:00-24:00"),
        ("18-24", "18-24"),
        ("2小时 3号 10分钟 8时间", "2小时 3号 10分钟 8时间"),
        ("13800012345点", "13800012345点"),
    ],
)
def test_a_time_of_day_is_written_as_the_clock_shows_it(said: str, written: str) -> None:
    assert as_clock(said) == written


@given(st.integers(0, 23), st.integers(0, 59))
def test_what_the_clock_shows_already_stays(hour: int, minute: int) -> None:
    assert as_clock(f"小美 {hour}:{minute:02}") == f"小美 {hour}:{minute:02}"


@pytest.mark.parametrize(
    ("typed", "due", "rest"),
    [
        ("今晚11点 回电", (11, 23, 0), "回电"),
        ("明早9点前回电", (12, 9, 0), "回电"),
        ("今天发货", (11, 22, 0), "发货"),
        ("10点前回电", (11, 22, 0), "回电"),
        ("8点半 回电", (12, 8, 30), "回电"),
        ("10:00 回电", (12, 10, 0), "回电"),
        ("上午10点 回电", (12, 10, 0), "回电"),
        ("10分钟内回电", (11, 21, 10), "回电"),
        ("半小时 回电", (11, 21, 30), "回电"),
        ("in 2 hours call back", (11, 23, 0), "call back"),
        ("by tomorrow 6pm send a sample", (12, 18, 0), "send a sample"),
        ("周五 回电", (13, 22, 0), "回电"),
        ("周三 23:00 回电", (11, 23, 0), "回电"),
        ("下周一上午10点 回电", (16, 10, 0), "回电"),
        ("11月13日 18点 补发", (13, 18, 0), "补发"),
        ("24:00 回电", (12, 0, 0), "回电"),
    ],
)
def test_by_when_something_is_due(typed: str, due: tuple[int, int, int], rest: str) -> None:
    assert due_times.read_due(typed, NOW, SHANGHAI, CLOSE) == (
        datetime(2026, 11, *due, tzinfo=SHANGHAI),
        rest,
    )


@pytest.mark.parametrize(
    "typed", ["尽快 补发", "25:00 回电", "3天无理由退货", "dozen", "todayish", "13-40 回电", ""]
)
def test_what_is_no_time_is_refused_by_name(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        due_times.read_due(typed, NOW, SHANGHAI, CLOSE)
    assert refused.value.key == "promise.when"


@given(st.integers(1, 999), st.sampled_from(["分钟", "小时", "天", "h", "min", "days"]))
def test_a_span_is_counted_from_now_and_is_nothing_but_a_time(count: int, unit: str) -> None:
    due, rest = due_times.read_due(f"{count}{unit}", NOW, SHANGHAI, CLOSE)
    assert rest == ""
    assert due > NOW
    assert due - NOW in (timedelta(minutes=count), timedelta(hours=count), timedelta(days=count))
    assert due_times.is_time(f"{count} {unit}")
