"""Passwords people send for locked files 加密文件: in memory alone, in no log and no book; a restart forgets them.

Nor does one rest in the inbox: where there are no keys to seal the inbox with, what somebody writes who was asked
for a password is stored without its text. After a crash the bot asks again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from storage.books import RoomBooks

UNLOCK = "unlock"
"""The command whose last argument is a password."""


class Passwords:
    """Job -> the password its sender gave, until the file is read or given up."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def keep(self, job: str, password: str) -> None:
        """The password of a job's file, in place of a wrong one before it."""
        self._kept[job] = password

    def of(self, job: str) -> str | None:
        """The password given; None where none was, or since a restart."""
        return self._kept.get(job)

    def forget(self, job: str) -> None:
        """It is needed no more."""
        self._kept.pop(job, None)


def without_password(raw: dict[str, Any], rooms: Iterable[RoomBooks]) -> dict[str, Any]:
    """The update (Telegram's JSON) as it may be stored in clear: without its text where that may be a password."""
    message = raw.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        return raw
    text, sender = message["text"], message.get("from", {})
    if not text.lower().startswith(f"/{UNLOCK}") and not _is_asked(str(sender.get("id", "")), rooms):
        return raw
    kept = {name: value for name, value in message.items() if name not in ("text", "entities")}
    return {**raw, "message": kept}


def _is_asked(person: str, rooms: Iterable[RoomBooks]) -> bool:
    """Whether a file of this person's waits for its password, or is being tried with one."""
    return any(
        job.by == person and job.asks == "password"
        for books in rooms
        for state in ("asked", "waiting")
        for job in books.jobs.by("state", state)
    )
