"""Follow-ups arise once, come back or end by their outcome, and never offer anything for a review."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import followup
from playbooks.followup import FollowUp, ParcelState, texts
from playbooks.followup.work import late_unseen, next_alarm, offered
from playbooks.model import Refusal
from playbooks.orders import Order, OrderLine
from playbooks.platforms import platforms

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
KINDS = tuple(followup.rules().kinds)


def ago(**age):
    return NOW - timedelta(**age)


def invited(room, order, now, link_no=None):
    """The review invitation among what an order asks for; None where there is none."""
    asked = followup.from_order(room, order, now, link_no=link_no)
    return next((one for one in asked if one.kind == "review_invite"), None)


def order(status="received", **fields):
    lines = (OrderLine(title="海盐坚果"),)
    return Order(
        platform=fields.pop("platform", "douyin"),
        order_id="69170001",
        status=status,
        lines=lines,
        city="杭州市",
        **fields,
    )


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
    item = invited("a1", order(status), NOW, link_no=3)
    assert (item.id, item.kind) == ("a1-v69170001", "review_invite")
    assert (item.title, item.city) == ("海盐坚果", "杭州市")
    assert (item.link_no, item.due_at, item.mandatory) == (3, NOW + timedelta(hours=24), False)


@pytest.mark.parametrize("status", ["paid_unshipped", "shipped", "refunding", "refunded", "closed"])
def test_no_other_order_is_invited_to_a_review(status):
    assert invited("a1", order(status), NOW) is None


def test_an_order_has_one_invitation_however_often_it_is_read():
    first = invited("a1", order(), NOW)
    again = invited("a1", order("completed"), NOW + timedelta(days=1))
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
        ("returned", ago(days=9), ago(days=8)),
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
    invitation = invited("a1", order(), NOW)
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
    item = followup.claim(invited("a1", order(), NOW), "小美")
    done = followup.record(item, "小美", outcome, "", NOW)
    assert (done.state, done.outcome) == ("done", outcome)
    assert refusal(followup.claim, done, "阿强") == "followup.step"


def test_an_outcome_of_another_kind_is_refused():
    mine = followup.claim(stuck(), "小美")
    assert refusal(followup.record, mine, "小美", "sent", "", NOW) == "followup.outcome"


def test_the_next_work_is_what_spoils_and_is_late_then_what_spoils_then_what_is_due_then_the_earliest():
    rest = stuck().changed(id="a1-lYT0003", due_at=NOW + timedelta(days=2))
    must = waiting(food=True, scanned=ago(hours=1))
    due = stuck().changed(due_at=NOW)
    late = must.changed(id="a1-pYT0002", due_at=ago(minutes=1))
    pile, order_of_work = [rest, must, due, late], []
    while (best := followup.next_for(pile, NOW)) is not None:
        order_of_work.append((best[0].id, best[1]))
        pile.remove(best[0])
    assert order_of_work == [
        (late.id, "followup.next_mandatory_late"),
        (must.id, "followup.next_mandatory"),
        (due.id, "followup.next_due"),
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


LANGUAGES = ("zh-CN", "en")
VALUES = {
    "eta": "18:00", "cutoff": "16:00", "carrier": "中通快递", "region": "新疆维吾尔自治区", "cause": "天气原因",
    "gift": "便携小样套装×2",
}  # fmt: skip


def shipped_texts():
    """(kind, step, language, the text's parts with everything filled in)."""
    return [
        (one.kind, one.when, lang, texts.told(one.kind, one.when, lang, "", values=VALUES))
        for one in texts.texts().text
        for lang in LANGUAGES
    ]


@pytest.mark.parametrize(("kind", "when", "lang", "parts"), shipped_texts())
def test_a_part_of_what_buyers_are_told_is_short_and_nothing_is_left_unfilled(kind, when, lang, parts):
    assert parts
    assert all(0 < len(part) <= 60 and "{" not in part for part in parts), (kind, when)


@pytest.mark.parametrize("platform", [one.id for one in platforms()])
def test_every_text_may_be_said_on_every_platform(platform):
    for one in texts.texts().text:
        for lang in LANGUAGES:
            assert texts.told(one.kind, one.when, lang, platform, values=VALUES)


def test_every_kind_has_a_text_at_each_of_its_steps():
    given_for = {(one.kind, one.when) for one in texts.texts().text}
    for kind in KINDS:
        assert (kind, "") in given_for or {(kind, "waiting"), (kind, "eta")} <= given_for


def test_a_text_whose_value_nobody_knows_leaves_that_part_out():
    said = texts.told("urge_ship", "waiting", "zh-CN", "", values={"cutoff": ""})
    assert len(said) == 1
    assert "16:00" in "".join(texts.told("urge_ship", "waiting", "zh-CN", "", values=VALUES))


@pytest.mark.parametrize("kind", ["review_invite", "arrival", "return_visit"])
@pytest.mark.parametrize(
    "text",
    [
        "亲，给个好评返 5 元红包", "好 评 有 礼", "写评价送小礼品", "晒图领券", "留言就给您返 现",
        "评价后有积分", "退您2块",
        "五星好评谢谢您", "请改评一下", "不要给差评", "写评价有ＨＯＮＧＢＡＯ", "评价送 红·包",
        "Leave a review and get a coupon", "a g i f t for your review", "please give 5 stars", "A reward for a word",
        "您点这里评价 http://x.cn/a", "看 www.x.com",
    ],
)  # fmt: skip
def test_no_text_with_anything_given_for_a_review_can_be_made(kind, text):
    key = refusal(texts.own_script, "a1", kind, text, by="101", now=NOW, platform="douyin")
    assert key.startswith(("followtext.never_", "postbuy.never_"))


@given(
    st.sampled_from(["红包", "返现", "优惠券", "小礼品", "好评", "五星"]),
    st.text("，。 !~·*_-\u200b", max_size=3),
)
def test_neither_blanks_nor_signs_between_the_characters_help(word, between):
    text = "您好，写个评价" + between.join(word) + "谢谢"
    with pytest.raises(Refusal):
        texts.check("review_invite", text)


def test_an_honest_text_is_kept_and_comes_in_parts():
    text = (
        "您好，包裹已签收，商品用着还满意吗？有任何问题请先告诉我们，我们马上为您处理。"
        "方便的话，欢迎您如实写下使用感受，给别的买家参考，谢谢您的时间！"
    )
    own = texts.own_script("a1", "review_invite", text, by="101", now=NOW, platform="jd")
    parts = texts.told("review_invite", "", "zh-CN", "jd", own=own.text, values={})
    assert "".join(parts) == text
    assert all(len(part) <= 60 for part in parts)


def test_a_text_that_is_filled_in_cannot_be_replaced_and_a_phone_stands_in_none():
    told = {"by": "101", "now": NOW, "platform": "douyin"}
    assert refusal(texts.own_script, "a1", "shipped_notice", "您好，已发货。", **told) == "followtext.fixed"
    assert refusal(texts.own_script, "a1", "pickup", "请打 13800012345", **told) == "common.personal_note"
    assert refusal(texts.own_script, "a1", "pickup", "好" * 121, **told) == "followtext.long"
    pdd = {**told, "platform": "pinduoduo"}
    assert (
        refusal(texts.own_script, "a1", "pickup", "宝贝到了，请取件。", **pdd) == "followtext.never_platform"
    )
    assert texts.own_script("a1", "pickup", "宝贝到了，请取件。", **told).text == "宝贝到了，请取件。"


def test_on_jd_a_shipped_order_gets_a_notice_and_a_received_one_a_check_and_a_visit_days_later():
    shipped = followup.from_order("a1", order("shipped", platform="jd", shipped_at=ago(hours=2)), NOW)
    assert [one.kind for one in shipped] == ["shipped_notice"]
    received = followup.from_order("a1", order("received", platform="jd", received_at=ago(hours=5)), NOW)
    assert [one.kind for one in received] == ["arrival", "return_visit", "review_invite"]
    visit = received[1]
    assert visit.returns_at == ago(hours=5) + timedelta(hours=72)
    assert followup.next_for([visit], NOW) is None
    assert followup.next_for([visit], visit.returns_at) == (visit, "followup.next_optional")


def test_elsewhere_neither_and_nowhere_of_what_is_long_ago():
    assert followup.from_order("a1", order("shipped", shipped_at=ago(hours=2)), NOW) == ()
    assert followup.from_order("a1", order("shipped", platform="jd", shipped_at=ago(hours=49)), NOW) == ()
    old = followup.from_order("a1", order("received", platform="jd", received_at=ago(days=16)), NOW)
    assert old == ()


def test_what_may_be_left_waits_for_everything_else_and_while_many_are_unpaid():
    visit, chased = invited("a1", order(), NOW).changed(due_at=ago(days=1)), stuck()
    assert followup.next_for([visit, chased], NOW)[0] == chased
    assert followup.next_for([visit], NOW, busy=True) is None
    assert followup.next_for([visit, chased], NOW, busy=True)[0] == chased


def test_a_call_comes_after_the_message_and_not_before():
    item = FollowUp(
        id="a1-x1", kind="lost_contact", order_id="69170001", why_key="followup.why_silent", values={},
        due_at=NOW, created_at=NOW, state="claimed", owner="小美",
    )  # fmt: skip
    assert "called" not in offered(item)
    assert refusal(followup.record, item, "小美", "called", "", NOW) == "followup.first"
    left = followup.record(item, "小美", "left_message", "", NOW)
    assert left.state == "open"
    again = followup.claim(left, "阿强")
    assert "called" in offered(again)
    assert followup.record(again, "阿强", "called", "", NOW).state == "done"


def test_perishable_goods_alarm_twice_and_then_no_more():
    item = waiting(food=True, scanned=ago(hours=7))
    assert late_unseen([item, waiting(), stuck()], NOW) == [item]
    once = item.changed(alarms=1)
    assert next_alarm([once], NOW) == once.due_at + timedelta(hours=3)
    assert late_unseen([item.changed(alarms=2)], NOW) == []
    assert next_alarm([item.changed(alarms=2)], NOW) is None


def test_a_follow_up_survives_being_stored():
    item = waiting(food=True)
    assert FollowUp.model_validate_json(item.model_dump_json()) == item
