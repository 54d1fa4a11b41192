"""Whether a data folder has all that its desk says it has: asked before the bot runs on it and before a backup."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from storage.books import DeskBooks
from storage.rows import Binding, Incoming
from storage.store import DESK, Store, StoreDamaged


def missing_rooms(
    bindings: Iterable[Binding], inbox: Iterable[Incoming], rooms: Collection[str]
) -> list[str]:
    """Rooms a group is bound to and that are not there.

    A binding is made before its room: after a crash in between, the update that asks for it still waits.
    """
    waiting = [update.payload for update in inbox if update.state == "waiting"]
    lost = (one for one in bindings if one.room not in rooms)
    return sorted({one.room for one in lost if not any(one.id in payload for payload in waiting)})


def refuse_unready(store: Store, data: Path) -> None:
    """Raises StoreDamaged where whoever goes on with this folder would go on without what is missing."""
    desk = DeskBooks(store.view(DESK))
    missing = missing_rooms(desk.bindings.scan(), desk.inbox.by("state", "waiting"), store.rooms())
    if missing:
        raise StoreDamaged(
            f"{data} lacks what there was of {', '.join(missing)}: put the folder back from the last backup."
        )
