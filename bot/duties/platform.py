"""What this room's platform wants of those who answer buyers: `/platform` (REQUIREMENTS I10, A12)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.readiness import tool
from playbooks.aftercare.exposure import penalty
from playbooks.chase.rules import rules as chase_rules
from playbooks.platforms import platform
from playbooks.quick.making import terms
from storage.rows import Line


def platform_(call: Call, desk: Desk) -> list[Card]:
    """The profile, each line from where its fact stands; what is not known is said to be so."""
    known = platform(desk.room.platform)
    words = terms(known.id, desk.room.lang)
    said = lines(
        line("platforms.head", name=line(f"platform.{known.id}"), tool=tool(desk)),
        _answering(desk),
        line("platforms.terms", you=words["you"], item=words["item"], pay=words["pay"]),
        line("platforms.channels", channels=_channels(desk), windows=_windows()),
        _life(desk),
        _penalty(known.id),
    )
    return [tell(desk.me.id, said)]


def _life(desk: Desk) -> Line:
    life = desk.unpaid_life()
    if life is None:
        return line("platforms.life_unknown")
    return line("platforms.life", minutes=int(life.total_seconds() // 60))


def _penalty(platform: str) -> Line:
    late = penalty(platform)
    if late is None:
        return line("platforms.penalty_unknown")
    return line("platforms.penalty", amount=late.amount, day=f"{late.as_of}")


def _answering(desk: Desk) -> Line:
    wanted = platform(desk.room.platform).answering
    if wanted is None:
        return line("platforms.answering_unknown")
    hours = {"start": f"{wanted.start:%H:%M}", "end": f"{wanted.end:%H:%M}"}
    return line("platforms.answering", seconds=wanted.seconds, **hours)


def _channels(desk: Desk) -> tuple[Line, ...]:
    return tuple(line(f"chase.step_{one}") for one in chase_rules().channels_of(desk.room.platform))


def _windows() -> tuple[Line, ...]:
    return tuple(
        line("shift.span", start=f"{one.start:%H:%M}", end=f"{one.end:%H:%M}")
        for one in chase_rules().phone_windows
    )


DUTY = DutySpec(
    "platform", commands=(Command("platform", platform_, words=("平台规则",), reads=True, args=False),)
)
