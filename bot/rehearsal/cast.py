"""Who stands on the stage: five people, their group, and the bot's private chat with each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.rehearsal.samples import SHOP, ZONE
from bot.rehearsal.telegram import TelegramCore
from bot.texts import say
from playbooks.model import Model, Refusal
from playbooks.room import Role

Who = Literal["lin", "zhou", "mei", "qiang", "chen"]
Where = Literal["group", "private"]

BEGINS = datetime(2026, 11, 11, 19, 20, tzinfo=ZONE)
"""When everybody comes together: forty minutes before the stream."""


class Person(Model):
    """One of the five: `key` in scripts and texts, Telegram user id, the role given during the setup."""

    key: Who
    id: int
    role: Role


CAST: tuple[Person, ...] = (
    Person(key="lin", id=101, role="manager"),
    Person(key="zhou", id=102, role="ops"),
    Person(key="mei", id=103, role="agent"),
    Person(key="qiang", id=104, role="agent"),
    Person(key="chen", id=105, role="warehouse"),
)
OWNER = CAST[0]
IDS: dict[str, int] = {person.key: person.id for person in CAST}


def enter(core: TelegramCore, lang: str) -> int:
    """The five with their group, the bot its admin; the group's id. The owner of the shop made the group."""
    for person in CAST:
        name = say(lang, f"rehearsal.person.{person.key}")
        core.add_user(
            person.id, name, username=f"xiaoman_{person.key}", lang="en" if lang == "en" else "zh-hans"
        )
    return core.create_group(say(lang, "rehearsal.group", shop=SHOP), [person.id for person in CAST])


def person_id(key: str) -> int:
    """The Telegram user id of a person of the cast. Raises Refusal `rehearsal.nobody`."""
    if key not in IDS:
        raise Refusal("rehearsal.nobody", name=key[:20])
    return IDS[key]
