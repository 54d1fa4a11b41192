"""Phones are found however they are typed, and not inside longer numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.addresses.phones import phones

NUMBER = st.integers(0, 99_999).map(lambda tail: f"138000{tail:05d}")
WAYS = (
    "{}",
    "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}{0[6]} {0[7]}{0[8]}{0[9]}{0[10]}",
    "{0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]}{0[6]}-{0[7]}{0[8]}{0[9]}{0[10]}",
    "+86 {}",
    "{0[0]}{0[1]}{0[2]}\u200b{0[3]}{0[4]}{0[5]}{0[6]}{0[7]}{0[8]}{0[9]}{0[10]}",
)


@given(NUMBER, st.sampled_from(WAYS), st.sampled_from(["", "张三", "收：", "2号楼"]))
def test_a_mobile_is_found_however_it_is_grouped(number: str, way: str, before: str) -> None:
    written = way.format(number)
    (found,) = phones(f"{before}{written}，谢谢")
    assert (found.number, found.extension, found.masked) == (number, "", False)
    assert (found.start, found.end) == (len(before), len(before) + len(written))


@given(NUMBER)
def test_full_width_digits_are_digits(number: str) -> None:
    wide = number.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert [found.number for found in phones(wide)] == [number]


@pytest.mark.parametrize(
    "text", ["13800001234-4321", "13800001234转4321", "138 0000 1234 转 4321", "13800001234,4321"]
)
def test_a_virtual_number_has_its_extension(text: str) -> None:
    (found,) = phones(text)
    assert (found.number, found.extension) == ("13800001234", "4321")


@pytest.mark.parametrize("text", ["13800001234 588号", "13800001234,302室", "13800001234 12弄"])
def test_a_house_number_behind_is_no_extension(text: str) -> None:
    assert phones(text)[0].extension == ""


def test_masked_numbers_say_that_they_are() -> None:
    (found,) = phones("138****1234")
    assert found.masked


def test_a_landline_keeps_its_area_code() -> None:
    assert [found.number for found in phones("(0571)88889999 或 0571-88889998")] == [
        "0571-88889999",
        "0571-88889998",
    ]


@pytest.mark.parametrize(
    "text",
    ["订单6917138000123456789", "SF13800001234", "691713800012345678", "尾号1234", "138.00元", "2026-11-22"],
)
def test_a_stretch_of_a_longer_number_is_no_phone(text: str) -> None:
    assert phones(text) == ()
