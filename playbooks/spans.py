"""Rising numbers as people read them."""

from __future__ import annotations

from collections.abc import Iterable


def in_spans(numbers: Iterable[int]) -> str:
    """Without those that are missing between: `1–4、7、9–12`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return "、".join("–".join(map(str, span)) for span in spans)
