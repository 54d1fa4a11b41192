"""Cards 卡片, as duties build them: lines of text keys, buttons that carry the words of a command."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from storage.rows import Button, Card, Line, Rank

Row = tuple[Button, ...]
__all__ = [
    "Button",
    "Card",
    "Line",
    "Rank",
    "Row",
    "button",
    "copy",
    "group",
    "line",
    "lines",
    "listed",
    "money",
    "tell",
    "toast",
]


def money(amount: Decimal | None) -> str:
    """Yuan as people write it on a card: `59.90`; '—' where there is none."""
    return "—" if amount is None else f"{amount:.2f}"


def _value(value: object) -> str | int | Line | tuple[Line, ...]:
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, str | int | Line):
        return value
    if isinstance(value, tuple) and all(isinstance(one, Line) for one in value):
        return value
    return "—" if value is None else str(value)


def line(key: str, **values: object) -> Line:
    """A line saying the text `key`; money, None and moments already as text are turned into what is shown."""
    if not values:
        return _bare(key)
    return Line(key=key, values={name: _value(value) for name, value in values.items()})


@cache
def _bare(key: str) -> Line:
    """Captions and headings are the same on every card, and a card has dozens."""
    return Line(key=key)


def listed(words: Iterable[str]) -> tuple[Line, ...] | str:
    """Several words as one value, parted as the language parts them; '—' for none."""
    return tuple(line("common.verbatim", text=word) for word in words) or "—"


def lines(*given: Line | Iterable[Line] | None) -> tuple[Line, ...]:
    """Lines and groups of lines as one tuple, leaving out None."""
    flat: list[Line] = []
    for one in given:
        if isinstance(one, Line):
            flat.append(one)
        elif one is not None:
            flat.extend(one)
    return tuple(flat)


def button(key: str, act: str, **values: object) -> Button:
    """A button saying `key` that does what typing `act` does."""
    return Button(line=line(key, **values), act=act)


COPIED = 256
"""Characters a button copies at most."""


def copy(key: str, text: str, **values: object) -> Button:
    """A button that copies `text` (1–256 characters; longer texts are cut there, the message shows them whole)."""
    return Button(line=line(key, **values), copy_text=text[:COPIED])


def group(*said: Line | Iterable[Line] | None, topic: str = "announce", **more: Any) -> Card:
    """A card for the group, in its topic where the group is a forum."""
    return Card(lines=lines(*said), topic=topic, **more)


def tell(person: str, *said: Line | Iterable[Line] | None, **more: Any) -> Card:
    """A card for one person in private: without one it would be said to the whole group."""
    assert person
    return Card(lines=lines(*said), person=person, **more)


def toast(key: str, *, alert: bool = False, **values: object) -> Card:
    """The short answer to a press; in private the answer to typed words. Never stored."""
    return Card(lines=(line(key, **values),), toast=True, alert=alert)
