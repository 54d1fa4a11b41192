"""An English room's sheet is read as a Chinese one is: headings, cells, the twelve kinds of promotions."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.promotion import Kind, parse, work_out
from playbooks.runsheet import read

KINDS = {
    "n_for_1": ["pay 1 get 3", "3 for 1", "Pay for 1, 2 are sent"],
    "buy_x_get_y": ["buy 2 get 1", "Buy 2, get 1 free", "buy two get a tote bag"],
    "gift": [
        "gift: 2 sample sachets",
        "free tote bag",
        "gift for the first 100 orders: mask",
        "gift over 199: mask",
    ],
    "amount_off": ["¥20 off over ¥99", "Spend ¥199, save ¥30", "20 yuan off every 300 yuan", "¥20 off"],
    "coupon": [
        "¥20 coupon",
        "20 yuan coupon over 199",
        "10% coupon from 99",
        "coupon 20 over 99",
        "fans ¥10 coupon",
    ],
    "flash": ["flash sale 49.9 20:30-20:40, limited to 200", "20:30-20:40 flash sale ¥49.9"],
    "lucky_bag": ["lucky bag: 10 face masks at 21:00 (follow and comment)"],
    "presale": ["deposit 20 counts as 50"],
    "member": ["VIP price 49", "members 5% off"],
    "add_on": ["socks for 9.9 more", "add 9.9 for socks"],
    "percent_off": ["15% off", "2nd half price", "2nd item 50% off", "2 items 20% off"],
    "freebies": ["free shipping (except Xinjiang, Tibet)", "7-day returns", "interest-free instalments"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_each_of_the_twelve_kinds_is_understood_whole(kind: str, text: str) -> None:
    found = parse(text)
    assert [p.kind for p in found.promotions] == [kind]
    assert found.left == ()
    assert found.promotions[0].text == text


def test_there_is_an_english_example_of_every_kind() -> None:
    assert KINDS.keys() == set(get_args(Kind))


@pytest.mark.parametrize(
    ("price", "text", "buy", "pay", "shipped"),
    [
        ("59.00", "pay 1 get 3", 1, "59.00", 3),
        ("50.00", "buy 2 get 1", 2, "100.00", 3),
        ("199.00", "¥30 off over ¥199", 1, "169.00", 1),
        ("198.99", "¥30 off over ¥199", 1, "198.99", 1),
        ("650.00", "¥50 off every ¥300", 1, "550.00", 1),
        ("100.00", "2nd half price", 2, "150.00", 2),
        ("299.00", "deposit 20 counts as 50", 1, "269.00", 1),
        ("100.00", "15% off, ¥20 coupon over 80", 1, "65.00", 1),
        ("100.00", "fans ¥10 coupon", 1, "100.00", 1),
    ],
)
def test_what_the_buyer_pays_is_worked_out_to_the_cent(
    price: str, text: str, buy: int, pay: str, shipped: int
) -> None:
    hand = work_out(Decimal(price), parse(text).promotions, buy)
    assert (hand.pay, hand.shipped) == (Decimal(pay), shipped)


@pytest.mark.parametrize(
    "text",
    [
        "30 off over 20",
        "nice offer",
        "free returns and shipping",
        "gift card 20",
        "pay 3 get 2",
        "up to 50% off",
    ],
)
def test_what_is_not_understood_whole_stays_verbatim_and_in_one_piece(text: str) -> None:
    assert parse(text).promotions == ()
    assert parse(text).left == (text,)


@pytest.mark.parametrize(
    "text", ["Pouch x1 (first 50)", "Pouch, first 50 orders", "Pouch (the first 50 buyers)"]
)
def test_a_gift_for_the_first_orders_is_read_however_they_are_named(text: str) -> None:
    parsed = parse(text, "gift")
    (gift,) = parsed.promotions
    assert (gift.name, gift.qty, gift.first_n_orders, parsed.left) == ("Pouch", 1, 50, ())


def test_latin_words_that_are_no_gift_are_never_packed_as_one() -> None:
    assert parse("first 50 orders", "gift").promotions == ()


def test_a_gift_keeps_its_blanks_and_counts() -> None:
    (gift,) = parse("2 sample sachets (limited to 200)", "gift").promotions
    assert (gift.name, gift.qty, gift.gift_stock) == ("sample sachets", 2, 200)
    assert [p.name for p in parse("sample x2, tote bag", "gift").promotions] == ["sample", "tote bag"]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([text for texts in KINDS.values() for text in texts]),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_several_in_one_cell_are_read_as_each_alone(texts: list[str]) -> None:
    alone = [p for text in texts for p in parse(text).promotions]
    assert list(parse("; ".join(texts)).promotions) == alone


def test_an_english_sheet_is_read_by_its_headings() -> None:
    found = read([
        ["Friday evening", "", "", "", "", "", "", "", ""],
        ["No.", "Product", "Live price", "Gift", "Stock", "Limit", "Promotion", "Time", "Role"],
        ["1", "Rose toner", "¥59.90 for 2", "2 sample sachets", "500 pcs", "2 per buyer", "¥20 off over ¥99",
         "8:30 pm", "Main item"],
        ["2", "Lipstick", "69 yuan", "none", "", "no limit", "buy 2 get 1, free shipping", "20:45-20:55", ""],
        ["Total", "", "", "", "500", "", "", "", ""],
    ])  # fmt: skip
    toner, lipstick = found.products
    assert found.unknown_columns == ()
    assert (toner.seq, toner.name, toner.live_price, toner.stock, toner.limit) == (
        1,
        "Rose toner",
        Decimal("59.90"),
        500,
        2,
    )
    assert (toner.start, toner.role) == ("20:30", "hero")
    assert [p.kind for p in toner.promotions] == ["n_for_1", "amount_off", "gift"]
    assert (lipstick.limit, lipstick.gift, lipstick.start) == (None, "", "20:45")
    assert [p.kind for p in lipstick.promotions] == ["buy_x_get_y", "freebies"]
    assert not [f for f in found.findings if f.severity == "error"]


@pytest.mark.parametrize(
    "text",
    ["buy 2 get 1 at ¥9.9", "buy 2 get 1 free over ¥99", "buy 2 get 1 free (max 1)", "buy 1 get another free",
     "free gift first 100: bag", "lucky bag: first 3 buyers", "add 9.9 for $5 socks"],
)  # fmt: skip
def test_a_condition_is_never_packed_as_a_gift(text: str) -> None:
    found = parse(text)
    gifts = [p for p in found.promotions if p.kind in ("buy_x_get_y", "gift", "lucky_bag", "add_on")]
    assert (gifts, " ".join(found.left)) == ([], text)
