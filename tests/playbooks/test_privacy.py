"""Phones leave the notes people type; order numbers, prices and times stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.privacy import without_phones


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("买家电话 13800012345 已改", "买家电话 … 已改"),
        ("138 0001 2345转1234 不接", "… 不接"),
        ("１３８０００１２３４５", "…"),
        ("+86-13900012345", "…"),
        ("尾号138****1234", "尾号…"),
        ("固话 0571-88889999", "固话 …"),
        ("138.0001.2345", "…"),
        ("一三八〇零零一二三四五", "…"),
    ],
)
def test_a_phone_is_taken_out_however_it_is_written(typed: str, kept: str) -> None:
    assert without_phones(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "订单 6917138000123456789",
        "¥138.00",
        "20:45 再联系",
        "6917926768823643751",
        "11-13 20:51",
        "a1-h6917138000123",
    ],
)
def test_numbers_that_are_no_phones_stay(typed: str) -> None:
    assert without_phones(typed) == typed


@given(st.text(max_size=60), st.integers(0, 99_999), st.text(max_size=60))
def test_no_clear_mobile_survives_between_words(before: str, tail: int, after: str) -> None:
    number = f"138000{tail:05d}"
    assert number not in without_phones(f"{before} {number} {after}")
