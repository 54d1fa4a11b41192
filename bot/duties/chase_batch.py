"""Many unpaid orders at once 批量催付: one table to work from, one press for all of it (REQUIREMENTS B09, B10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

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
    for one in chase_book.queue(desk, max(0, most - len(chase.pieces(held)))):
        desk.note("chase_claim", one.id, order_id=one.order_id)
        held.append(desk.books.chases.put(chase.claim(one, desk.me.id, desk.now, many=True)))
    if not held:
        return [tell(desk.me.id, line("chase.none"))]
    made = desk.now.replace(microsecond=0)
    for one in held:
        desk.books.chases.put(one.changed(tabled_at=made))
    said = lines(
        line("chase.batch_head", count=len(held)), (_order_line(one, desk) for one in ordered(held, desk))
    )
    this = f"{int(made.timestamp())} {len(held)}"
    rows = (
        (
            button("chase.batch_button", f"batched button {this}"),
            button("chase.batch_message", f"batched message {this}"),
        ),
        (button("chase.batch_release", f"batched release {this}"),),
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
    """`batched message`: all in hand were written to. Each is looked at again first; what was not counted is named.

    `batched message 1762863600 30`: those of the table of 30 made then, also where the lease lapsed and nobody took
    them since: the buyers were written to all the same.
    """
    kind, _, this = call.args.partition(" ")
    since, size = _table(this)
    held = ordered(_untaken(since, desk) if since else mine(desk), desk)
    if kind == "release":
        for one in held:
            desk.books.chases.put(chase.release(one, desk.me.id, desk.now))
        return [_closed(line("chase.given_back", count=len(held)), (), this, desk)]
    if kind not in DONE:
        raise Refusal("chase.gone")
    problems = [why for one in held if (why := _contact(one, DONE[kind], desk))]
    counted = len(held) - len(problems)
    if size > len(held):
        problems.append(line("chase.batch_lapsed", count=size - len(held)))
    done = line("chase.batch_done", count=counted, step=line(f"chase.step_{kind}"))
    return [_closed(done, problems, this, desk)]


def _table(this: str) -> tuple[datetime | None, int]:
    """When the table was made and how many orders it has, as its buttons say."""
    made, _, size = this.partition(" ")
    if not (made.isdecimal() and size.isdecimal()) or len(made) > 10:
        return None, 0
    return datetime.fromtimestamp(int(made), UTC), int(size)


def _untaken(since: datetime, desk: Desk) -> list[Chase]:
    """What of the table made then nobody else took, whether the lease runs or lapsed; nothing taken up beside it, and
    nothing that was answered since."""
    theirs = desk.books.chases.by("open_owner", desk.me.id)
    return [one for one in theirs if one.tabled_at == since and one.lease_until]


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


def _closed(said: Line, problems: Iterable[Line], this: str, desk: Desk) -> Card:
    """`this`: which table it was, for the next step with the same buyers."""
    written = button("chase.batch_message", f"batched message {this}".strip())
    again = ((written, button("chase.batch_next", "batch")),)
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
