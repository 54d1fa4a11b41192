"""Binding a group to a room: above the rooms the group gets its short key, in the room its record is made."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.call import Call
from bot.card import Card, line
from bot.desk import Desk
from playbooks.addresses.regions import default_rules
from playbooks.model import Refusal
from playbooks.platforms import find_platform, platforms
from playbooks.room import Room
from storage.books import DeskBooks
from storage.rows import Binding

LANGUAGE_WORDS = {"zh-cn": "zh-CN", "zh": "zh-CN", "中文": "zh-CN", "en": "en", "english": "en"}


def new_room_key(desk: DeskBooks) -> str:
    """The next short key: a1 … a9, b1 … ; keys are never given twice."""
    taken = {b.room for b in desk.bindings.scan()}
    return next(
        key for row in "abcdefghijklmnopqrstuvwxyz" for n in range(1, 10) if (key := f"{row}{n}") not in taken
    )


def bind(desk: DeskBooks, chat_id: int) -> str:
    """The room of this group; a new one where it has none. Running it again gives the same room."""
    known = desk.bindings.get(str(chat_id))
    if known is None:
        known = desk.bindings.put(Binding(id=str(chat_id), room=new_room_key(desk), made=False))
    return known.room


def made(desk: DeskBooks, chat_id: int) -> None:
    """The group's room has its record: from now on it is missed where it is gone."""
    known = desk.bindings.get(str(chat_id))
    if known and not known.made:
        desk.bindings.put(known.changed(made=True))


def read_setup(call: Call, now: datetime) -> Room:
    """`/setup 小满优选 抖音 [Asia/Shanghai] [en]` as a room without a key. Raises Refusal `setup.*`."""
    if call.private:
        raise Refusal("setup.in_group")
    words = call.words()
    if not words:
        raise Refusal("setup.usage", platforms=tuple(p.zh for p in platforms()))
    lang = next((LANGUAGE_WORDS[w.lower()] for w in words if w.lower() in LANGUAGE_WORDS), "zh-CN")
    zone = next((w for w in words if _is_zone(w)), "Asia/Shanghai")
    platform = next((p for w in words if (p := find_platform(w))), None)
    if platform is None:
        raise Refusal("setup.platform", platforms=tuple(p.zh for p in platforms()))
    named = [w for w in words if w.lower() not in LANGUAGE_WORDS and w != zone and find_platform(w) is None]
    shop = " ".join(named) or call.title
    return Room(
        id="", shop=shop[:40], platform=platform.id, zone=zone, lang=lang,
        chat_id=call.chat_id, forum=call.forum, made_at=now, made_by=call.who.id,
    )  # fmt: skip


def _is_zone(word: str) -> bool:
    """Whether a word is a time zone such as Asia/Shanghai; a shop may have a slash in its name."""
    try:
        return "/" in word and bool(ZoneInfo(word).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def settle_in(call: Call, desk: Desk) -> list[Card]:
    """The room's own part of `/setup`: its record and its first manager. Again: what changed."""
    if desk.books.room.get(desk.room.id) is None:
        for rule in default_rules(desk.now):  # a new room begins with the defaults of the facts
            desk.books.region_rules.put(rule.changed(id=f"{desk.room.id}-r{rule.id}"))
    desk.books.room.put(desk.room)
    me = desk.me if "manager" in desk.me.roles else desk.me.changed(roles=("manager", *desk.me.roles))
    desk.books.members.put(me)
    desk.note("setup", desk.room.id, shop=desk.room.shop, platform=desk.room.platform)
    platform = line(f"platform.{desk.room.platform}")
    done = line("setup.done", shop=desk.room.shop, platform=platform, zone=desk.room.zone)
    return [Card(lines=(done, line("setup.next_steps")), topic="announce")]
