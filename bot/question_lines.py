"""What is said of a question: in one line of a list, or whole with its history."""

from __future__ import annotations

from bot.card import Line, line, lines
from bot.desk import Desk
from bot.offer import bought
from bot.questioning import open_questions
from playbooks import questions
from playbooks.questions import Question

SHORT = 40
"""Characters of a question in a list."""
AT_NIGHT = 3
"""Questions told on the night card; the others are counted."""


def question_line(one: Question, desk: Desk) -> Line:
    """One line of a list: number, product, what, who asked when, who has it; with the answer where there is one."""
    if one.answer:
        return line(
            "ask.line_answered", number=one.number, what=what_line(one), answer=_short(one.answer.text),
            by=desk.name(one.answer.who), at=desk.clock(one.answer.at),
        )  # fmt: skip
    return line(
        "ask.line", number=one.number, what=what_line(one), by=desk.name(one.asks[0].who),
        at=desk.clock(one.asks[0].at), state=_state(one, desk),
    )  # fmt: skip


def what_line(one: Question) -> Line:
    """`3号 玫瑰精华水：能用盐水冲吗`, cut where it is long."""
    text = line("common.verbatim", text=_short(one.text)) if one.text else line("ask.angry_mark")
    if one.link_no is None:
        return text
    return line("ask.about", product=bought(one.link_no, one.product), text=text)


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def _state(one: Question, desk: Desk) -> Line:
    """Who has it (B13: shown everywhere), until when, or that nobody has."""
    if one.state == "answered":
        return line("ask.state_answered", owner=desk.name(one.answers[-1].who))
    if one.eta is not None:
        return line("ask.state_eta", owner=desk.name(one.owner), at=desk.clock(one.eta))
    if one.owner:
        return line("ask.state_claimed", owner=desk.name(one.owner))
    return line(f"ask.state_{one.state}")


def body(one: Question, desk: Desk) -> tuple[Line, ...]:
    """The whole question with its history: nobody has to tell it twice (B14)."""
    kind, to = line(f"ask.kind_{one.kind}"), line(f"ask.to_{one.to}")
    asked = tuple(line("ask.asker", name=desk.name(a.who), at=desk.clock(a.at)) for a in one.asks)
    other = dict.fromkeys(a.text for a in one.asks if a.text and a.text != one.text)
    return lines(
        line("ask.head", number=one.number, kind=kind, to=to),
        line("ask.angry_mark") if one.angry else None,
        line("ask.product", product=bought(one.link_no, one.product)) if one.link_no is not None else None,
        line("ask.text", text=one.text) if one.text else None,
        (line("ask.also", text=text) for text in other),
        line("ask.askers", names=asked),
        line("ask.told", text=one.told) if one.told else None,
        (_handed(handed, desk) for handed in one.transfers),
        line("ask.too_often", count=len(one.transfers)) if questions.handed_on_too_often(one) else None,
        (line("ask.answer", text=a.text, by=desk.name(a.who), at=desk.clock(a.at)) for a in one.answers[-1:]),
        _state(one, desk),
    )


def _handed(handed: questions.Transfer, desk: Desk) -> Line:
    return line(
        "ask.handed", by=desk.name(handed.who), at=desk.clock(handed.at), to=line(f"ask.to_{handed.to}"),
        reason=line(f"ask.reason_{handed.reason}"), note=handed.note,
    )  # fmt: skip


def left_open(desk: Desk) -> tuple[Line, ...]:
    """For the managers' night card: what nobody answered, the longest waiting first."""
    waiting = open_questions(desk)
    count = line("night.questions", count=len(waiting)) if waiting else None
    return lines(count, (question_line(one, desk) for one in waiting[:AT_NIGHT]))
