"""The password of a locked file 加密文件: asked for in private, tried, and gone from the chat at once."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.passwords import UNLOCK
from playbooks.room import CONTROL, SERVICE
from storage.rows import Outgoing


def unlock(call: Call, desk: Desk) -> list[Card]:
    """`unlock <file>` asks for its password; `unlock <file> <password>` is the answer, removed from the chat at once.

    It is kept in memory until the file is read (bot.passwords), and neither stored nor noted.
    """
    id, _, password = call.args.partition(" ")
    if password and not call.press_id:
        _remove(call, desk)
    if not call.private:
        return [tell(desk.me.id, line("files.password_private"))]
    job = desk.books.jobs.get(id)
    if job is None or job.asks != "password" or job.state != "asked" or job.by != desk.me.id:
        return [
            tell(desk.me.id, line("columns.over"))
        ]  # no Refusal: the password must go from the chat all the same
    if not password:
        return ask(f"{UNLOCK} {id}", "files.password_here", desk)
    desk.passwords.keep(job.id, password)
    desk.books.jobs.put(job.changed(state="waiting"))
    return [tell(desk.me.id, line("files.password_tried", name=job.file_name), silent=True)]


def _remove(call: Call, desk: Desk) -> None:
    desk.books.outbox.put(
        Outgoing(
            id=desk.books.new_id("o"), card=Card(rank="answer"), does="delete", at=desk.now,
            chat_id=call.chat_id, message_id=call.message_id,
        )
    )  # fmt: skip


DUTY = DutySpec("unlock", commands=(Command(UNLOCK, unlock, listed=False, roles=CONTROL | SERVICE),))
