"""What a file waits for that only its sender can say: its columns, its platform, its password. Asked in private."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.asking import ANSWER_WITHIN
from bot.card import Button, Card, Row, button, line, tell
from bot.passwords import UNLOCK
from playbooks.model import Refusal
from storage.exports import FORMATS
from storage.exports.mapping import Mapped
from storage.exports.words import WORDS
from storage.rows import Dialogue, Job

MOST_GUESSES = 3
"""Wrong passwords after which a file is given up."""


def asked(refusal: Refusal, job: Job) -> Job | None:
    """The job as it waits for the answer that would help; None where none would.

    Raises Refusal `files.password_given_up` after too many wrong passwords.
    """
    if refusal.key in ("orders.which_format", "parcels.which_codes"):
        return job.changed(state="asked", asks="format")
    if refusal.key == "files.password_needed":
        return job.changed(state="asked", asks="password")
    if refusal.key != "files.password_wrong":
        return None
    if job.guesses + 1 >= MOST_GUESSES:
        raise Refusal("files.password_given_up", name=job.file_name, tries=MOST_GUESSES)
    return job.changed(state="asked", asks="password", guesses=job.guesses + 1)


def question(job: Job, refusal: Refusal, mapped: Iterable[Mapped]) -> Card:
    """The card that asks for a password or, by buttons, for the format. `mapped`: the room's own."""
    if job.asks == "format":
        key = "files.which_codes" if refusal.key == "parcels.which_codes" else "files.which_format"
        return tell(job.by, line(key, name=job.file_name), buttons=_formats(job, refusal, mapped))
    left = MOST_GUESSES - job.guesses
    said = line(
        "files.ask_password_again" if job.guesses else "files.ask_password", name=job.file_name, left=left
    )
    again = button("files.give_password", f"{UNLOCK} {job.id}")
    return tell(job.by, said, buttons=((again, leave_button(job)),))


def _formats(job: Job, refusal: Refusal, mapped: Iterable[Mapped]) -> tuple[Row, ...]:
    names = {one.id: one.name for one in FORMATS} | {one.id: one.name for one in mapped}
    names |= {id: one.name for id, one in WORDS.parcels.codes.items()}
    candidates = refusal.values["candidates"]
    assert isinstance(candidates, tuple | list)
    choices = [
        (button("common.verbatim", f"columns as {job.id} {id}", text=names.get(id, id)),) for id in candidates
    ]
    return (*choices, (leave_button(job),))


def leave_button(job: Job) -> Button:
    """The file is not taken in after all."""
    return button("files.leave", f"columns leave {job.id}")


def waits_for_password(job: Job, now: datetime) -> Dialogue:
    """The open question: the sender's next plain text in private is the password."""
    return Dialogue(id=f"{job.by}:{job.by}", command=f"{UNLOCK} {job.id}", until=now + ANSWER_WITHIN)
