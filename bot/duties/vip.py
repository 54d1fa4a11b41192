"""VIP 专属客服: `/vip 6917… 小美` gives the order's buyer an agent of their own (REQUIREMENTS I04)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.vips import key_of, vip_of
from playbooks import chase, roster, vips
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE, named
from playbooks.vips import Vip
from storage.rows import Line

SHOWN = 30


def vip(call: Call, desk: Desk) -> list[Card]:
    """`/vip 6917… 小美` marks the buyer, `/vip 6917… 取消` takes the mark away, `/vip 6917…` tells it; alone all."""
    number, _, rest = call.args.strip().partition(" ")
    if not number:
        return [_list(desk)]
    if not chase.is_order_id(number):
        raise Refusal("vip.usage")
    key = key_of(number, desk)
    if not key:
        raise Refusal("vip.unknown", order_id=number)
    before = vip_of(key, desk)
    if not rest.strip():
        if before is None:
            raise Refusal("vip.none_of", order_id=number)
        return [tell(desk.me.id, _line(before, desk))]
    if roster.day_off(rest) == ("", True):
        return _off(before, number, desk)
    return _mark(before, key, number, rest, desk)


def _mark(before: Vip | None, key: str, number: str, name: str, desk: Desk) -> list[Card]:
    owner = named(name, desk.members())
    if not owner.may(SERVICE):
        raise Refusal("vip.no_service", name=owner.name)
    marked = desk.books.vips.put(
        Vip(id=vips.vip_id(desk.room.id, key), owner=owner.id, order_id=number, by=desk.me.id, at=desk.now)
    )
    desk.note("vip", marked.id, step="marked", owner=owner.id, order_id=number)
    told = {owner.id: "vip.yours"}
    if before and before.owner != owner.id:
        told[before.owner] = "vip.not_yours"
    said = [line("vip.marked", order_id=number, name=owner.name)]
    others = (
        tell(id, line(text, order_id=number, name=owner.name), silent=True, rank="work")
        for id, text in told.items()
        if id != desk.me.id
    )
    return [tell(desk.me.id, said), *others]


def _off(before: Vip | None, number: str, desk: Desk) -> list[Card]:
    if before is None:
        raise Refusal("vip.none_of", order_id=number)
    desk.books.vips.drop(before.id)
    desk.note("vip", before.id, step="off", order_id=number)
    return [tell(desk.me.id, line("vip.off", order_id=number))]


def _list(desk: Desk) -> Card:
    known = sorted(desk.books.vips.scan(), key=lambda one: (one.at, one.id), reverse=True)
    if not known:
        return tell(desk.me.id, line("vip.none"), line("vip.usage"))
    shown = known[:SHOWN]
    rows = tuple(
        (button("vip.take_off", f"vip {one.order_id} 取消", tail=one.order_id[-6:]),) for one in shown
    )
    head = line("vip.head", count=len(known))
    return tell(desk.me.id, head, [_line(one, desk) for one in shown], line("vip.usage"), buttons=rows)


def _line(one: Vip, desk: Desk) -> Line:
    return line("vip.line", order_id=one.order_id, name=desk.name(one.owner), at=desk.clock(one.at))


DUTY = DutySpec("vip", commands=(Command("vip", vip, words=("专属客服",), roles=IN_CHARGE, private=True),))
