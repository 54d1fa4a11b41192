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
from playbooks.platforms import find_platform
from playbooks.room import MANAGERS
from storage.exports import FORMATS
from storage.rows import Line

LONGEST_LIFE = 7 * 24 * 60
FLASH = ("秒杀", "flash")
SWITCH = {"开": True, "on": True, "关": False, "off": False}


def life_(call: Call, desk: Desk) -> list[Card]:
    """`/life 30`: unpaid orders live 30 minutes here; `/life 3号 120` those of product 3, `/life 淘宝 60` those that
    are from another platform, `/life 秒杀 5` those placed while a flash sale runs.

    Orders that are waiting get their end from it at once.
    """
    what, _, last = call.args.strip().rpartition(" ")
    minutes = announce.whole(last)
    if not minutes or minutes > LONGEST_LIFE:
        raise Refusal("chase.life_usage")
    what = what.strip()
    platform = _platform(what) if what else desk.room.platform
    said = _set_platform(platform, minutes, desk) if platform else _set(what, minutes, desk)
    _live_anew(desk)
    told = answered(desk, platform, minutes) if platform else []
    return [group(said, topic="chase", silent=True), *told]


def _platform(word: str) -> str:
    """The id of the platform a person means: one a room can be on, or one whose exports are read; '' for none."""
    known = find_platform(word)
    if known:
        return known.id
    named = {form.platform: {form.platform, form.name.lower()} for form in FORMATS}
    return next((id for id, names in named.items() if word.lower() in names), "")


def _set_platform(platform: str, minutes: int, desk: Desk) -> Line:
    known = chase_book.setup(desk)
    platform = chase.sold_on(platform, desk.room.platform)
    if platform == desk.room.platform:
        desk.room = desk.books.room.put(desk.room.changed(unpaid_seconds=minutes * 60))
    else:
        lives = {**known.platform_lives, platform: minutes * 60}
        desk.books.chase_setup.put(known.changed(platform_lives=lives))
    return line("chase.life_set", platform=line(f"platform.{platform}"), minutes=minutes)


def _set(what: str, minutes: int, desk: Desk) -> Line:
    known = chase_book.setup(desk)
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
        placed = one.created_at or one.seen_at
        life: timedelta | None = lives.of(chase_book.listing_of(one, desk), placed, one.platform)
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
