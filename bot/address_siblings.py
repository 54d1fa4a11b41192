"""Who else ordered what within the files of one run: buyers by keyed hashes, in memory alone (REQUIREMENTS K08).

The key is made for the run and gone with it; no nickname, phone or address is kept.
"""

from __future__ import annotations

from hashlib import blake2b
from secrets import token_bytes

from playbooks.addresses.around import Sibling, footprint, mobile
from playbooks.orders import Personal, ReadOrder
from playbooks.privacy.buyers import identity

SIZE = 8
"""Bytes of a hash: among a hundred thousand orders no two are alike by chance."""


MOST = 20
"""Other orders of a buyer that are looked at; who has more is a reseller."""


class Siblings:
    """The orders of the files that are still to ship, by who bought them."""

    def __init__(self) -> None:
        self._key = token_bytes(32)
        self._buyers: dict[str, tuple[Sibling, ...]] = {}

    def add(self, read: ReadOrder) -> None:
        """One more order to ship."""
        own = self.own(read)
        for buyer in self._known_by(read.personal):
            theirs = self._buyers.get(buyer, ())
            if len(theirs) <= MOST:
                self._buyers[buyer] = (*theirs, own)

    def others(self, read: ReadOrder) -> tuple[Sibling, ...]:
        """The other orders of the same buyer or the same phone, each once."""
        buyers = self._known_by(read.personal)
        same = {one.order_id: one for buyer in buyers for one in self._buyers.get(buyer, ())}
        same.pop(read.order.order_id, None)
        return tuple(same.values())

    def own(self, read: ReadOrder) -> Sibling:
        """The order itself, as others see it."""
        goes = footprint(read.order, read.personal)
        address, phone = self._hash("address", goes.address), self._hash("phone", goes.phone)
        return Sibling(read.order.order_id, address, phone, goes.codes)

    def _known_by(self, who: Personal) -> tuple[str, ...]:
        """By nickname and by a phone of their own, as far as they are known."""
        named, phone = identity(who), self._hash("phone", mobile(who.phone))
        nick = self._hash("nick", named[1]) if named and named[0] == "nick" else ""
        return tuple(filter(None, (nick, phone)))

    def _hash(self, kind: str, text: str) -> str:
        """'' of what is unknown."""
        if not text:
            return ""
        return blake2b(text.encode(), key=self._key, digest_size=SIZE, person=kind.encode()).hexdigest()
