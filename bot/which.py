"""Which broadcast an answer is from, said where there might be two: between one's end and the next one's start."""

from __future__ import annotations

from bot.card import line
from bot.desk import Desk
from storage.rows import Line


def which_broadcast(desk: Desk, *, now: bool = False) -> Line | None:
    """`11-11 已下播的那一场`, or that it is the next one, not live yet; None on air and where there is but one to come.

    `now`: to whom asks what is on air it is said that the products answered for are of the one before.
    """
    here, meant = desk.broadcast(), desk.answering()
    if here is None or meant is None:
        return None
    if meant.stage == "ended":
        between = "_between" if here.id != meant.id else ""
        return None if now and not between else line(f"which.ended{between}", day=f"{meant.opened_on:%m-%d}")
    ended = [one for one in desk.books.broadcasts.scan() if one.stage == "ended" and one.live_at]
    if here.stage != "planned" or not ended:
        return None
    last = max(ended, key=lambda one: one.number)
    return line("which.planned", day=f"{last.opened_on:%m-%d}")
