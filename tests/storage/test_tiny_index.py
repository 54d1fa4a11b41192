"""The sorted set under look-ups and due moments."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import tiny_index
from storage.tiny_index import Ordered

NUMBERS = st.integers(0, 60)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few dozen entries then fill several levels."""
    monkeypatch.setattr(tiny_index, "CHUNK", 4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NUMBERS, max_size=80), st.lists(st.tuples(st.booleans(), NUMBERS), max_size=200))
def test_it_holds_what_a_set_would_in_order_and_leaves_the_former_one_alone(
    first: list[int], steps: list[tuple[bool, int]]
) -> None:
    former = index = Ordered((n,) for n in first)
    expected = set(first)
    for add, n in steps:
        index = index.including((n,)) if add else index.without((n,))
        expected = expected | {n} if add else expected - {n}
    assert list(index) == [(n,) for n in sorted(expected)]
    assert [list(index.since((n,))) for n in range(61)] == [
        [(m,) for m in sorted(expected) if m >= n] for n in range(61)
    ]
    assert (len(index), list(former)) == (len(expected), [(n,) for n in sorted(set(first))])


def test_it_stays_right_while_it_grows_over_three_levels_and_shrinks_again() -> None:
    count = 5 * tiny_index.CHUNK**2
    index: Ordered[tuple[int]] = Ordered()
    for n in range(count):
        index = index.including(((n * 7919) % count,))
    assert list(index) == [(n,) for n in range(count)]
    for n in range(0, count, 2):
        index = index.without((n,))
    assert list(index.since((count // 2,))) == [(n,) for n in range(count // 2 + 1, count, 2)]
    for n in range(1, count, 2):
        index = index.without((n,))
    assert (len(index), list(index)) == (0, [])


def test_a_large_set_is_built_at_once_and_by_steps_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    entries = [(f"p{n % 7}", n * 7919 % 40_000) for n in range(40_000)]
    index = Ordered(entries)
    for entry in entries[::2]:
        index = index.without(entry)
    for entry in reversed(entries[::2]):
        index = index.including(entry)
    assert list(index) == list(Ordered(entries)) == sorted(entries)
    assert len(list(index.since(("p3",)))) == sum(entry[0] >= "p3" for entry in entries)
