"""Who was there and who did how much, on and off air, of the day of a broadcast."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from playbooks.broadcast import Broadcast, Segment
from playbooks.journal import Entry
from playbooks.review_work import workload

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 11, 11, 6, 0, tzinfo=SHANGHAI)
"""When the business day begins."""
MINUTES = st.integers(0, 24 * 60 - 1)


def at(minute: int) -> datetime:
    return DAY + timedelta(minutes=minute)


def aired(number: int, start: int, end: int) -> Broadcast:
    segment = Segment(started_at=at(start), ended_at=at(end), host="")
    return Broadcast(
        id=f"a1-b{number}", number=number, opened_on=DAY.date(), stage="ended", live_at=at(start),
        ended_at=at(end), segments=(segment,),
    )  # fmt: skip


FIRST, SECOND = aired(1, 840, 1000), aired(2, 1000, 1200)


def entry(number: int, minute: int, kind: str, who: str, about: str = "", **values: str) -> Entry:
    return Entry(
        id=f"a1-j{number}.1", at=at(minute), kind=kind, who=who, broadcast="", about=about, values=values
    )


@given(st.lists(st.tuples(MINUTES, st.sampled_from("78")), max_size=40))
def test_each_piece_of_work_counts_once_on_air_or_off_unless_another_broadcast_was_on(
    noted: list[tuple[int, str]],
) -> None:
    entries = [entry(n, minute, "chase_contact", who) for n, (minute, who) in enumerate(noted)]
    rows = workload(entries, FIRST, [FIRST, SECOND], SHANGHAI, at(24 * 60))
    for who in "78":
        mine = [minute for minute, one in noted if one == who]
        on = sum(840 <= minute < 1000 for minute in mine)
        off = sum(minute < 840 or minute >= 1200 for minute in mine)
        assert [(one.on, one.off) for one in rows if one.who == who] in (
            [(on, off)],
            [] if on + off == 0 else None,
        )


@given(come=st.integers(0, 1100), stays=st.integers(1, 600))
def test_who_was_signed_in_was_there_for_so_much_of_the_stream(come: int, stays: int) -> None:
    entries = [
        entry(1, come, "presence", "7", "7", presence="in"),
        entry(2, come + stays, "presence", "7", "7", presence="out"),
    ]
    rows = workload(entries, FIRST, [FIRST, SECOND], SHANGHAI, at(24 * 60))
    shared = max(min(come + stays, 1000) - max(come, 840), 0)
    assert [one.there for one in rows] == ([timedelta(minutes=shared)] if shared else [])


def test_a_tick_taken_back_is_no_work() -> None:
    ticks = [
        entry(1, 500, "daily", "7", "t1", step="done"), entry(2, 500, "daily", "7", "t1", step="undone"),
        entry(3, 501, "daily", "7", "t2", step="done"),
    ]  # fmt: skip
    assert [(one.on, one.off) for one in workload(ticks, FIRST, [FIRST], SHANGHAI, at(24 * 60))] == [(0, 1)]
