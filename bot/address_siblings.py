"""Who else ordered what within the files of one run: buyers by keyed hashes, in memory alone (REQUIREMENTS K08).

The key is made for the run and gone with it; no nickname, phone or address is kept. Hardly anybody buys twice in one
file: so who does is found first (`meet`), and only their orders are looked at closer (`add`).
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
        self._first: dict[bytes, str] = {}
        """Buyer -> the number of the first order they were met with."""
        self._several: set[str] = set()
        """The numbers of orders whose buyer has others."""
        self._buyers: dict[bytes, tuple[Sibling, ...]] = {}

    def meet(self, read: ReadOrder) -> None:
        """Hear of an order to ship: who has bought is known afterwards."""
        number = read.order.order_id
        for buyer in self._known_by(read.personal):
            first = self._first.setdefault(buyer, number)
            if first != number:
                self._several.update((first, number))

    @property
    def any_again(self) -> bool:
        """Whether anybody has several orders."""
        return bool(self._several)

    def add(self, read: ReadOrder) -> None:
        """Look closer at an order that was met, where its buyer has others."""
        if read.order.order_id not in self._several:
            return
        own = self.own(read)
        for buyer in self._known_by(read.personal):
            theirs = self._buyers.get(buyer, ())
            if len(theirs) <= MOST and own not in theirs:
                self._buyers[buyer] = (*theirs, own)

    def others(self, read: ReadOrder) -> tuple[Sibling, ...]:
        """The other orders of the same buyer or the same phone, each once."""
        if read.order.order_id not in self._several:
            return ()
        buyers = self._known_by(read.personal)
        same = {one.order_id: one for buyer in buyers for one in self._buyers.get(buyer, ())}
        same.pop(read.order.order_id, None)
        return tuple(same.values())

    def own(self, read: ReadOrder) -> Sibling:
        """The order itself, as others see it."""
        goes = footprint(read.order, read.personal)
        address, phone = self._hash("address", goes.address).hex(), self._hash("phone", goes.phone).hex()
        return Sibling(read.order.order_id, address, phone, goes.codes)

    def _known_by(self, who: Personal) -> tuple[bytes, ...]:
        """By nickname and by a phone of their own, as far as they are known."""
        phone = self._hash("phone", mobile(who.phone))
        named = identity(who) if who.nick else None
        nick = self._hash("nick", named[1]) if named and named[0] == "nick" else b""
        return tuple(filter(None, (nick, phone)))

    def _hash(self, kind: str, text: str) -> bytes:
        """Nothing of what is unknown."""
        if not text:
            return b""
        return blake2b(text.encode(), key=self._key, digest_size=SIZE, person=kind.encode()).digest()
