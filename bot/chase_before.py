"""What to know before talking to the buyer of an unpaid order (REQUIREMENTS C05): what was promised and noted for it,
what buyers asked about its product tonight, and what may be in the way."""

from __future__ import annotations

from collections.abc import Iterator

from bot import chase_book
from bot.card import line
from bot.desk import Desk
from playbooks import chase
from playbooks.chase import Chase
from playbooks.questions import Question
from storage.rows import Line

SHOWN = 2
"""Questions on the product, the newest: a card is read with the telephone in hand."""


def before_lines(one: Chase, desk: Desk) -> list[Line]:
    """The lines of the card, none where nothing is known."""
    return [*_theirs(one, desk), *_asked(one, desk), *_guess(one, desk)]


def _theirs(one: Chase, desk: Desk) -> Iterator[Line]:
    for promise in desk.books.promises.by("order_id", one.order_id):
        if promise.kept_at is None:
            yield line("chase.before_promised", text=promise.text, due=desk.clock(promise.due_at))
    for note in desk.books.notes.by("order_id", one.order_id):
        yield line("chase.before_noted", text=note.text or line(f"note.kind_{note.kind}"))


def _asked(one: Chase, desk: Desk) -> Iterator[Line]:
    for question in _of_product(one, desk)[-SHOWN:]:
        answer = question.told or (question.answers[-1].text if question.answers else "")
        yield line("chase.before_asked", text=question.text, answer=answer or line("chase.before_unanswered"))


def _of_product(one: Chase, desk: Desk) -> list[Question]:
    if one.link_no is None or not one.broadcast:
        return []
    known = desk.books.questions.by("broadcast", one.broadcast)
    return [question for question in known if question.link_no == one.link_no]


def _guess(one: Chase, desk: Desk) -> Iterator[Line]:
    unanswered = any(question.alive for question in _of_product(one, desk))
    found = chase.guess(one, chase_book.of_buyer(one, desk), unanswered=unanswered)
    if found:
        reason, why = line(f"chase.reason_{found.reason}"), line(f"chase.guess_{found.why}")
        yield line("chase.guess", reason=reason, why=why)
