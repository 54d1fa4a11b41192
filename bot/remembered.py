"""What was made from something, kept as long as it was made from the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")


class Remembered(Generic[S, T]):
    """The last thing made per name, and what from; at most `most` names, the longest unused go. Threads may share it.

    Made again whenever its source differs, so it can be slow to answer, never wrong; two threads may make the
    same at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, tuple[S, T]] = OrderedDict()
        self._lock = Lock()

    def of(self, name: str, source: S, make: Callable[[], T]) -> T:
        """What was made for `name`, or `make()` where `source` is not equal to what it was made from."""
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None and kept[0] == source:
                self._kept.move_to_end(name)
                return kept[1]
        made = make()
        with self._lock:
            self._kept[name] = (source, made)
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
