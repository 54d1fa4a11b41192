"""Follow-ups arise once, come back or end by their outcome, and never offer anything for a review."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import followup
from playbooks.followup import FollowUp, ParcelState
from playbooks.model import Refusal
from playbooks.orders import Order, OrderLine

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TEXTS = Path(__file__).parents[2] / "bot" / "texts"
KINDS = ("review_invite", "logistics", "pickup")


def ago(**age):
    return NOW - timedelta(**age)


def order(status="received", **fields):
    lines = (OrderLine(title="海盐坚果"),)
    return Order(platform="douyin", order_id="69170001", status=status, lines=lines, city="杭州市", **fields)


def parcel(state="in_transit", shipped=None, scanned=None):
    return ParcelState(
        order_id="69170001", tracking_no="YT0001", carrier="圆通", state=state,
        shipped_at=shipped or ago(days=3), last_scan_at=scanned,
    )  # fmt: skip


def waiting(food=False, scanned=None):
    return followup.from_parcel("a1", parcel("at_pickup_point", scanned=scanned or ago(hours=1)), food, NOW)


def stuck():
    return followup.from_parcel("a1", parcel(), False, NOW)


def refusal(step, *args, **kwargs):
    with pytest.raises(Refusal) as refused:
        step(*args, **kwargs)
    return refused.value.key


@pytest.mark.parametrize("status", ["received", "completed"])
def test_a_received_order_is_invited_to_a_review(status):
    item = followup.from_order("a1", order(status), NOW, link_no=3)
    assert (item.id, item.kind) == ("a1-v69170001", "review_invite")
    assert (item.title, item.city) == ("海盐坚果", "杭州市")
    assert (item.link_no, item.due_at, item.mandatory) == (3, NOW + timedelta(hours=24), False)


@pytest.mark.parametrize("status", ["paid_unshipped", "shipped", "refunding", "refunded", "closed"])
def test_no_other_order_is_invited_to_a_review(status):
    assert followup.from_order("a1", order(status), NOW) is None


def test_an_order_has_one_invitation_however_often_it_is_read():
    first = followup.from_order("a1", order(), NOW)
    again = followup.from_order("a1", order("completed"), NOW + timedelta(days=1))
    assert first.id == again.id


@pytest.mark.parametrize(
    ("state", "shipped", "scanned", "why"),
    [
        ("no_trace", ago(hours=48), None, "followup.why_no_first_scan"),
        ("in_transit", ago(days=6), ago(days=5), "followup.why_no_scan"),
        ("in_transit", ago(days=7, minutes=1), ago(hours=1), "followup.why_not_signed"),
        ("out_for_delivery", ago(days=9), None, "followup.why_not_signed"),
    ],
)
def test_a_stuck_parcel_is_chased_with_the_reason(state, shipped, scanned, why):
    item = followup.from_parcel("a1", parcel(state, shipped, scanned), False, NOW)
    assert (item.id, item.kind, item.why_key, item.carrier) == ("a1-lYT0001", "logistics", why, "圆通")


@pytest.mark.parametrize(
    ("state", "shipped", "scanned"),
    [
        ("ordered", ago(hours=47, minutes=59), None),
        ("in_transit", ago(days=6), ago(days=4, hours=23)),
        ("in_transit", ago(days=7), ago(hours=1)),
        ("signed", ago(days=9), ago(days=8)),
        ("rejected", ago(days=9), ago(days=8)),
        ("cancelled", ago(days=9), None),
    ],
)
def test_a_parcel_that_moves_or_has_ended_is_left_alone(state, shipped, scanned):
    assert followup.from_parcel("a1", parcel(state, shipped, scanned), False, NOW) is None


def test_food_waiting_for_pick_up_must_be_followed_up_within_hours_of_its_arrival():
    item = waiting(food=True, scanned=ago(hours=8))
    assert (item.kind, item.mandatory, item.due_at) == ("pickup", True, ago(hours=2))
    assert refusal(followup.drop, item, "小美", "太忙") == "followup.mandatory"


def test_other_goods_waiting_for_pick_up_may_be_left_with_a_reason():
    item = waiting()
    assert (item.id, item.mandatory, item.due_at) == ("a1-pYT0001", False, NOW + timedelta(hours=24))
    assert refusal(followup.drop, item, "小美", " ") == "followup.note_missing"
    dropped = followup.drop(item, "小美", "买家说明天取")
    assert (dropped.state, dropped.owner) == ("dropped", "小美")


@pytest.mark.parametrize(
    ("item", "fresh", "state", "outcome"),
    [
        (waiting(), parcel("signed"), "done", "signed"),
        (stuck(), parcel("signed"), "done", "signed"),
        (stuck(), parcel("in_transit", scanned=ago(hours=1)), "dropped", "moving"),
        (stuck(), parcel("at_pickup_point"), "dropped", "waiting"),
        (waiting(), parcel("returning"), "dropped", "ended"),
        (waiting(), parcel("pickup_overdue"), "open", ""),
        (stuck(), parcel("in_transit", shipped=ago(days=8)), "open", ""),
    ],
)
def test_a_later_logistics_list_settles_what_has_moved_on(item, fresh, state, outcome):
    after = followup.settle(item, now=NOW, parcel=fresh)
    assert (after.state, after.outcome) == (state, outcome)


def test_what_has_got_worse_says_the_new_reason():
    overdue = followup.settle(waiting(), now=NOW, parcel=parcel("pickup_overdue"))
    assert overdue.why_key == "followup.why_pickup_overdue"


def test_a_later_order_file_settles_parcels_and_stops_invitations_to_buyers_who_want_their_money_back():
    assert followup.settle(stuck(), now=NOW, order=order("received")).state == "done"
    invitation = followup.from_order("a1", order(), NOW)
    assert followup.settle(invitation, now=NOW, order=order("completed")) == invitation
    assert followup.settle(invitation, now=NOW, order=order("refunding")).state == "dropped"


def test_one_person_follows_up_and_only_that_person_records():
    mine = followup.claim(stuck(), "小美")
    assert followup.claim(mine, "小美") == mine
    assert refusal(followup.claim, mine, "阿强") == "followup.taken"
    assert refusal(followup.record, mine, "阿强", "buyer_told", "", NOW) == "followup.not_yours"
    assert followup.claim(followup.give_back(mine, "小美"), "阿强").owner == "阿强"


def test_who_leaves_gives_back_what_they_were_at_and_nothing_of_others():
    mine = followup.claim(stuck(), "小美")
    others = followup.claim(waiting(), "阿强")
    done = followup.record(followup.claim(waiting(), "小美"), "小美", "picked_up", "", NOW)
    assert followup.release_all([mine, others, done], "小美") == (stuck(),)


@pytest.mark.parametrize(
    ("category", "food"),
    [("食品/坚果", True), ("生鲜水果", True), ("休闲零食", True), ("护肤", False), ("", False)],
)
def test_goods_that_spoil_are_known_by_the_run_sheets_category(category, food):
    assert followup.is_food(category) is food


def test_chasing_the_carrier_needs_its_answer_and_comes_back_the_next_day():
    mine = followup.claim(stuck(), "小美")
    assert refusal(followup.record, mine, "小美", "chased_carrier", "", NOW) == "followup.note_missing"
    back = followup.record(mine, "小美", "chased_carrier", "分拨中心爆仓", NOW)
    assert (back.state, back.owner, back.note) == ("open", "", "分拨中心爆仓")
    assert followup.next_for([back], NOW + timedelta(hours=23)) is None
    assert followup.next_for([back], NOW + timedelta(hours=24)) == (back, "followup.next_due")


@pytest.mark.parametrize("outcome", followup.outcomes("review_invite"))
def test_every_outcome_of_an_invitation_ends_it_for_good(outcome):
    item = followup.claim(followup.from_order("a1", order(), NOW), "小美")
    done = followup.record(item, "小美", outcome, "", NOW)
    assert (done.state, done.outcome) == ("done", outcome)
    assert refusal(followup.claim, done, "阿强") == "followup.step"


def test_an_outcome_of_another_kind_is_refused():
    mine = followup.claim(stuck(), "小美")
    assert refusal(followup.record, mine, "小美", "sent", "", NOW) == "followup.outcome"


def test_the_next_work_is_mandatory_and_late_then_due_then_mandatory_then_the_earliest():
    rest = followup.from_order("a1", order(), NOW)
    must = waiting(food=True, scanned=ago(hours=1))
    due = stuck().changed(due_at=NOW)
    late = must.changed(id="a1-pYT0002", due_at=ago(minutes=1))
    pile, order_of_work = [rest, must, due, late], []
    while (best := followup.next_for(pile, NOW)) is not None:
        order_of_work.append((best[0].id, best[1]))
        pile.remove(best[0])
    assert order_of_work == [
        (late.id, "followup.next_mandatory_late"),
        (due.id, "followup.next_due"),
        (must.id, "followup.next_mandatory"),
        (rest.id, "followup.next_earliest"),
    ]


def test_claimed_work_is_not_offered_to_others():
    assert followup.next_for([followup.claim(stuck(), "小美")], NOW) is None


WHO = st.sampled_from(["小美", "阿强"])
STEPS = st.one_of(
    WHO.map(lambda who: lambda item: followup.claim(item, who)),
    WHO.map(lambda who: lambda item: followup.give_back(item, who)),
    WHO.map(lambda who: lambda item: followup.drop(item, who, "买家自取")),
    st.tuples(WHO, st.sampled_from(["told", "no_answer", "picked_up", "refused"])).map(
        lambda said: lambda item: followup.record(item, said[0], said[1], "买家来电", NOW)
    ),
    st.sampled_from(["signed", "at_pickup_point", "pickup_overdue", "returning"]).map(
        lambda state: lambda item: followup.settle(item, now=NOW, parcel=parcel(state))
    ),
)


@given(st.booleans(), st.lists(STEPS, max_size=20))
def test_whatever_is_pressed_a_follow_up_has_one_owner_and_ends_once(food, steps):
    item = waiting(food=food)
    for step in steps:
        before = item.model_dump()
        try:
            after = step(item)
        except Refusal:
            after = item
            assert item.model_dump() == before
        if item.state in ("done", "dropped"):
            assert after == item
        if item.state == after.state == "claimed":
            assert after.owner == item.owner
        assert (after.state == "claimed") <= bool(after.owner)
        assert after.state != "done" or after.outcome
        item = after


def texts(language):
    """The [followup] table, in whatever file of the language it stands."""
    found = [
        table["followup"]
        for path in sorted(TEXTS.rglob("*.toml"))
        if language in re.split(r"[./]", path.relative_to(TEXTS).as_posix())
        and "followup" in (table := tomllib.loads(path.read_text(encoding="utf-8")))
    ]
    assert found, f"no followup texts for {language}"
    return {
        f"followup.{name}": text for table in found for name, text in table.items() if isinstance(text, str)
    }


@pytest.mark.parametrize("language", ["zh_cn", "en"])
def test_every_script_and_outcome_has_a_text_and_a_part_fits_sixty_characters(language):
    known = texts(language)
    for kind in KINDS:
        assert all(len(known[key]) <= 60 for key in followup.scripts(kind))
        assert all(f"followup.outcome_{name}" in known for name in followup.outcomes(kind))


@pytest.mark.parametrize("word", ["红包", "返现", "优惠券", "好评", "五星", "奖", "赠", "礼"])
def test_no_script_offers_or_asks_for_anything_but_an_honest_word(word):
    known = texts("zh_cn")
    for kind in KINDS:
        assert word not in "".join(known[key] for key in followup.scripts(kind))
        assert "您" in "".join(known[key] for key in followup.scripts(kind))


def test_a_follow_up_survives_being_stored():
    item = waiting(food=True)
    assert FollowUp.model_validate_json(item.model_dump_json()) == item
