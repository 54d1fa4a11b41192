"""How a carrier's route is said: to staff in the chat, and on the command line."""

from __future__ import annotations

from collections.abc import Iterable

from bot.card import line
from playbooks.followup.routes import RouteFigures
from storage.rows import Line


def route_lines(table: Iterable[RouteFigures]) -> list[Line]:
    """A line a route: stuck, under way, signed for, mean days, those that took too long."""
    return [
        line(
            "routes.line", carrier=one.carrier or "—", province=one.province or "—", stuck=one.stuck,
            under_way=one.under_way, signed=one.signed, over_seven=one.over_seven,
            days=str(one.days) if one.days is not None else "—",
        )
        for one in table
    ]  # fmt: skip
