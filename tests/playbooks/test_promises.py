"""Every promise has a due time in the future and an owner, however its time is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import promises
from playbooks.model import Refusal
from playbooks.promises import Promise

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 11, 21, 0, tzinfo=SHANGHAI)
ORDER = "6917000000000000001"


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("22:30", (11, 22, 30)),
        ("20:30", (12, 20, 30)),
        ("今晚", (11, 22, 0)),
        ("明天", (12, 22, 0)),
        ("明天 18:00", (12, 18, 0)),
        ("后天 9：00前", (13, 9, 0)),
        ("11-13 18:00", (13, 18, 0)),
        ("2小时", (11, 23, 0)),
        ("3天内", (14, 21, 0)),
    ],
)
def test_times_as_agents_write_them(when, due):
    typed = promises.read(f"{ORDER} {when} 补发小样", NOW, SHANGHAI)
    assert (typed.order_id, typed.text) == (ORDER, "补发小样")
    assert typed.due_at == datetime(2026, 11, *due, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "promise.usage"),
        (ORDER, "promise.usage"),
        (f"{ORDER} 明天", "promise.usage"),
        ("明天 18:00 补发小样", "promise.usage"),
        (f"{ORDER} 尽快 补发小样", "promise.when"),
        (f"{ORDER} 25:00 补发小样", "promise.when"),
        (f"{ORDER} 02-30 补发小样", "promise.when"),
        (f"{ORDER} 今天 18:00 补发小样", "promise.past"),
        (f"{ORDER} 90天 补发小样", "promise.far"),
        (f"{ORDER} 明天 {'长' * 101}", "promise.long"),
        (f"{ORDER} 明天 回电13800012345", "common.personal_note"),
    ],
)
def test_what_cannot_be_kept_as_a_promise_is_refused(typed, key):
    with pytest.raises(Refusal) as refused:
        promises.read(typed, NOW, SHANGHAI)
    assert refused.value.key == key


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 60 * 24))
def test_a_bare_time_is_always_the_next_one_to_come(hour, minute, later):
    now = NOW + timedelta(minutes=later)
    due = promises.read(f"{ORDER} {hour}:{minute:02} 回电", now, SHANGHAI).due_at
    local = due.astimezone(SHANGHAI)
    assert (local.hour, local.minute) == (hour, minute)
    assert timedelta(0) < due - now <= timedelta(days=1)


def test_a_promise_is_kept_once():
    one = Promise(id="a1-m1", order_id=ORDER, text="补发", due_at=NOW, owner="21", at=NOW)
    done = promises.keep(one, "22", NOW)
    assert (done.owner, done.kept_by) == ("21", "22")
    assert promises.open_ones([done, one]) == [one]
    with pytest.raises(Refusal):
        promises.keep(done, "21", NOW)
