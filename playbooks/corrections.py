"""A host's slip and its correction 口误更正, kept for good (REQUIREMENTS K25: art. 31, on the spot, three years).

They leave the room only with the archive of their broadcast, which nothing removes, and hold no personal data.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from playbooks.model import Document, Moment, Refusal
from playbooks.on_air import rules
from playbooks.privacy import checked_note

LONGEST = 200
"""Characters: it is one line of a message."""
NO_DIFFERENCE = re.compile(r"[\s,。;:!?、]|(?<!\d)\.|\.(?!\d)")
"""Blanks and signs, but for the point within a number."""


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


def twin(known: Iterable[Correction], text: str) -> Correction | None:
    """The correction of the same product that says the same; signs, blanks and width make no difference."""
    said = _plain(text)
    return next((one for one in known if _plain(one.text) == said), None)


def _plain(text: str) -> str:
    """Without what makes no difference; the point of 4.9 does."""
    return NO_DIFFERENCE.sub("", unicodedata.normalize("NFKC", text).casefold())


def shown_with(known: Iterable[Correction]) -> tuple[int, tuple[Correction, ...]]:
    """(how many messages the product's corrections take, the corrections its last message shows, oldest first).

    Each has a message of its own up to `correction_posts`; from then on the last one shows them together, for a
    group that reads nothing but corrections reads none.
    """
    past = sorted(known, key=_made)
    posts = min(len(past), rules().correction_posts)
    return posts, tuple(past[posts - 1 :][-rules().correction_lines :])


def _made(one: Correction) -> tuple[datetime, int, str]:
    """Sorts corrections as they were made: of one moment by the unit that made them."""
    return one.at, len(one.id), one.id


def around(
    corrections: Iterable[Correction], placed: Moment
) -> tuple[tuple[Correction, ...], tuple[Correction, ...]]:
    """Those made before an order was placed, and those after: only the latter may have misled its buyer."""
    known = sorted(corrections, key=_made)
    return tuple(one for one in known if one.at <= placed), tuple(one for one in known if one.at > placed)
