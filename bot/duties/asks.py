"""The questions there are: `/asks` lists them, one opens by its button, `/asktime` sets how soon they are due (B12)."""

from __future__ import annotations

from bot.asker_cards import asker_card
from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.question_cards import pressed_list, said_anew
from bot.question_lines import body
from bot.questioning import may_answer, need_question, open_questions, plan, targets, theirs, tonight
from playbooks import announce, questions
from playbooks.model import Refusal
from playbooks.questions import Question
from playbooks.room import MANAGERS


def asks(call: Call, desk: Desk) -> list[Card]:
    """`/asks`: what still waits, for those who answer theirs first; then tonight's answers, the newest first."""
    waiting = open_questions(desk)
    first = theirs(desk.me, waiting)
    waiting.sort(key=lambda one: one not in first)
    told = sorted((one for one in tonight(desk) if one.answer), key=_answered_at, reverse=True)
    if not waiting and not told:
        raise Refusal("ask.none")
    head = line("ask.list", waiting=len(waiting), answered=len(told))
    return [pressed_list(head, [*waiting, *told], desk.me.id, f"ask-list:{desk.me.id}", desk)]


def _answered_at(one: Question) -> str:
    return one.answers[-1].at.isoformat()


def asked(call: Call, desk: Desk) -> list[Card]:
    """One question: to answer for those who may, else to read."""
    one = need_question(call.args, desk)
    if desk.me.id in one.askers and one.alive:
        return [asker_card(one, desk.me.id, desk)]
    if may_answer(desk.me, one):
        return [said_anew(one, desk.me, desk)]
    return [tell(desk.me.id, body(one, desk))]


def asktime(call: Call, desk: Desk) -> list[Card]:
    """`/asktime 60 180`: the room's own targets in seconds, for reminding and for telling the leads (B12)."""
    now = targets(desk)
    if not call.args:
        return [tell(desk.me.id, line("ask.targets", ping=now.ping_seconds, lead=now.lead_seconds))]
    words = [announce.whole(word) for word in call.words()]
    mine = questions.read_targets(desk.room.id, *words) if len(words) == 2 else None
    if mine is None:
        least, most = questions.rules().shortest_seconds, questions.rules().longest_seconds
        raise Refusal("ask.targets_usage", least=least, most=most)
    desk.books.question_targets.put(mine)
    desk.note(
        "question", desk.room.id, step="targets", ping=str(mine.ping_seconds), lead=str(mine.lead_seconds)
    )
    plan(desk)
    return [tell(desk.me.id, line("ask.targets", ping=mine.ping_seconds, lead=mine.lead_seconds))]


DUTY = DutySpec(
    "asks",
    commands=(
        Command("asks", asks, words=("提问", "待答"), args=False),
        Command("asktime", asktime, words=("提问时限",), roles=MANAGERS),
        Command("asked", asked, listed=False),
    ),
)
