"""A document somebody sent: stored as a job, read outside any unit, taken in batch by batch."""

from __future__ import annotations

from bot import reading_card
from bot.call import Call
from bot.card import Card
from bot.checking import expected
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks.model import Refusal
from storage.rows import Job

TELEGRAM_GIVES_A_BOT = 20 * 1024 * 1024


def take_file(call: Call, desk: Desk) -> list[Card]:
    """A file was sent: it is read next, whatever kind it turns out to be."""
    file = call.file
    if file is None:
        raise Refusal("files.send_one")
    if file.size > TELEGRAM_GIVES_A_BOT:
        raise Refusal("files.too_big_for_telegram", name=file.name, megabytes=file.size // (1024 * 1024))
    job = Job(
        id=desk.books.new_id("f"), file_id=file.file_id, file_name=file.name, by=desk.me.id, at=call.at,
        chat_id=call.chat_id, message_id=call.message_id, private=call.private,
        only="check" if expected(desk) or call.args == "check" else "",
    )  # fmt: skip
    desk.books.jobs.put(job)
    return [reading_card.received(job)]


DUTY = DutySpec("files", commands=(Command("file", take_file, listed=False),))
