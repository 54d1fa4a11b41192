"""A sorted set that is never changed, only followed by another: look-ups and due moments of a table.

Why this and not a map of sets: a range ("all open chases", "due until now") is read in order without
sorting or scanning the rest, however many fall on one value or one minute; and tuples of plain values cost
the garbage collector nothing. It is a B-tree of plain tuples: a leaf is a tuple of entries, a node above a
tuple of leaves, and so on, all leaves at the same height. A step copies one tuple a level and shares the rest.
Narrow ones, since copying a tuple touches each thing in it wherever that lies in memory: 3.5 µs at 150,000
entries, 2 at 3,000, and beside other work a tenth of an update less than with two levels of wide ones.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any, Generic, TypeVar

E = TypeVar("E", bound=tuple[Any, ...])

CHUNK = 32
"""What a tuple is built with; it splits above twice as many and joins its neighbour below a half."""

Node = tuple[Any, ...]

_LAST: tuple[Callable[[Any], Any] | None, ...] = (
    None,
    itemgetter(-1),
    lambda node: node[-1][-1],
    lambda node: node[-1][-1][-1],
    lambda node: node[-1][-1][-1][-1],
    lambda node: node[-1][-1][-1][-1][-1],
)
"""By the height of a node: the last entry under a thing in it. Enough for 16 to the sixth entries."""


class Ordered(Generic[E]):
    """An immutable sorted set of tuples that compare with each other."""

    __slots__ = ("_height", "_root")

    def __init__(self, entries: Iterable[E] = ()) -> None:
        level: Node = tuple(sorted(set(entries)))
        height = 0
        while len(level) > CHUNK:
            level = tuple(level[start : start + CHUNK] for start in range(0, len(level), CHUNK))
            height += 1
        self._root, self._height = level, height

    def including(self, entry: E) -> Ordered[E]:
        """The set with `entry` in it."""
        roots = _including(self._root, self._height, entry)
        return self._made(roots[0], self._height) if len(roots) == 1 else self._made(roots, self._height + 1)

    def without(self, entry: E) -> Ordered[E]:
        """The set with `entry` not in it."""
        root, height = _without(self._root, self._height, entry), self._height
        while height and len(root) <= 1:
            root, height = root[0] if root else (), height - 1
        return self._made(root, height)

    def since(self, entry: E) -> Iterator[E]:
        """The entries from `entry` on, in order; a shorter tuple comes before all that begin with it."""
        return _since(self._root, self._height, entry)

    def __iter__(self) -> Iterator[E]:
        return _all(self._root, self._height)

    def __len__(self) -> int:
        return sum(map(len, _leaves(self._root, self._height)))

    @staticmethod
    def _made(root: Node, height: int) -> Ordered[E]:
        made: Ordered[E] = Ordered.__new__(Ordered)
        made._root, made._height = root, height
        return made


def _including(node: Node, height: int, entry: Any) -> Node:
    """The node with `entry` under it, in a tuple; two where it has grown too wide to be copied at every step."""
    if height:
        at = min(bisect_left(node, entry, key=_LAST[height]), len(node) - 1)
        return _split(node[:at] + _including(node[at], height - 1, entry) + node[at + 1 :])
    place = bisect_left(node, entry)
    if place < len(node) and node[place] == entry:
        return (node,)
    return _split(node[:place] + (entry,) + node[place:])  # noqa: RUF005 - a third of the time of unpacking


def _without(node: Node, height: int, entry: Any) -> Node:
    """The node without `entry` under it; it may be narrow, or empty."""
    at = bisect_left(node, entry, key=_LAST[height])
    if at == len(node):
        return node
    if not height:
        return node[:at] + node[at + 1 :] if node[at] == entry else node
    left = _without(node[at], height - 1, entry)
    if len(left) < CHUNK // 2 and at + 1 < len(node):
        return node[:at] + _split(left + node[at + 1]) + node[at + 2 :]
    return node[:at] + ((left,) if left else ()) + node[at + 1 :]


def _split(node: Node) -> Node:
    if len(node) <= 2 * CHUNK:
        return (node,)
    half = len(node) // 2
    return node[:half], node[half:]


def _since(node: Node, height: int, entry: Any) -> Iterator[Any]:
    at = bisect_left(node, entry, key=_LAST[height])
    if height and at < len(node):
        yield from _since(node[at], height - 1, entry)
        at += 1
    yield from _all(node[at:], height)


def _all(node: Node, height: int) -> Iterator[Any]:
    for leaf in _leaves(node, height):
        yield from leaf


def _leaves(node: Node, height: int) -> Iterator[Node]:
    if not height:
        yield node
    else:
        for child in node:
            yield from _leaves(child, height - 1)
