"""However many changes come, nobody is reminded more than once of each nor twice within ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from playbooks import nudging
from playbooks.announce import Change, Notice, know

START = datetime(2026, 11, 11, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PEOPLE = ("21", "22", "23")


def notice(number: int, at: datetime) -> Notice:
    return Notice(
        id=f"a1-b1-p{number}-r2", broadcast="a1-b1", listing=f"a1-b1-p{number}", link_no=number, revision=2, at=at,
        by="11", changes=(Change(field="live_price", before="79", after="75"),), asked=PEOPLE,
    )  # fmt: skip


@given(
    st.lists(st.integers(0, 3600), min_size=1, max_size=20),
    st.dictionaries(st.tuples(st.integers(0, 19), st.sampled_from(PEOPLE)), st.integers(0, 50), max_size=20),
    st.sets(st.sampled_from(PEOPLE)),
)
def test_reminders_are_rare_and_only_for_those_there_who_do_not_know(seconds, knowing, there):
    moments = sorted(START + timedelta(seconds=s) for s in seconds)
    notices = {n: notice(n, at) for n, at in enumerate(moments)}
    for (number, person), soon in knowing.items():
        if number in notices:
            known = notices[number]
            notices[number] = know(known, person, known.at + timedelta(seconds=soon))
    sent: list[tuple[str, int, datetime]] = []
    due = [(at + timedelta(minutes=1), number) for number, at in enumerate(moments)]
    while due:  # as the due rows do: a row comes back when those who were reminded lately have rested
        now, number = due.pop(due.index(min(due)))
        known = [one for one in notices.values() if one.at <= now]
        again = nudging.nudge_again_at(notices[number], known, there, now)
        due += [(again, number)] if again else []
        people = nudging.to_nudge(notices[number], known, there, now)
        for person, some in people.items():
            told = {one.id for one in some}
            for n in [n for n, one in notices.items() if one.id in told]:
                notices[n] = nudging.nudged(notices[n], [person], now)
                sent.append((person, n, now))
    for person in PEOPLE:
        mine = sorted({now for who, _, now in sent if who == person})
        assert all(later - before >= timedelta(minutes=10) for before, later in pairwise(mine))
    assert all(person in there and person in notices[n].waiting_for() for person, n, _ in sent)
    asked = {(person, n) for n, one in notices.items() for person in one.waiting_for() if person in there}
    assert sorted({(who, n) for who, n, _ in sent}) == sorted(asked)  # nobody is forgotten
    assert len(sent) == len(asked)  # nor told twice


@given(
    st.lists(st.integers(0, 900), min_size=1, max_size=8),
    st.sets(st.sampled_from(PEOPLE), min_size=1),
)
def test_the_lead_hears_of_every_change_somebody_does_not_know(seconds, there):
    notices = {n: notice(n, START + timedelta(seconds=s)) for n, s in enumerate(seconds)}
    heard: list[str] = []
    while (at := nudging.tell_at(notices.values(), there)) is not None:
        for one in nudging.to_tell(notices.values(), there, at):
            heard.append(one.id)
            notices[one.link_no] = one.changed(lead_told=True)
    assert sorted(heard) == sorted(one.id for one in notices.values())


@given(st.booleans(), st.booleans(), st.integers(0, 300), st.sets(st.sampled_from(PEOPLE)))
def test_the_lead_hears_only_of_what_stands_long_enough_and_was_not_told(superseded, told, seconds, there):
    one = notice(1, START).changed(superseded=superseded, lead_told=told)
    heard = nudging.to_tell([one], there, START + timedelta(seconds=seconds))
    assert bool(heard) == (not superseded and not told and seconds >= 120 and bool(there))
