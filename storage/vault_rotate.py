"""A new master key: every data key of a folder is wrapped anew with the first of PII_KEYS.

What was sealed stays as it is. A unit a room: cut off, it is run again and goes on with what is left.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.books import DATA_KEYS
from storage.rows import DataKey
from storage.store import DESK, Books, Store
from storage.vault import Sealed, Vault, parted
from storage.vault_books import key_place


@dataclass
class Rotated:
    """What was done: how many data keys were wrapped anew, how many were already, which cannot be opened.

    `lost`: data key id -> the id of the master key it needs, or that is not the one it was wrapped with.
    """

    rewrapped: int = 0
    already: int = 0
    dropped: int = 0
    lost: dict[str, str] = field(default_factory=dict)


def locked(store: Store, vault: Vault) -> dict[str, str]:
    """The data keys that no master key at hand opens -> the id of the one each needs; read from the views."""
    rows = (row for room in (DESK, *store.rooms()) for row in store.view(room).shelf(DATA_KEYS).scan())
    return {row.id: _master_of(row) for row in rows if not vault.opens(row.wrapped, key_place(row.id))}


def rotate(store: Store, vault: Vault, *, drop_lost: bool = False) -> Rotated:
    """Wrap every data key of every room with the vault's first master key. NotSaved.

    `drop_lost`: delete those that no master key opens; what is sealed with them was unreadable already.
    """
    done = Rotated()
    for room in (DESK, *store.rooms()):
        # Not a unit before there is something to do: an untouched folder stays untouched.
        if len(store.view(room).shelf(DATA_KEYS)):
            store.run(room, lambda books: _room(books, vault, done, drop_lost=drop_lost))
    return done


def _room(books: Books, vault: Vault, done: Rotated, *, drop_lost: bool) -> None:
    shelf = books.shelf(DATA_KEYS)
    for row in list(shelf.scan()):
        try:
            wrapped = _under_first(row, vault)
        except Sealed:
            done.lost[row.id] = _master_of(row)
            if drop_lost:
                shelf.drop(row.id)
                done.dropped += 1
            continue
        if wrapped == row.wrapped:
            done.already += 1
        else:
            shelf.put(row.changed(wrapped=wrapped))
            done.rewrapped += 1


def _under_first(row: DataKey, vault: Vault) -> str:
    """The wrapped key under the first master key; as it is where it is already. Sealed."""
    if parted(row.wrapped)[0] == vault.ids[0] and vault.opens(row.wrapped, key_place(row.id)):
        return row.wrapped
    return vault.rewrapped(row.wrapped, key_place(row.id))


def _master_of(row: DataKey) -> str:
    """The id of the master key a data key is wrapped with; '' where that cannot be told."""
    try:
        return parted(row.wrapped)[0]
    except Sealed:
        return ""
