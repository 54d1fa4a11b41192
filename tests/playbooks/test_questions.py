"""What counts as the same question, when somebody is reminded, and where a question may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import questions
from playbooks.announce import Listing, first_offer
from playbooks.model import Refusal
from playbooks.questions import Question, Said, Targets, Transfer
from playbooks.runsheet import Product

NOW = datetime(2026, 11, 11, 12, 20, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
TARGETS = questions.default_targets("a1")


def listing(number: int, name: str) -> Listing:
    product = Product(seq=number, link_no=number, name=name, live_price=Decimal(79), duration=4)
    return Listing(
        id=f"a1-b1-p{number}", broadcast="a1-b1", link_no=number, product=product,
        offer=first_offer(product, "11", NOW),
    )  # fmt: skip


LISTINGS = (listing(1, "丝绒口红"), listing(3, "玫瑰精华水 150ml"), listing(12, "玫瑰面霜"))
ON_AIR = LISTINGS[0]


def question(text: str = "能用盐水冲吗", **more: object) -> Question:
    fields = {
        "id": "a1-q1", "broadcast": "a1-b1", "number": 1, "kind": "product", "to": "ops", "link_no": 3,
        "product": "玫瑰精华水", "asks": (Said(who="21", at=NOW, text=text),), "since": NOW,
    }  # fmt: skip
    return Question.model_validate({**fields, **more})


# -- reading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "text"),
    [
        ("3 能用盐水冲吗", 3, "能用盐水冲吗"),
        ("3号能用盐水冲吗", 3, "能用盐水冲吗"),
        ("#3：能用盐水冲吗", 3, "能用盐水冲吗"),
        ("口红 会掉色吗", 1, "会掉色吗"),
        ("玫瑰精华水 150ml怎么用", 3, "玫瑰精华水 150ml怎么用"),
        ("3件一起买便宜吗", 1, "3件一起买便宜吗"),  # three of what is on air
        ("2 天能到吗", 1, "2 天能到吗"),
        ("3 支持退换吗", 3, "支持退换吗"),
        ("3包装是什么样的", 3, "包装是什么样的"),
        ("3 瓶子是玻璃的吗", 3, "瓶子是玻璃的吗"),
        ("3瓶一起买便宜吗", 1, "3瓶一起买便宜吗"),
        ("3 gift included?", 3, "gift included?"),
        ("3 g够用吗", 1, "3 g够用吗"),
        ("有小样吗", 1, "有小样吗"),
    ],
)
def test_a_question_is_about_the_product_named_else_the_one_on_air(
    typed: str, number: int, text: str
) -> None:
    asking = questions.read_ask(typed, LISTINGS, ON_AIR)
    assert (asking.link_no, asking.text) == (number, text)


def test_a_word_of_several_products_is_not_guessed_at_and_a_number_nobody_has_is_refused() -> None:
    with pytest.raises(Refusal, match=r"product\.ambiguous"):
        questions.read_ask("玫瑰 怎么用", LISTINGS, ON_AIR)
    with pytest.raises(Refusal, match=r"product\.missing"):
        questions.read_ask("7 怎么用", LISTINGS, ON_AIR)


def test_whom_to_ask_may_be_named_first() -> None:
    asking = questions.read_ask("仓库 3 今天能发吗", LISTINGS, ON_AIR)
    assert (asking.to, asking.named, asking.link_no, asking.text) == ("warehouse", True, 3, "今天能发吗")


@pytest.mark.parametrize("typed", ["", "  ", "3", "仓库", "3号"])
def test_a_question_without_words_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match=r"ask\.usage"):
        questions.read_ask(typed, LISTINGS, ON_AIR)


def test_a_buyers_phone_in_a_question_is_refused() -> None:
    with pytest.raises(Refusal, match=r"common\.personal_note"):
        questions.read_ask("3 13800013800 什么时候发", LISTINGS, ON_AIR)


@pytest.mark.parametrize(
    ("text", "kind", "to"),
    [
        ("敏感肌能用吗", "product", "ops"),
        ("什么时候发货", "product", "ops"),
        ("物流三天没动了", "logistics", "warehouse"),
        ("想退货运费谁出", "after_sale", "ops"),
        ("订单可以合并发吗", "order", "ops"),
        ("他说要投诉你们退货慢", "advice", "senior"),
    ],
)
def test_the_kind_is_guessed_from_words_and_says_whom_it_goes_to(text: str, kind: str, to: str) -> None:
    asking = questions.read_ask(text, LISTINGS, ON_AIR)
    assert (asking.kind, asking.to) == (kind, to)


def test_an_order_s_own_question_is_not_worth_keeping_for_everybody() -> None:
    assert questions.worth_keeping("product", "敏感肌能用吗")
    assert not questions.worth_keeping("product", "6917000000000000001 能改颜色吗")
    assert not questions.worth_keeping("logistics", "到哪了")


# -- answers and times ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("21:00 前", "11-11 21:00"),
        ("9点前", "11-11 21:00"),  # it is 20:20: nine in the evening is meant
        ("今晚10点半", "11-11 22:30"),
        ("明天10点", "11-12 10:00"),
        ("明天下午3点前", "11-12 15:00"),
        ("明晚8点半", "11-12 20:30"),
        ("tomorrow 6pm", "11-12 18:00"),
        ("20分钟内", "11-11 20:40"),
        ("半小时", "11-11 20:50"),
        ("预计 1 小时", "11-11 21:20"),
    ],
)
def test_the_warehouse_may_answer_with_when_it_will_know(typed: str, clock: str) -> None:
    told = questions.read_answer(typed, "warehouse", NOW, ZONE)
    assert isinstance(told, datetime)
    assert f"{told.astimezone(ZONE):%m-%d %H:%M}" == clock


@pytest.mark.parametrize("typed", ["可以", "18:00 前下单当天发", "拍1发3", "5", "21号发"])
def test_an_answer_that_is_more_than_a_time_is_an_answer(typed: str) -> None:
    assert questions.read_answer(typed, "warehouse", NOW, ZONE) == typed


def test_a_bare_time_from_ops_is_the_answer_unless_they_say_expected_or_else() -> None:
    assert questions.read_answer("21:00 前", "ops", NOW, ZONE) == "21:00 前"
    assert isinstance(questions.read_answer("预计21:00", "ops", NOW, ZONE), datetime)
    assert questions.read_answer("= 21:00 前", "warehouse", NOW, ZONE) == "21:00 前"


def test_a_time_that_is_past_is_refused() -> None:
    with pytest.raises(Refusal, match=r"ask\.eta_past"):
        questions.read_answer("18:00 前", "warehouse", NOW, ZONE)


@given(st.integers(1, 999))
def test_a_time_said_in_minutes_is_so_many_minutes_away(minutes: int) -> None:
    assert questions.read_time(f"{minutes} 分钟后", NOW, ZONE) == NOW + timedelta(minutes=minutes)


# -- the same question ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("能用生理盐水冲吗", "可以用生理盐水冲吗？"),
        ("什么时候发货", "请问多久发货呀"),
        ("会不会掉色", "会掉色吗"),
        ("这款孕妇能用吗", "孕妇能不能用"),
    ],
)
def test_the_same_question_in_other_words_is_the_same(one: str, other: str) -> None:
    assert questions.likeness(one, other) >= questions.rules().alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("孕妇能用吗", "小孩能用吗"),
        ("有黑色吗", "有白色吗"),
        ("拍2件有优惠吗", "拍3件有优惠吗"),
        ("M码能穿120斤吗", "L码能穿120斤吗"),
        ("能用热水洗吗", "不能用热水洗吗"),
        ("什么时候发货", "什么时候开播"),
    ],
)
def test_questions_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert questions.likeness(one, other) < questions.rules().alike


LIPSTICK = "Velvet Lipstick"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("is it waterproof", "is the lipstick waterproof?"),
        ("waterproof?", "Is this one waterproof"),
        ("can I use it with retinol", "can we use it with retinol?"),
        ("what's the shelf life", "What is the shelf life?"),
        ("do you ship to Canada", "Could you ship it to Canada please"),
        ("any samples", "any sample?"),
        ("is it watreproof", "waterproof?"),
        ("is it water proof", "is it waterproof"),
        ("does it contain fragrence", "does it contain fragrance"),
        ("when will it be shiped today", "when will it be shipped today"),
        ("is it?", "is it"),
    ],
)
def test_the_same_question_in_other_english_words_is_the_same(one: str, other: str) -> None:
    assert questions.likeness(one, other, LIPSTICK) >= questions.rules().alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("can I use it with retinol", "can I use it without retinol"),
        ("is it waterproof", "is it not waterproof"),
        ("can I use it", "can't I use it"),
        ("does it come in red", "does it come in blue"),
        ("is size M in stock", "is size L in stock"),
        ("can I buy 2", "can I buy 3"),
        ("is 1.5 ml enough", "is 15 ml enough"),
        ("is the serum waterproof", "is the lipstick waterproof"),
        ("is it small", "does it smell"),
        ("is it light", "is it right"),
        ("is it scented", "is it unscented"),
        ("is it water based", "is it waterproof"),
        ("does 1000000 fit", "does 1000001 fit"),
        ("?", "!"),
    ],
)
def test_english_questions_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert questions.likeness(one, other, LIPSTICK) < questions.rules().alike


@given(
    st.lists(st.sampled_from(["is", "it", "the", "red", "not", "2", "lipsticks", "waterproof"]), max_size=6)
)
def test_an_english_question_is_like_itself_whatever_the_order_of_its_words(words: list[str]) -> None:
    typed, turned = " ".join(words), " ".join(reversed(words))
    assert questions.likeness(typed, turned, LIPSTICK) == float(bool(words))


@given(st.text("能用盐水冲洗吗不没发货3M", max_size=12), st.text("能用盐水冲洗吗不没发货3M", max_size=12))
def test_likeness_is_the_same_both_ways_and_between_nothing_and_one(one: str, other: str) -> None:
    assert questions.likeness(one, other) == questions.likeness(other, one)
    assert 0 <= questions.likeness(one, other) <= 1


def test_only_open_questions_about_the_same_product_and_for_the_same_people_are_joined() -> None:
    asking = questions.read_ask("3 可以用盐水冲吗", LISTINGS, ON_AIR)
    assert questions.twin(asking, [question()]) == question()
    for other in ({"link_no": 1}, {"to": "warehouse"}, {"state": "withdrawn"}, {"angry": True}):
        assert questions.twin(asking, [question(**other)]) is None
    assert questions.twin(asking, [questions.answer(question(), "11", "可以", NOW)]) is None


# -- its way ----------------------------------------------------------------------------------------


def test_the_first_responder_owns_it_until_it_is_handed_on_with_a_note() -> None:
    mine = questions.claim(question(), "11")
    with pytest.raises(Refusal, match=r"ask\.taken"):
        questions.claim(mine, "12")
    without = Transfer(who="11", at=NOW, to="warehouse", reason="not_ours", note="")
    with pytest.raises(Refusal, match=r"ask\.note_missing"):
        questions.pass_on(mine, without)
    passed = questions.pass_on(mine, without.changed(note="买家问库位"))
    assert (passed.owner, passed.to, passed.state) == ("", "warehouse", "open")
    assert not questions.handed_on_too_often(passed)
    again = questions.pass_on(passed, without.changed(note="还是不清楚", to="ops"))
    assert questions.handed_on_too_often(again)


def test_an_answered_question_takes_corrections_and_nothing_else() -> None:
    done = questions.answer(question(), "11", "可以", NOW)
    assert done.owner == "11"
    with pytest.raises(Refusal, match=r"ask\.over_answered"):
        questions.claim(done, "12")
    corrected = questions.answer(done, "12", "不可以", NOW)
    assert (corrected.answer.text if corrected.answer else "", corrected.owner) == ("不可以", "11")


def test_a_question_goes_with_the_last_who_needs_the_answer() -> None:
    two = questions.join(question(), "22", "可以用盐水吗", NOW)
    assert questions.join(two, "22", "可以用盐水吗", NOW) == two
    one = questions.leave(two, "21")
    assert (one.askers, one.alive) == (("22",), True)
    assert not questions.leave(one, "22").alive
    with pytest.raises(Refusal, match=r"ask\.not_asked"):
        questions.leave(one, "23")


def test_what_somebody_chose_or_took_up_stays_where_it_is_when_its_kind_changes() -> None:
    assert questions.goes_to(question(), "warehouse") == "warehouse"
    assert questions.goes_to(question(named=True), "warehouse") == "ops"
    assert questions.goes_to(questions.claim(question(), "11"), "warehouse") == "ops"


STEPS = st.sampled_from(["join", "claim", "answer", "expect", "pass", "back", "leave", "anger"])


def walk(one: Question, what: str, now: datetime) -> Question:
    handed = Transfer(who="11", at=now, to="warehouse", reason="busy", note="接着问")
    steps = {
        "join": lambda: questions.join(one, "22", "同问", now),
        "claim": lambda: questions.claim(one, "11"),
        "answer": lambda: questions.answer(one, "12", "可以", now),
        "expect": lambda: questions.expect(one, "11", now + timedelta(minutes=9)),
        "pass": lambda: questions.pass_on(one, handed),
        "back": lambda: questions.give_back(one, now),
        "leave": lambda: questions.leave(one, "21"),
        "anger": lambda: questions.anger(one, now),
    }
    try:
        return steps[what]()
    except Refusal:
        return one


@given(st.lists(STEPS, max_size=12))
def test_whatever_happens_a_question_is_owned_answered_withdrawn_or_somebody_will_be_told(
    steps: list[str],
) -> None:
    one = question()
    for n, what in enumerate(steps):
        one = walk(one, what, NOW + timedelta(seconds=n))
    assert one.alive == (questions.next_at(one, TARGETS) is not None)
    assert (one.state == "claimed") == (one.alive and bool(one.owner))
    assert (one.state == "answered") == bool(one.answers)
    assert bool(one.askers) or not one.alive


# -- reminders --------------------------------------------------------------------------------------


@given(st.integers(15, 900), st.integers(1, 900))
def test_reminders_come_at_the_targets_and_have_a_maximum(ping: int, more: int) -> None:
    targets = Targets(id="a1", ping_seconds=ping, lead_seconds=ping + more)
    one, said = question(), []
    while at := questions.next_at(one, targets):
        assert not questions.reminders(one, targets, at - timedelta(seconds=1))
        for what in questions.reminders(one, targets, at):
            said.append((what, (at - NOW).total_seconds()))
            one = questions.reminded(one, what)
    assert said[0] == ("again", ping)
    assert [what for what, _ in said].count("again") == questions.rules().most_pings
    assert [after for what, after in said if what == "lead"] == [
        ping + more + n * questions.rules().lead_again_seconds
        for n in range(questions.rules().most_lead_pings + 1)
    ]


def test_who_said_when_the_answer_comes_is_left_in_peace_until_then_and_reminded_once() -> None:
    eta = NOW + timedelta(minutes=30)
    one = questions.expect(question(), "15", eta)
    assert questions.next_at(one, TARGETS) == eta
    assert questions.reminders(one, TARGETS, eta) == ("overdue",)
    assert questions.next_at(questions.reminded(one, "overdue"), TARGETS) is None


@pytest.mark.parametrize(("ping", "lead"), [(60, 60), (180, 60), (5, 180), (60, 99999), (None, 180)])
def test_targets_that_make_no_sense_are_none(ping: int | None, lead: int) -> None:
    assert questions.read_targets("a1", ping, lead) is None


# -- figures ----------------------------------------------------------------------------------------


def test_the_review_counts_each_question_once_and_each_asker_s_wait() -> None:
    late = questions.join(question(), "22", "可以用盐水吗", NOW + timedelta(seconds=100))
    late = questions.answer(late, "11", "可以", NOW + timedelta(seconds=200))
    soon = questions.answer(question(), "11", "可以", NOW + timedelta(seconds=20))
    told = questions.answer_times(
        [late, soon, question(), question(state="withdrawn")], questions.late_after(TARGETS)
    )
    assert (told.asked, told.answered, told.unanswered, told.late) == (3, 2, 1, 1)
    assert (told.median, told.worst) == (timedelta(seconds=100), timedelta(seconds=200))


def test_without_an_answer_there_is_no_time_rather_than_none_at_all() -> None:
    told = questions.answer_times([question()], questions.late_after(TARGETS))
    assert (told.answered, told.median, told.worst) == (0, None, None)
