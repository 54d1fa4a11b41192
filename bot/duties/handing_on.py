"""Handing a question on 转交: to whom, why, and what the next one has to know (REQUIREMENTS B13, B14, H07)."""

from __future__ import annotations

from bot.asking import ask as ask_for
from bot.call import Call
from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.question_cards import kept_true, pressed_list, put_before
from bot.questioning import keep, need_theirs, seniors, which_one
from playbooks import questions
from playbooks.model import Refusal
from playbooks.questions import Question, Transfer


def swap(call: Call, desk: Desk) -> list[Card]:
    """`/swap 7 仓库 不归我管 买家问库位`: to whom, why, what they have to know; asked for step by step (B13, H07)."""
    one, rest = which_one(call.args, desk, "ask.swap_which")
    need_theirs(one, desk)
    if one.owner not in ("", desk.me.id) and not desk.me.may(frozenset(["lead", "manager"])):
        raise Refusal("ask.taken", owner=one.owner)
    questions.step(one, "pass")
    to, why, note = [*rest.split(maxsplit=2), "", "", ""][:3]
    department, reason = questions.find_department(to), questions.find_reason(why)
    if department is None:
        return [_to_whom(one, desk)]
    if reason is None:
        return [_why(one, department, desk)]
    if not note:
        return ask_for(f"swap {one.id} {department} {reason}", "ask.write_note", desk)
    handed = Transfer(
        who=desk.me.id, at=desk.now, to=department, reason=reason, note=questions.read_note(note)
    )
    return _hand_on(questions.pass_on(one, handed), desk)


def _to_whom(one: Question, desk: Desk) -> Card:
    """The same people's others first, then every department somebody stands for."""
    others = [d.id for d in questions.rules().department if d.id != one.to and desk.with_role(*d.roles)]
    rows = [(button("ask.to_others", f"swap {one.id} {one.to}", to=line(f"ask.to_{one.to}")),)]
    rows += [(button("ask.hand_to", f"swap {one.id} {id}", to=line(f"ask.to_{id}")),) for id in others]
    return tell(desk.me.id, line("ask.to_whom", number=one.number), buttons=tuple(rows))


def _why(one: Question, to: questions.Department, desk: Desk) -> Card:
    rows = tuple(
        (button(f"ask.reason_{reason.id}", f"swap {one.id} {to} {reason.id}"),)
        for reason in questions.rules().reason
    )
    return tell(desk.me.id, line("ask.why", number=one.number), buttons=rows)


def _hand_on(passed: Question, desk: Desk) -> list[Card]:
    """Before the next ones, with all that was said; whoever it went round too often is told to the leads (B14)."""
    one, asks = put_before(passed, desk, but=desk.me.id)
    last = one.transfers[-1]
    one = keep(one, "handed_on", desk, to=last.to, reason=last.reason)
    asked = {card.key for card in asks}
    told = {card.person for card in asks}
    again = [m.id for m in seniors(desk) if m.id not in told] if questions.handed_on_too_often(one) else []
    head = line("ask.round_and_round", number=one.number, count=len(one.transfers))
    warned = [pressed_list(head, [one], id, f"ask-round:{one.id}:{id}", desk) for id in again]
    done = tell(desk.me.id, line("ask.handed_on", number=one.number, to=line(f"ask.to_{one.to}")))
    return [done, *asks, *warned, *(card for card in kept_true(one, desk) if card.key not in asked)]


DUTY = DutySpec("handing_on", commands=(Command("swap", swap, words=("转交",)),))
