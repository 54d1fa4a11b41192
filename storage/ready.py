"""Whether a data folder has all that its desk says it has: asked before the bot runs on it and before a backup."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from storage.books import DeskBooks
from storage.rows import Binding
from storage.store import DESK, Store, StoreDamaged


def missing_rooms(bindings: Iterable[Binding], rooms: Collection[str]) -> list[str]:
    """Rooms a group is bound to and that are not there.

    A binding is made before its room, and says so until the room has its record: of one that a crash or a full
    disk kept from being made nothing is missing.
    """
    return sorted({one.room for one in bindings if one.made and one.room not in rooms})


def refuse_unready(store: Store, data: Path) -> None:
    """Raises StoreDamaged where whoever goes on with this folder would go on without what is missing."""
    desk = DeskBooks(store.view(DESK))
    missing = missing_rooms(desk.bindings.scan(), store.rooms())
    if missing:
        raise StoreDamaged(
            f"{data} lacks what there was of {', '.join(missing)}: put the folder back from the last backup."
        )
