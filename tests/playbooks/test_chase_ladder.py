"""The offer ladder: read strictly, for what is misread is given away; an offer keeps its number and what it cost."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import chase
from playbooks.chase import Ladder
from playbooks.model import Refusal

EVENING = datetime(2026, 11, 11, 12, 30, tzinfo=UTC)


def approved(text: str, known: Ladder | None = None) -> Ladder:
    rungs, cap = chase.read_ladder(text)
    return chase.approve(known, id="a1-b1", by="9", at=EVENING, rungs=rungs, cap=cap)


@pytest.mark.parametrize(
    ("text", "off", "gift", "whose", "most"),
    [
        ("减5元 客服 30份", 5, "", "agent", 30),
        ("减5块 组长 30单", 5, "", "lead", 30),
        ("减5元，客服，30份", 5, "", "agent", 30),
        ("减5元30份", 5, "", "agent", 30),
        ("送2个小样 组长", None, "2个小样", "lead", None),
        ("送2个小样 30份", None, "2个小样", "agent", 30),
        ("送小样30份", None, "小样", "agent", 30),
        ("gift tote bag lead 3 times", None, "tote bag", "lead", 3),
    ],
)
def test_an_offer_is_read_whole(text: str, off: int | None, gift: str, whose: str, most: int | None) -> None:
    (rung,), _ = chase.read_ladder(text)
    assert (rung.off, rung.gift, rung.whose, rung.most) == (off, gift, whose, most)


@pytest.mark.parametrize(
    "text",
    ["减5元 客服 上限300", "减5元送小样", "送小样减5元", "减5元 减10元", "满减5元", "满99送小样", "减5元 客服 组长",
     "减5元 每人一次", "上限 300元 减5元", "送 30份"],
)  # fmt: skip
def test_a_line_that_says_more_than_one_offer_is_refused_and_not_guessed_at(text: str) -> None:
    with pytest.raises(Refusal, match=r"chase\.ladder_line") as refused:
        chase.read_ladder(f"减8元 客服\n{text}")
    assert refused.value.values == {"text": text}


def test_an_offer_approved_again_keeps_its_number_and_one_left_out_is_gone() -> None:
    first = approved("减5元 客服 2份；减10元 组长")
    second = approved("减10元 组长；减50元", chase.give(first, 1))
    assert [(number, rung.off) for number, rung in chase.standing(second)] == [
        (2, Decimal(10)),
        (3, Decimal(50)),
    ]
    with pytest.raises(Refusal, match=r"chase\.ladder_gone"):
        chase.give(second, 1)
    third = approved("减5元 客服 2份", second)
    assert [(number, rung.given) for number, rung in chase.standing(third)] == [(1, 1)]


LADDERS = st.lists(
    st.sampled_from(["减5元", "减10元 组长", "减50元", "送小样 2份", "减5元 3份"]), min_size=1, max_size=3
)


@given(st.lists(st.tuples(LADDERS, st.lists(st.integers(1, 6), max_size=6)), min_size=1, max_size=5))
def test_whatever_ladder_follows_the_cap_knows_all_that_was_given_away(
    ladders: list[tuple[list[str], list[int]]],
) -> None:
    known, given_away = None, Decimal(0)
    named: dict[int, tuple[Decimal | None, str]] = {}
    for offers, numbers in ladders:
        known = approved("\n".join([*offers, "上限 90"]), known)
        for number in numbers:
            try:
                rung = chase.rung_at(known, number)
                known = chase.give(known, number)
            except Refusal:
                continue
            assert named.setdefault(number, (rung.off, rung.gift)) == (rung.off, rung.gift)
            given_away += rung.off or 0
        assert known.spent == given_away <= 90


PRICES = st.one_of(st.none(), st.decimals("0.01", 200, places=2))


@given(st.lists(st.decimals("0.01", 200, places=2), min_size=1, max_size=5), PRICES)
def test_nothing_that_is_offered_leaves_nothing_to_pay(offs: list[Decimal], price: Decimal | None) -> None:
    ladder = approved("\n".join(f"减{off}元" for off in offs))
    open_now = list(chase.open_rungs(ladder, price))
    assert all(rung.off is not None and (price is None or rung.off < price) for _, rung in open_now)
    assert len(open_now) == sum(price is None or off < price for off in offs)


def test_a_cancelled_ladder_offers_nothing_and_remembers_what_was_given() -> None:
    known = chase.cancel(chase.give(approved("减5元\n上限 20"), 1), by="9", at=EVENING)
    assert not list(chase.standing(known))
    assert known.spent == 5
    with pytest.raises(Refusal, match=r"chase\.ladder_none"):
        chase.cancel(known, by="9", at=EVENING)
    again = approved("减5元\n上限 20", known)
    assert [(number, rung.given) for number, rung in chase.standing(again)] == [(1, 1)]
