"""Parcels on their way now, of all that the newest logistics lists tell."""

from __future__ import annotations

from playbooks.followup.routes import KeptParcel
from playbooks.followup.state import MOVING
from storage.books import RoomBooks


def under_way(books: RoomBooks) -> list[KeptParcel]:
    """Those that move or should; the ended ones, which are most, are not even read."""
    return [one for state in sorted(MOVING) for one in books.parcels.by("state", state)]
