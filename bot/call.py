"""A call: one person asking for one thing, whatever way they asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Via = Literal["typed", "word", "button", "file", "reply", "follow", "talk"]


@dataclass(frozen=True)
class Caller:
    """Who asks, as Telegram says; `id` is the user id as text."""

    id: str
    name: str
    username: str = ""


@dataclass(frozen=True)
class FileRef:
    """A document or photo somebody sent: where Telegram keeps it. Sizes in bytes."""

    file_id: str
    name: str
    size: int
    photo: bool = False


@dataclass(frozen=True)
class Call:
    """`command` and `args` as if typed; the rest says where it came from so that the answer goes there."""

    update_id: int
    at: datetime
    who: Caller
    chat_id: int
    private: bool
    command: str
    args: str = ""
    via: Via = "typed"
    room: str = ""
    thread: int = 0
    message_id: int = 0
    press_id: str = ""
    file: FileRef | None = None
    about_person: str = ""
    """The person replied to or mentioned, for `/role`."""
    reply_to: int = 0
    """The bot's message that was replied to, by its number in the chat."""
    anonymous: bool = False
    title: str = ""
    """The group's title."""
    forum: bool = False
    replayed: bool = False
    """Its update was taken up before: an answer that is not stored may be the second one."""

    @property
    def mark(self) -> str:
        """The id under which a unit remembers that it was committed. What follows an answer has one of its own:
        the answer is given again after a crash, and what follows it is not done again."""
        return f"{self.update_id}:follow" if self.via == "follow" else str(self.update_id)

    def words(self) -> list[str]:
        """The arguments, split at white space."""
        return self.args.split()

    def to(self, **fields: object) -> Call:
        """The same call with `fields` replaced."""
        return replace(self, **fields)  # type: ignore[arg-type]
