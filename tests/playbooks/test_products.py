"""Which product is meant: numbers, names, other names, pinyin and initials; several are named, never guessed at."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import products
from playbooks.announce import Former, Listing, first_offer
from playbooks.knowledge.pinyin import sounds
from playbooks.model import Refusal
from playbooks.products import find
from playbooks.runsheet import Product

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
NAMES = {1: "玫瑰精华水", 2: "丝绒口红", 3: "烟酰胺面霜", 4: "玫瑰护手霜", 7: "山茶花洗发水"}


def listing(number: int, name: str, *aliases: str) -> Listing:
    product = Product(
        seq=number, link_no=number, duration=10, name=name, aliases=aliases, live_price=Decimal(79)
    )
    return Listing(
        id=f"a1-b1-p{number}", broadcast="a1-b1", link_no=number, product=product,
        offer=first_offer(product, "102", NOW),
    )  # fmt: skip


SHEET = [listing(number, name) for number, name in NAMES.items()]
SHEET[0] = listing(1, NAMES[1], "小红瓶", "Rose")


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("3", 3), ("#3", 3), ("3号", 3), ("3号链接", 3), ("口红", 2), ("小红瓶", 1), ("rose", 1), ("红瓶", 1),
        ("mgjhs", 1), ("meiguijinghuashui", 1), ("mghss", 4), ("srkh", 2), ("sirong", 2), ("口h", 2), ("kouhong", 2),
        ("yanxianan", 3), ("ms", 3), ("shanch", 7), ("MGJHS", 1), ("精华 水", 1),
    ],
)  # fmt: skip
def test_whatever_people_type_in_a_hurry_means_the_one_product(word: str, number: int) -> None:
    assert find(SHEET, word).link_no == number


@pytest.mark.parametrize(("word", "numbers"), [("玫瑰", ("1", "4")), ("mg", ("1", "4")), ("霜", ("3", "4"))])
def test_where_several_are_meant_they_are_named_and_none_is_taken(
    word: str, numbers: tuple[str, ...]
) -> None:
    with pytest.raises(Refusal) as refused:
        find(SHEET, word)
    assert refused.value.key == "product.ambiguous"
    assert (refused.value.values["numbers"], refused.value.values["said"]) == (numbers, word)


@pytest.mark.parametrize("word", ["茉莉", "qqq", "m", "!!", "水瓶"])
def test_what_fits_nothing_is_unknown(word: str) -> None:
    with pytest.raises(Refusal, match=r"product\.unknown"):
        find(SHEET, word)


def test_a_whole_name_is_meant_before_the_longer_names_that_hold_it() -> None:
    assert find([listing(1, "面膜"), listing(2, "面膜礼盒")], "面膜").link_no == 1


def test_a_number_nobody_has_names_the_numbers_there_are_without_the_gaps() -> None:
    with pytest.raises(Refusal) as refused:
        find(SHEET, "5")
    assert refused.value.key == "product.missing"
    assert refused.value.values["numbers"] == "1–4、7"


def test_two_letters_that_begin_a_sentence_are_no_product_but_three_and_names_are() -> None:
    assert not products.names_one(SHEET, "sr")
    assert not products.names_one(SHEET, "ok")
    assert products.names_one(SHEET, "srkh")
    assert products.names_one(SHEET, "小红瓶")


def test_of_two_names_in_a_sentence_the_longer_is_meant() -> None:
    sheet = [listing(1, "口红"), listing(2, "丝绒口红", "小方管")]
    assert [one.link_no for one in products.mentioned(sheet, "丝绒口红掉色吗")] == [2]
    assert [one.link_no for one in products.mentioned(sheet, "小方管和口红哪个好")] == [1, 2]
    assert products.begins_with(sheet, "小方管说成了49") == (sheet[1], "说成了49")


CHARACTERS = st.sampled_from("玫瑰精华水丝绒口红烟酰胺面霜护手洗发山茶花")


@given(st.text(CHARACTERS, min_size=2, max_size=8), st.data())
def test_a_name_is_found_by_every_spelling_of_it(name: str, data: st.DataObject) -> None:
    """Character by character: as written, by syllable or by initial, at least one of them in letters."""
    spelt = [data.draw(st.sampled_from((char, sounds(char)[0], sounds(char)[0][0]))) for char in name]
    typed = "".join(spelt) if any(one.isascii() for one in spelt) else sounds(name[0])[0] + name[1:]
    assert find([listing(1, name), listing(2, "ＸＹＺ")], typed).link_no == 1


SPOKEN_DIGITS = " 一二三四五六七八九"


def spoken(number: int) -> str:
    """`五`, `十`, `十二`, `二十`, `九十九`."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{SPOKEN_DIGITS[tens]}十"
    return head + (SPOKEN_DIGITS[ones] if ones else "")


@given(st.integers(1, 99), st.sampled_from(["", "号", "号链接"]), st.booleans())
def test_a_number_is_the_same_in_digits_full_width_and_as_it_is_spoken(
    number: int, behind: str, wide: bool
) -> None:
    digits = str(number).translate({48 + d: 0xFF10 + d for d in range(10)}) if wide else spoken(number)
    assert products.is_number(digits + behind)
    assert (
        find([listing(number, "面霜"), listing(200, "一号店十全大补汤")], digits + behind).link_no == number
    )


def test_a_numeral_that_no_product_has_may_be_part_of_a_name() -> None:
    assert find([listing(1, "三合一洗面奶"), listing(2, "口红")], "三").link_no == 1
    assert find([listing(1, "三合一洗面奶"), listing(3, "口红")], "三").link_no == 3


def test_a_number_given_up_names_the_product_that_had_it_and_a_new_holder_comes_first() -> None:
    moved = listing(10, "面霜").changed(former=(Former(link_no=7, until=NOW),))
    with pytest.raises(Refusal, match=r"product\.moved") as refused:
        find([moved], "7号")
    assert refused.value.values["numbers"] == ("10",)
    assert products.find_moved([moved], "7号") == moved
    assert find([moved, listing(7, "口红")], "7号").name == "口红"


def test_a_small_number_beside_another_is_no_digit() -> None:
    with pytest.raises(Refusal, match=r"product\.unknown"):
        find([listing(2, "口红"), listing(22, "面霜")], "2²")
