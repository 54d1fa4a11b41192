"""A question's way from asked to answered: one table says which step leads where (REQUIREMENTS B13, B14, B17)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from playbooks.model import Refusal
from playbooks.questions.model import Department, Kind, Question, Said, State, Transfer, rules

Step = Literal["join", "claim", "answer", "eta", "pass", "give_back", "leave", "sort", "anger", "ask"]

NEXT: dict[State, dict[Step, State]] = {
    "open": {
        "join": "open", "claim": "claimed", "answer": "answered", "eta": "claimed", "pass": "open",
        "leave": "withdrawn", "sort": "open", "anger": "open",
    },
    "claimed": {
        "join": "claimed", "claim": "claimed", "answer": "answered", "eta": "claimed", "pass": "open",
        "give_back": "open", "leave": "withdrawn", "sort": "claimed", "anger": "open",
    },
    "answered": {"answer": "answered"},  # a correction
    "withdrawn": {},
    "told": {"ask": "open", "leave": "withdrawn"},
}  # fmt: skip


def step(question: Question, what: Step) -> State:
    """The state `what` leads to. Raises Refusal `ask.over_…` of its state where it leads nowhere."""
    try:
        return NEXT[question.state][what]
    except KeyError:
        raise Refusal(f"ask.over_{question.state}", number=question.number) from None


def ask_anyway(question: Question, number: int, now: datetime) -> Question:
    """What was told is not the answer: asked under `number`, from now. Refuses `ask.over_…` if it was already."""
    state = step(question, "ask")
    first = question.asks[0].changed(at=now)
    return question.changed(state=state, number=number, asks=(first,), since=now)


def join(question: Question, who: str, text: str, now: datetime) -> Question:
    """Somebody else asks the same: they are told the answer too. Who asks again changes nothing."""
    state = step(question, "join")
    if who in question.askers:
        return question
    return question.changed(state=state, asks=(*question.asks, Said(who=who, at=now, text=text)))


def leave(question: Question, who: str) -> Question:
    """An asker needs no answer any more; the question goes with the last of them. Raises Refusal `ask.not_asked`."""
    state = step(question, "leave")
    if who not in question.askers:
        raise Refusal("ask.not_asked")
    left = tuple(one for one in question.asks if one.who != who)
    return question.changed(asks=left) if left else question.changed(state=state)


def claim(question: Question, who: str) -> Question:
    """First responder owns it (B13). Raises Refusal `ask.taken` {owner} where somebody else does."""
    state = step(question, "claim")
    if question.owner not in ("", who):
        raise Refusal("ask.taken", owner=question.owner)
    return question.changed(state=state, owner=who)


def answer(question: Question, who: str, text: str, now: datetime) -> Question:
    """Answered, or what was answered is corrected; who answers an unowned question owns it."""
    state = step(question, "answer")
    said = Said(who=who, at=now, text=text)
    return question.changed(
        state=state, owner=question.owner or who, answers=(*question.answers, said), eta=None
    )


def offer(question: Question, who: str, text: str, now: datetime) -> Question:
    """Replied after it was answered: kept aside until `who` says that it is a correction."""
    return question.changed(offered=(*question.offered, Said(who=who, at=now, text=text)))


def expect(question: Question, who: str, eta: datetime) -> Question:
    """The answer will come by `eta`: nobody is reminded until then."""
    state = step(question, "eta")
    return question.changed(state=state, owner=question.owner or who, eta=eta, eta_told=False)


def pass_on(question: Question, handed: Transfer) -> Question:
    """Handed on 转交: open again for others, with the reason and what they have to know (B13, B14).

    Raises Refusal `ask.note_missing` without a note, `ask.long_note`.
    """
    state = step(question, "pass")
    if not handed.note:
        raise Refusal("ask.note_missing")
    if len(handed.note) > rules().longest_note:
        raise Refusal("ask.long_note", most=rules().longest_note)
    passed = _anew(question, state, handed.to, handed.at)
    return passed.changed(transfers=(*question.transfers, handed))


def give_back(question: Question, now: datetime) -> Question:
    """Whoever had taken it up has gone: it is open again for the same people."""
    return _anew(question, step(question, "give_back"), question.to, now)


def sort(question: Question, kind: Kind, to: Department, now: datetime) -> Question:
    """It is of another kind (B16): while nobody has taken it up it goes to those who answer that kind."""
    state = step(question, "sort")
    if to == question.to:
        return question.changed(kind=kind)
    return _anew(question, state, to, now).changed(kind=kind)


def anger(question: Question, now: datetime) -> Question:
    """The buyer is angry: a senior takes it from here (H26)."""
    return _anew(question, step(question, "anger"), "senior", now).changed(angry=True, named=True)


def _anew(question: Question, state: State, to: Department, now: datetime) -> Question:
    """Before people who have not had it yet: the targets run from now, and all are reminded again."""
    return question.changed(
        state=state,
        to=to,
        owner="",
        since=now,
        pings=0,
        lead_told=False,
        lead_pings=0,
        eta=None,
        eta_told=False,
    )


def handed_on_too_often(question: Question) -> bool:
    """Whether it has gone from one to the other so often that somebody must step in (B14)."""
    return len(question.transfers) >= rules().warn_transfers


def goes_to(question: Question, usual: Department) -> Department:
    """Whom a question goes to whose kind goes to `usual`: where it is, if that was chosen or somebody has it."""
    moved = question.named or question.owner or question.transfers
    return question.to if moved else usual
