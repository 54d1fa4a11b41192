"""`/help`: each role its own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec, FrontCommand


def duty(areas: Sequence[DutySpec]) -> DutySpec:
    """The duty that explains the commands of `areas` to whoever asks, as far as their roles go."""

    def help_(call: Call, desk: Desk) -> list[Card]:
        listed: list[Command | FrontCommand] = [
            c for area in areas for c in area.commands if c.listed and desk.me.may(c.roles)
        ]
        listed += [c for area in areas for c in area.front if c.listed]
        roles = tuple(line(f"role.{r}") for r in desk.me.roles)
        said = [
            line("help.command", name=c.name, words=" / ".join(c.words), text=line(f"menu.{c.name}"))
            for c in listed
        ]
        return [tell(desk.me.id, line("help.head", roles=roles), said, line("help.files"))]

    return DutySpec("help", commands=(Command("help", help_, words=("帮助",), reads=True, args=False),))
