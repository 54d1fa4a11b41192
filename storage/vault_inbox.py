"""Updates rest sealed: what people type may hold buyers' data until it is handled (REQUIREMENTS H43).

A new data key a day; one that no stored update needs any more is deleted. Without a master key they rest as they
came: an update that was acknowledged must not be lost.
"""

from __future__ import annotations

from datetime import date, datetime

from storage.books import INBOX, DeskBooks
from storage.rows import DataKey, Incoming
from storage.vault import VERSION, Place, Sealed, Vault, parted
from storage.vault_books import key_at, key_place


def seal_payload(books: DeskBooks, vault: Vault, id: str, text: str, now: datetime) -> str:
    """In a unit: the update's text as it is stored under `id`."""
    if not vault:
        return text
    key = key_at(_key_of(books, vault, now))
    return vault.seal(text, Place(INBOX.name, id, "payload"), key=key)


def open_payload(books: DeskBooks, vault: Vault, row: Incoming) -> str:
    """The text of a stored update, sealed or not. Sealed where its key is gone."""
    if not row.payload.startswith(f"{VERSION}:"):
        return row.payload
    id = parted(row.payload)[0]
    key = books.data_keys.get(id)
    if key is None:
        raise Sealed(f"its key {id} is gone")
    return vault.open(row.payload, Place(INBOX.name, row.id, "payload"), key=key_at(key))


def _key_of(books: DeskBooks, vault: Vault, now: datetime) -> DataKey:
    """A key of today that opens; the first update of a day makes one."""
    for row in books.data_keys.by("kind", "inbox"):
        if row.day == now.date() and vault.opens(row.wrapped, key_place(row.id)):
            return row
    _drop_unused(books, now.date())
    id = books.new_id("k")
    wrapped = vault.new_key(key_place(id))
    return books.data_keys.put(DataKey(id=id, kind="inbox", wrapped=wrapped, day=now.date(), made_at=now))


def _drop_unused(books: DeskBooks, today: date) -> None:
    """Keys of former days with which no update is sealed that is still to be handled, or was set aside."""
    needed = {parted(row.payload)[0] for row in books.inbox.scan() if row.payload.startswith(f"{VERSION}:")}
    for key in books.data_keys.by("kind", "inbox"):
        if key.day < today and key.id not in needed:
            books.data_keys.drop(key.id)
