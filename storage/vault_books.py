"""The vault at a room's books: buyers' fields of orders with open work, the blind index, what is shredded.

A data key stands for a broadcast, or for a business day where an order belongs to none. Deleting it makes every
row sealed with it unreadable, wherever a copy of the row is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from playbooks.orders import Personal
from playbooks.privacy.buyers import FIELDS, expired, identity, known
from storage.books import BUYERS, DATA_KEYS, RoomBooks
from storage.rows import DataKey, SealedBuyer
from storage.vault import KeyAt, Place, Sealed, Vault

Kind = Literal["broadcast", "index"]


@dataclass(frozen=True)
class Origin:
    """What an order's fields are kept under: its broadcast's id, or '', and the business day it belongs to."""

    broadcast: str
    day: date


def key_place(id: str) -> Place:
    """Where the wrapped data key with this id stands."""
    return Place(DATA_KEYS.name, id, "wrapped")


def key_at(row: DataKey) -> KeyAt:
    """A stored data key, as the vault takes it."""
    return KeyAt(row.wrapped, key_place(row.id))


class BuyerBooks:
    """Buyers' fields and keys of one room, in a unit or a view."""

    def __init__(self, books: RoomBooks, vault: Vault, now: datetime, today: date) -> None:
        self._books = books
        self._vault = vault
        self._now = now
        self._today = today
        self._room = books.raw.room

    # -- in ------------------------------------------------------------------------------------------

    def keep(self, order_id: str, personal: Personal, origin: Origin) -> None:
        """Seal what is known of the order's buyer. What a later export masks stays as it was known before.

        Nothing is kept without a master key, nor of a broadcast that is past its time.
        """
        fields = known(personal)
        if not self._vault or not fields:
            return
        key = self._key_of(origin)
        if key is None:
            return
        before = self.look(order_id)
        merged: dict[str, str] = {**before, **{str(name): text for name, text in fields.items()}}
        row = self._books.buyers.get(self._id(order_id))
        if merged != before or row is None or row.key != key.id:
            self._books.buyers.put(self._sealed(order_id, merged, key))

    def drop(self, order_id: str) -> None:
        """Nothing of the order is open any more."""
        if self._books.buyers.get(self._id(order_id)):
            self._books.buyers.drop(self._id(order_id))

    def kept_for(self, day: date) -> int:
        """Days the buyers of orders of `day` may be read, once these are over; else 0."""
        return self._vault.days if expired(day, self._today, self._vault.days) else 0

    def _sealed(self, order_id: str, fields: Mapping[str, str], key: DataKey) -> SealedBuyer:
        id, at = self._id(order_id), key_at(key)
        sealed = {
            name: self._vault.seal(text, Place(BUYERS.name, id, name), key=at)
            for name, text in fields.items()
        }
        return SealedBuyer(id=id, order_id=order_id, key=key.id, sealed=sealed, kept_at=self._now)

    def _key_of(self, origin: Origin) -> DataKey | None:
        """The broadcast's data key, made where there is none; None where it is past its time."""
        if expired(origin.day, self._today, self._vault.days):
            return None
        # Of a broadcast or of a day: the sign between keeps the two apart.
        id = f"{origin.broadcast or self._room}-k{'' if origin.broadcast else f'{origin.day:%Y%m%d}'}"
        return self._made(id, "broadcast", origin.day)

    def _made(self, id: str, kind: Kind, day: date) -> DataKey | None:
        """The key with this id, made where there is none; None where no master key at hand opens it.

        It is not replaced: whoever finds the master key again can read on.
        """
        row = self._books.data_keys.get(id)
        if row is None:
            wrapped = self._vault.new_key(key_place(id))
            new = DataKey(id=id, kind=kind, wrapped=wrapped, day=day, made_at=self._now)
            return self._books.data_keys.put(new)
        return row if self._vault.opens(row.wrapped, key_place(id)) else None

    # -- out -----------------------------------------------------------------------------------------

    def has(self, order_id: str) -> bool:
        """Whether anything is kept of the order's buyer."""
        return bool(self._vault) and self._books.buyers.get(self._id(order_id)) is not None

    def look(self, order_id: str) -> dict[str, str]:
        """Field -> value, in the order of FIELDS, as far as it can be opened; {} where nothing can."""
        row = self._books.buyers.get(self._id(order_id))
        key = self._books.data_keys.get(row.key) if row else None
        if row is None or key is None or expired(key.day, self._today, self._vault.days):
            return {}
        opened = ((name, self._opened(row, name, key)) for name in FIELDS if name in row.sealed)
        return {name: text for name, text in opened if text}

    def _opened(self, row: SealedBuyer, name: str, key: DataKey) -> str:
        try:
            return self._vault.open(row.sealed[name], Place(BUYERS.name, row.id, name), key=key_at(key))
        except Sealed:
            return ""

    def buyer_key(self, personal: Personal) -> str:
        """The same for orders of one buyer in this room, '' where who it is is unknown. Tells nobody who it is."""
        who = identity(personal)
        if not self._vault or who is None:
            return ""
        return self._index(who[1], f"buyer {who[0]}")

    def mark(self, what: str, text: str) -> str:
        """The same for the same `text` in this room, '' for '' and where no key is at hand: `what` (an address, a
        phone) is compared by it and not to be had from it."""
        return self._index(text, f"mark {what}") if self._vault and text else ""

    def _index(self, word: str, domain: str) -> str:
        key = self._made(f"{self._room}-kindex", "index", self._today)
        return self._vault.index(word, domain, key=key_at(key)) if key else ""

    def _id(self, order_id: str) -> str:
        return f"{self._room}-p{order_id}"


def past(books: RoomBooks, today: date, days: int) -> list[DataKey]:
    """The data keys of broadcasts that are to be shredded: needs no master key."""
    return [key for key in books.data_keys.by("kind", "broadcast") if expired(key.day, today, days)]


def shred(books: RoomBooks, keys: Iterable[DataKey]) -> int:
    """In a unit: delete the keys and what is sealed with them; how many orders that were."""
    rows = [row for key in keys for row in books.buyers.by("key", key.id)]
    for row in rows:
        books.buyers.drop(row.id)
    for key in keys:
        books.data_keys.drop(key.id)
    return len(rows)
