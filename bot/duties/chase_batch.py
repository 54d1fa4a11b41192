"""Many unpaid orders at once 批量催付: one table to work from, one press for all of it (REQUIREMENTS B09, B10)."""

from __future__ import annotations

from collections.abc import Iterable

from bot import chase_book, refusals
from bot.call import Call
from bot.card import Card, button, line, lines, tell
from bot.chase_cards import script_of
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.offer import bought
from playbooks import chase
from playbooks.chase import Chase, StepKind
from playbooks.chase.rules import rules
from playbooks.model import Refusal
from playbooks.room import SERVICE
from storage.rows import Line

DONE: dict[str, StepKind] = {"button": "button", "message": "message"}


def batch(call: Call, desk: Desk) -> list[Card]:
    """`/batch`: the most urgent orders are the caller's, as lines to copy from and as .xlsx, with what to say."""
    held = mine(desk)
    most = rules().batch_size if desk.me.capacity is None else desk.me.capacity
    for one in chase_book.queue(desk, max(0, most - len(held))):
        desk.note("chase_claim", one.id, order_id=one.order_id)
        held.append(desk.books.chases.put(chase.claim(one, desk.me.id, desk.now, many=True)))
    if not held:
        return [tell(desk.me.id, line("chase.none"))]
    said = lines(
        line("chase.batch_head", count=len(held)), (_order_line(one, desk) for one in ordered(held, desk))
    )
    rows = (
        (button("chase.batch_button", "batched button"), button("chase.batch_message", "batched message")),
        (button("chase.batch_release", "batched release"),),
    )
    table = tell(desk.me.id, line("chase.batch_file"), attach=f"chases.xlsx {desk.me.id}", rank="work")
    return [tell(desk.me.id, said, buttons=rows, key=_key(desk), rank="work"), table]


def mine(desk: Desk) -> list[Chase]:
    """What the caller has in hand."""
    return [one for one in desk.books.chases.by("open_owner", desk.me.id) if one.held(desk.now)]


def ordered(some: Iterable[Chase], desk: Desk) -> list[Chase]:
    """Most urgent first."""
    return sorted(some, key=lambda one: chase.urgency(one, desk.now))


def _order_line(one: Chase, desk: Desk) -> Line:
    product, until = bought(one.link_no, one.title), desk.clock(one.expires_at)
    return line("chase.batch_line", order_id=one.order_id, product=product, amount=one.amount, until=until)


def batched(call: Call, desk: Desk) -> list[Card]:
    """`batched message`: all in hand were written to. Each is looked at again first; what was not counted is named."""
    held = ordered(mine(desk), desk)
    if call.args == "release":
        for one in held:
            desk.books.chases.put(chase.release(one, desk.me.id, desk.now))
        return [_closed(line("chase.given_back", count=len(held)), (), desk)]
    if call.args not in DONE:
        raise Refusal("chase.gone")
    counted, problems = 0, []
    for one in held:
        why = _contact(one, DONE[call.args], desk)
        counted += why is None
        problems += [why] if why else []
    step = line(f"chase.step_{call.args}")
    return [_closed(line("chase.batch_done", count=counted, step=step), problems, desk)]


def _contact(one: Chase, kind: StepKind, desk: Desk) -> Line | None:
    """Why it does not count; None where it does."""
    now = chase_book.looked_at(one.id, desk)
    if now.state == "paid":
        return line("chase.told_paid", order_id=now.order_id)
    if not now.alive:
        return line("chase.told_lost", order_id=now.order_id, why=line(f"chase.closed_{now.closed_why}"))
    try:
        chase_book.contact(now, kind, desk, text=script_of(now, desk) or "")
    except Refusal as refused:
        return refusals.said(refused, desk.room, desk.books, desk.now)
    return None


def _closed(said: Line, problems: Iterable[Line], desk: Desk) -> Card:
    again = ((button("chase.batch_message", "batched message"), button("chase.batch_next", "batch")),)
    return tell(desk.me.id, lines(said, problems), buttons=again, key=_key(desk), edit=True, rank="work")


def _key(desk: Desk) -> str:
    return f"chase-batch:{desk.me.id}"


DUTY = DutySpec(
    "chase_batch",
    commands=(
        Command("batch", batch, words=("批量催付",), roles=SERVICE, args=False, private=True),
        Command("batched", batched, roles=SERVICE, listed=False, private=True),
    ),
)
