"""Dealing the queue 派单: round robin by capacity to those on duty, the most urgent order first (B09)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from playbooks.chase.rules import rules
from playbooks.chase.state import Chase
from playbooks.model import Model


class Hand(Model):
    """Somebody on duty: how many chases they have in hand, and how many they may (None: no limit of their own)."""

    who: str
    held: int = 0
    capacity: int | None = None

    @property
    def free(self) -> int:
        """How many more may be dealt to them now."""
        most = rules().deal_each if self.capacity is None else self.capacity
        return max(0, most - self.held)


def deal(waiting: Iterable[Chase], hands: Iterable[Hand]) -> tuple[tuple[Chase, str], ...]:
    """Who gets which: `waiting` in its order, one each in turn, those with fewest in hand before the others.

    Nobody gets more than they have free, or an order whose buyer was unhappy with them; what nobody can take
    stays in the queue.
    """
    turns = deque(sorted(hands, key=lambda hand: (hand.held, hand.who)))
    free = {hand.who: hand.free for hand in turns}
    dealt = []
    for chase in waiting:
        taker = next((hand for hand in turns if free[hand.who] and hand.who not in chase.avoid), None)
        if taker is None:
            continue
        dealt.append((chase, taker.who))
        free[taker.who] -= 1
        turns.remove(taker)
        turns.append(taker)
    return tuple(dealt)
