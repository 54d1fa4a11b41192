"""The room's questions in its books: which are open, whom they go to, when somebody is next reminded of them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.card import line
from bot.desk import Desk
from playbooks import announce, questions
from playbooks.model import Refusal
from playbooks.questions import Department, Question, Targets
from playbooks.room import Member

SWEEP = "ask_sweep"
AGAIN = "ask_again"
SWEEPS_APART = 15
"""Seconds: what is due within them is told in one message."""


def open_questions(desk: Desk) -> list[Question]:
    """Those nobody has answered yet, the longest waiting first."""
    found = [one for state in questions.ALIVE for one in desk.books.questions.by("state", state)]
    return sorted(found, key=lambda one: (one.since, one.id))


def tonight(desk: Desk) -> list[Question]:
    """Every question of the current broadcast."""
    return desk.books.questions.by("broadcast", desk.broadcast_id())


def need_question(id: str, desk: Desk) -> Question:
    """The question with this id or, within the broadcast, this number. Raises Refusal `ask.gone`."""
    found = desk.books.questions.get(id) or numbered(id, desk)
    if found is None:
        raise Refusal("ask.gone")
    return found


def numbered(word: str, desk: Desk) -> Question | None:
    """The question people call by this number: of this broadcast, else one left open by an earlier one."""
    number = announce.whole(word.lstrip("#"))
    known = [*tonight(desk), *open_questions(desk)]
    return next((one for one in known if number and one.number == number), None)


def need_theirs(one: Question, desk: Desk) -> Question:
    """The question, where it is the caller's to answer. Raises Refusal `ask.not_yours` where it is somebody else's."""
    if not may_answer(desk.me, one):
        raise Refusal("ask.not_yours", to=line(f"ask.to_{one.to}"))
    return one


def which_one(args: str, desk: Desk, unnamed: str = "ask.which_one") -> tuple[Question, str]:
    """The question meant and the rest of the words: by its id or number, else the only one the caller has taken up.

    Raises Refusal `unnamed` where it was not said which, `ask.no_such` {number} where none has that number.
    """
    word, _, rest = args.partition(" ")
    named = desk.books.questions.get(word) or numbered(word, desk)
    if named:
        return named, rest.strip()
    held = mine(desk)
    if held is None:
        number = announce.whole(word.lstrip("#"))
        raise Refusal(unnamed) if number is None else Refusal("ask.no_such", number=number)
    return held, args.strip()


def targets(desk: Desk) -> Targets:
    """What the room is held to."""
    return desk.books.question_targets.get(desk.room.id) or questions.default_targets(desk.room.id)


def seniors(desk: Desk) -> list[Member]:
    """Leads and managers on duty, else all of them: somebody must hear of it."""
    return desk.on_duty("lead", "manager") or desk.with_role("lead", "manager")


def answerers(to: Department, desk: Desk) -> list[Member]:
    """Those on duty who answer for a department."""
    return desk.on_duty(*questions.department(to).roles)


def may_answer(member: Member, one: Question) -> bool:
    """Whether it is theirs to answer: of the department asked, or a senior."""
    return member.may(frozenset([*questions.department(one.to).roles, "lead", "manager"]))


def theirs(member: Member, some: Iterable[Question]) -> list[Question]:
    """Those that wait for this person's answer."""
    return [one for one in some if may_answer(member, one) and member.id not in one.askers]


def keep(one: Question, step: str, desk: Desk, **values: str) -> Question:
    """Keep the question after `step`, note it in the journal, and plan who is reminded when."""
    named = {"number": str(one.link_no), "name": one.product} if one.link_no is not None else {}
    desk.note(
        "question", one.id, broadcast=one.broadcast, step=step, question=str(one.number), **named, **values
    )
    kept = desk.books.questions.put(one)
    plan(desk)
    return kept


def plan(desk: Desk) -> None:
    """One row a room looks through its open questions when the first of them is due to be brought up."""
    moments = (questions.next_at(one, targets(desk)) for one in open_questions(desk))
    first = min((at for at in moments if at), default=None)
    if first is None:
        desk.books.due.drop(f"{desk.room.id}-d:{SWEEP}:{desk.room.id}")
    else:
        desk.later(SWEEP, first, desk.room.id, cool_down=SWEEPS_APART)


def hand_back_questions(person: str, desk: Desk) -> int:
    """What somebody had taken up is open again, and soon put before the others; how many they were."""
    held = [one for one in desk.books.questions.by("state", "claimed") if one.owner == person]
    for one in held:
        keep(questions.give_back(one, desk.now), "given_back", desk)
        desk.later(AGAIN, desk.now, one.id)
    return len(held)


def mine(desk: Desk) -> Question | None:
    """The only question the caller has taken up, if there is just one."""
    held = [one for one in open_questions(desk) if one.owner == desk.me.id]
    return held[0] if len(held) == 1 else None
