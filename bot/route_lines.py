"""How a carrier's route is said: to staff in the chat, and on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.card import line
from playbooks.followup import score
from playbooks.followup.routes import RouteFigures
from playbooks.review_entered import Entered
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


def score_line(entries: Iterable[Entered], zone: ZoneInfo) -> Line:
    """The logistics score these routes are behind, with when it was entered and what it was before (E05)."""
    told = score.newest(entries)
    if not told:
        return line("routes.no_score")
    day = f"{told[0].at.astimezone(zone):%m-%d}"
    if len(told) == 1:
        return line("routes.score", score=told[0].value, day=day)
    return line("routes.score_again", score=told[0].value, day=day, before=told[1].value)
