"""The case library 案例库: what a hard talk was like and how to answer better, and pictures kept (F15, F17, E29).

Nothing in it is a buyer's own. A picture stays with Telegram; kept is how to find it there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from playbooks.cases.public import check_personal, check_reply
from playbooks.cases.rules import rules
from playbooks.model import Document, Moment, Refusal

PictureKind = Literal["praise", "problem"]
"""好评 praise · 售后问题 problem."""
PICTURE_WORDS: dict[str, PictureKind] = {
    "好评": "praise", "praise": "praise", "售后": "problem", "问题": "problem", "problem": "problem",
}  # fmt: skip


class Lesson(Document):
    """`talk`: what the buyer said and what came of it; `better`: what to answer next time."""

    talk: str
    better: str
    cause: str = ""
    by: str
    at: Moment


class Picture(Document):
    """A picture a buyer sent, as Telegram keeps it. `kept`: somebody looked: nothing of a buyer's own is on it."""

    file_id: str
    kind: PictureKind | None = None
    order_id: str = ""
    text: str = ""
    by: str
    at: Moment
    kept: bool = False


def checked_talk(text: str) -> str:
    """What a talk was like, on one line. Raises Refusal `case.public_personal`, `case.long`, `lesson.usage`."""
    kept = " ".join(text.split())
    if not kept:
        raise Refusal("lesson.usage")
    if len(kept) > 2 * rules().longest_text:
        raise Refusal("case.long", most=2 * rules().longest_text)
    return check_personal(kept)


def checked_better(text: str) -> str:
    """A better answer: buyers will hear it. Raises what public.check_reply does, `lesson.usage`."""
    if not text.strip():
        raise Refusal("lesson.usage")
    return check_reply(text)


def found(lessons: Iterable[Lesson], words: str) -> list[Lesson]:
    """Those in which every one of the words stands, the newest first; all of them for none."""
    wanted = [word.casefold() for word in words.split()]
    said = (one for one in lessons if all(word in f"{one.talk} {one.better}".casefold() for word in wanted))
    return sorted(said, key=lambda one: (one.at, one.id), reverse=True)


def caption(text: str) -> tuple[PictureKind | None, str, str]:
    """(kind, order number, sentence) of a picture, as written under it. Raises Refusal `case.public_personal`."""
    kind: PictureKind | None = None
    order_id, rest = "", []
    for word in text.split():
        if kind is None and word.casefold() in PICTURE_WORDS:
            kind = PICTURE_WORDS[word.casefold()]
        elif not order_id and len(word) >= 10 and word.isalnum() and word[-1].isdigit() and word.isascii():
            order_id = word
        else:
            rest.append(word)
    return kind, order_id, check_personal(" ".join(rest))[: rules().longest_text]
