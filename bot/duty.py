"""What a duty is: plain functions from a call and a desk to cards, declared as commands in one visible tuple."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.call import Call
from bot.card import Card
from bot.desk import Desk, FrontDesk
from playbooks.room import Role
from storage.books import RoomBooks
from storage.rows import Due

EVERYBODY: frozenset[Role] = frozenset()
"""Everybody who has any role in the room."""


@dataclass(frozen=True)
class Command:
    """`name` as Telegram wants it, `words` people say, who may, and what it does.

    `reads`: a pure answer from a view, skipping the outbox. `listed`: shown in `/help` and the menu
    (buttons' own commands are not). Words of a command without `args` act only as the whole message.
    """

    name: str
    run: Callable[[Call, Desk], list[Card]]
    words: tuple[str, ...] = ()
    roles: frozenset[Role] = EVERYBODY
    reads: bool = False
    listed: bool = True
    args: bool = True
    private: bool = False
    """Its answer holds an order: who has not opened the private chat is asked to, and nothing is done."""
    follow: Callable[[Call, Desk], str] | None = None
    """For a reading command: words to run in a unit after the answer went out, '' for none."""
    slow: bool = False
    """For a reading command: it may take longer than a few milliseconds, so it is run off the event loop."""
    ahead: Callable[[Call, Desk], Any] | None = None
    """For a command that writes: what takes a while, done on a view off the event loop; its unit finds it as
    `Desk.ahead`, and must allow for what was written since."""


@dataclass(frozen=True)
class FrontCommand:
    """A command that works above the rooms, on the desk's own books; anybody may."""

    name: str
    run: Callable[[Call, FrontDesk], list[Card]]
    words: tuple[str, ...] = ()
    listed: bool = True


@dataclass(frozen=True)
class Afterwards:
    """What a file calls for once it is in, and what takes a while: `think` of the import's id on a view, off the event
    loop; what it found is given to `save` in a unit of its own, which takes a moment. Taken up again after a restart
    both run again."""

    think: Callable[[str, Desk], list[Any]]
    save: Callable[[list[Any], Desk], list[Card]]


@dataclass(frozen=True)
class FileKind:
    """A file people send: `read` is pure and runs outside any unit, `take_in` applies one batch in a unit.

    `read(said, job)` gives what the guarded child read (storage.exports.guard.Found.said) in batches of at most 500
    rows, the last one closing the file. Both may raise Refusal: the sender reads it, nothing of the batch is kept.
    """

    kind: Literal["orders", "parcels", "runsheet", "cases", "service"]
    roles: frozenset[Role]
    read: Callable[[Any, Any], Iterable[object]]
    take_in: Callable[[Any, Desk], list[Card]]
    afterwards: Afterwards | None = None


@dataclass(frozen=True)
class DutySpec:
    """One area of the shift: its commands, what it does when a due row comes due, the files it takes."""

    name: str
    commands: tuple[Command, ...] = ()
    front: tuple[FrontCommand, ...] = ()
    due: dict[str, Callable[[Due, Desk], list[Card]]] = field(default_factory=dict)
    fresh: dict[str, Callable[[Card, Desk], Card | None]] = field(default_factory=dict)
    """By the first word of a card's `about`: the card as it is true right before it leaves, None for nothing."""
    files: tuple[FileKind, ...] = ()
    replied: Callable[[Call, RoomBooks], str] | None = None
    """The words a text stands for that replies to one of this area's cards; '' where the card is none of its own."""


def refuse_twins(duties: Iterable[DutySpec]) -> None:
    """Raises ValueError where two commands have a name, or a Chinese word, in common: one would hide the other."""
    commands: list[Command | FrontCommand] = []
    for duty in duties:
        commands += [*duty.commands, *duty.front]
    names = Counter([c.name for c in commands] + [word for c in commands for word in c.words])
    twins = [name for name, count in names.items() if count > 1]
    if twins:
        raise ValueError(f"commands given twice: {', '.join(twins)}")
