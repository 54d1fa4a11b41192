"""A host's slip and its correction 口误更正, kept for good (REQUIREMENTS K25: art. 31, on the spot, three years).

They leave the room only with the archive of their broadcast, which nothing removes, and hold no personal data.
"""

from __future__ import annotations

from collections.abc import Iterable

from playbooks.model import Document, Moment, Refusal
from playbooks.privacy import checked_note

LONGEST = 200
"""Characters: it is one line of a message."""


class Correction(Document):
    """`text` says what was said and what is so, as the one who corrects it wrote it."""

    broadcast: str
    listing: str
    link_no: int
    at: Moment
    by: str
    text: str


def read(text: str) -> str:
    """The sentence of a correction on one line. Raises Refusal `correct.usage`, `correct.long`, and
    `common.personal_note` where a phone number stands in it."""
    said = " ".join(checked_note(text).split()).lstrip(":：,， ")
    if not said:
        raise Refusal("correct.usage")
    if len(said) > LONGEST:
        raise Refusal("correct.long", most=LONGEST)
    return said


def around(
    corrections: Iterable[Correction], placed: Moment
) -> tuple[tuple[Correction, ...], tuple[Correction, ...]]:
    """Those made before an order was placed, and those after: only the latter may have misled its buyer."""
    known = sorted(corrections, key=lambda one: (one.at, one.id))
    return tuple(one for one in known if one.at <= placed), tuple(one for one in known if one.at > placed)
