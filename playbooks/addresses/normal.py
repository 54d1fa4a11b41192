"""One spelling for what is written in many 规整: full-width, traditional and building words, nothing invisible.

`fold` changes characters one at a time, so that every place in its text has a place in the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from playbooks.rulebook import rows

BUILDING = {"幢": "栋", "棟": "栋", "號": "号", "樓": "楼", "邨": "村"}
"""Words for the same thing in an address, one character each."""
# Invisible, spaces of all widths, compatibility forms and full-width signs: what NFKC changes or Unicode calls a
# format character, in the blocks that occur in Chinese text.
_BLOCKS = (
    "\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2e80-\u2fdf\u3000\u3200-\u33ff"
    "\uf900-\ufaff\ufe00-\ufe6f\ufeff\uff00-\uffef"
)


class Folded(NamedTuple):
    """`text` in one spelling; `at` gives for each of its characters the place in the text as given, one more for
    the end; None where nothing moved."""

    text: str
    at: tuple[int, ...] | None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """A span of `text` as a span of the text as given."""
        if self.at is None:
            return start, end
        return self.at[start], self.at[end - 1] + 1 if end > start else self.at[start]


@cache
def spellings() -> dict[int, str]:
    """Character -> the one that stands for it, for `str.translate`."""
    found = {ord(other): row["today"] for row in rows("traditional") for other in row["other"]}
    return found | {ord(word): said for word, said in BUILDING.items()}


_COMPATIBLE = re.compile(f"[{_BLOCKS}\U00010000-\U0010ffff]")
"""A character that NFKC may change, or that is invisible."""


@cache
def _odd() -> re.Pattern[str]:
    """A character that `fold` may change."""
    return re.compile(f"{_COMPATIBLE.pattern[:-1]}{''.join(map(chr, spellings()))}]")


def is_odd(text: str) -> bool:
    """Whether `fold` would change anything."""
    return _odd().search(text) is not None


def fold(text: str) -> Folded:
    """`text` in one spelling. Most texts are in it already and come back as they are."""
    if not is_odd(text):
        return Folded(text, None)
    plain = text.translate(spellings())
    if not _COMPATIBLE.search(plain):
        return Folded(plain, None)
    parts = [_plain(character) if _COMPATIBLE.match(character) else character for character in plain]
    if all(len(part) == 1 for part in parts):
        return Folded("".join(parts), None)
    at = [place for place, part in enumerate(parts) for _ in part]
    return Folded("".join(parts), (*at, len(text)))


_SPACED = re.compile(r"(?<!\S)(?:\S +){6,}\S(?!\S)")
"""Characters set apart, one by one: 寄 宝 鸡 市 金 台 区."""
_WORDS = re.compile(r"[\u4e00-\u9fff]")
FEWEST = 4
"""Of them that are Chinese, so that a phone with blanks (号1 3 9 …) is left to `phones`."""


def closed_up(folded: Folded) -> Folded:
    """The text without the blanks between characters that stand singly, as people write to pass a filter."""
    text = folded.text
    runs = (found for found in _SPACED.finditer(text) if len(_WORDS.findall(found[0])) >= FEWEST)
    blanks = {at for found in runs for at in range(*found.span()) if text[at] == " "}
    if not blanks:
        return folded
    kept = [at for at in range(len(text)) if at not in blanks]
    given = folded.at or range(len(text) + 1)
    return Folded("".join(text[at] for at in kept), (*(given[at] for at in kept), given[len(text)]))


def _plain(character: str) -> str:
    """What stands for one character: nothing for an invisible one, several for a compound like ㈠."""
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return ""
    return unicodedata.normalize("NFKC", character).translate(spellings())
