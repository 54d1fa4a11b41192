"""What everybody can read: replies below reviews, the case library, captions (REQUIREMENTS E14, E15, E29, F15, K16).

A guard, and no guarantee: whoever publishes reads it once more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from playbooks import inducement
from playbooks.addresses import scan
from playbooks.addresses.phones import phones
from playbooks.cases.rules import numbers, personal, rules, tied
from playbooks.model import Refusal
from playbooks.post_purchase import check as check_never

MASK = "…"
DEEP = 3
"""Units of a place that make it an address: province, city, district."""
COUNTED = str.maketrans("零〇一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖", "0011122233445566778899")
"""Numerals as digits, one for one."""
Span = tuple[int, int]


def personal_in(text: str) -> list[str]:
    """What in `text` is a buyer's own, as it is written: phones, ids, order numbers, addresses, names told as such."""
    return [text[start:end] for start, end in _joined(_spans(text))]


def masked(text: str) -> str:
    """`text` on one line, each of those replaced by `…`."""
    kept, at = [], 0
    for start, end in _joined(_spans(text)):
        kept += [text[at:start], MASK]
        at = end
    return " ".join("".join([*kept, text[at:]]).split())


def own_in(text: str) -> list[str]:
    """What in `text` is a buyer's own besides numbers of orders and parcels and the places they go to."""
    return [text[start:end] for start, end in _joined(_own(_half_width(text)))]


def _spans(text: str) -> Iterator[Span]:
    plain = _half_width(text)
    yield from _own(plain)
    for pattern in numbers():
        for found in pattern.finditer(plain):
            yield found.span()
    for place in scan.scan(plain):
        if len(place.sure) >= DEEP:
            yield place.start, place.end


def _own(plain: str) -> Iterator[Span]:
    for phone in phones(plain):
        yield phone.start, phone.end
    for pattern in personal():
        for read in (plain, plain.translate(COUNTED)):
            for found in pattern.finditer(read):
                yield found.span()


def _half_width(text: str) -> str:
    """Character by character, so that places in it are places in `text`."""
    return "".join(half if len(half := unicodedata.normalize("NFKC", c)) == 1 else c for c in text)


def _joined(spans: Iterator[Span]) -> list[Span]:
    """Spans that overlap or touch, as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def check_personal(text: str) -> str:
    """`text`, free of what is a buyer's own. Raises Refusal `case.public_personal` with what stands in it (E15)."""
    found = personal_in(text)
    if found:
        raise Refusal("case.public_personal", text="、".join(found)[:60])
    return text


def check_reply(text: str) -> str:
    """A reply everybody reads, on one line.

    Raises Refusal `case.reply_long`, `case.public_personal` (E15), `case.tied` (K16), `postbuy.never_*` (K01, K20).
    """
    kept = " ".join(text.split())
    if len(kept) > rules().longest_reply:
        raise Refusal("case.reply_long", most=rules().longest_reply)
    check_personal(kept)
    check_tied(kept)
    check_never(kept)
    return kept


def check_tied(text: str) -> None:
    """Raises Refusal `case.tied` where it has a link, or offers something because of a review (K16)."""
    plain = _half_width(text).lower()
    for pattern in tied():
        if found := pattern.search(plain):
            raise Refusal("case.tied", text=found[0])
    if offered := inducement.found_in(text, "reply"):
        raise Refusal("case.tied", text=offered.text)
