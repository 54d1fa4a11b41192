"""A count typed behind a product: `返场 1 200`, `赠品 2 30份`. One that cannot be is refused, not misread."""

from __future__ import annotations

import re

from playbooks.announce import whole
from playbooks.model import Refusal

MOST = 1_000_000
NUMBER = re.compile(r"[-+−–—\uff0d]?[0-9][0-9.,]*")


def read_count(word: str) -> int | None:
    """`200`, `30份`, `12件`: pieces; None for what is no number at all and may be part of a name.

    Raises Refusal `count.wrong` {text, most} for `-3`, `2.5` and what nobody has in stock.
    """
    said = word.removesuffix("份").removesuffix("件")
    number = whole(said)
    if number is not None and number <= MOST:
        return number
    if number is not None or NUMBER.fullmatch(said):
        raise Refusal("count.wrong", text=word[:20], most=MOST)
    return None
