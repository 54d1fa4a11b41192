"""What a manager sets for the chase: `/life` how long unpaid orders live, `/sms` whether the room can send an SMS."""

from __future__ import annotations

from datetime import timedelta

from bot import chase_book
from bot.call import Call
from bot.card import Card, group, line
from bot.chase_asking import answered
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.offer import name_of
from playbooks import announce, chase, products
from playbooks.model import Refusal
from playbooks.room import MANAGERS
from storage.rows import Line

LONGEST_LIFE = 7 * 24 * 60
FLASH = ("秒杀", "flash")
SWITCH = {"开": True, "on": True, "关": False, "off": False}


def life_(call: Call, desk: Desk) -> list[Card]:
    """`/life 30`: unpaid orders live 30 minutes here; `/life 3号 120` those of product 3.

    `/life 秒杀 5`: those placed while a flash sale runs. Orders that are waiting get their end from it at once.
    """
    what, _, last = call.args.strip().rpartition(" ")
    minutes = announce.whole(last)
    if not minutes or minutes > LONGEST_LIFE:
        raise Refusal("chase.life_usage")
    said = _set(what.strip(), minutes, desk)
    _live_anew(desk)
    told = answered(desk, minutes) if not what else []
    return [group(said, topic="chase", silent=True), *told]


def _set(what: str, minutes: int, desk: Desk) -> Line:
    known = chase_book.setup(desk)
    if not what:
        desk.room = desk.books.room.put(desk.room.changed(unpaid_seconds=minutes * 60))
        return line("chase.life_set", minutes=minutes)
    if what in FLASH:
        desk.books.chase_setup.put(known.changed(flash_seconds=minutes * 60))
        return line("chase.life_flash_set", minutes=minutes)
    listing = products.find(desk.listings(), what.removesuffix("号"))
    lives = {**known.lives, chase_book.product_key(listing): minutes * 60}
    desk.books.chase_setup.put(known.changed(lives=lives))
    return line("chase.life_product_set", product=name_of(listing), minutes=minutes)


def _live_anew(desk: Desk) -> None:
    lives = chase_book.Lives(desk)
    for one in desk.chases():
        life: timedelta | None = lives.of(chase_book.listing_of(one, desk), one.created_at or one.seen_at)
        now = desk.books.chases.put(chase.living(one, life))
        chase_book.watch(now, desk)


def sms(call: Call, desk: Desk) -> list[Card]:
    """`/sms 开`: agents can send buyers an SMS here, so it is one of the steps; `/sms 关`: not."""
    on = SWITCH.get(call.args.strip().lower())
    if on is None:
        raise Refusal("chase.sms_usage")
    desk.books.chase_setup.put(chase_book.setup(desk).changed(sms=on))
    return [group(line("chase.sms_on" if on else "chase.sms_off"), topic="chase", silent=True)]


DUTY = DutySpec(
    "chase_setup",
    commands=(
        Command("life", life_, words=("付款时限",), roles=MANAGERS),
        Command("sms", sms, words=("短信催付",), roles=MANAGERS),
    ),
)
