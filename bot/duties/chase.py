"""The chase 催付 at the desk: register, claim, contact, record what came of it, copy the remark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

from bot import chase_book, refusals, vips
from bot.call import Call
from bot.card import Card, Row, button, line, lines, tell, toast
from bot.chase_asking import ask_life
from bot.chase_cards import (
    chase_card,
    doubted_card,
    ended_card,
    remark_card,
    rested_card,
    script_of,
    work_card,
)
from bot.chase_entry import enter
from bot.chase_offers import offers_card
from bot.chase_passing import pass_on
from bot.chase_told import over, stop
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.rostering import has_room
from bot.surging import look as surge_in
from playbooks import announce, chase
from playbooks.chase import Chase
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE
from storage.rows import Dialogue

ANSWER_WITHIN = timedelta(minutes=3)
PROMISES = (5, 10, 15)
REASON_ROWS = 2
NO_OFFER = "!"
"""After a reason: no offer is meant to be made, the order is given up."""
# A button's data holds 64 bytes, up to 32 of them the order number: a reason rides as the end of its name.
REASONS: dict[str, chase.Reason] = {r.rpartition("_")[2][:8]: r for r in get_args(chase.Reason)}


# -- taking up --------------------------------------------------------------------------------------


def chase_(call: Call, desk: Desk) -> list[Card]:
    """`/chase` hands over the most urgent order; `催 6917… 3号` registers one seen on the platform's desk."""
    return _register(call.args, desk) if call.args else _next(desk)


def _next(desk: Desk) -> list[Card]:
    mine = [c for c in desk.books.chases.by("open_owner", desk.me.id) if c.held(desk.now)]
    for one in sorted(mine, key=lambda c: chase.urgency(c, desk.now)):  # finish what is begun first
        begun = chase_book.looked_at(one.id, desk)
        if begun.alive and not begun.doubted:
            return [work_card(begun, desk)]
    waiting = chase_book.queue(desk, 1)
    if not waiting:
        return [tell(desk.me.id, line("chase.none"))]
    return _claim(waiting[0].id, desk)


def _register(text: str, desk: Desk) -> list[Card]:
    """What is registered is kept, also where its finder has no hand free or the buyer is to be left alone."""
    entered, problems, dropped = enter(text, desk)
    after = [
        *(tell(desk.me.id, one) for one in dropped),
        *ask_life(desk, [one.platform for one in entered]),
        *surge_in(desk),
    ]
    if len(entered) + len(problems) > 1:
        said = lines(line("chase.registered", count=len(entered)), problems)
        take = ((button("chase.take_next", "chase"),),) if entered else ()
        return [tell(desk.me.id, said, buttons=take), *after]
    new = entered[0]
    if not new.alive:
        return [tell(desk.me.id, over(new)), *after]
    if vips.is_anothers(new, desk):
        said = lines(line("vip.queued", order_id=new.order_id, name=desk.name(vips.kept_for(new, desk))))
        return [tell(desk.me.id, said), *after]
    if not has_room(desk, besides=new.id):
        said = lines(line("capacity.queued", order_id=new.order_id, most=desk.me.capacity))
        return [tell(desk.me.id, said), *after]
    try:
        return [*_claim(new.id, desk), *after]
    except Refusal as refused:
        why = refusals.said(refused, desk.room, desk.books, desk.now)
        return [tell(desk.me.id, line("chase.registered", count=1), why), *after]


def _claim(id: str, desk: Desk) -> list[Card]:
    one = chase_book.looked_at(id, desk)
    if not one.alive:
        return [ended_card(one, desk)]
    if one.doubted:
        return [doubted_card(one, desk)]
    chase.one_agent(one, chase_book.of_buyer(one, desk), desk.me.id, desk.now)
    chase_book.need_open(one, desk)
    if not has_room(desk, besides=one.id):
        raise Refusal("capacity.full", most=desk.me.capacity)
    vips.need_mine(one, desk)
    claimed = desk.books.chases.put(chase.claim(one, desk.me.id, desk.now, many=chase_book.many(desk)))
    if one.owner != desk.me.id or not one.held(desk.now):
        desk.note("chase_claim", one.id, order_id=one.order_id)
    return [work_card(claimed, desk)]


def claim(call: Call, desk: Desk) -> list[Card]:
    """A press on 接单: this order is mine for ten minutes."""
    return _claim(call.args, desk)


def release(call: Call, desk: Desk) -> list[Card]:
    """Back to the queue at once."""
    one = chase.release(chase_book.need_chase(call.args, desk), desk.me.id, desk.now)
    desk.books.chases.put(one)
    return [toast("chase.released"), rested_card(one, desk, line("chase.released"))]


# -- contacting -------------------------------------------------------------------------------------


def step(call: Call, desk: Desk) -> list[Card]:
    """A step taken: phone, remind button, message, SMS or remark (C01); the order is looked at again right before."""
    id, _, kind = call.args.partition(" ")
    known = next((k for k in get_args(chase.StepKind) if k == kind), None)
    if known is None:
        raise Refusal("chase.gone")
    if known == "remark":
        return _remarked(chase_book.need_chase(id, desk), desk)
    before = chase_book.looked_at(id, desk)
    if not before.alive:
        return [ended_card(before, desk)]
    after = _contact(before, known, desk)
    return [toast("chase.stepped", step=line(f"chase.step_{kind}")), work_card(after, desk, edit=True)]


def _remarked(one: Chase, desk: Desk) -> list[Card]:
    after = chase.record(one, desk.me.id, "remark", desk.now, desk.zone)
    desk.books.chases.put(after)
    if after != one:
        desk.note("chase_contact", one.id, step="remark", order_id=after.order_id)
    return [toast("chase.remarked"), rested_card(after, desk, line("chase.remarked"))]


def _contact(before: Chase, kind: chase.StepKind, desk: Desk) -> Chase:
    return chase_book.contact(before, kind, desk, text=script_of(before, desk) or "")


# -- what came of it --------------------------------------------------------------------------------


def said_(call: Call, desk: Desk) -> list[Card]:
    """What came of it: `said <id> will_pay 10`, `said <id> refused price`, `said <id> no_answer`.

    Malicious is for managers and leads to say: it takes the order out of everybody's figures.
    """
    id, _, rest = call.args.partition(" ")
    answer, _, more = rest.partition(" ")
    one = chase_book.looked_at(id, desk)
    if answer == "malicious" and not desk.me.may(IN_CHARGE):
        raise Refusal("chase.malicious_whose", order_id=one.order_id)
    if answer in chase.FINAL:
        return _left_alone(one, answer, desk)
    if not one.alive:
        return [ended_card(one, desk)]
    if answer == "will_pay" and not more:
        if missing := chase.owed(one, desk.now):  # before the agent types a time that could not be kept
            raise Refusal("chase.steps_missing", order_id=one.order_id, steps=missing)
        return [_ask_when(one, desk)]
    if answer == "refused" and not more:
        return [_ask_why(one, desk)]
    reason, _, sure = more.partition(" ") if answer == "refused" else ("", "", "")
    reason = REASONS.get(reason, reason)
    if reason == "price" and sure != NO_OFFER and (offers := offers_card(one, desk)):
        return [offers]
    promised = _promised(more, desk) if answer == "will_pay" else None
    return _answered(one, answer, reason, promised, desk)


def _answered(one: Chase, answer: str, reason: str, promised: datetime | None, desk: Desk) -> list[Card]:
    after = chase_book.answer(one, answer, desk, reason=reason, promised_at=promised)[0]
    passed = pass_on(after, desk) if after.alive and after.avoid != one.avoid else []
    return [remark_card(after, desk), *passed]


def _left_alone(one: Chase, answer: str, desk: Desk) -> list[Card]:
    """Kept also of an order that is over; who is at one of the buyer's this minute is told to stop."""
    at_it = {c.id: c.owner for c in chase_book.of_buyer(one, desk) if c.held(desk.now)}
    ended = chase_book.answer(one, answer, desk)
    if one.alive:
        cards = [remark_card(ended[0], desk)]
    else:
        said = line("chase.left_alone", order_id=one.order_id, outcome=line(f"chase.outcome_{answer}"))
        cards = [rested_card(one, desk, said)]
    stopped = ((at_it.get(each.id, desk.me.id), each) for each in ended)
    return [*cards, *(stop(who, each) for who, each in stopped if who != desk.me.id)]


def _promised(text: str, desk: Desk) -> datetime:
    """`10` is in ten minutes, `20:45` is the next such time on the room's clock."""
    minutes = announce.whole(text)
    if minutes and minutes <= 24 * 60:
        return desk.now + timedelta(minutes=minutes)
    try:
        clock = datetime.strptime(text.strip().replace("：", ":"), "%H:%M").time()  # noqa: DTZ007 - a wall clock, made aware below
    except ValueError:
        raise Refusal("chase.promise_unreadable", text=text[:20]) from None
    here = desk.now.astimezone(desk.zone)
    then = here.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return then if then > here else then + timedelta(days=1)


def _ask_when(one: Chase, desk: Desk) -> Card:
    choices = tuple(button("chase.in_minutes", f"said {one.id} will_pay {n}", minutes=n) for n in PROMISES)
    assert desk.call is not None
    id = f"{desk.me.id}:{desk.call.chat_id}"
    desk.books.dialogues.put(
        Dialogue(id=id, command=f"said {one.id} will_pay", until=desk.now + ANSWER_WITHIN)
    )
    return chase_card(
        one, desk, lines(line("chase.ask_when", order_id=one.order_id)), (choices, _back(one)), edit=True
    )


def _ask_why(one: Chase, desk: Desk) -> Card:
    buttons = [button(f"chase.reason_{r}", f"said {one.id} refused {short}") for short, r in REASONS.items()]
    rows = tuple(tuple(buttons[at : at + REASON_ROWS]) for at in range(0, len(buttons), REASON_ROWS))
    return chase_card(
        one, desk, lines(line("chase.ask_why", order_id=one.order_id)), (*rows, _back(one)), edit=True
    )


def _back(one: Chase) -> Row:
    return (button("common.back", f"claim {one.id}"),)


DUTY = DutySpec(
    "chase",
    commands=(
        Command("chase", chase_, words=("催付", "催"), roles=SERVICE, private=True),
        Command("claim", claim, roles=SERVICE, listed=False, private=True),
        Command("release", release, roles=SERVICE, listed=False, private=True),
        Command("step", step, roles=SERVICE, listed=False, private=True),
        Command("said", said_, roles=SERVICE, listed=False, private=True),
    ),
)
