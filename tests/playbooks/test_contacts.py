"""The contact ledger: how often a buyer may be contacted, across channels and purposes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import contacts
from playbooks.contacts import Channel, Ledger, Purpose, Touch
from playbooks.model import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 11, 21, 20, 0, tzinfo=ZONE).astimezone(UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def touched(
    ledger: Ledger, at: datetime, purpose: Purpose = "chase", channel: Channel = "message", order: str = "1"
) -> Ledger:
    return contacts.with_touch(
        ledger, Touch(at=at, who="7", channel=channel, purpose=purpose, order_id=order)
    )


def refusal(
    ledger: Ledger | None,
    at: datetime,
    purpose: Purpose = "chase",
    channel: Channel = "message",
    order: str = "1",
) -> str:
    try:
        contacts.check(ledger, purpose, channel, order_id=order, now=at, zone=ZONE)
    except Refusal as refused:
        return refused.key
    return ""


NEW = Ledger(id="a1-kbx")


def test_steps_within_ten_minutes_are_one_contact_and_the_third_contact_is_refused() -> None:
    ledger = NEW
    for at in (0, 5, 10, 30, 35):
        assert refusal(ledger, EVENING + minutes(at)) == ""
        ledger = touched(ledger, EVENING + minutes(at))
    assert len(contacts.contacts(ledger)) == 2
    assert refusal(ledger, EVENING + minutes(40)) == ""  # the second one still runs
    assert refusal(ledger, EVENING + minutes(41)) == "contacts.too_often"
    assert refusal(ledger, EVENING + timedelta(days=1, minutes=31)) == ""


def test_a_review_contact_is_made_once_an_order_and_never_in_the_quiet_hours() -> None:
    noon = EVENING - timedelta(hours=8)
    ledger = touched(NEW, noon, "review_invite")
    assert refusal(ledger, noon + timedelta(days=9), "review_invite") == "contacts.too_often"
    assert refusal(ledger, noon + timedelta(days=9), "review_invite", order="2") == ""
    assert refusal(NEW, EVENING + timedelta(hours=2), "review_invite") == "contacts.quiet"


def test_what_is_said_for_any_purpose_counts_against_the_day() -> None:
    ledger = touched(touched(NEW, EVENING), EVENING + minutes(20))
    ledger = touched(ledger, EVENING + minutes(25), "logistics", order="8")
    ledger = touched(ledger, EVENING + minutes(30), "pickup", order="9")
    assert refusal(ledger, EVENING + minutes(45), "review_invite", order="5") == "contacts.any_too_often"
    assert refusal(ledger, EVENING + timedelta(hours=25), "review_invite", order="5") == "contacts.quiet"
    assert refusal(ledger, EVENING + timedelta(hours=40), "review_invite", order="5") == ""


@pytest.mark.parametrize(("hour", "hushed"), [(8, True), (9, False), (20, False), (21, True), (2, True)])
def test_quiet_hours_bind_phone_and_sms_but_not_message_and_button_of_an_unpaid_order(
    hour: int, hushed: bool
) -> None:
    at = datetime(2026, 11, 21, hour, tzinfo=ZONE)
    assert contacts.quiet("chase", "sms", at, ZONE) is hushed
    assert contacts.quiet("chase", "phone", at, ZONE) is hushed
    assert not contacts.quiet("chase", "message", at, ZONE)
    assert not contacts.quiet("chase", "button", at, ZONE)


@pytest.mark.parametrize(
    ("clock", "hushed"),
    [("08:59", True), ("09:00", False), ("20:59", False), ("21:00", True), ("00:30", True)],
)
@pytest.mark.parametrize("purpose", ["review_invite", "logistics", "pickup"])
def test_follow_ups_leave_buyers_in_peace_from_nine_to_nine(
    purpose: Purpose, clock: str, hushed: bool
) -> None:
    at = datetime.fromisoformat(f"2026-11-21T{clock}:00+08:00")
    assert contacts.quiet(purpose, "message", at, ZONE) is hushed


def test_who_opted_out_or_orders_without_meaning_it_is_not_contacted_for_anything() -> None:
    assert refusal(NEW.changed(opted_out_at=EVENING), EVENING + timedelta(days=30)) == "contacts.opted_out"
    assert refusal(NEW.changed(malicious=True), EVENING) == "contacts.malicious"
    assert not contacts.open_for(NEW.changed(malicious=True), "pickup", "1", EVENING)


def test_an_orders_contacts_become_the_buyers_once_the_buyer_is_known() -> None:
    alone = touched(touched(Ledger(id="a1-ko1"), EVENING), EVENING + minutes(20))
    ledger = contacts.merged(NEW, alone)
    assert ledger.id == NEW.id
    assert refusal(ledger, EVENING + minutes(40), order="2") == "contacts.too_often"
    assert contacts.merged(ledger, alone) == ledger


PURPOSES = st.sampled_from(list(contacts.rules().purposes))
STEPS = st.lists(st.tuples(st.integers(0, 240), PURPOSES, st.sampled_from(["phone", "message"])), max_size=30)


@given(STEPS)
def test_whatever_is_tried_no_buyer_is_contacted_more_than_four_times_a_day_or_twice_for_one_thing(
    steps: list[tuple[int, Purpose, Channel]],
) -> None:
    ledger, now = NEW, EVENING - timedelta(hours=8)
    for wait, purpose, channel in steps:
        now += minutes(wait)
        if not refusal(ledger, now, purpose, channel):
            ledger = touched(ledger, now, purpose, channel)
    for touch in ledger.touches:
        day = [t for t in ledger.touches if touch.at - timedelta(days=1) < t.at <= touch.at]
        begun = {
            (t.purpose, at) for t in day for at in contacts.contacts(ledger, purpose=t.purpose) if at <= t.at
        }
        within = [at for _, at in begun if at > touch.at - timedelta(days=1)]
        assert len(within) <= contacts.rules().all.most
        chases = [at for purpose, at in begun if purpose == "chase" and at > touch.at - timedelta(days=1)]
        assert len(chases) <= 2
