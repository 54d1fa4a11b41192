"""The case library 案例库: hard talks with a better answer, free of what is a buyer's own (REQUIREMENTS F15)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, Row, button, copy, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import cases
from playbooks.cases import Lesson
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE
from storage.rows import Line

SHOWN = 8
PARTS = ("=>", "→", "改进：", "更好：")
"""What stands between the talk and the better answer, where both are typed at once."""


def lesson(call: Call, desk: Desk) -> list[Card]:
    """`/lesson 买家说… => 更好的回答`; alone it asks. What is a buyer's own is refused, with what it is (F15)."""
    talk, better = _parted(call.args)
    if not talk:
        return ask("lesson", "lesson.ask_talk", desk)
    kept = cases.checked_talk(talk)
    if not better:
        return ask(f"lesson {kept} {PARTS[0]}", "lesson.ask_better", desk)
    one = desk.books.lessons.put(
        Lesson(
            id=desk.books.new_id("ls"),
            talk=kept,
            better=cases.checked_better(better),
            by=desk.me.id,
            at=desk.now,
        )
    )
    desk.note("lesson", one.id, step="added")
    return [tell(desk.me.id, line("lesson.kept"), _lesson(one, desk), buttons=_rows(one, desk))]


def _parted(args: str) -> tuple[str, str]:
    for part in PARTS:
        talk, found, better = args.partition(part)
        if found:
            return talk.strip(), better.strip()
    return args.strip(), ""


def _lesson(one: Lesson, desk: Desk) -> tuple[Line, ...]:
    return (
        line("lesson.talk", text=one.talk),
        line("lesson.better", text=one.better, by=desk.name(one.by), at=desk.clock(one.at)),
    )


def _rows(one: Lesson, desk: Desk) -> tuple[Row, ...]:
    mine = one.by == desk.me.id or desk.me.may(IN_CHARGE)
    drop = ((button("lesson.drop", f"lessondrop {one.id}"),),) if mine else ()
    return ((copy("case.copy_reply", one.better),), *drop)


def lessons(call: Call, desk: Desk) -> list[Card]:
    """`/lessons 退货`: those in which the words stand, the newest first."""
    found = cases.found(desk.books.lessons.scan(), call.args)
    if not found:
        raise Refusal("lesson.none")
    said = [line("lesson.head", count=len(found))]
    for one in found[:SHOWN]:
        said += _lesson(one, desk)
    copies = tuple(
        (copy("lesson.copy_number", one.better, number=at),) for at, one in enumerate(found[:SHOWN], 1)
    )
    return [tell(desk.me.id, said, buttons=copies)]


def drop(call: Call, desk: Desk) -> list[Card]:
    """Taken out, by who put it in or who is in charge."""
    one = desk.books.lessons.get(call.args)
    if one is None:
        raise Refusal("lesson.none")
    if one.by != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("lesson.whose", owner=desk.name(one.by))
    desk.books.lessons.drop(one.id)
    desk.note("lesson", one.id, step="dropped")
    return [toast("lesson.dropped")]


DUTY = DutySpec(
    "cases_library",
    commands=(
        Command("lesson", lesson, words=("案例", "存案例"), roles=SERVICE, private=True),
        Command("lessons", lessons, words=("案例库",), roles=SERVICE, private=True),
        Command("lessondrop", drop, roles=SERVICE, listed=False, private=True),
    ),
)
