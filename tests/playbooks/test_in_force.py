"""Whatever happened in whatever order, a minute of the evening has one answer: the newest revision by then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import in_force, undo
from playbooks.announce import Offer, OfferVersion, revise
from playbooks.broadcast import Broadcast, begin_closing, end, go_live
from playbooks.journal import Entry
from playbooks.model import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 11, 20, 0, tzinfo=SHANGHAI)
OPENED = date(2026, 11, 11)
MINUTES = 240

changes = st.lists(
    st.tuples(
        st.integers(0, MINUTES * 60),
        st.sampled_from([Decimal("59.90"), Decimal(65), Decimal(79)]),
        st.sampled_from(["", "面膜", "小样"]),
    ),
    max_size=25,
)


def history(steps: list[tuple[int, Decimal, str]]) -> list[OfferVersion]:
    """The revisions an evening's changes make, the first one before it all."""
    offer = Offer(revision=1, at=START - timedelta(hours=1), by="11", live_price=Decimal(79))
    kept = [OfferVersion(id="a1-b1-p3-r1", listing="a1-b1-p3", offer=offer)]
    for second, price, gift in sorted(steps, key=lambda step: step[0]):
        offer = revise(offer, "11", START + timedelta(seconds=second), live_price=price, gift=gift)
        id = f"a1-b1-p3-r{offer.revision}"
        kept.append(OfferVersion(id=id, listing="a1-b1-p3", offer=offer))
    return kept


@given(changes, st.integers(0, MINUTES), st.randoms(use_true_random=False))
def test_at_any_minute_it_is_what_a_person_watching_had_last_seen(steps, minute, dice):
    versions = history(steps)
    watched = (Decimal(79), "")
    for second, price, gift in sorted(steps, key=lambda step: step[0]):
        if second <= minute * 60:
            watched = (price, gift)
    dice.shuffle(versions)  # the store gives them in no order
    found = in_force.offer_at(versions, START + timedelta(minutes=minute))
    assert found is not None
    assert (found.live_price, found.gift) == watched


@given(changes, st.integers(0, MINUTES))
def test_what_is_told_of_a_minute_leads_on_to_the_next_one(steps, minute):
    versions, at = history(steps), START + timedelta(minutes=minute)
    within = in_force.within_the_minute(versions, at)
    assert [o.revision for o in within] == sorted(o.revision for o in within)
    last = within[-1] if within else in_force.offer_at(versions, at)
    just_before = at + timedelta(seconds=59, microseconds=999_999)
    assert last == in_force.offer_at(versions, just_before)


def test_before_the_sheet_nothing_was_in_force():
    assert in_force.offer_at(history([]), START - timedelta(hours=2)) is None


@given(st.integers(-8 * 60, 16 * 60 - 1), st.integers(0, 600))
def test_a_time_read_off_the_clock_is_that_very_minute_of_the_broadcast(minute, later):
    """Of the business day, 06:00 to 06:00, whatever the hour one asks at, as long as it is past."""
    meant = datetime(2026, 11, 11, 14, 0, tzinfo=SHANGHAI) + timedelta(minutes=minute)
    asked = meant + timedelta(minutes=later)
    if later < 24 * 60:
        assert in_force.moment(f"{meant:%H:%M}", OPENED, asked, SHANGHAI) == meant


@pytest.mark.parametrize(
    ("said", "now", "meant"),
    [
        ("20:14", (11, 21, 0), (11, 20, 14)),
        ("20:14", (12, 0, 40), (11, 20, 14)),
        ("0:30", (12, 0, 40), (12, 0, 30)),
        ("23:00", (11, 21, 0), (11, 23, 0)),  # yet to come, and said so
        ("06:30", (12, 7, 0), (12, 6, 30)),  # a stream through the morning
        ("11-11 20:14", (20, 9, 0), (11, 20, 14)),
        ("11-12 00:10", (20, 9, 0), (12, 0, 10)),
    ],
)
def test_times_around_midnight(said, now, meant):
    until = datetime(2026, 11, *now, tzinfo=SHANGHAI)
    assert in_force.moment(said, OPENED, until, SHANGHAI) == datetime(2026, 11, *meant, tzinfo=SHANGHAI)


def test_a_named_day_is_the_business_day_and_the_nearest_year():
    new_year = date(2027, 1, 1)
    assert in_force.dated("12-31 23:50", new_year, SHANGHAI) == date(2026, 12, 31)
    assert in_force.dated("01-01 00:20", new_year, SHANGHAI) == date(2026, 12, 31)
    assert in_force.dated("20:14", new_year, SHANGHAI) is None
    assert in_force.dated("02-29 20:00", date(2027, 12, 1), SHANGHAI) == date(2028, 2, 29)


@pytest.mark.parametrize("said", ["", "晚上", "25:00", "20:60", "13-01 20:00", "02-30 20:00", "2014"])
def test_what_is_no_time_is_refused(said):
    with pytest.raises(Refusal) as refused:
        in_force.moment(said, OPENED, START, SHANGHAI)
    assert refused.value.key == "travel.time"


# -- what was on air ---------------------------------------------------------------------------------

Steps = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from(["on", "on", "on", "off", "live", "closing"])), max_size=30
)


@given(Steps)
def test_at_any_moment_the_journal_knows_what_was_on_air(steps):
    """A person who looks every moment sees the same as the journal tells afterwards, through ends and new starts."""
    here, now = go_live(Broadcast(id="a1-b1", number=1, opened_on=OPENED), START), START
    journal: list[Entry] = []
    seen: list[tuple[datetime, str]] = [(now, "")]
    for number, (minutes, what) in enumerate(steps):
        now += timedelta(minutes=minutes)
        if what == "live" or here.stage == "ended":
            here = go_live(here, now)
        elif what == "closing":
            here = begin_closing(here, now)
        elif what == "off":
            here = end(here, now)
            journal.append(_entry(number, now, "off", "a1-b1"))
        else:
            here = here.changed(on_air=number, on_air_since=now)
            journal.append(_entry(number, now, "on_air", f"a1-b1-p{number}"))
        seen.append((now, f"a1-b1-p{here.on_air}" if here.on_air is not None else ""))
    past = in_force.switches(reversed(journal))
    for at, listing in seen:
        then = in_force.aired_at(here, past, at + timedelta(seconds=30))
        assert (then.listing if then else "") == listing


def _entry(number: int, at: datetime, kind: str, about: str) -> Entry:
    values = {"number": "1", "name": "x"} if kind == "on_air" else {}
    return Entry(
        id=f"a1-j{number}", at=at, kind=kind, who="11", broadcast="a1-b1", about=about, values=values
    )


# -- taking back -------------------------------------------------------------------------------------


@given(changes.filter(bool), st.integers(0, 59))
def test_taking_back_the_newest_offers_what_was_offered_before_it(steps, seconds):
    versions = history(steps)
    last, before = versions[-1].offer, versions[-2].offer
    fields = undo.restored(versions, last.revision, last.at + timedelta(seconds=seconds))
    back = revise(last, "12", last.at + timedelta(seconds=seconds), **fields)
    assert back.changed(revision=0, at=START, by="") == before.changed(revision=0, at=START, by="")
    assert back.revision == last.revision + 1


@given(changes.filter(lambda steps: len(steps) > 1), st.data())
def test_nothing_but_the_newest_and_nothing_after_a_minute_is_taken_back(steps, data):
    versions = history(steps)
    older = data.draw(st.integers(2, len(versions) - 1))
    last = versions[-1].offer
    for revision, at, key in (
        (older, last.at, "undo.newer"),
        (last.revision, last.at + timedelta(minutes=1), "undo.late"),
        (len(versions) + 1, last.at, "undo.nothing"),
    ):
        with pytest.raises(Refusal) as refused:
            undo.restored(versions, revision, at)
        assert refused.value.key == key


def test_the_sheets_own_offer_is_not_taken_back():
    versions = history([])
    assert undo.undoable(versions, versions[0].offer.at) is None
    with pytest.raises(Refusal):
        undo.restored(versions, 1, versions[0].offer.at)


def test_moments_are_the_same_in_any_zone():
    assert in_force.moment("20:14", OPENED, START + timedelta(hours=1), SHANGHAI).astimezone(UTC).hour == 12
