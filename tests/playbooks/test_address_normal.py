"""Many spellings become one, and every place in it leads back to the text as given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.addresses.normal import closed_up, fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("１３８０００　浙江省", "138000 浙江省"),
        ("臺灣臺北市３棟", "台湾台北市3栋"),
        ("浙\u200b江\ufeff省", "浙江省"),
        ("5幢6號樓", "5栋6号楼"),
        ("㈠区", "(一)区"),
        ("乾县於潜镇", "乾县於潜镇"),
    ],
)
def test_spellings_become_one(written: str, folded: str) -> None:
    assert fold(written).text == folded


@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("浙江省臺灣１㈠\u200b\ufe0f幢 ﷺ")), max_size=40
    )
)
def test_every_character_leads_back_to_the_one_it_came_from(text: str) -> None:
    folded = fold(text)
    for place in range(len(folded.text)):
        start, end = folded.back(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert folded.text[place] in fold(text[start:end]).text
    assert fold(folded.text).text == folded.text or len(folded.text) != len(text)


@given(st.lists(st.sampled_from("浙江省杭州市西湖区文三路90号"), min_size=7, max_size=30), st.integers(1, 3))
def test_characters_set_apart_close_up_and_lead_back_to_where_they_stood(said: list[str], apart: int) -> None:
    given_text = (" " * apart).join(said)
    closed = closed_up(fold(given_text))
    chinese = sum(character >= "一" for character in said)
    assert closed.text == ("".join(said) if chinese >= 4 else given_text)
    for at, character in enumerate(closed.text):
        start, end = closed.back(at, at + 1)
        assert given_text[start:end] == character


@pytest.mark.parametrize("text", ["打这个 1 3 9 0 0 0 0 0 1 0 7", "山东 烟台 莱山 迎春大街", "发 大 码"])
def test_a_number_and_words_set_apart_stay_as_they_are(text: str) -> None:
    assert closed_up(fold(text)).text == text
