"""What the card of a chased order says and offers 催付卡."""

from __future__ import annotations

from datetime import timedelta

from bot import chase_book, vips
from bot.card import Button, Card, Row, button, copy, line, lines, tell
from bot.chase_before import before_lines
from bot.chase_script import script_for, script_text
from bot.desk import Desk
from bot.offer import bought
from bot.open_work import reveal_button
from playbooks import chase
from playbooks.chase import Chase
from playbooks.chase.rules import rules
from playbooks.room import IN_CHARGE
from storage.rows import Line


def chase_card(
    one: Chase, desk: Desk, said: tuple[Line, ...], buttons: tuple[Row, ...], *, edit: bool
) -> Card:
    """One person's card of a chase; it keeps its key, so that a press edits it in place."""
    return tell(desk.me.id, said, buttons=buttons, key=f"chase:{one.id}:{desk.me.id}", edit=edit, rank="work")


def work_card(one: Chase, desk: Desk, *, edit: bool = True) -> Card:
    """The order number to copy first, the age of its data, what is known, what to do and what to say."""
    steps = steps_of(one, desk)
    told = tuple(
        line("chase.step_line", step=line(f"chase.step_{s.kind}"), status=line(f"chase.status_{s.status}"))
        for s in steps
    )
    open_round = chase.rounds_left(one, desk.now)
    script = script_of(one, desk) if open_round else None
    said = lines(
        line("chase.card_head", order_id=one.order_id),
        line(
            f"chase.data_{one.source}", at=desk.clock(one.data_as_of), age=_minutes(desk.now - one.data_as_of)
        ),
        line("chase.card_what", product=bought(one.link_no, one.title), amount=one.amount),
        _left(one, desk),
        line("chase.card_city", city=one.city) if one.city else None,
        line("chase.card_tail", tail=one.phone_tail) if one.phone_tail else None,
        _buyer(one, desk),
        line("chase.card_apology", name=desk.name(one.accountable)) if one.accountable else None,
        before_lines(one, desk),
        line("chase.card_offer", offer=one.offer) if one.offer else None,
        line("chase.card_steps", steps=told),
        _script_line(one, script, desk) if open_round else line("chase.no_more"),
    )
    return chase_card(one, desk, said, _work_buttons(one, desk, script, steps), edit=edit)


def steps_of(one: Chase, desk: Desk) -> tuple[chase.Step, ...]:
    """The order's steps in this room: with SMS where it has it."""
    return chase.steps(one, desk.now, desk.zone, sms=chase_book.setup(desk).sms)


def script_of(one: Chase, desk: Desk) -> str | None:
    """The text to say that this buyer has not been told yet."""
    return script_for(one, desk.books, desk.room, desk.now)


def _script_line(one: Chase, script: str | None, desk: Desk) -> Line:
    if script:
        return line("chase.card_script", script=_text(script, one, desk))
    return line("chase.card_own_words" if chase.may_talk(one) else "chase.card_no_script")


def _text(script: str, one: Chase, desk: Desk) -> str:
    return script_text(script, one, desk.books, desk.room, desk.now)


def _buyer(one: Chase, desk: Desk) -> list[Line]:
    """What is known of the buyer: first-time or not, other unpaid orders to speak of in the same contact."""
    if not one.buyer_key:
        return [line("chase.no_buyer_key")]
    first = {True: "yes", False: "no", None: "unknown"}[one.first_time]
    others = chase_book.siblings(one, desk)
    ids = tuple(line("common.verbatim", text=each.order_id) for each in others)
    return [
        line(f"chase.first_{first}"),
        *lines(vips.vip_line(one.buyer_key, desk)),
        *([line("chase.same_buyer", count=len(others), orders=ids)] if others else []),
    ]


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


def _work_buttons(
    one: Chase, desk: Desk, script: str | None, steps: tuple[chase.Step, ...]
) -> tuple[Row, ...]:
    todo = tuple(
        button(f"chase.step_{s.kind}", f"step {one.id} {s.kind}")
        for s in steps
        if s.status == "todo" and s.kind != "remark"
    )
    copies: Row = (copy("chase.copy_order", one.order_id), *reveal_button(one.order_id, desk))
    if script:
        copies = (*copies, copy("chase.copy_script", _text(script, one, desk)))
    rows: tuple[Row, ...] = (
        copies,
        todo,
        (_out(one, "paid_said"), _out(one, "closed_said"), _out(one, "will_pay")),
        (_out(one, "refused"), _out(one, "no_answer"), _out(one, "inconvenient")),
        (_out(one, "wrong"), _out(one, "opted_out"), button("chase.release", f"release {one.id}")),
    )
    return (*rows, (_out(one, "malicious"),)) if desk.me.may(IN_CHARGE) else rows


def _out(one: Chase, answer: str) -> Button:
    return button(f"chase.outcome_{answer}", f"said {one.id} {answer}")


def doubted_card(one: Chase, desk: Desk) -> Card:
    """Said to be paid: no work until an export says otherwise, unless the agent was told something else since."""
    said = lines(
        line("chase.card_head", order_id=one.order_id),
        line("chase.doubted", at=desk.clock(one.answered_at)),
        _left(one, desk),
    )
    rows: tuple[Row, ...] = (
        (copy("chase.copy_order", one.order_id), _out(one, "closed_said"), _out(one, "will_pay")),
        (_out(one, "refused"), _out(one, "wrong"), _out(one, "opted_out")),
        (button("chase.take_next", "chase"),),
    )
    return chase_card(one, desk, said, rows, edit=True)


def remark_card(one: Chase, desk: Desk) -> Card:
    """The outcome, and the remark to paste with its flag (C12); next one at a press."""
    said = [line("chase.noted", order_id=one.order_id, outcome=line(f"chase.outcome_{one.answer}"))]
    if one.returns_at and one.alive:
        said.append(line("chase.returns", at=desk.clock(one.returns_at)))
    elif one.alive and one.owner and one.touches and not one.doubted:
        # dead by then, or its rounds are used up
        said.append(line("chase.no_more"))
    buttons: tuple[Row, ...] = ((button("chase.take_next", "chase"),),)
    if script := _closing_script(one, desk):
        said.append(line("chase.card_script", script=_text(script, one, desk)))
        buttons = ((copy("chase.copy_script", _text(script, one, desk)),), *buttons)
    if not chase.may_note(one):
        said.append(line("chase.remark_ungrouped"))
    elif one.touches:
        text = chase.remark(one, desk.me.name, desk.now, desk.zone)
        said.append(line("chase.remark", text=text, flag=line(f"chase.flag_{chase.remark_flag()}")))
        buttons = (
            (copy("chase.copy_remark", text), button("chase.step_remark_done", f"step {one.id} remark")),
            *buttons,
        )
    if chase.ended_by(one, desk.me.id):  # a slip of the thumb must not cost the order, or the buyer
        buttons = (*buttons, (button("chase.unsay", f"unsay {one.id}"),))
    return chase_card(one, desk, tuple(said), buttons, edit=True)


def _closing_script(one: Chase, desk: Desk) -> str | None:
    """What to write after hanging up: an apology for the call, or how to get the payment done (C09, C14, C15)."""
    helps = one.alive and (one.answer == "inconvenient" or (one.answer == "refused" and not one.avoid))
    return script_of(one, desk) if helps else None


def queue_buttons(waiting: int) -> tuple[Row, ...]:
    """What the group's queue card offers: the next one, many at once where many wait (B10), and to deal them."""
    take, batch = button("chase.take_next", "chase"), button("chase.batch_open", "batch")
    deal = button("chase.deal", "assign")
    return ((take,), (batch, deal)) if waiting > rules().batch_over else ((take,), (deal,))


def ended_card(one: Chase, desk: Desk) -> Card:
    """It was paid or is over: said in place of the card, with nothing left to press but the next one."""
    key = "chase.told_paid" if one.state == "paid" else "chase.told_lost"
    said = line(key, order_id=one.order_id, why=line(f"chase.closed_{one.closed_why}"))
    return chase_card(one, desk, (said,), ((button("chase.take_next", "chase"),),), edit=True)


def rested_card(one: Chase, desk: Desk, said: Line) -> Card:
    """What was done, and the button for the next one."""
    head = line("chase.rested", order_id=one.order_id, said=said)
    return chase_card(one, desk, (head,), ((button("chase.take_next", "chase"),),), edit=True)
