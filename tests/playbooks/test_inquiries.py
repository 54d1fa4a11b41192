"""A lost inquiry as typed: the time ends the line, nothing of the sentence is lost, every one is counted once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import inquiries, needs
from playbooks.inquiries import LostInquiry
from playbooks.model import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 11, 21, 0, tzinfo=SHANGHAI)
REASONS = tuple(inquiries.rules().reasons)


@pytest.mark.parametrize(
    ("typed", "reason", "text", "retry"),
    [
        ("太贵 明天 15:00", "price", "太贵", (12, 15)),
        ("别家便宜", "compare", "别家便宜", None),
        ("明天 要出差 再看看", "compare", "明天 要出差 再看看", None),
        ("妈妈不让买 2小时", "other", "妈妈不让买", (11, 23)),
        ("Too Expensive", "price", "Too Expensive", None),
        ("明天 15:00", "", "", (12, 15)),
    ],
)
def test_reason_and_time_as_agents_write_them(typed, reason, text, retry):
    read = inquiries.read(typed, NOW, SHANGHAI)
    assert (read.reason, read.text) == (reason, text)
    assert read.retry_at == (retry and datetime(2026, 11, *retry, tzinfo=SHANGHAI))


def test_a_phone_number_is_kept_in_neither():
    with pytest.raises(Refusal, match="personal_note"):
        inquiries.read("太贵 13800012345", NOW, SHANGHAI)
    with pytest.raises(Refusal, match="personal_note"):
        needs.read("要大码 13900012345")


@pytest.mark.parametrize("typed", ["太贵 15:00 明天", "太贵 15:00 16:00", "太贵 今天 25:00"])
def test_a_time_that_is_none_is_refused_not_taken_for_the_reason(typed):
    with pytest.raises(Refusal, match=r"promise\.when"):
        inquiries.read(typed, NOW, SHANGHAI)


@given(
    st.lists(st.sampled_from(["太贵", "没货", "发货", "犹豫", "颜色", "嗯"]), max_size=6), st.integers(1, 48)
)
def test_what_stands_before_the_time_is_kept_word_for_word(words, hours):
    read = inquiries.read(" ".join([*words, f"{hours}小时"]), NOW, SHANGHAI)
    assert read.text.split() == words
    assert read.retry_at == NOW + timedelta(hours=hours)
    assert (read.reason == "") == (not words)


@given(st.lists(st.sampled_from(["", *REASONS])))
def test_every_lost_inquiry_is_counted_under_its_reason(reasons):
    known = [
        LostInquiry(id=f"a1-l{n}", broadcast="a1-b1", number=None, reason=reason, by="103", at=NOW)
        for n, reason in enumerate(reasons)
    ]
    told = inquiries.tally(known)
    assert sorted(reason for reason, count in told for _ in range(count)) == sorted(reasons)
    assert [count for _, count in told] == sorted((count for _, count in told), reverse=True)
