"""How soon questions were answered: what the review's section 8 says of them (B03, B12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from playbooks.metrics import median, worst
from playbooks.model import Model
from playbooks.questions.model import Question


class AnswerTimes(Model):
    """Questions asked, answered, unanswered and answered late; none that nobody needed any more or nobody was asked.

    `median` and `worst` are over everybody who asked, from their asking to the first answer, None without one.
    """

    asked: int
    answered: int
    unanswered: int
    late: int
    median: timedelta | None
    worst: timedelta | None


def waits(question: Question) -> list[timedelta]:
    """How long each asker waited for the first answer; [] without one."""
    first = question.answers[0].at if question.answers else None
    return [max(first - one.at, timedelta(0)) for one in question.asks] if first else []


def answer_times(questions: Iterable[Question], late_after: timedelta) -> AnswerTimes:
    """The figures of a broadcast's questions."""
    asked = [one for one in questions if one.state not in ("withdrawn", "told")]
    told = [waited for one in asked if (waited := waits(one))]
    every = [wait for waited in told for wait in waited]
    return AnswerTimes(
        asked=len(asked), answered=len(told), unanswered=len(asked) - len(told),
        late=sum(max(waited) > late_after for waited in told), median=median(every), worst=worst(every),
    )  # fmt: skip
