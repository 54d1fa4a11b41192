"""Rooms 直播间 and the people of a room: who may do what, who is on duty."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from playbooks.model import Document, Model, Moment
from playbooks.rulebook import load

Role = Literal["manager", "lead", "ops", "agent", "warehouse"]
"""主管 manager · 组长 lead · 运营/中控 ops · 客服 agent · 仓库 warehouse."""
ROLES: tuple[Role, ...] = ("manager", "lead", "ops", "agent", "warehouse")

Presence = Literal["in", "break", "out"]
Topic = Literal["announce", "chase", "anomaly", "aftercare"]
"""The topics of a forum group: 播报 / 催付 / 异常 / 售后."""
TOPICS: tuple[Topic, ...] = ("announce", "chase", "anomaly", "aftercare")


class Platform(Model):
    """What a platform 平台 is called."""

    id: str
    zh: str
    en: str
    words: tuple[str, ...] = ()


class Platforms(Model):
    """`data/platforms.toml`."""

    source: str
    platform: tuple[Platform, ...]


class Room(Document):
    """One live room of a shop on one platform, bound to one Telegram group. `id` is its short key, e.g. `a1`."""

    shop: str
    platform: str
    zone: str = "Asia/Shanghai"
    lang: str = "zh-CN"
    chat_id: int
    forum: bool = False
    unpaid_seconds: int | None = None
    """How long an unpaid order lives here, where a manager has set it; else the platform's default."""
    topics: dict[str, int] = Field(default_factory=dict)
    made_at: Moment
    made_by: str


class Member(Document):
    """A person in a room; `id` is the Telegram user id as text."""

    name: str
    roles: tuple[Role, ...] = ()
    presence: Presence = "out"
    since: Moment | None = None

    def may(self, roles: frozenset[Role]) -> bool:
        """Whether one of the person's roles is among `roles` (an empty set: everybody of the room)."""
        return not roles or bool(roles & set(self.roles))


CONTROL: frozenset[Role] = frozenset(["ops", "manager", "lead"])
"""Who runs the broadcast: puts on air, changes prices."""
SERVICE: frozenset[Role] = frozenset(["agent", "lead", "manager"])
"""Who works on buyers' orders."""
MANAGERS: frozenset[Role] = frozenset(["manager"])
STAFF: frozenset[Role] = frozenset(ROLES)

# What each word a person may type for a role means; the first is how it is written back.
ROLE_WORDS: dict[str, Role] = {
    "主管": "manager", "manager": "manager",
    "组长": "lead", "lead": "lead",
    "运营": "ops", "中控": "ops", "ops": "ops",
    "客服": "agent", "agent": "agent",
    "仓库": "warehouse", "warehouse": "warehouse",
}  # fmt: skip


def platforms() -> tuple[Platform, ...]:
    """Every platform the bot knows, in the order of the data file."""
    known: Platforms = load("platforms", Platforms)
    return known.platform


def platform(id: str) -> Platform:
    """The platform with this id; KeyError when there is none."""
    for known in platforms():
        if known.id == id:
            return known
    raise KeyError(id)


def find_platform(word: str) -> Platform | None:
    """The platform a person means by its id, Chinese or English name, or another word for it."""
    word = word.strip().lower()
    for known in platforms():
        if word in {known.id, known.zh.lower(), known.en.lower(), *known.words}:
            return known
    return None


def on_duty(members: list[Member], *roles: Role) -> list[Member]:
    """Those signed in, with one of `roles` if any are named, longest on duty first."""
    there = [m for m in members if m.presence == "in" and m.may(frozenset(roles))]
    return sorted(there, key=lambda m: (m.since is None, m.since, m.id))
