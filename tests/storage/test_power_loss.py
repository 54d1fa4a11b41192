"""The power goes at any moment: what was acknowledged is there, in order, and no unit is there by half.

Each test records what a store asks of its disk, and looks at what power cuts at every point of that may leave.
The disks at the end break one promise each: they show that this would be noticed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.store import StoreDamaged
from tests.storage.commands import Command, Step, Violation, examine, killed, recorded, tiny
from tests.storage.store_contract import CHASES, NOTES
from tests.support.disk_users import Process
from tests.support.power import luck, power_cuts
from tests.support.simulated_disk import Mark, SimulatedDisk


def command(number: int) -> Command:
    """Puts two documents, and drops one every second time; all of one length, so that lines can be mistaken."""
    puts = {f"n{number % 3}": f"text {number:04d}", "last": f"text {number:04d}"}
    return Command(puts, (f"n{(number + 1) % 3}",) if number % 2 else ())


def some(*numbers: int) -> tuple[Command, ...]:
    return tuple(command(number) for number in numbers)


A_SHIFT = (
    Step("units", "a1", some(1)),
    Step("units", "b2", some(1)),
    Step("units", "a1", (command(2), replace(command(3), fails=True), command(4))),
    Step("jots", "b2", some(2)),
    Step("jots", "b2", some(3, 4)),
    Step("jots", "a1", some(5)),
    Step("units", "a1", some(6)),
    Step("flush"),
    Step("jots", "a1", some(7)),
    Step("reopen"),
    Step("units", "a1", some(8)),
    Step("jots", "b2", some(5)),
    Step("units", "b2", some(6, 7, 8)),
    Step("jots", "a1", some(9, 10, 11)),
    Step("units", "a1", some(12)),
)

steps = st.lists(
    st.one_of(
        st.builds(
            Step,
            st.sampled_from(("units", "jots")),
            st.sampled_from(("a1", "b2")),
            st.lists(st.builds(command, st.integers(0, 99)), min_size=1, max_size=3).map(tuple),
        ),
        st.just(Step("flush")),
        st.just(Step("reopen")),
    ),
    min_size=1,
    max_size=8,
)


def test_no_power_cut_loses_what_was_acknowledged_or_leaves_half_a_unit() -> None:
    assert examine(recorded(A_SHIFT), range(8)) > 300


@pytest.mark.parametrize("lag", [1, 3])
def test_nor_does_one_while_a_snapshot_is_written_and_units_go_on(lag: int) -> None:
    assert examine(recorded(A_SHIFT, lag=lag), (0, 4, 5)) > 100


@settings(
    max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(steps)
def test_nor_does_it_whatever_was_done(script: list[Step]) -> None:
    examine(recorded(script), range(5))


def test_what_a_killed_process_left_outlives_a_power_cut_once_it_was_shown() -> None:
    operations = sum(not isinstance(operation, Mark) for operation in recorded(A_SHIFT).log)
    for until in range(2, operations, 9):
        disk, died = killed(A_SHIFT, until, lag=until % 3)
        examine(disk, (0, 4), stops=range(died, died + 30, 2))


def test_what_is_put_away_is_at_every_moment_in_the_room_or_in_its_archive() -> None:
    whole = Process(SimulatedDisk(), sys.maxsize)
    begins, ends = put_away(whole)
    for until in range(begins + 1, ends + 1):
        disk = SimulatedDisk()
        process = Process(disk, until)
        with suppress(OSError):
            put_away(process)
        process.bury()
        died = len(disk.log)
        disk.begin()
        put_away(disk)
        for stop, (operation, cut) in enumerate(power_cuts(disk)):
            for seed in (0, 4) if stop >= died else ():
                rng = Random(f"{stop} {seed}")
                store = tiny(cut.leaves(luck(seed, rng), rng))
                archive = store.archived("a1", "b1")
                books = [store.view("a1")] + ([archive] if archive else [])
                there = {note.id for some in books for note in some.shelf(NOTES).scan()}
                assert there == {"n1", "n2"}, f"killed at {until}, power cut behind {stop}: {operation}"


def put_away(disk: Any) -> tuple[int, int]:
    """Fill a room, copy one document into an archive, drop it. How many operations a process had asked of the
    disk when the room was filled, and in the end."""
    store = tiny(disk)
    if not store.view("a1").sequence:
        store.run("a1", Command({"n1": "sold", "n2": "open"}))
    begins = getattr(disk, "asked", 0)
    store.put_away("a1", "b1", {NOTES: ["n1"], CHASES: ["n1"]})
    store.run("a1", Command(drops=("n1",)))
    ends = getattr(disk, "asked", 0)
    store.close()
    return begins, ends


# -- that this would be noticed


class Broken:
    """A disk that does as it is told but for what is overridden."""

    def __init__(self, disk: Any) -> None:
        self._disk = disk

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._disk, operation)


class NoSync(Broken):
    def sync(self, handle: int) -> None:
        """What was appended is said to be safe while it is not."""


class NoFolderSync(Broken):
    def sync_folder(self, path: Path) -> None:
        """A new file is filled and synced, and its name may be lost."""


class NotCut(Broken):
    def cut(self, handle: int, length: int) -> None:
        """What a crash has torn stays behind the next line."""


class SnapshotInPlace(Broken):
    """The snapshot is written over the one before."""

    def open(self, path: Path, *, fresh: bool = False) -> int:
        name = "snapshot.json" if path.name == "snapshot.tmp" else path.name
        handle: int = self._disk.open(path.with_name(name), fresh=fresh)
        return handle

    def rename(self, old: Path, new: Path) -> None:
        if old.name != "snapshot.tmp":
            self._disk.rename(old, new)


class SnapshotNotSynced(Broken):
    """The log goes before the snapshot that has its units is safe."""

    snapshot = -1

    def open(self, path: Path, *, fresh: bool = False) -> int:
        handle: int = self._disk.open(path, fresh=fresh)
        self.snapshot = handle if path.name == "snapshot.tmp" else self.snapshot
        return handle

    def sync(self, handle: int) -> None:
        if handle != self.snapshot:
            self._disk.sync(handle)


@pytest.mark.parametrize("broken", [NoSync, NoFolderSync, NotCut, SnapshotInPlace, SnapshotNotSynced])
def test_a_store_that_breaks_one_promise_is_caught(broken: Callable[[SimulatedDisk], Any]) -> None:
    def opener(disk: SimulatedDisk) -> Any:
        return tiny(broken(disk))

    disk = recorded(A_SHIFT, opener)
    with pytest.raises(Violation) as caught:
        examine(disk, range(14), opener)
    assert isinstance(caught.value.__cause__, Violation | StoreDamaged)
