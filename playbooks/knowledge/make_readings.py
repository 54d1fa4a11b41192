"""Writes `playbooks/data/readings.tsv` from pypinyin: `python -m playbooks.knowledge.make_readings`.

Of each character the common readings without tones, likeliest first; readings beyond these are found in old books
alone. pypinyin itself stays out of the bot: its table would be a tenth of all the memory, and its phrases 45 MB.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

# Read when pypinyin is imported.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, pinyin
from pypinyin.pinyin_dict import pinyin_dict

TARGET = Path(__file__).parents[1] / "data" / "readings.tsv"
MOST_READINGS = 3
NOTES = (
    f"# source: pypinyin {version('pypinyin')} (MIT), Style.NORMAL, heteronyms in its order, ü as v",
    "# rank 1: the likeliest reading of these characters; 2, 3: those that come after it",
    "# made by python -m playbooks.knowledge.make_readings; not edited by hand",
)
HEADINGS = "rank\tsound\tcharacters"


def readings(char: str) -> list[str]:
    """The common readings of a character, likeliest first."""
    found = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    return found[0][:MOST_READINGS] if found else []


def lines() -> Iterator[str]:
    """A row for each rank and sound."""
    table: defaultdict[tuple[int, str], str] = defaultdict(str)
    for char in map(chr, sorted(pinyin_dict)):
        for rank, sound in enumerate(readings(char), start=1):
            table[rank, sound] += char
    for (rank, sound), characters in sorted(table.items()):
        yield f"{rank}\t{sound}\t{characters}"


if __name__ == "__main__":
    TARGET.write_text("\n".join([*NOTES, HEADINGS, *lines()]) + "\n", encoding="utf-8")
