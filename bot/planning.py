"""When the room's next broadcast is planned, and its checklist: read by the roster and the pre-flight alike."""

from __future__ import annotations

from datetime import datetime

from bot.desk import Desk
from playbooks import preflight, roster
from playbooks.broadcast import Broadcast
from playbooks.preflight import Preflight


def checklist(here: Broadcast, desk: Desk) -> Preflight:
    """The checklist of a broadcast, empty before anything was done about it."""
    return desk.books.preflights.get(here.id) or Preflight(id=here.id)


def planned(desk: Desk) -> tuple[datetime, datetime] | None:
    """When the current broadcast is planned to begin and end; None where nobody said, or it is over."""
    here = desk.broadcast()
    if here is None or here.stage == "ended":
        return None
    length = roster.rules().usual_length
    return preflight.planned_span(checklist(here, desk), here, desk.listings(), desk.zone, length)
