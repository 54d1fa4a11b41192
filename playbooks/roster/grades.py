"""Grade 岗级 and side 售前/售后 of an agent, as a manager types them: `小美 资深 售后` (REQUIREMENTS I01, I02)."""

from __future__ import annotations

from collections.abc import Sequence

from playbooks.model import Refusal
from playbooks.room import Grade, Member, Side, named
from playbooks.roster.model import rules


def read_grade(text: str, members: Sequence[Member]) -> tuple[Member, Member]:
    """(the person as they were, as they are now): what is not said of grade or side stays.

    Raises Refusal `grade.usage`, `grade.no_agent` {name} for who answers no buyers, `who.unknown`, `who.several`.
    """
    words = text.split()
    grades = [g for word in words if (g := _grade(word))]
    sides = [s for word in words if (s := _side(word)) is not None]
    name = " ".join(word for word in words if not _grade(word) and _side(word) is None)
    if not name or len(grades) > 1 or len(sides) > 1 or not (grades or sides):
        raise Refusal("grade.usage")
    before = named(name, members)
    if "agent" not in before.roles:
        raise Refusal("grade.no_agent", name=before.name)
    return before, _graded(before, (*grades, before.grade)[0]).changed(side=(*sides, before.side)[0])


def _graded(member: Member, grade: Grade) -> Member:
    """Hints for newcomers begin with 见习 and end with it; whoever has them otherwise keeps them."""
    if grade == member.grade:
        return member
    newcomer = grade == "trainee" or (member.newcomer and member.grade != "trainee")
    return member.changed(grade=grade, newcomer=newcomer, hinted=member.hinted if newcomer else ())


def _grade(word: str) -> Grade | None:
    return next((grade for grade, words in rules().grades.items() if word.lower() in words), None)


def _side(word: str) -> Side | None:
    found = next((side for side, words in rules().sides.items() if word.lower() in words), None)
    return "" if found == "both" else found
