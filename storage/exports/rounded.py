"""Order ids a program has pushed through a floating-point number: each looks like an id, all of them together do not.

Excel's own damage (6.9E+18, 0000 at the end) shows in the cell itself. Other programs write a 19-digit id back as the
nearest number of 53 bits, or as its 17 leading digits and zeros. One such id proves nothing, so a file is judged by
the odds that honest ids would all look so.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log2

LONG = 17
"""Digits from which a 53-bit number cannot hold every id."""
CERTAIN = 40.0
"""Bits of evidence: once in a billion files."""
EXACT_BITS = 53


def are_rounded(cells: Iterable[str]) -> bool:
    """Whether the bare numbers among these cells of ids, as the file has them, have lost their last digits."""
    ids = {cell for cell in cells if len(cell) >= LONG and cell.isascii() and cell.isdecimal()}
    return bool(ids) and (_to_53_bits(list(map(int, ids))) or _to_17_digits(ids))


def _to_53_bits(ids: list[int]) -> bool:
    """All are multiples of what a 53-bit number of their size counts in, and of nothing larger: a generator whose ids
    merely end in zero bits gives ever the larger."""
    units = [1 << max(id.bit_length() - EXACT_BITS, 0) for id in ids]
    if any(id % unit for id, unit in zip(ids, units, strict=True)):
        return False
    odd = sum(1 for id, unit in zip(ids, units, strict=True) if id // unit % 2)
    return sum(log2(unit) for unit in units) >= CERTAIN and odd * 4 >= len(ids)


def _to_17_digits(ids: set[str]) -> bool:
    """All end in zeros behind the seventeenth digit."""
    tails = [id[LONG:] for id in ids]
    if any(tail.strip("0") for tail in tails):
        return False
    return sum(map(len, tails)) * log2(10) >= CERTAIN
