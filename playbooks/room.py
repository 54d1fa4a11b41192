"""Rooms 直播间 and the people of a room: who may do what, who is on duty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from playbooks.model import Document, Moment, Refusal

Role = Literal["manager", "lead", "ops", "agent", "warehouse"]
"""主管 manager · 组长 lead · 运营/中控 ops · 客服 agent · 仓库 warehouse."""
ROLES: tuple[Role, ...] = ("manager", "lead", "ops", "agent", "warehouse")

Presence = Literal["in", "break", "out"]
Grade = Literal["trainee", "agent", "senior"]
"""见习 trainee · 专员 agent · 资深 senior (REQUIREMENTS I02); 组长 and 主管 are roles."""
Side = Literal["", "pre_sales", "after_sales"]
"""售前 or 售后 (REQUIREMENTS I01); '' does both."""
Topic = Literal["announce", "chase", "anomaly", "aftercare"]
"""The topics of a forum group: 播报 / 催付 / 异常 / 售后."""
TOPICS: tuple[Topic, ...] = ("announce", "chase", "anomaly", "aftercare")


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
    surge_per_minute: int | None = None
    """Questions or new unpaid orders a minute that make a surge here, where a manager has set it."""
    topics: dict[str, int] = Field(default_factory=dict)
    made_at: Moment
    made_by: str


class Member(Document):
    """A person in a room; `id` is the Telegram user id as text."""

    name: str
    roles: tuple[Role, ...] = ()
    presence: Presence = "out"
    since: Moment | None = None
    capacity: int | None = None
    """How many chases the person may have in hand at once; None: as many as they take."""
    newcomer: bool = False
    """Still learning 新人: a hint goes with the first use of each kind of work (REQUIREMENTS I09)."""
    hinted: tuple[str, ...] = ()
    """The kinds of work a hint was given for."""
    grade: Grade = "agent"
    """What an agent may offer of themselves."""
    side: Side = ""
    """Which work comes to them first."""

    def may(self, roles: frozenset[Role]) -> bool:
        """Whether one of the person's roles is among `roles` (an empty set: everybody of the room)."""
        return not roles or bool(roles & set(self.roles))


CONTROL: frozenset[Role] = frozenset(["ops", "manager", "lead"])
"""Who runs the broadcast: puts on air, changes prices."""
SERVICE: frozenset[Role] = frozenset(["agent", "lead", "manager"])
"""Who works on buyers' orders."""
MANAGERS: frozenset[Role] = frozenset(["manager"])
IN_CHARGE: frozenset[Role] = frozenset(["manager", "lead"])
"""Who is in charge of the agents."""
STAFF: frozenset[Role] = frozenset(ROLES)


def authority(member: Member) -> frozenset[Role]:
    """The roles a person counts as when something is offered to a buyer: a trainee agent asks for each offer, a senior
    one may offer what leads may (REQUIREMENTS I02)."""
    roles = set(member.roles)
    if "agent" in roles and member.grade == "senior":
        roles.add("lead")
    if member.grade == "trainee":
        roles.discard("agent")
    return frozenset(roles)


# What each word a person may type for a role means; the first is how it is written back.
ROLE_WORDS: dict[str, Role] = {
    "主管": "manager", "manager": "manager",
    "组长": "lead", "lead": "lead",
    "运营": "ops", "中控": "ops", "ops": "ops",
    "客服": "agent", "agent": "agent",
    "仓库": "warehouse", "warehouse": "warehouse",
}  # fmt: skip


def as_owner(member: Member) -> Member:
    """`member` as the owner of the bot: a manager in every room."""
    return member if "manager" in member.roles else member.changed(roles=("manager", *member.roles))


def on_duty(members: list[Member], *roles: Role) -> list[Member]:
    """Those signed in, with one of `roles` if any are named, longest on duty first."""
    there = [m for m in members if m.presence == "in" and m.may(frozenset(roles))]
    return sorted(there, key=lambda m: (m.since is None, m.since, m.id))


def named(name: str, members: Sequence[Member]) -> Member:
    """The member called so, else the only one whose name holds it. Raises Refusal `who.unknown`, `who.several`."""
    bare = name.strip().lstrip("@").lower()
    exact = [m for m in members if m.name.lower() == bare]
    found = exact or [m for m in members if bare and bare in m.name.lower()]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal("who.several", name=bare[:20], names="、".join(m.name for m in found[:5]))
    raise Refusal("who.unknown", name=bare[:20])
