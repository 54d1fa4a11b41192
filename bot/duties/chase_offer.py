"""The offer ladder 优惠档: `/ladder` approves it for this broadcast; agents offer from it within their authority."""

from __future__ import annotations

from collections.abc import Iterable

from bot import chase_book
from bot.call import Call
from bot.card import Card, button, copy, line, lines, money, tell, toast
from bot.chase_cards import chase_card, ended_card
from bot.chase_offers import label, ladder, rung_line
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.texts import plain, say
from playbooks import announce, chase
from playbooks.chase import Chase, Ladder, Rung
from playbooks.model import Refusal
from playbooks.room import CONTROL, IN_CHARGE, SERVICE
from storage.rows import Line


def ladder_(call: Call, desk: Desk) -> list[Card]:
    """`/ladder 减5元 客服 30份; 减10元 组长; 上限 300` approves; `/ladder` alone shows what is left of it.

    `/ladder 取消` takes all of it back.
    """
    here = desk.need_broadcast()
    if not call.args.strip():
        return [_shown(ladder(desk), desk)]
    if chase.is_cancel(call.args):
        desk.books.ladders.put(chase.cancel(ladder(desk), by=desk.me.id, at=desk.now))
        desk.note("chase_offer", here.id, step="cancelled")
        return [tell(desk.me.id, line("chase.ladder_cancelled"))]
    rungs, cap = chase.read_ladder(call.args)
    _refuse_dear(rungs, desk)
    new = chase.approve(ladder(desk), id=here.id, by=desk.me.id, at=desk.now, rungs=rungs, cap=cap)
    desk.books.ladders.put(new)
    offers = "、".join(label(rung, desk) for rung in rungs)
    desk.note("chase_offer", here.id, step="approved", offers=offers, cap=money(cap))
    return [_shown(new, desk)]


def _refuse_dear(rungs: Iterable[Rung], desk: Desk) -> None:
    """Raises Refusal `chase.ladder_dear` for what nothing on sale costs: a slip of the pen."""
    dearest = max((one.offer.live_price for one in desk.listings()), default=None)
    for rung in rungs:
        if not rung.fits(dearest):
            raise Refusal("chase.ladder_dear", offer=label(rung, desk), amount=money(dearest))


def _shown(known: Ladder | None, desk: Desk) -> Card:
    if known is None or not any(chase.standing(known)):
        return tell(desk.me.id, line("chase.ladder_none"))
    row = (button("chase.ladder_cancel", "ladder cancel"),)
    return tell(desk.me.id, _standing(known, desk), buttons=(row,))


def _standing(known: Ladder, desk: Desk) -> tuple[Line, ...]:
    return lines(
        line("chase.ladder_head", name=desk.name(known.by), at=desk.clock(known.at)),
        (rung_line(number, rung, desk) for number, rung in chase.standing(known)),
        line("chase.ladder_cap", spent=known.spent, cap=known.cap) if known.cap is not None else None,
    )


def offer(call: Call, desk: Desk) -> list[Card]:
    """A press on an offer: made at once within the agent's authority, else somebody who may is asked."""
    id, _, number = call.args.partition(" ")
    one = chase_book.looked_at(id, desk)
    if not one.alive:
        return [ended_card(one, desk)]
    chosen = announce.whole(number) or 0
    rung = chase.rung_at(ladder(desk), chosen)
    if not chase.in_authority(rung, desk.me):
        return _ask(one, chosen, rung, desk)
    _give(one, chosen, desk.me.id, desk)
    return [_made(one, rung, desk.me.id, desk)]


def _ask(one: Chase, number: int, rung: Rung, desk: Desk) -> list[Card]:
    chase.may_offer(one, desk.me.id, rung, desk.now)
    desk.note(
        "chase_offer", one.id, step="asked", number=str(number), agent=desk.me.id, order_id=one.order_id
    )
    roles = tuple(chase.SENIOR[rung.whose] & IN_CHARGE)
    said = line("chase.offer_wanted", name=desk.me.name, order_id=one.order_id, offer=label(rung, desk))
    row = (button("chase.offer_grant", f"grant {one.id} {number} {desk.me.id}"),)
    key = f"offer-wanted:{one.id}:{number}"  # pressed twice it is still one question
    asked = (
        tell(m.id, said, buttons=(row,), key=f"{key}:{m.id}", edit=True, rank="work")
        for m in desk.on_duty(*roles) or desk.with_role(*roles)
    )
    return [toast("chase.offer_asked", alert=True), *asked]


def grant(call: Call, desk: Desk) -> list[Card]:
    """A lead or manager approves one offer for the agent who asked for it. Raises Refusal `chase.grant_nobody`."""
    id, number, agent = [*call.args.split(), "", "", ""][:3]
    one = chase_book.looked_at(id, desk)
    chosen = announce.whole(number) or 0
    rung = chase.rung_at(ladder(desk), chosen)
    if not chase.in_authority(rung, desk.me):
        raise Refusal("chase.ladder_whose")
    if not one.alive:
        return [ended_card(one, desk)]
    if not _asked(one, chosen, agent, desk):
        raise Refusal("chase.grant_nobody", order_id=one.order_id, number=chosen)
    _give(one, chosen, agent, desk)
    return [toast("chase.offer_granted"), _made(one, rung, agent, desk)]


def _asked(one: Chase, number: int, agent: str, desk: Desk) -> bool:
    """Whether this agent of the room wanted that offer for the order."""
    member = desk.books.members.get(agent)
    wanted = {"step": "asked", "number": str(number), "agent": agent}.items()
    asked = (e for e in desk.books.journal.by("kind", "chase_offer") if e.about == one.id)
    return member is not None and member.may(SERVICE) and any(wanted <= e.values.items() for e in asked)


def _give(one: Chase, number: int, who: str, desk: Desk) -> None:
    known = chase.give(ladder(desk), number)
    rung = known.rungs[number - 1]
    after = chase.offer(one, who, rung, label(rung, desk), desk.now)
    desk.books.ladders.put(known)
    desk.books.chases.put(after)
    desk.note(
        "chase_offer",
        one.id,
        step="made",
        offer=after.offer,
        cost=money(rung.off),
        agent=who,
        order_id=one.order_id,
    )
    if after.returns_at:
        desk.later("chase_returns", after.returns_at, after.id)


def _made(one: Chase, rung: Rung, who: str, desk: Desk) -> Card:
    """What the agent may now tell the buyer, to copy; in the agent's own chat, whoever approved it."""
    offered = label(rung, desk)
    words = plain(say(desk.room.lang, "chase.offer_words", offer=offered))
    said = lines(
        line("chase.offer_made", order_id=one.order_id, offer=offered), line("chase.offer_say", words=words)
    )
    rows = (
        (copy("chase.copy_script", words), copy("chase.copy_order", one.order_id)),
        (button("chase.take_next", "chase"),),
    )
    if who == desk.me.id:
        return chase_card(one, desk, said, rows, edit=True)
    return tell(who, said, buttons=rows, key=f"chase:{one.id}:{who}", rank="work", about=f"chase {one.id}")


DUTY = DutySpec(
    "chase_offer",
    commands=(
        Command("ladder", ladder_, words=("优惠档",), roles=CONTROL),
        Command("offer", offer, roles=SERVICE, listed=False, private=True),
        Command("grant", grant, roles=IN_CHARGE, listed=False, private=True),
    ),
)
