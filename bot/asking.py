"""Asking a person for a sentence that a command still needs."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Card, line, tell
from bot.desk import Desk
from storage.rows import Dialogue

ANSWER_WITHIN = timedelta(minutes=5)


def ask(words: str, key: str, desk: Desk, **values: object) -> list[Card]:
    """Ask privately with the text `key`; the person's next plain text there becomes the last argument of `words`."""
    # Plain text is read in private chats alone, and there the chat's id is the person's.
    waiting = f"{desk.me.id}:{desk.me.id}"
    desk.books.dialogues.put(Dialogue(id=waiting, command=words, until=desk.now + ANSWER_WITHIN))
    return [tell(desk.me.id, line(key, **values))]
