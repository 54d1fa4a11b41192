"""Nothing but places comes through the place columns, whatever a shifted file holds."""

from __future__ import annotations

import pytest

from playbooks.addresses import divisions
from storage.exports.places import place, title


@pytest.mark.parametrize(
    "text", ["张三丰 13812345671 幸福路88号", "体育西路1号", "##密文", "广*市", "张三 幸福小区", "1号楼"]
)
def test_what_can_be_no_division_is_unknown(text: str) -> None:
    assert place(text) == ""


@pytest.mark.parametrize(
    "text", ["杭州市", "克孜勒苏柯尔克孜自治州", "双江拉祜族佤族布朗族傣族自治县", "Jakarta Selatan", ""]
)
def test_places_stay(text: str) -> None:
    assert place(text) == text


def test_every_division_there_is_comes_through() -> None:
    assert [unit.name for unit in divisions.table().by_code.values() if place(unit.name) != unit.name] == []


def test_a_title_somebody_was_written_into_is_unknown() -> None:
    assert title("精华液 送货13800012345 张三") == ""
    assert title("精华液 30ml 2026新款") == "精华液 30ml 2026新款"
