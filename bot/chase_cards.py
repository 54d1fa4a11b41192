"""What the card of a chased order says and offers 催付卡."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Button, Card, Row, button, copy, line, lines, tell
from bot.desk import Desk
from bot.offer import bought
from bot.texts import plain, say
from playbooks import chase
from playbooks.chase import Chase
from playbooks.room import MANAGERS
from storage.rows import Line


def chase_card(
    one: Chase, desk: Desk, said: tuple[Line, ...], buttons: tuple[Row, ...], *, edit: bool
) -> Card:
    """One person's card of a chase; it keeps its key, so that a press edits it in place."""
    return tell(desk.me.id, said, buttons=buttons, key=f"chase:{one.id}:{desk.me.id}", edit=edit, rank="work")


def work_card(one: Chase, desk: Desk, *, edit: bool = True) -> Card:
    """The order number to copy first, the age of its data, what is known, what to do and what to say."""
    steps = tuple(
        line("chase.step_line", step=line(f"chase.step_{s.kind}"), status=line(f"chase.status_{s.status}"))
        for s in chase.steps(one, desk.now, desk.zone)
    )
    script = chase.script_key(one)
    said = lines(
        line("chase.card_head", order_id=one.order_id),
        line(
            f"chase.data_{one.source}", at=desk.clock(one.data_as_of), age=_minutes(desk.now - one.data_as_of)
        ),
        line("chase.card_what", product=bought(one.link_no, one.title), amount=one.amount),
        _left(one, desk),
        line("chase.card_city", city=one.city) if one.city else None,
        line("chase.card_tail", tail=one.phone_tail) if one.phone_tail else None,
        line("chase.no_buyer_key"),
        line("chase.card_steps", steps=steps),
        line("chase.card_script", script=line(script)) if script else line("chase.card_no_script"),
    )
    return chase_card(one, desk, said, _work_buttons(one, desk, script), edit=edit)


def _left(one: Chase, desk: Desk) -> Line:
    if one.expires_at is None:
        return line("chase.card_no_life")
    left = one.expires_at - desk.now
    if left <= timedelta(0):
        return line("chase.card_dead", at=desk.clock(one.expires_at))
    # By hand nobody knows when the buyer ordered: the time is the longest it can be.
    key = "chase.card_left" if one.created_at else "chase.card_left_at_most"
    return line(key, minutes=_minutes(left), at=desk.clock(one.expires_at))


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


def _work_buttons(one: Chase, desk: Desk, script: str | None) -> tuple[Row, ...]:
    todo = tuple(
        button(f"chase.step_{s.kind}", f"step {one.id} {s.kind}")
        for s in chase.steps(one, desk.now, desk.zone)
        if s.status == "todo" and s.kind != "remark"
    )
    copies: Row = (copy("chase.copy_order", one.order_id),)
    if script:
        copies = (*copies, copy("chase.copy_script", plain(say(desk.room.lang, script))))
    rows: tuple[Row, ...] = (
        copies,
        todo,
        (_out(one, "paid_said"), _out(one, "closed_said"), _out(one, "will_pay")),
        (_out(one, "refused"), _out(one, "no_answer"), _out(one, "inconvenient")),
        (_out(one, "wrong"), _out(one, "opted_out"), button("chase.release", f"release {one.id}")),
    )
    return (*rows, (_out(one, "malicious"),)) if desk.me.may(MANAGERS) else rows


def _out(one: Chase, answer: str) -> Button:
    return button(f"chase.outcome_{answer}", f"said {one.id} {answer}")


def remark_card(one: Chase, desk: Desk) -> Card:
    """The outcome, and the remark to paste with its flag (C12); next one at a press."""
    said = [line("chase.noted", order_id=one.order_id, outcome=line(f"chase.outcome_{one.answer}"))]
    if one.returns_at and one.alive:
        said.append(line("chase.returns", at=desk.clock(one.returns_at)))
    buttons: tuple[Row, ...] = ((button("chase.take_next", "chase"),),)
    if one.touches:
        text = chase.remark(one, desk.me.name, desk.now, desk.zone)
        said.append(line("chase.remark", text=text, flag=line(f"chase.flag_{chase.remark_flag()}")))
        buttons = (
            (copy("chase.copy_remark", text), button("chase.step_remark_done", f"step {one.id} remark")),
            *buttons,
        )
    return chase_card(one, desk, tuple(said), buttons, edit=True)


def rested_card(one: Chase, desk: Desk, said: Line) -> Card:
    """What was done, and the button for the next one."""
    head = line("chase.rested", order_id=one.order_id, said=said)
    return chase_card(one, desk, (head,), ((button("chase.take_next", "chase"),),), edit=True)
