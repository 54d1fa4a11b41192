"""Who is chased by whom, with what: one buyer with several orders, another agent, dealing, offers, unpaid life."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import chase
from playbooks.announce import Offer, OfferVersion
from playbooks.chase import Chase, Hand, Ladder, outcomes
from playbooks.chase.contact import share
from playbooks.chase.line import read_line
from playbooks.contacts import Ledger
from playbooks.model import Refusal
from playbooks.orders import OrderState
from playbooks.promotion import Flash
from playbooks.room import Member

ZONE = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 11, 21, 20, 30, tzinfo=ZONE).astimezone(UTC)
ID = "6917926768823643751"
BUYER = Ledger(id="a1-kbk")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def unpaid(order_id: str = "1", left: int | None = 25, **told: Any) -> Chase:
    facts = {"id": f"a1-c{order_id}", "order_id": order_id, "platform": "douyin", "amount": Decimal(59),
             "seen_at": EVENING, "data_as_of": EVENING, "source": "file", "created_at": EVENING - minutes(5),
             "expires_at": None if left is None else EVENING + minutes(left)}  # fmt: skip
    return Chase.model_validate({**facts, **told})


def said(known: Chase, outcome: str, who: str = "amy", now: datetime = EVENING, **told: Any) -> Chase:
    return outcomes.outcome(known, who, outcome=outcome, now=now, zone=ZONE, **told)


def written(known: Chase, who: str = "amy", now: datetime = EVENING) -> Chase:
    return chase.record(known, who, "message", now, ZONE)


# -- reasons ----------------------------------------------------------------------------------------


def test_a_buyer_unhappy_with_an_agent_is_handed_to_another_and_the_first_stays_accountable() -> None:
    handed = said(written(unpaid()), "refused", reason="attitude")
    assert (handed.alive, handed.avoid, handed.accountable, handed.owner) == (True, ("amy",), "amy", "")
    assert chase.due([handed], EVENING, 1) == (handed,)
    for step in (lambda: chase.claim(handed, "amy", EVENING), lambda: written(handed)):
        with pytest.raises(Refusal, match=r"chase\.avoid"):
            step()
    again = said(written(chase.claim(handed, "bob", EVENING), "bob"), "refused", "bob", reason="attitude")
    assert (again.avoid, again.accountable) == (("amy", "bob"), "amy")


def test_who_does_not_know_how_to_pay_is_helped_and_looked_at_once_more() -> None:
    helped = said(written(unpaid()), "refused", reason="new_user")
    assert (helped.state, helped.returns_at) == ("waiting", EVENING + minutes(10))
    assert (chase.script_key(helped) or "").startswith("chase.script_new_user")
    later = EVENING + minutes(10)
    assert said(helped, "refused", now=later, reason="new_user").state == "lost"
    assert said(written(unpaid(left=9)), "refused", reason="new_user").state == "lost"


def test_who_was_only_looking_round_waits_behind_the_others_and_is_touched_once() -> None:
    looking = said(unpaid(), "refused", reason="browsing")
    assert chase.due([looking, unpaid("2", amount=Decimal(20))], EVENING, 2)[0].order_id == "2"
    touched = written(looking)
    assert not chase.rounds_left(touched, EVENING + minutes(11))
    assert said(touched, "refused", reason="browsing").state == "lost"


@pytest.mark.parametrize("reason", ["shop_competitor", "shop_page", "shop_unsolved", "price"])
def test_other_reasons_end_the_chase_and_are_kept_for_the_review(reason: str) -> None:
    lost = said(unpaid(), "refused", reason=reason)
    assert (lost.state, lost.reason) == ("lost", reason)


# -- one buyer --------------------------------------------------------------------------------------


def test_the_buyers_other_orders_are_spoken_of_in_the_same_contact() -> None:
    first, second = unpaid("1", buyer_key="k"), unpaid("2", buyer_key="k")
    others = [second, unpaid("3", buyer_key="j"), unpaid("4"), unpaid("5", buyer_key="k", state="paid")]
    assert chase.siblings(first, others, "amy", EVENING) == (second,)
    assert chase.siblings(unpaid("6"), others, "amy", EVENING) == ()
    contacted = written(first)
    shared = share(contacted, second)
    assert [(t.step, t.round) for t in shared.touches] == [("message", 1)]
    assert share(contacted, shared) == shared
    assert not chase.open_to(unpaid("7", buyer_key="k"), [contacted], None, "bob", EVENING)


def test_an_order_with_a_time_agreed_keeps_it_when_the_buyer_is_contacted_about_another() -> None:
    agreed = EVENING + minutes(20)
    waiting = said(written(unpaid("2", buyer_key="k"), "bob"), "will_pay", "bob", promised_at=agreed)
    theirs = [unpaid("1", buyer_key="k", left=60), waiting]
    later = EVENING + minutes(11)
    made = chase.contacted(theirs[0], theirs, BUYER, "amy", "message", now=later, zone=ZONE)
    kept = made.chases[1]
    assert (kept.state, kept.owner, kept.returns_at, kept.promised_at) == ("waiting", "bob", agreed, agreed)
    assert kept.touches[-1].who == "amy"
    after = chase.answered(made.chases[0], made.chases, made.ledger, "amy", "no_answer", now=later, zone=ZONE)
    assert [one.order_id for one in after.chases] == ["1"]


def test_a_time_that_has_come_is_spoken_of_with_the_other_orders() -> None:
    waiting = said(written(unpaid("2", buyer_key="k"), "bob"), "no_answer", "bob")
    theirs = [unpaid("1", buyer_key="k", left=60), waiting]
    later = EVENING + minutes(10)
    made = chase.contacted(theirs[0], theirs, BUYER, "amy", "message", now=later, zone=ZONE)
    assert (made.chases[1].state, made.chases[1].owner) == ("contacted", "amy")


def test_whom_the_buyer_was_unhappy_with_gets_none_of_the_buyers_orders() -> None:
    handed = said(written(unpaid("1", buyer_key="k")), "refused", reason="attitude")
    new = unpaid("2", buyer_key="k", amount=Decimal(99))
    theirs = [handed, new]
    assert not chase.open_to(new, theirs, None, "amy", EVENING)
    assert chase.open_to(new, theirs, None, "bob", EVENING)
    with pytest.raises(Refusal, match=r"chase\.avoid"):
        chase.contacted(new, theirs, BUYER, "amy", "message", now=EVENING, zone=ZONE)
    assert chase.siblings(new, theirs, "amy", EVENING) == ()


def test_an_order_in_other_hands_is_not_spoken_of() -> None:
    first, second = unpaid("1", buyer_key="k"), chase.claim(unpaid("2", buyer_key="k"), "bob", EVENING)
    assert chase.siblings(first, [first, second], "amy", EVENING) == ()
    assert chase.siblings(first, [first, second], "bob", EVENING) == (second,)
    assert chase.siblings(first, [first, second], "amy", EVENING + minutes(11)) == (second,)


def test_what_is_over_is_on_nobodys_hands_and_what_lives_is_on_its_owners() -> None:
    begun = written(unpaid())
    assert (begun.open_owner, begun.owner) == ("amy", "amy")
    for answer in ("wrong", "closed_said", "opted_out"):
        assert (said(begun, answer).open_owner, said(begun, answer).owner) == (None, "amy")


def test_an_order_typed_by_hand_is_its_known_buyers() -> None:
    known = OrderState(
        id="a1-o1", order_id="1", platform="douyin", status="unknown", as_of=EVENING, buyer_key="k"
    )
    told = {"room": "a1", "order_id": "1", "platform": "douyin", "now": EVENING}
    assert chase.register(None, **told, state=known).buyer_key == "k"
    assert chase.register(chase.register(None, **told), **told, state=known).buyer_key == "k"


@pytest.mark.parametrize("answer", sorted(chase.FINAL))
def test_who_wants_to_be_left_alone_is_whoever_hears_it_and_whoever_has_the_order(answer: str) -> None:
    handed = said(written(unpaid("1", buyer_key="k")), "refused", reason="attitude")
    at_it = chase.claim(unpaid("2", buyer_key="k"), "bob", EVENING)
    over = unpaid("3", buyer_key="k", state="lost")
    for one in (handed, at_it, over):
        made = chase.answered(one, [handed, at_it, over], BUYER, "amy", answer, now=EVENING, zone=ZONE)
        assert {(each.order_id, each.state) for each in made.chases} == {("1", "dropped"), ("2", "dropped")}
        assert not chase.open_to(at_it, [at_it], made.ledger, "bob", EVENING + timedelta(days=30))


def test_the_queue_gives_one_order_a_known_buyer() -> None:
    some = [
        unpaid("1", buyer_key="k"),
        unpaid("2", buyer_key="k", amount=Decimal(99)),
        unpaid("3"),
        unpaid("4"),
    ]
    assert [one.order_id for one in chase.due(some, EVENING, 9)] == ["2", "3", "4"]


def test_who_was_just_contacted_is_not_offered_again() -> None:
    left = chase.release(written(unpaid()), "amy", EVENING + minutes(1))
    assert chase.due([left], EVENING + minutes(9), 1) == ()
    assert chase.due([left], EVENING + minutes(10), 1) == (left,)


def test_a_first_time_buyer_is_phoned_first_even_where_many_wait() -> None:
    def first(known: Chase, *, many: bool) -> str:
        return chase.steps(chase.claim(known, "amy", EVENING, many=many), EVENING, ZONE)[0].kind

    assert (first(unpaid(), many=False), first(unpaid(), many=True)) == ("phone", "button")
    assert first(unpaid(first_time=True), many=True) == "phone"


def test_sms_is_a_step_where_the_room_has_it_and_waits_for_the_morning() -> None:
    def sms(known: Chase, now: datetime) -> str:
        return next(s.status for s in chase.steps(known, now, ZONE, sms=True) if s.kind == "sms")

    night = EVENING + timedelta(hours=1)
    assert sms(unpaid(), EVENING) == "todo"
    assert (sms(unpaid(left=None), night), sms(unpaid(left=90), night)) == ("later", "not_applicable")
    assert sms(unpaid(platform="pinduoduo"), EVENING) == "not_applicable"
    assert "sms" not in [s.kind for s in chase.steps(unpaid(), EVENING, ZONE)]
    with pytest.raises(Refusal, match=r"chase\.channel"):
        chase.record(unpaid(), "amy", "sms", EVENING, ZONE)


# -- right before a contact -------------------------------------------------------------------------


def state(status: str, **told: Any) -> OrderState:
    facts = {"id": "a1-o1", "order_id": "1", "platform": "douyin", "status": status, "as_of": EVENING}
    return OrderState.model_validate({**facts, **told})


def test_right_before_a_contact_the_newest_word_on_the_order_counts() -> None:
    assert chase.against(unpaid(), state("paid_unshipped", paid_at=EVENING), EVENING).state == "paid"
    assert chase.against(unpaid(), state("cancelled", closed_why="buyer"), EVENING).closed_why == "buyer"
    assert chase.against(unpaid(), state("pending_payment"), EVENING) == unpaid()
    assert chase.against(unpaid(), None, EVENING + minutes(25)).closed_why == "expired"


# -- dealing ----------------------------------------------------------------------------------------

HANDS = st.lists(
    st.builds(Hand, who=st.sampled_from("abcde"), held=st.integers(0, 4), capacity=st.none() | st.integers(0, 4)),
    max_size=5, unique_by=lambda hand: hand.who,
)  # fmt: skip


@given(st.integers(0, 20), HANDS)
def test_dealing_goes_round_by_capacity_and_leaves_nobody_idle(count: int, hands: list[Hand]) -> None:
    waiting = [unpaid(str(n)) for n in range(count)]
    dealt = chase.deal(waiting, hands)
    each = {hand.who: sum(who == hand.who for _, who in dealt) for hand in hands}
    assert all(each[hand.who] <= hand.free for hand in hands)
    assert [one for one, _ in dealt] == waiting[: len(dealt)]
    assert len(dealt) == min(count, sum(hand.free for hand in hands))
    open_still = [each[hand.who] for hand in hands if each[hand.who] < hand.free]
    assert not open_still or max(each.values()) - min(open_still) <= 1


def test_an_unhappy_buyers_order_is_not_dealt_to_the_agent_it_is_about() -> None:
    dealt = chase.deal([unpaid(avoid=("amy",))], [Hand(who="amy"), Hand(who="bob", held=2)])
    assert [who for _, who in dealt] == ["bob"]
    assert chase.deal([unpaid(avoid=("amy",))], [Hand(who="amy")]) == ()


# -- offers -----------------------------------------------------------------------------------------


def ladder(text: str) -> Ladder:
    rungs, cap = chase.read_ladder(text)
    return Ladder(id="a1-b1", by="9", at=EVENING, rungs=rungs, cap=cap)


def test_a_ladder_is_read_line_by_line() -> None:
    known = ladder("减5元 客服 30份；送小样 组长\n上限 300")
    assert [(r.off, r.gift, r.whose, r.most) for r in known.rungs] == [
        (Decimal(5), "", "agent", 30), (None, "小样", "lead", None),
    ]  # fmt: skip
    assert known.cap == 300
    assert ladder("off 5 agent 3 times").rungs[0].most == 3


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "ladder_usage"),
        ("上限 300", "ladder_usage"),
        ("便宜点", "ladder_line"),
        ("减5 仓库", "ladder_line"),
    ],
)
def test_what_is_no_offer_is_refused_with_the_cure(text: str, key: str) -> None:
    with pytest.raises(Refusal, match=rf"chase\.{key}"):
        chase.read_ladder(text)


@given(st.lists(st.integers(1, 3), max_size=40))
def test_no_more_is_given_away_than_was_approved(numbers: list[int]) -> None:
    known = ladder("减5元 4份\n减10元 组长\n送小样 2份\n上限 60")
    for number in numbers:
        if known.left(chase.rung_at(known, number)):
            known = chase.give(known, number)
        else:
            with pytest.raises(Refusal, match=r"chase\.ladder_spent"):
                chase.give(known, number)
    assert known.spent <= 60
    assert all(rung.most is None or rung.given <= rung.most for rung in known.rungs)


def test_an_offer_needs_the_authority_ops_gave_it() -> None:
    mine, leads = ladder("减5元 客服\n减10元 组长").rungs
    agent, lead = Member(id="1", name="小美", roles=("agent",)), Member(id="2", name="老李", roles=("lead",))
    assert chase.in_authority(mine, agent)
    assert not chase.in_authority(leads, agent)
    assert chase.in_authority(leads, lead)


def test_an_order_is_offered_something_once_and_looked_at_again() -> None:
    offered = chase.offer(written(unpaid()), "amy", chase.Rung(off=Decimal(5)), "减 5 元", EVENING)
    assert (offered.state, offered.offer_cost, offered.returns_at) == ("waiting", 5, EVENING + minutes(10))
    assert chase.remark(offered, "小美", EVENING, ZONE).endswith("不付款 嫌价格高或赠品少 已给减 5 元")
    with pytest.raises(Refusal, match=r"chase\.offered"):
        chase.offer(offered, "amy", chase.Rung(off=Decimal(10)), "减 10 元", EVENING)
    with pytest.raises(Refusal, match=r"chase\.no_contact"):
        chase.offer(unpaid(), "amy", chase.Rung(off=Decimal(5)), "减 5 元", EVENING)


# -- life -------------------------------------------------------------------------------------------


def version(at: datetime, number: int, *, running: bool) -> OfferVersion:
    flash = Flash(text="秒杀59元", price=Decimal(59), running=running)
    offer = Offer(revision=number, at=at, by="9", live_price=Decimal(59), promotions=(flash,))
    return OfferVersion(id=f"a1-b1-p3-r{number}", listing="a1-b1-p3", offer=offer)


def test_only_orders_placed_while_the_flash_sale_ran_die_after_five_minutes() -> None:
    known = [
        version(EVENING, 1, running=False), version(EVENING + minutes(10), 2, running=True),
        version(EVENING + minutes(20), 3, running=False),
    ]  # fmt: skip
    ran = [chase.flash_ran(known, EVENING + minutes(at)) for at in (-1, 5, 10, 19, 20)]
    assert ran == [False, False, True, True, False]
    assert chase.life_of(minutes(30), None, minutes(5), ran=True) == minutes(5)
    assert chase.life_of(minutes(30), minutes(120), minutes(5), ran=False) == minutes(120)
    assert chase.life_of(None, None, minutes(5), ran=False) is None
    assert chase.life_of(None, None, minutes(5), ran=True) == minutes(5)


def test_a_life_set_later_gives_waiting_orders_their_end() -> None:
    unknown = unpaid(left=None)
    assert unknown.dies_at is None
    assert chase.living(unknown, minutes(15)).dies_at == EVENING + minutes(10)
    assert chase.living(unpaid(state="paid"), minutes(15)) == unpaid(state="paid")


def test_only_what_lives_is_listed_to_die() -> None:
    assert unpaid().dies_at == unpaid().expires_at
    assert said(unpaid(), "closed_said").dies_at is None


# -- several lines ----------------------------------------------------------------------------------


def test_several_lines_are_several_orders_and_a_bad_one_does_not_lose_the_others() -> None:
    read = chase.read_lines(f"催 {ID} 3号 ¥59\n{ID[:-1]}2 4号 20:14 128块\n还有一单 5号\n13800000001 6号")
    good = [one for one in read if not isinstance(one, Refusal)]
    assert [(one.link_no, one.amount, one.placed) for one in good] == [(3, 59, ""), (4, 128, "20:14")]
    assert [one.key for one in read if isinstance(one, Refusal)] == ["chase.order_id_missing"] * 2


def test_orders_pasted_one_after_the_other_are_told_apart_by_their_label() -> None:
    block = "订单编号:{}\n商品名称:白色T恤\n下单时间:2026-11-21 20:14:05\n实付金额:¥1,280.00\n收货人:周示例\n"
    read = chase.read_lines(block.format(ID) + block.format(ID[:-1] + "2"))
    assert [(o.order_id[-1], o.product, o.amount, o.placed) for o in read if not isinstance(o, Refusal)] == [
        (digit, "白色T恤", Decimal(1280), "2026-11-21 20:14:05") for digit in "12"
    ]


def test_one_order_pasted_over_several_lines_is_one() -> None:
    read = chase.read_lines(f"{ID}\n3号链接 ¥28.90\n周示例 13800000001")
    assert len(read) == 1


@pytest.mark.parametrize(
    ("text", "at"),
    [("20:14", "2026-11-21 20:14:00"), ("23:50", "2026-11-20 23:50:00"), ("11-20 9:05", "2026-11-20 09:05:00"),
     ("2026/11/21 20:14:05", "2026-11-21 20:14:05"), ("20:33", "2026-11-21 20:30:00"),
     ("11-21 20:34", "2026-11-21 20:30:00")],
)  # fmt: skip
def test_a_time_is_the_newest_such_moment(text: str, at: str) -> None:
    found = chase.placed_at(text, EVENING, ZONE)
    assert found is not None
    assert f"{found.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" == at


def test_in_january_a_day_of_december_is_last_years() -> None:
    january = datetime(2027, 1, 1, 0, 10, tzinfo=ZONE)
    assert chase.placed_at("12-31 23:50", january, ZONE) == january - minutes(20)
    assert chase.placed_at("00:12", january - minutes(11), ZONE) == january - minutes(11) - timedelta(
        hours=23, minutes=47
    )
    assert chase.placed_at("00:02", january - minutes(11), ZONE) == january - minutes(11)


@pytest.mark.parametrize("text", ["2026-11-22 20:14", "11-22 20:14", "11-21 20:40", "12-31 23:00"])
def test_an_order_is_not_placed_in_the_future(text: str) -> None:
    with pytest.raises(Refusal, match=r"chase\.placed_future"):
        chase.placed_at(text, EVENING, ZONE)


@given(
    st.times(), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(ZONE)),
)  # fmt: skip
def test_no_time_typed_lies_ahead_or_more_than_a_day_back(clock: time, now: datetime) -> None:
    found = chase.placed_at(f"{clock:%H:%M:%S}", now, ZONE)
    assert found is not None
    assert now - timedelta(days=1) <= found <= now


def test_a_day_there_is_not_is_refused() -> None:
    with pytest.raises(Refusal, match=r"chase\.placed_unreadable"):
        chase.placed_at("2-30 20:14", EVENING, ZONE)


def test_a_paid_time_in_a_paste_is_not_taken_for_the_time_of_ordering() -> None:
    with pytest.raises(Refusal, match=r"chase\.already_paid"):
        read_line(f"订单编号:{ID}\n支付时间:2026-11-21 20:20:00")


@pytest.mark.parametrize(
    ("export", "room", "whose"),
    [("jushuitan", "kuaishou", "kuaishou"), ("wangdiantong", "pinduoduo", "pinduoduo"), ("taobao", "tmall", "tmall"),
     ("taobao", "douyin", "taobao"), ("tmall", "taobao", "tmall"), ("pinduoduo", "douyin", "pinduoduo")],
)  # fmt: skip
def test_an_erps_orders_are_of_the_rooms_platform_and_others_of_their_own(
    export: str, room: str, whose: str
) -> None:
    assert chase.sold_on(export, room) == whose
