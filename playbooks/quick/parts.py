"""Long texts in parts a buyer reads (REQUIREMENTS H22)."""

from __future__ import annotations

import re

_ENDS = (r"(?<=[。！？!?；;\n])", r"(?<=[，,、：:])", r"(?<=\s)")
"""Where a text may be parted: after a sentence, else after a clause, else at a blank."""


def in_parts(text: str, longest: int) -> tuple[str, ...]:
    """`text` in parts of at most `longest` characters, parted after sentences, else clauses, else anywhere."""
    parts = [""]
    for piece in _pieces(text.strip(), longest, _ENDS):
        if len((parts[-1] + piece).strip()) <= longest:
            parts[-1] += piece
        else:
            parts.append(piece)
    return tuple(part.strip() for part in parts if part.strip())


def _pieces(text: str, longest: int, ends: tuple[str, ...]) -> list[str]:
    """The smallest pieces needed: none longer than `longest`."""
    if len(text.strip()) <= longest:
        return [text]
    if not ends:
        return [text[at : at + longest] for at in range(0, len(text), longest)]
    return [small for piece in re.split(ends[0], text) for small in _pieces(piece, longest, ends[1:])]
