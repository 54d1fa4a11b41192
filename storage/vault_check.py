"""Whether what is sealed can be opened: asked of stored documents, telling of none what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from storage.books import BUYERS, INBOX
from storage.rows import DataKey, Incoming, SealedBuyer
from storage.vault import VERSION, Place, Sealed, Vault, parted
from storage.vault_books import key_at, key_place

Shut = tuple[Place, str]
"""Where something is that cannot be opened, and why."""


def shut(
    keys: Iterable[DataKey], buyers: Iterable[SealedBuyer], inbox: Iterable[Incoming], vault: Vault
) -> Iterator[Shut]:
    """What cannot be opened. Of a key that is shut itself only the key is told, not all that needs it."""
    known = {row.id: row for row in keys}
    closed = {id for id, row in known.items() if not vault.opens(row.wrapped, key_place(id))}
    for id in sorted(closed):
        yield key_place(id), _needs(known[id], vault)
    usable = {id: row for id, row in known.items() if id not in closed}
    for place, envelope in (*_of_buyers(buyers), *_of_updates(inbox)):
        if why := _why(place, envelope, usable, closed, vault):
            yield place, why


def _of_buyers(rows: Iterable[SealedBuyer]) -> Iterator[tuple[Place, str]]:
    return ((Place(BUYERS.name, row.id, name), text) for row in rows for name, text in row.sealed.items())


def _of_updates(rows: Iterable[Incoming]) -> Iterator[tuple[Place, str]]:
    sealed = (row for row in rows if row.payload.startswith(f"{VERSION}:"))
    return ((Place(INBOX.name, row.id, "payload"), row.payload) for row in sealed)


def _needs(row: DataKey, vault: Vault) -> str:
    try:
        master = parted(row.wrapped)[0]
    except Sealed as error:
        return str(error)
    if master not in vault.ids:
        return f"the master key {master} is not in PII_KEYS"
    return f"it is damaged, or {master} in PII_KEYS is another key than it was"


def _why(place: Place, envelope: str, usable: dict[str, DataKey], closed: set[str], vault: Vault) -> str:
    """Why an envelope cannot be opened; '' where it can, or where its key was told of already."""
    try:
        id = parted(envelope)[0]
        if id in closed:
            return ""
        if id not in usable:
            return f"its data key {id} is gone"
        vault.open(envelope, place, key=key_at(usable[id]))
    except Sealed as error:
        return str(error)
    return ""
