"""`/check` 查文件: the next order file is only looked at; afterwards it may be taken in with one press (D01)."""

from __future__ import annotations

from bot import reading_card
from bot.call import Call
from bot.card import Card, line, tell
from bot.checking import expect
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks.model import Refusal
from playbooks.room import CONTROL, SERVICE
from storage.rows import Job


def check(call: Call, desk: Desk) -> list[Card]:
    """`/check`, then the file within five minutes; or the file with `/check` written under it."""
    expect(desk)
    return [tell(desk.me.id, line("check.send"))]


def take(call: Call, desk: Desk) -> list[Card]:
    """The file that was looked at is taken in like any other."""
    seen = desk.books.jobs.get(call.args)
    if seen is None or seen.only != "check":
        raise Refusal("check.gone")
    # A job of its own: what a job brought counts once.
    job = Job(
        id=desk.books.new_id("f"), file_id=seen.file_id, file_name=seen.file_name, by=desk.me.id, at=seen.at,
        as_platform=seen.as_platform,
    )  # fmt: skip
    desk.books.jobs.put(job)
    return [reading_card.received(job)]


DUTY = DutySpec(
    "check",
    commands=(
        Command("check", check, words=("查文件", "审单"), roles=CONTROL | SERVICE, args=False, private=True),
        Command("checked", take, roles=CONTROL | SERVICE, listed=False, private=True),
    ),
)
