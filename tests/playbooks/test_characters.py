"""Each character is read as pypinyin, which the table was made with, reads it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from playbooks.knowledge import characters, make_readings

HAN = st.integers(0x4E00, 0x9FFF) | st.integers(0x20000, 0x2A6DF)


@given(st.builds(chr, HAN) | st.characters(min_codepoint=0x80))
@example("重")
@example("〇")
@example("吕")
@example("\U00020000")
def test_a_character_is_read_as_pypinyin_reads_it(char: str) -> None:
    assert list(characters.readings(char)) == make_readings.readings(char)


def test_the_likeliest_reading_comes_first_and_what_is_no_character_has_none() -> None:
    assert characters.readings("重") == ("zhong", "chong", "tong")
    assert characters.readings("绿") == ("lv", "lu")
    assert (characters.readings("😀"), characters.readings("あ")) == ((), ())
