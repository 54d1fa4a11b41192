"""A hold has one owner, is solved only by a later file, and blocks /wrap until it is dealt with."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import aftercare
from playbooks.addresses.around import Around
from playbooks.addresses.audit import audit
from playbooks.addresses.findings import weighty
from playbooks.addresses.regions import default_rules
from playbooks.model import Refusal
from playbooks.orders import Order

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
RULES = default_rules(NOW)
NUMBER = "6917000000000000001"


def order(province="台湾省", status="paid_unshipped", number=NUMBER, **fields):
    return Order(platform="douyin", order_id=number, status=status, province=province, **fields)


def audited(one):
    """What somebody has to act on, under the default rules."""
    return weighty(audit(one, around=Around(rules=RULES)))


def taken_in(one=None, known=None):
    one = one or order()
    return aftercare.take_in(
        known, one, audited(one), hold_id=f"a1-h{one.order_id}", now=NOW, link_no=3, title="山茶花面霜",
        broadcast="a1-b1",
    )  # fmt: skip


def later(hold, one):
    return aftercare.settle(hold, one, audited(one), NOW + timedelta(hours=1))


def handed(hold, due=None, **more):
    return aftercare.hand_over(
        hold, "林主管", aftercare.NEXT_SHIFT, due or NOW + timedelta(hours=9), now=NOW, in_charge=True, **more
    )


@pytest.fixture
def hold():
    return taken_in(order(amount=Decimal("59.90"), ship_by=NOW + timedelta(hours=20)))


@pytest.fixture
def claimed(hold):
    return aftercare.claim(hold, "小美")


def refusal(step, *args, **kwargs):
    with pytest.raises(Refusal) as refused:
        step(*args, **kwargs)
    return refused.value.key


def test_a_finding_on_an_order_to_ship_becomes_a_hold_that_says_why(hold):
    assert (hold.id, hold.order_id, hold.link_no, hold.title) == (f"a1-h{NUMBER}", NUMBER, 3, "山茶花面霜")
    assert (hold.rules, hold.verdict, hold.region, hold.state) == (("no_ship",), "HOLD", "台湾省", "open")
    assert (hold.amount, hold.ship_by, hold.found_at) == (Decimal("59.90"), NOW + timedelta(hours=20), NOW)


@pytest.mark.parametrize("status", ["pending_payment", "shipped", "closed", "refunded", "completed"])
def test_orders_that_are_not_to_be_shipped_are_not_held(status):
    assert taken_in(order(status=status)) is None


def test_an_order_without_findings_is_not_held():
    assert taken_in(order("浙江省")) is None


def test_the_same_finding_again_changes_nothing(claimed):
    assert taken_in(order(amount=Decimal("59.90")), known=claimed) == claimed


def test_an_agents_word_leaves_it_claimed_done_until_a_file_shows_it(claimed):
    done = aftercare.act(claimed, "小美", "change_carrier")
    assert (done.state, done.action) == ("done_claimed", "change_carrier")
    assert later(done, order()).state == "done_claimed"
    solved = later(done, order("浙江省"))
    assert (solved.state, solved.solved_as, solved.owner) == ("solved", "cleared", "小美")


@pytest.mark.parametrize(
    ("status", "solved_as"),
    [("closed", "closed"), ("refunded", "refunded"), ("cancelled", "cancelled"), ("shipped", "shipped")],
)
def test_an_order_that_ended_or_left_is_solved_whoever_held_it(hold, status, solved_as):
    solved = later(hold, order(status=status))
    assert (solved.state, solved.solved_as) == ("solved", solved_as)


def test_a_refund_still_under_way_solves_nothing(hold):
    assert later(hold, order(status="refunding")).state == "open"


def test_what_was_found_in_order_opens_again_when_a_later_file_finds_something_again(claimed):
    done = aftercare.act(claimed, "小美", "change_carrier")
    again = later(later(done, order("浙江省")), order())
    assert (again.state, again.owner, again.action, again.solved_as) == ("open", "", None, "")
    assert (again.settled_at, again.region) == (None, "台湾省")
    assert aftercare.may_wrap([again], NOW) == (again,)
    assert aftercare.claim(again, "阿强").owner == "阿强"


@pytest.mark.parametrize("status", ["closed", "refunded", "cancelled", "deleted", "shipped", "received"])
def test_an_order_that_ended_or_left_is_never_opened_again(hold, status):
    over = later(hold, order(status=status))
    assert later(over, order("香港")) == over
    cleared = later(hold, order("浙江省"))
    assert later(later(cleared, order(status=status)), order("香港")).state == "solved"


def test_a_parcel_let_go_is_to_be_taken_out_anew_when_its_order_opens_again(hold):
    free = aftercare.tick_released(
        later(aftercare.tick_intercepted(hold, "大刘", NOW), order("浙江省")), "大刘", NOW
    )
    again = later(free, order())
    assert (again.intercepted_at, again.released_at) == (None, None)
    assert aftercare.intercept_list([again]) == (again,)


def test_another_problem_puts_aside_what_was_decided_about_the_first(hold):
    waived = aftercare.waive(hold, "主管老周", "买家自提")
    again = later(waived, order("香港"))
    assert (again.state, again.region, again.waived_by) == ("open", "香港", "")


def test_a_decision_stands_while_the_problem_is_the_same(hold):
    waived = aftercare.waive(hold, "主管老周", "买家自提")
    assert later(waived, order()).state == "waived"


def test_only_the_owner_acts_and_nobody_takes_it_over(claimed):
    assert aftercare.claim(claimed, "小美") == claimed
    assert refusal(aftercare.claim, claimed, "阿强") == "hold.taken"
    assert refusal(aftercare.act, claimed, "阿强", "shop_pays") == "hold.not_yours"
    assert aftercare.claim(aftercare.give_back(claimed, "小美"), "阿强").owner == "阿强"


@pytest.mark.parametrize("action", ["extra_freight", "close", "补运费", ""])
def test_extra_freight_and_closing_by_the_shop_are_no_actions(claimed, action):
    assert refusal(aftercare.act, claimed, "小美", action) == "hold.action"


def test_a_refund_needs_the_buyers_own_request(claimed):
    assert refusal(aftercare.act, claimed, "小美", "buyer_refund", " ") == "hold.request_missing"
    done = aftercare.act(claimed, "小美", "buyer_refund", "买家说不要了，自己申请退款")
    assert (done.action, done.note) == ("buyer_refund", "买家说不要了，自己申请退款")


def test_waiving_needs_a_reason_and_keeps_the_name(hold):
    assert refusal(aftercare.waive, hold, "主管老周", "") == "hold.note_missing"
    assert aftercare.waive(hold, "主管老周", "顺丰可到").waived_by == "主管老周"


def test_a_false_alarm_is_proposed_by_the_owner_and_decided_by_a_manager(claimed):
    proposed = aftercare.propose_false_alarm(claimed, "小美", "新网点已开通")
    assert aftercare.may_wrap([proposed], NOW) == (proposed,)
    assert aftercare.decide_false_alarm(proposed, approved=True).state == "false_alarm"
    rejected = aftercare.decide_false_alarm(proposed, approved=False)
    assert (rejected.state, rejected.owner) == ("claimed", "小美")


def test_a_hand_over_needs_a_time_ahead_of_now_and_before_printing(hold):
    print_at = NOW + timedelta(hours=10)

    def hand(due, print_at=print_at):
        return handed(hold, due, print_at=print_at)

    assert refusal(hand, NOW) == "hold.due_past"
    assert refusal(hand, print_at + timedelta(minutes=1)) == "hold.due_late"
    assert refusal(hand, NOW + timedelta(hours=21), None) == "hold.due_late"
    given = hand(print_at)
    assert (given.state, given.handed_to, given.due_at, given.owner) == ("handed", "next_shift", print_at, "")
    assert aftercare.claim(given, "早班小林").owner == "早班小林"


def test_an_order_already_late_can_still_be_handed_over():
    late, print_at = taken_in(order(ship_by=NOW - timedelta(hours=1))), NOW + timedelta(hours=10)
    assert handed(late, print_at, print_at=print_at).due_at == print_at
    assert refusal(handed, late, print_at + timedelta(minutes=1), print_at=print_at) == "hold.due_late"


def test_only_the_owner_or_who_is_in_charge_hands_over(hold, claimed):
    def hand(one, who):
        return aftercare.hand_over(one, who, aftercare.NEXT_SHIFT, NOW + timedelta(hours=9), now=NOW)

    assert hand(claimed, "小美").state == "handed"
    assert refusal(hand, claimed, "阿强") == "hold.not_yours"
    assert refusal(hand, hold, "阿强") == "hold.not_yours"
    assert handed(claimed).owner == ""


def test_who_leaves_gives_back_what_was_claimed_and_keeps_what_was_said_to_be_done(hold, claimed):
    others = aftercare.claim(taken_in(order(number="2")), "阿强")
    done = aftercare.act(aftercare.claim(taken_in(order(number="3")), "小美"), "小美", "confirmed")
    back = aftercare.release_all([hold, claimed, others, done], "小美")
    assert back == (hold,)


def test_wrap_is_blocked_until_every_hold_is_solved_waived_or_handed_over(hold):
    claimed = aftercare.claim(hold, "小美")
    done = aftercare.act(claimed, "小美", "shop_pays")
    assert aftercare.may_wrap([hold], NOW) == (hold,)
    assert aftercare.may_wrap([claimed, done], NOW) == (claimed, done)
    given = handed(hold)
    waived = aftercare.waive(hold, "主管老周", "顺丰可到")
    assert aftercare.may_wrap([given, waived, later(done, order("浙江省"))], NOW) == ()
    assert aftercare.open_holds([given, waived]) == (given,)


def test_what_was_handed_over_blocks_wrap_again_once_its_time_has_come(hold):
    given = handed(hold)
    assert aftercare.may_wrap([given], given.due_at - timedelta(seconds=1)) == ()
    assert aftercare.may_wrap([given], given.due_at) == (given,)
    assert aftercare.may_wrap([handed(taken_in(order("新疆")))], given.due_at) == ()


def test_the_overdue_come_first_then_holds_then_checks_then_the_next_shifts(hold):
    due = NOW + timedelta(hours=2)
    ours = handed(hold, NOW + timedelta(hours=9))
    check = taken_in(order("新疆", number="2", ship_by=NOW + timedelta(hours=1)))
    held = taken_in(order(number="3", ship_by=NOW + timedelta(hours=30)))
    overdue = handed(taken_in(order(number="4", ship_by=NOW + timedelta(hours=40))), due)
    assert aftercare.worklist([ours, check, held, overdue], due) == (overdue, held, check, ours)


def test_what_is_only_to_be_checked_is_open_but_does_not_block_wrap():
    check = taken_in(order("新疆"))
    assert aftercare.open_holds([check]) == (check,)
    assert aftercare.may_wrap([check], NOW) == ()
    assert aftercare.intercept_list([check]) == ()


def test_the_warehouse_keeps_back_what_is_held_and_lets_go_what_is_dealt_with(hold):
    assert aftercare.intercept_list([hold]) == (hold,)
    assert refusal(aftercare.tick_released, hold, "仓库大刘", NOW) == "hold.not_free"
    kept = aftercare.tick_intercepted(hold, "仓库大刘", NOW)
    waived = aftercare.waive(kept, "主管老周", "顺丰可到")
    assert aftercare.intercept_list([waived]) == (waived,)
    free = aftercare.tick_released(waived, "仓库大刘", NOW)
    assert aftercare.intercept_list([free]) == ()
    assert aftercare.tick_released(free, "仓库小张", NOW + timedelta(hours=1)) == free


def test_what_was_dealt_with_before_the_warehouse_took_it_out_is_not_on_its_list(hold):
    assert aftercare.intercept_list([aftercare.waive(hold, "主管老周", "顺丰可到")]) == ()


def test_the_soonest_ship_by_comes_first():
    late = taken_in(order(number="1", ship_by=NOW + timedelta(hours=30)))
    soon = taken_in(order(number="2", ship_by=NOW + timedelta(hours=3)))
    assert [hold.order_id for hold in aftercare.open_holds([late, soon])] == ["2", "1"]


def test_exposure_is_three_yuan_a_late_order_on_douyin_as_of_its_day(hold):
    known = aftercare.penalty("douyin")
    other = taken_in(order(number="2"))
    assert (known.amount, known.as_of) == (Decimal("3.00"), date(2023, 10, 4))
    assert aftercare.exposure([hold, other, hold], known.amount) == Decimal("6.00")
    assert aftercare.exposure([], known.amount) == Decimal("0.00")


def test_a_platform_without_a_known_penalty_has_none():
    assert aftercare.penalty("kuaishou") is None


WHO = st.sampled_from(["小美", "阿强"])
SHOWN = [
    order(),
    order("香港"),
    order("新疆"),
    order("浙江省"),
    order(status="closed"),
    order(status="shipped"),
]
STEPS = st.one_of(
    WHO.map(lambda who: lambda hold: aftercare.claim(hold, who)),
    WHO.map(lambda who: lambda hold: aftercare.give_back(hold, who)),
    WHO.map(lambda who: lambda hold: aftercare.act(hold, who, "shop_pays")),
    WHO.map(lambda who: lambda hold: aftercare.propose_false_alarm(hold, who, "误报")),
    st.booleans().map(lambda yes: lambda hold: aftercare.decide_false_alarm(hold, approved=yes)),
    st.just(lambda hold: aftercare.waive(hold, "主管老周", "顺丰可到")),
    st.just(handed),
    WHO.map(lambda who: lambda hold: next(iter(aftercare.release_all([hold], who)), hold)),
    st.sampled_from(SHOWN).map(lambda shown: lambda hold: later(hold, shown)),
)


@given(st.lists(STEPS, max_size=25))
def test_whatever_is_pressed_in_whatever_order_a_hold_stays_sound(steps):
    hold = taken_in()
    for step in steps:
        before = hold.model_dump()
        try:
            after = step(hold)
        except Refusal:
            after = hold
            assert hold.model_dump() == before
        if hold.state == "solved" and hold.solved_as != "cleared":
            assert after == hold
        if hold.state == "solved" and after.state != "solved":
            assert (after.state, after.settled_at) == ("open", None)
        if hold.owner and after.owner and after.state not in ("open", "handed"):
            assert after.owner == hold.owner
        assert (after.state in ("claimed", "done_claimed", "false_alarm_proposed")) <= bool(after.owner)
        assert (after.state in ("open", "handed")) <= (after.owner == "")
        assert (after.state == "waived") <= bool(after.waived_by)
        assert (after.state == "solved") == bool(after.solved_as) == (after.settled_at is not None)
        assert (after in aftercare.may_wrap([after], NOW + timedelta(days=9))) <= (
            after.state in aftercare.OPEN
        )
        hold = after
