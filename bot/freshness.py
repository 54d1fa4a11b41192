"""Before a card leaves, what it speaks of is looked at again: nobody is to chase an order paid meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot import collapse
from bot.card import Card
from bot.desk import Desk
from bot.duty import DutySpec

Look = Callable[[Card, Desk], Card | None]


class Freshness:
    """The duties' looks, by the first word of a card's `about`."""

    def __init__(self, duties: Iterable[DutySpec]) -> None:
        self._looks: dict[str, Look] = {kind: look for duty in duties for kind, look in duty.fresh.items()}

    def look(self, card: Card, desk: Desk) -> Card | None:
        """The card as it is true now; None where there is nothing left to say.

        An edit of a standing message is dropped where it is no longer true: its duty edits it with the truth.
        """
        if not card.about:
            return card
        if card.key.startswith(collapse.KEY):
            return collapse.looked_at_again(card, lambda told: self.look(told, desk))
        look = self._looks.get(card.about.partition(" ")[0])
        fresh = look(card, desk) if look else card
        return None if card.edit and fresh != card else fresh
