"""The chase 催付 at the desk: register, claim, contact, record what came of it, copy the remark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

from bot.call import Call
from bot.card import Card, Row, button, copy, group, line, lines, tell, toast
from bot.chase_cards import chase_card, remark_card, rested_card, work_card
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.rostering import has_room
from bot.surging import look as surge_in
from playbooks import announce, chase
from playbooks.announce import Listing
from playbooks.chase import Chase
from playbooks.model import Refusal
from playbooks.room import MANAGERS, SERVICE
from storage.rows import Dialogue, Due

ANSWER_WITHIN = timedelta(minutes=3)
LONGEST_LIFE = 7 * 24 * 60
PROMISES = (5, 10, 15)
REASON_ROWS = 2
# A button's data holds 64 bytes, up to 32 of them the order number: a reason rides as the end of its name.
REASONS: dict[str, chase.Reason] = {r.rpartition("_")[2][:8]: r for r in get_args(chase.Reason)}


def chase_(call: Call, desk: Desk) -> list[Card]:
    """`/chase` hands over the most urgent order; `催 6917… 3号` registers one seen on the platform's desk."""
    return _register(call.args, desk) if call.args else _next(desk)


def _next(desk: Desk) -> list[Card]:
    alive = desk.chases()
    mine = [c for c in alive if c.owner == desk.me.id and c.held(desk.now)]
    if mine:  # finish what is begun before taking more
        return [work_card(min(mine, key=lambda c: chase.urgency(c, desk.now)), desk)]
    waiting = chase.due(alive, desk.now, 1)
    if not waiting:
        return [tell(desk.me.id, line("chase.none"))]
    return _claim(waiting[0], desk)


def _register(text: str, desk: Desk) -> list[Card]:
    seen = chase.read_line(text)
    listing = _listing(seen, desk)
    known = desk.books.chases.get(chase.chase_id(desk.room.id, seen.order_id))
    state = desk.books.orders.get(f"{desk.room.id}-o{seen.order_id}")
    new = chase.register(
        known, room=desk.room.id, order_id=seen.order_id, platform=desk.room.platform, now=desk.now,
        life=desk.unpaid_life(), link_no=seen.link_no, title=listing.name if listing else "",
        amount=seen.amount or (listing.offer.live_price if listing else None), note=seen.note,
        broadcast=desk.broadcast_id(), state=state,
    )  # fmt: skip
    if known is None:
        desk.note("chase_new", new.id, source="hand", order_id=new.order_id)
    desk.books.chases.put(new)
    _watch(new, desk)
    if not has_room(desk, besides=new.id):  # what is registered is kept, for somebody with a hand free
        said = line("capacity.queued", order_id=new.order_id, most=desk.me.capacity)
        return [tell(desk.me.id, said), *surge_in(desk)]
    return [*_claim(new, desk), *surge_in(desk)]


def _listing(seen: chase.Registered, desk: Desk) -> Listing | None:
    """The product named, if the run sheet has it: a chase is worth having without one."""
    word = str(seen.link_no) if seen.link_no else seen.product
    try:
        return announce.find(desk.listings(), word) if word else None
    except Refusal:
        return None


def _watch(one: Chase, desk: Desk) -> None:
    """Make sure somebody looks when this order dies."""
    row = desk.books.due.get(f"{desk.room.id}-d:chase_sweep:{desk.room.id}")
    if one.expires_at and (row is None or one.expires_at < row.due_at):
        desk.sweep_at(one.expires_at)


def _claim(one: Chase, desk: Desk) -> list[Card]:
    if not has_room(desk, besides=one.id):
        raise Refusal("capacity.full", most=desk.me.capacity)
    claimed = desk.books.chases.put(chase.claim(one, desk.me.id, desk.now))
    if one.owner != desk.me.id or not one.held(desk.now):
        desk.note("chase_claim", one.id, order_id=one.order_id)
    return [work_card(claimed, desk)]


def _need(id: str, desk: Desk) -> Chase:
    one = desk.books.chases.get(id)
    if one is None:
        raise Refusal("chase.gone")
    return one


def claim(call: Call, desk: Desk) -> list[Card]:
    """A press on 接单: this order is mine for ten minutes."""
    return _claim(_need(call.args, desk), desk)


def release(call: Call, desk: Desk) -> list[Card]:
    """Back to the queue at once."""
    one = desk.books.chases.put(chase.release(_need(call.args, desk), desk.me.id, desk.now))
    return [toast("chase.released"), rested_card(one, desk, line("chase.released"))]


def step(call: Call, desk: Desk) -> list[Card]:
    """A step taken: phone, remind button, message or remark (C01)."""
    id, _, kind = call.args.partition(" ")
    before = _need(id, desk)
    known = next((k for k in ("phone", "button", "message", "remark") if k == kind), None)
    if known is None:
        raise Refusal("chase.gone")
    after = chase.record(before, desk.me.id, known, desk.now, desk.zone)
    desk.books.chases.put(after)
    if after != before:
        desk.note("chase_contact", id, step=kind, order_id=after.order_id)
    if known == "remark":
        return [toast("chase.remarked"), rested_card(after, desk, line("chase.remarked"))]
    return [toast("chase.stepped", step=line(f"chase.step_{kind}")), work_card(after, desk, edit=True)]


def said_(call: Call, desk: Desk) -> list[Card]:
    """What came of it: `said <id> will_pay 10`, `said <id> refused price`, `said <id> no_answer`.

    Malicious is for managers and leads to say: it takes the order out of everybody's figures.
    """
    id, _, rest = call.args.partition(" ")
    answer, _, more = rest.partition(" ")
    one = _need(id, desk)
    if answer == "malicious" and not desk.me.may(MANAGERS):
        raise Refusal("chase.malicious_whose", order_id=one.order_id)
    if answer == "will_pay" and not more:
        return [_ask_when(one, desk)]
    if answer == "refused" and not more:
        return [_ask_why(one, desk)]
    promised = _promised(more, desk) if answer == "will_pay" else None
    reason = REASONS.get(more, more) if answer == "refused" else ""
    after = chase.outcome(
        one, desk.me.id, outcome=answer, now=desk.now, zone=desk.zone, reason=reason, promised_at=promised
    )
    desk.books.chases.put(after)
    desk.note("chase_outcome", id, outcome=answer, reason=after.reason or "", order_id=after.order_id)
    if after.returns_at:
        desk.later("chase_returns", after.returns_at, after.id)
    return [remark_card(after, desk)]


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


def sweep(row: Due, desk: Desk) -> list[Card]:
    """Orders whose time is over are lost; who was at one is told once."""
    cards = []
    alive = desk.chases()
    for one in alive:
        gone = chase.expire(one, desk.now)
        if gone != one:
            desk.books.chases.put(gone)
            desk.note("chase_lost", one.id, broadcast=one.broadcast, why="expired", order_id=one.order_id)
            if one.held(desk.now):
                said = line("chase.told_lost", order_id=one.order_id, why=line("chase.closed_expired"))
                key = f"chase:{one.id}:{one.owner}"
                cards.append(tell(one.owner, said, key=key, rank="work", about=f"chase {one.id}"))
    rest = min((c.expires_at for c in alive if c.expires_at and c.expires_at > desk.now), default=None)
    if rest:
        desk.sweep_at(rest)
    return cards


def returns(row: Due, desk: Desk) -> list[Card]:
    """The promised time is here: looked at again right before, then back to who promised to look."""
    one = desk.books.chases.get(row.about)
    if one is None or one.state != "waiting" or not chase.workable(one, desk.now):
        return []
    key = "chase.promise_due" if one.answer == "will_pay" else "chase.returned"
    said = line(key, order_id=one.order_id, at=desk.clock(one.returns_at))
    buttons = ((copy("chase.copy_order", one.order_id), button("chase.claim", f"claim {one.id}")),)
    key = f"chase:{one.id}:{one.owner}"
    return [tell(one.owner, said, buttons=buttons, key=key, rank="work", about=f"chase {one.id}")]


def fresh(card: Card, desk: Desk) -> Card | None:
    """A card about a chase right before it leaves: paid or closed meanwhile, it says that and offers nothing."""
    one = desk.books.chases.get(card.about.partition(" ")[2])
    if one is None:
        return None
    if one.state == "paid":
        return card.changed(lines=(line("chase.told_paid", order_id=one.order_id),), buttons=())
    dead = one.expires_at is not None and one.expires_at <= desk.now
    if one.alive and not dead:
        return card
    why = line(f"chase.closed_{'expired' if one.alive else one.closed_why}")
    return card.changed(lines=(line("chase.told_lost", order_id=one.order_id, why=why),), buttons=())


def life_(call: Call, desk: Desk) -> list[Card]:
    """`/life 30`: unpaid orders live 30 minutes in this room."""
    minutes = announce.whole(call.args)
    if not minutes or minutes > LONGEST_LIFE:
        raise Refusal("chase.life_usage")
    desk.books.room.put(desk.room.changed(unpaid_seconds=minutes * 60))
    return [group(line("chase.life_set", minutes=minutes), topic="chase", silent=True)]


DUTY = DutySpec(
    "chase",
    commands=(
        Command("chase", chase_, words=("催付", "催"), roles=SERVICE, private=True),
        Command("life", life_, words=("付款时限",), roles=frozenset(["manager"])),
        Command("claim", claim, roles=SERVICE, listed=False, private=True),
        Command("release", release, roles=SERVICE, listed=False, private=True),
        Command("step", step, roles=SERVICE, listed=False, private=True),
        Command("said", said_, roles=SERVICE, listed=False, private=True),
    ),
    due={"chase_sweep": sweep, "chase_returns": returns},
    fresh={"chase": fresh},
)
