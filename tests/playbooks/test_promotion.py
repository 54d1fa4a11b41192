"""What a shop writes is understood whole or kept verbatim; the hand price is neither too low nor too high."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from playbooks.promotion import (
    AddOn,
    AmountOff,
    BuyXGetY,
    Coupon,
    Flash,
    GiftDue,
    Kind,
    Member,
    NForOne,
    PercentOff,
    Presale,
    Promotion,
    advertised,
    bundle,
    extras,
    hand_line,
    line,
    number,
    parse,
    work_out,
)

prices = st.decimals(min_value="0.01", max_value="99999", places=2)
counts = st.integers(min_value=1, max_value=12)
flags = st.booleans()
rates = st.decimals(min_value="0", max_value="1", places=2)


def worked(price: str, text: str, quantity: int = 1):
    parsed = parse(text)
    assert parsed.left == ()
    return work_out(Decimal(price), parsed.promotions, quantity)


@pytest.mark.parametrize(
    ("price", "text", "buy", "pay", "unit", "shipped"),
    [
        ("59.00", "拍一发三", 1, "59.00", "19.67", 3),
        ("39.90", "拍2发4", 2, "79.80", "19.95", 4),
        ("50.00", "买二送一", 2, "100.00", "33.33", 3),
        ("199.00", "满199减30", 1, "169.00", "169.00", 1),
        ("198.99", "满199减30", 1, "198.99", "198.99", 1),
        ("650.00", "每满300减50", 1, "550.00", "550.00", 1),
        ("299.00", "定金20抵50", 1, "269.00", "269.00", 1),
        ("100.00", "第二件半价", 2, "150.00", "75.00", 2),
    ],
)
def test_every_worked_example_of_the_facts_comes_out_to_the_cent(price, text, buy, pay, unit, shipped):
    hand = worked(price, text, buy)
    assert (hand.pay, hand.unit, hand.shipped) == (Decimal(pay), Decimal(unit), shipped)


@pytest.mark.parametrize(
    ("text", "price", "buy", "pay"),
    [
        ("85折", "100", 1, "85.00"),
        ("8.5折", "100", 1, "85.00"),
        ("八五折", "59.90", 1, "50.92"),
        ("第2件5折", "99.99", 2, "149.99"),
        ("第二件0元", "80", 2, "80.00"),
        ("第二件半价", "100", 4, "350.00"),
        ("2件9折,3件8折", "100", 3, "240.00"),
        ("2件9折,3件8折", "100", 2, "180.00"),
        ("满2件减20", "50", 3, "130.00"),
        ("任选2件立减20", "50", 2, "80.00"),
        ("满199打9折", "200", 1, "180.00"),
        ("满199减30/299减60", "300", 1, "240.00"),
        ("每满300减50封顶100", "1000", 1, "900.00"),
        ("满200可用20元券", "200", 1, "180.00"),
        ("20元券,满199可用", "100", 1, "100.00"),
        ("领券立减20", "59.90", 1, "39.90"),
        ("优惠券5元 满100减20券", "100", 1, "80.00"),
        ("9折券", "100", 1, "90.00"),
        ("粉丝券10元", "100", 1, "100.00"),
        ("立减20", "15", 1, "0.00"),
        ("满300减50，跨店每满300减40", "600", 1, "510.00"),
    ],
)
def test_a_text_is_worked_into_what_the_buyer_pays(text, price, buy, pay):
    assert worked(price, text, buy).pay == Decimal(pay)


def test_percent_then_reduction_then_coupon_whatever_the_order_written():
    # 200 × 0.9 = 180, no longer 满199, minus the coupon's 20
    assert worked("200", "20元券/满199减30/9折").pay == Decimal("160.00")
    # 240 × 0.9 = 216 - 30 - 20
    hand = worked("240", "20元券/满199减30/9折")
    assert [step.kind for step in hand.steps] == ["percent_off", "amount_off", "coupon"]
    assert hand.pay == Decimal("166.00")


@pytest.mark.parametrize(
    ("text", "gifts"),
    [
        ("送小样", [("小样", 1)]),
        ("送小样2片", [("小样", 2)]),
        ("下单即送2片面膜", [("面膜", 2)]),
        ("送面膜*3", [("面膜", 3)]),
        ("前100名送小样", [("小样", 1)]),
        ("送面膜+小样、折叠伞", [("面膜", 1), ("小样", 1), ("折叠伞", 1)]),
        ("送价值99元小样一份", [("小样", 1)]),
        ("买1送三件套", [("三件套", 1)]),
        ("买一送一个杯子", [("杯子", 1)]),
        ("送百搭围巾", [("百搭围巾", 1)]),
        ("送50ml修护水", [("50ml修护水", 1)]),
        ("送品牌帆布袋", [("品牌帆布袋", 1)]),
        ("满199送小样", []),
        ("买二送小样", []),
    ],
)
def test_gifts_owed_with_one_unit_at_a_hundred_yuan(text, gifts):
    assert worked("100", text).gifts == tuple(GiftDue(name=name, qty=qty) for name, qty in gifts)


def test_the_first_n_orders_and_the_stock_of_a_gift_are_read():
    (first,) = parse("前一百名送小样").promotions
    (stocked,) = parse("送小样（限200份）").promotions
    assert (first.first_n_orders, stocked.gift_stock) == (100, 200)


@pytest.mark.parametrize(
    ("text", "qty", "stock"),
    [
        ("化妆包 50份", 1, 50),
        ("化妆包（50份）", 1, 50),
        ("化妆包，限量50份", 1, 50),
        ("化妆包 共50份", 1, 50),
        ("面膜3片（限50份）", 3, 50),
        ("面膜3份", 3, None),
        ("面膜共3片", 3, None),
        ("面膜20片", 20, None),
    ],
)
def test_so_many_of_a_gift_are_all_there_are_and_not_with_each_order(text, qty, stock):
    (gift,) = parse(text, "gift").promotions
    assert (gift.qty, gift.gift_stock) == (qty, stock)


def test_a_number_of_a_gift_that_may_mean_either_is_left_as_written():
    assert parse("小样（2份）", "gift").left == ("小样（2份）",)


@pytest.mark.parametrize("text", ["买3免1", "满三免一", "买三免一件", "拍3件免1件"])
def test_of_three_taken_one_is_free(text):
    assert (worked("60", text).pay, worked("60", text, 3).pay) == (Decimal("60.00"), Decimal("120.00"))
    assert worked("60", text, 3).unit == Decimal("40.00")


@pytest.mark.parametrize(
    "text",
    [
        "满意", "7天", "送货上门", "送长辈", "送10元券", "满1999折", "90折", "低至5折起", "满20减30",
        "满3件减1件", "不参加满减", "秒杀", "秒杀价待定", "加价换购", "第二件1元", "99元3件", "福袋", "会员价面议",
        "前100名买一送一", "拍1发3天内发货", "满199减30,仅限新客", "拍三发二", "送", "假一赔十", "每满0减0",
    ],
)  # fmt: skip
def test_what_is_not_understood_whole_stays_verbatim(text):
    assert parse(text).promotions == ()
    assert "".join(parse(text).left) == text


def test_one_cell_may_hold_many_promotions_in_any_punctuation():
    expected = ["n_for_1", "gift", "amount_off", "coupon", "freebies", "freebies"]
    for text in (
        "拍一发三，送小样；满199减30、20元券/包邮+七天无理由",
        "拍一发三 送小样 满 199 减 30 20元券 包邮 送运费险",
        "1、拍一发三\n2、送小样\n3、满199减30\n4、20元券\n5、包邮\n6、运费险",
        "今晚拍１发３送小样；满１９９元立减３０元,领20元优惠券,顺丰包邮,支持7天无理由退换",
    ):
        parsed = parse(text)
        assert [p.kind for p in parsed.promotions] == expected, text
        assert parsed.left == ()


def test_one_unclear_piece_does_not_take_the_others_with_it():
    parsed = parse("拍一发三，百亿补贴，送小样")
    assert [p.kind for p in parsed.promotions] == ["n_for_1", "gift"]
    assert parsed.left == ("百亿补贴",)


def test_regions_without_free_shipping_stay_with_it():
    (freebie,) = parse("包邮（新疆、西藏除外）").promotions
    assert freebie.regions_excluded == ("新疆", "西藏")


def test_the_columns_for_gifts_and_coupons_need_not_repeat_the_word():
    assert work_out(Decimal(100), parse("小样2片、面膜", "gift").promotions).gifts == (
        GiftDue(name="小样", qty=2),
        GiftDue(name="面膜", qty=1),
    )
    assert work_out(Decimal(100), parse("20", "coupon").promotions).pay == Decimal(80)
    assert work_out(Decimal(100), parse("满199减20", "coupon").promotions).pay == Decimal(100)
    assert parse("无", "gift") == parse("-", "coupon") == parse("")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [("拍2发4", 2), ("买二送一", 2), ("第二件半价", 2), ("2件9折,3件8折", 3), ("送袜", 1)],
)
def test_the_card_shows_one_unit_and_the_advertised_bundle(text, quantity):
    promotions = parse(text).promotions
    assert bundle(promotions) == quantity
    assert [price.quantity for price in advertised(Decimal(59), promotions)] == sorted({1, quantity})


@pytest.mark.parametrize(
    ("price", "quantities"), [("59", [1, 4]), ("129", [1, 2]), ("199", [1]), ("9.90", [1])]
)
def test_an_amount_off_is_shown_with_the_fewest_units_that_reach_it(price, quantities):
    promotions = parse("满199减30").promotions  # at 9.90 it would take 21 units: nobody advertises that
    hands = advertised(Decimal(price), promotions)
    assert [hand.quantity for hand in hands] == quantities
    assert hands[-1].pay == Decimal(price) * quantities[-1] - (
        30 if quantities[-1] > 1 or price == "199" else 0
    )


def test_a_promotion_and_a_hand_price_name_their_text():
    assert line(parse("拍一发三").promotions[0]) == ("promo.n_for_1", {"pay_qty": "1", "ship_qty": "3"})
    assert line(parse("85折").promotions[0]) == ("promo.percent_off", {"zhe": "8.5", "percent": "15"})
    assert hand_line(worked("59", "满199减30"))[0] == "promo.hand_one"
    assert hand_line(worked("59", "拍一发三")) == (
        "promo.hand_bundle",
        {"unit": "19.67", "quantity": "1", "pay": "59.00", "shipped": "3"},
    )


@pytest.mark.parametrize(
    ("text", "value"), [("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("07", 7)]
)
def test_chinese_numerals_are_numbers(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["三四", "", "x", "点", "十十"])
def test_what_is_no_numeral_is_no_number(text):
    assert number(text) is None


# One line of a run sheet for each of the twelve kinds of the facts.
TWELVE = {
    "n_for_1": "拍一发三", "buy_x_get_y": "买二送一", "gift": "前100名送小样", "amount_off": "每满300减50",
    "coupon": "满99可用20元券（限量500张，20:00-22:00可用）", "flash": "20:30-20:40秒杀49.9，限量200份，每人限1件",
    "lucky_bag": "21:00福袋：面膜10份（价值99元，关注并评论）",
    "presale": "定金20抵50，尾款11月10日-11月12日，11月15日前发货",
    "member": "88VIP95折", "add_on": "加9.9元换购袜子", "percent_off": "第二件半价", "freebies": "包邮（新疆除外）",
}  # fmt: skip


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_of_the_facts_is_read_from_text_and_has_its_line(kind):
    parsed = parse(TWELVE[kind])
    assert parsed.left == ()
    (found,) = parsed.promotions
    assert found.kind == kind
    assert line(found)[0].startswith("promo.")


def test_all_twelve_in_one_cell_are_read_side_by_side():
    parsed = parse("；".join(TWELVE.values()))
    assert ([p.kind for p in parsed.promotions], parsed.left) == (list(TWELVE), ())


@pytest.mark.parametrize(
    ("text", "starts", "ends", "qty", "each"),
    [
        ("20:30-20:40秒杀49.9，限量200份，每人限1件", "20:30", "20:40", 200, 1),
        ("限时秒杀价49.9元（20:30-20:40，限200份）", "20:30", "20:40", 200, None),
        ("20点半到20点40分 49.9元秒杀", "20:30", "20:40", None, None),
        ("25:00秒杀49.9", "01:00", None, None, None),
        ("秒杀49.9", None, None, None, None),
    ],
)
def test_a_flash_sale_is_read_with_its_times_and_limits(text, starts, ends, qty, each):
    (flash,) = parse(text).promotions
    assert (flash.price, flash.starts, flash.ends) == (Decimal("49.90"), starts, ends)
    assert (flash.qty, flash.per_user) == (qty, each)


def test_the_terms_of_coupons_presales_gifts_and_lucky_bags_are_kept():
    (coupon,) = parse(TWELVE["coupon"]).promotions
    assert (coupon.quota, coupon.starts, coupon.ends, coupon.stackable) == (500, "20:00", "22:00", False)
    (coupon,) = (
        parse("20元券可叠加（左上角领取）").promotions or parse("可叠加20元券（左上角领取）").promotions
    )
    assert (coupon.claim_where, coupon.stackable) == ("左上角领取", True)
    (presale,) = parse(TWELVE["presale"]).promotions
    assert (presale.balance_from, presale.balance_to) == ("11月10日", "11月12日")
    assert presale.ship_by == "11月15日"
    (gift,) = parse("22:00前下单送小样").promotions
    assert (gift.name, gift.until) == ("小样", "22:00")
    (bag,) = parse(TWELVE["lucky_bag"]).promotions
    assert (bag.prize, bag.qty, bag.draw_at, bag.value) == ("面膜", 10, "21:00", Decimal(99))
    assert "关注并评论" in bag.condition


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("定金100抵200，尾款11月12日0点-2点", "11月12日0点", "2点"),
        ("预售 定金100抵200 尾款时间11.11 20:00-23:59", "11.11,20:00", "23:59"),
    ],
)
def test_the_hour_of_a_balance_is_part_of_the_presale(text, since, until):
    parsed = parse(text)
    (presale,) = parsed.promotions
    assert (presale.balance_from, presale.balance_to, parsed.left) == (since, until, ())


def test_a_lucky_bag_may_say_its_hour_last():
    (bag,) = parse("福袋：抽3份正装 21:00开奖").promotions
    assert (bag.prize, bag.qty, bag.draw_at) == ("正装", 3, "21:00")


def test_a_planned_flash_sale_changes_no_price_until_it_runs():
    (flash,) = parse("20:30-20:40秒杀49.9").promotions
    assert work_out(Decimal(79), [flash]).pay == Decimal(79)
    running = flash.changed(running=True, normal_price=Decimal(79))
    assert work_out(Decimal(79), [running], 2).pay == Decimal("99.80")
    half = work_out(Decimal(79), [running, *parse("第二件半价").promotions], 2)
    assert half.pay == Decimal("74.85")  # the second one is half of the flash price, not of the live price


def test_members_and_add_ons_are_told_beside_the_price_everybody_pays():
    promotions = parse("满99减20；88VIP95折；加9.9元换购袜子").promotions
    assert work_out(Decimal(100), promotions).pay == Decimal(80)
    assert [(who, price.pay) for who, price in extras(Decimal(100), promotions)] == [
        ("member", Decimal("76.00")),
        ("add_on", Decimal("89.90")),
    ]
    assert extras(Decimal(100), parse("拍一发三").promotions) == ()


@pytest.mark.parametrize(
    ("text", "pay"), [("会员95折不可叠加", "80.00"), ("会员价75", "75.00"), ("会员9折", "72.00")]
)
def test_a_member_price_stacks_as_it_says(text, pay):
    ((_, price),) = extras(Decimal(100), parse(f"满99减20，{text}").promotions) or (
        ("member", work_out(Decimal(100), parse(f"满99减20，{text}").promotions)),
    )
    assert price.pay == Decimal(pay)


some_promotions = st.lists(
    st.one_of(
        st.builds(lambda n, m: NForOne(text="", pay_qty=n, ship_qty=n + m), counts, counts),
        st.builds(lambda n, m: BuyXGetY(text="", x=n, y=m), counts, counts),
        st.builds(lambda t, o, p: AmountOff(text="", threshold=t, off=o, per=p), prices, prices, flags),
        st.builds(lambda v, t: Coupon(text="", value=v, threshold=t), prices, prices),
        st.builds(lambda r, n: PercentOff(text="", rate=r, nth_item=n), rates, st.integers(2, 4) | st.none()),
        st.builds(lambda p, on: Flash(text="", price=p, running=on), prices, flags),
        st.builds(lambda d, w: Presale(text="", deposit=min(d, w), deposit_value=max(d, w)), prices, prices),
        st.builds(lambda p, on: Member(text="", level="会员", price=p, stackable=on), prices, flags),
        st.builds(lambda p, t: AddOn(text="", add_price=p, item="袜子", threshold=t), prices, prices),
    ),
    max_size=5,
)


@settings(deadline=None)
@given(prices, some_promotions, counts)
def test_a_hand_price_lies_between_nothing_and_the_live_price_of_the_paid_units(price, promotions, quantity):
    hand = work_out(price, promotions, quantity)
    assert 0 <= hand.pay <= price * quantity
    assert hand.shipped >= hand.quantity == quantity
    assert abs(hand.unit * hand.shipped - hand.pay) <= Decimal("0.01") * hand.shipped


@settings(deadline=None)
@given(prices, some_promotions, counts)
def test_a_member_never_pays_more_and_an_add_on_adds_just_its_price(price, promotions, quantity):
    plain = work_out(price, promotions, quantity).pay
    assert 0 <= work_out(price, promotions, quantity, "member").pay <= plain
    adds = sum(p.add_price for p in promotions if p.kind == "add_on")
    if not any(p.kind == "presale" for p in promotions):
        assert plain <= work_out(price, promotions, quantity, "add_on").pay <= plain + adds


unconditional = some_promotions.map(
    lambda found: [p for p in found if p.kind not in {"amount_off", "coupon"}]
)


@settings(deadline=None)
@given(prices, unconditional, counts)
def test_without_a_threshold_one_more_unit_never_costs_less(price, promotions, quantity):
    assert work_out(price, promotions, quantity).pay <= work_out(price, promotions, quantity + 1).pay


@settings(deadline=None)
@given(prices, some_promotions, counts, st.randoms())
def test_the_order_in_which_they_are_written_does_not_change_the_price(price, promotions, quantity, chance):
    shuffled = chance.sample(promotions, len(promotions))
    assert work_out(price, shuffled, quantity).pay == work_out(price, promotions, quantity).pay


@settings(deadline=None)
@given(some_promotions)
def test_promotions_survive_being_stored(promotions):
    shelf = TypeAdapter(tuple[Promotion, ...])
    assert shelf.validate_json(shelf.dump_json(tuple(promotions))) == tuple(promotions)


@settings(deadline=None)
@given(st.text(alphabet="拍发买送赠满减折券元件第二一三半价前名定金抵包邮0123456789.,+/() 小样", max_size=24))
def test_any_text_is_read_without_failing_and_worked_without_overcharging(text):
    for column in ("promo", "gift", "coupon"):
        promotions = parse(text, column).promotions
        assert 0 <= work_out(Decimal("59.90"), promotions, 2).pay <= Decimal("119.80")
        assert all(line(promotion) for promotion in promotions)
