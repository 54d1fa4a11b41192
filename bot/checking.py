"""Whether the file a person sends next is only to be looked at: they said `/check` minutes ago."""

from __future__ import annotations

from bot.asking import ANSWER_WITHIN
from bot.desk import Desk
from storage.rows import Dialogue


def expect(desk: Desk) -> None:
    """The person's next file is only looked at, whatever they type in between."""
    desk.books.dialogues.put(Dialogue(id=_id(desk), command="check", until=desk.now + ANSWER_WITHIN))


def expected(desk: Desk) -> bool:
    """Whether the file that came is that one; it is no longer waited for."""
    waiting = desk.books.dialogues.get(_id(desk))
    desk.books.dialogues.drop(_id(desk))
    return waiting is not None and waiting.until > desk.now


def _id(desk: Desk) -> str:
    return f"{desk.me.id}:check"
