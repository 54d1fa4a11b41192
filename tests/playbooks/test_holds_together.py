"""Held orders of a province in one press, exceptions for what a rule gets wrong, and how often it was right."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from playbooks import aftercare
from playbooks.addresses.findings import Finding, Verdict
from playbooks.aftercare import Hold
from playbooks.model import Refusal
from playbooks.orders import Order

NOW = datetime(2026, 11, 11, 14, 0, tzinfo=UTC)
XINJIANG = "新疆维吾尔自治区"


def finding(rule: str = "remote", region: str = XINJIANG, verdict: Verdict = "CHECK") -> Finding:
    return Finding(
        rule=rule, verdict=verdict, field="province", region=region, text_key=f"audit.{rule}", values={"region": region}
    )  # fmt: skip


def hold(tail: int = 1, *findings: Finding, **more: object) -> Hold:
    order = Order(platform="douyin", order_id=f"69170000000000000{tail:02}", status="paid_unshipped")
    found = findings or (finding(),)
    made = aftercare.take_in(
        None, order, found, hold_id=f"a1-h{order.order_id}", now=NOW, province=more.pop("province", XINJIANG)
    )
    assert made is not None
    return made.changed(**more)


def test_all_that_are_free_are_claimed_and_what_others_have_stays_theirs() -> None:
    theirs = hold(2, state="claimed", owner="强")
    done = aftercare.claim_all([hold(1), theirs, hold(3, state="handed")], "美")
    assert [(one.order_id[-2:], one.owner) for one in done] == [("01", "美"), ("03", "美")]


def test_one_action_is_said_of_all_the_caller_has_and_of_nothing_else() -> None:
    mine, theirs = hold(1, state="claimed", owner="美"), hold(2, state="claimed", owner="强")
    done = aftercare.act_all([mine, theirs, hold(3)], "美", "change_carrier")
    assert [(one.order_id[-2:], one.state, one.action) for one in done] == [
        ("01", "done_claimed", "change_carrier")
    ]


def test_a_refund_is_each_buyers_own_word_and_never_said_of_several() -> None:
    mine = hold(1, state="claimed", owner="美")
    with pytest.raises(Refusal, match="not_together"):
        aftercare.act_all([mine], "美", "buyer_refund")
    with pytest.raises(Refusal, match="none_yours"):
        aftercare.act_all([hold(2)], "美", "confirmed")


def test_provinces_and_rules_are_counted_over_what_is_not_dealt_with() -> None:
    some = [hold(1), hold(2), hold(3, province="浙江省"), hold(4, state="waived")]
    assert aftercare.provinces(some) == ((XINJIANG, 2), ("浙江省", 1))
    both = hold(5, finding(), finding("other_place", "浙江省"))
    assert aftercare.rules_found([*some, both]) == (("remote", 4), ("other_place", 1))


def test_an_exception_lets_all_through_that_nothing_else_holds() -> None:
    two = hold(2, finding(), finding("other_place", "浙江省", "HOLD"))
    pairs = aftercare.asked_for(hold(1))
    assert pairs == (("remote", XINJIANG),)
    let = aftercare.excepted(hold(1), pairs, NOW)
    assert let is not None
    assert (let.state, let.solved_as) == ("solved", "excepted")
    assert aftercare.excepted(two, pairs, NOW) is None
    assert aftercare.excepted(hold(3, finding(region="西藏自治区")), pairs, NOW) is None
    assert aftercare.excepted(hold(4, state="waived"), pairs, NOW) is None


def test_what_a_buyer_wrote_is_no_exception_for_the_next_order_there() -> None:
    assert aftercare.asked_for(hold(1, finding("double_address", "江苏省 苏州市", "HOLD"))) == ()
    assert aftercare.asked_for(hold(2, finding(), finding("bad_phone", "浙江省", "HOLD"))) == (
        ("remote", XINJIANG),
    )


def test_what_was_let_through_is_held_again_once_a_later_file_finds_more() -> None:
    let = aftercare.excepted(hold(1), aftercare.asked_for(hold(1)), NOW)
    assert let is not None
    order = Order(platform="douyin", order_id=let.order_id, status="paid_unshipped")
    again = aftercare.take_in(let, order, [finding("other_place", "浙江省", "HOLD")], hold_id=let.id, now=NOW)
    assert again is not None
    assert (again.state, again.rules) == ("open", ("other_place",))


def test_a_rule_is_as_good_as_what_people_decided_about_it() -> None:
    acted = hold(1, state="done_claimed", owner="美", action="change_carrier")
    wrong = aftercare.decide_false_alarm(hold(2, state="false_alarm_proposed"), approved=True)
    undecided, waived = hold(3), hold(4, state="waived")
    (remote,) = aftercare.judged([acted, wrong, undecided, waived])
    assert (remote.rule, remote.found, remote.right, remote.wrong) == ("remote", 4, 1, 1)
    assert remote.precision == Decimal(50)
    (unknown,) = aftercare.judged([undecided])
    assert unknown.precision is None


def test_a_false_alarm_counts_against_its_rule_whatever_becomes_of_the_order() -> None:
    wrong = aftercare.decide_false_alarm(hold(2, state="false_alarm_proposed"), approved=True)
    shipped = Order(platform="douyin", order_id=wrong.order_id, status="shipped")
    later = aftercare.settle(wrong, shipped, (), NOW)
    assert later.state == "solved"
    assert aftercare.judged([later])[0].wrong == 1


def test_every_script_is_for_a_rule_and_nothing_is_said_where_there_is_none() -> None:
    assert aftercare.script_keys(("test_order", "remote")) == ("hold.script_remote",)
    assert aftercare.script_keys(("test_order",)) == ()
