"""One operation of the disk fails, each in turn: a full disk costs the unit it hits, a broken one the room.

Whatever fails, acknowledged units stay, a unit that was refused is not there, and one that cannot be said to
be there or not is there as a whole or not at all; also where the power goes soon after.
"""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

import pytest

from storage.store import NotSaved
from tests.storage.commands import Opener, Session, Step, Violation, examine, found, tiny
from tests.storage.test_power_loss import A_SHIFT, Broken, command
from tests.support.power import Luck, power_cuts
from tests.support.simulated_disk import SimulatedDisk

HALF_A_SHIFT = A_SHIFT[:11]
"""It ends with a unit after the store was opened anew."""
GROWING = ("make_folder", "create", "write")
"""What a full disk refuses."""
STUBBORN = 12
"""Times somebody tries to open the store."""


class Failing:
    """Fails `times` operations of the kinds `among` from the one numbered `at` on; `hit` says which it did."""

    def __init__(self, error: int, at: int, times: int = 1, among: Collection[str] = ()) -> None:
        self.hit: list[tuple[str, Path]] = []
        self.seen = 0
        self._error = error
        self._numbers = range(at, at + times)
        self._among = among

    def __call__(self, operation: str, path: Path) -> int:
        if self._among and operation not in self._among:
            return 0
        self.seen += 1
        if self.seen - 1 not in self._numbers:
            return 0
        self.hit.append((operation, path))
        return self._error

    def stop(self) -> None:
        """Fail nothing more."""
        self._numbers = range(0)


class SyncedAgain(Broken):
    """A disk that tries once more where a sync failed, and is told that all is well."""

    def sync(self, handle: int) -> None:
        try:
            self._disk.sync(handle)
        except OSError:
            self._disk.sync(handle)


class Carried:
    """A session somebody carries through the shift whatever the disk does; `refused` is what was not saved."""

    def __init__(self, failing: Failing, opener: Opener = tiny) -> None:
        self.disk = SimulatedDisk()
        self.disk.fault = failing
        self.failing = failing
        self.refused: list[NotSaved] = []
        self.struck = 0
        self.session = Session(self.disk, opener)
        self.open()

    def do(self, step: Step) -> None:
        """One step. A store that cannot be opened is tried again, as a person would."""
        try:
            if step.do == "reopen":
                self.reopen()
            else:
                self.session.do(step)
        except NotSaved as error:
            self.refused.append(error)
        if self.failing.hit and not self.struck:
            self.struck = len(self.disk.log)

    def reopen(self) -> None:
        try:
            self.session.close()
        except NotSaved as error:
            self.refused.append(error)
        self.open()

    def open(self) -> None:
        for _ in range(STUBBORN):
            with suppress(OSError):
                self.session.open()
                return
        raise AssertionError("the store does not open")


def each_fault(error: int, times: int = 1, among: Collection[str] = ()) -> Iterator[Carried]:
    """The shift, done once for every operation in it, with that one failing."""
    at = 0
    while True:
        carried = Carried(Failing(error, at, times, among))
        yield carried
        if not carried.failing.hit:
            return
        at += 1


def a_unit(carried: Carried, room: str, number: int) -> None:
    carried.session.do(Step("units", room, (command(number),)))


@pytest.mark.parametrize(("times", "among"), [(1, (*GROWING, "rename")), (9, GROWING)])
def test_a_full_disk_fails_the_units_it_hits_and_those_after_it_hold(
    times: int, among: tuple[str, ...]
) -> None:
    failed = 0
    for carried in each_fault(errno.ENOSPC, times, among):
        for step in HALF_A_SHIFT:
            carried.do(step)
            assert not carried.session.store.troubles()
        assert {error.reason for error in carried.refused} <= {"full"}
        assert len(carried.refused) <= times
        failed += len(carried.refused)
        carried.failing.stop()
        a_unit(carried, "a1", 98)
        a_unit(carried, "b2", 98)
        carried.reopen()
        examine(carried.disk, (5,), stops=range(carried.struck - 2, carried.struck + 3, 2))
    assert failed > 9


def test_after_a_sync_of_its_log_failed_a_room_takes_nothing_and_the_others_go_on() -> None:
    closed = 0
    for carried in each_fault(errno.EIO, among=("sync",)):
        for step in HALF_A_SHIFT:
            carried.do(step)
            if carried.refused:
                break
        if not carried.refused or step.do == "reopen":
            continue
        ((_, path),) = carried.failing.hit
        room = path.parent.name
        other = "b2" if room == "a1" else "a1"
        assert set(carried.session.store.troubles()) == {room}
        with pytest.raises(NotSaved) as refused:
            a_unit(carried, room, 97)
        assert (carried.refused[0].reason, refused.value.reason) == ("broken", "broken")
        a_unit(carried, other, 97)
        carried.reopen()
        a_unit(carried, room, 98)
        closed += 1
    assert closed > 5


def test_whatever_operation_fails_what_was_acknowledged_stays_and_a_new_start_goes_on() -> None:
    for carried in each_fault(errno.EIO):
        for step in HALF_A_SHIFT:
            carried.do(step)
        carried.failing.stop()
        carried.reopen()
        for room in ("a1", "b2"):
            a_unit(carried, room, 98)
        carried.reopen()
        examine(carried.disk, (0,), stops=(carried.struck + 8,))


def test_a_store_that_closes_saves_all_though_there_is_no_room_for_a_snapshot() -> None:
    disk = SimulatedDisk()
    session = Session(disk, tiny)
    session.open()
    disk.fault = lambda operation, path: errno.ENOSPC if path.name == "snapshot.tmp" else 0
    session.do(Step("units", "a1", (command(1), command(2), command(3))))
    session.do(Step("jots", "a1", (command(4),)))
    session.close()
    examine(disk, (0,), stops=(len(disk.log),))


def test_a_room_that_cannot_be_saved_keeps_no_other_from_being_saved_when_the_store_closes() -> None:
    for failing, other in (("a1", "b2"), ("b2", "a1")):
        disk = SimulatedDisk()
        session = Session(disk, tiny)
        session.open()
        for room in ("a1", "b2"):
            session.do(Step("jots", room, (command(1),)))
        disk.fault = partial(sync_fails_in, failing)
        with pytest.raises(NotSaved):
            session.close()
        *_, (_, cut) = power_cuts(disk)
        store = tiny(cut.leaves(Luck(0, 0), Random(0)))
        assert (found(store, failing).sequence, found(store, other).sequence) == (0, 1)


def sync_fails_in(room: str, operation: str, path: Path) -> int:
    return errno.EIO if operation == "sync" and path.parent.name == room else 0


def test_a_sync_that_is_tried_again_and_believed_is_caught() -> None:
    carried = Carried(Failing(errno.EIO, 8, among=("sync",)), lambda disk: tiny(SyncedAgain(disk)))
    for step in HALF_A_SHIFT:
        carried.do(step)
    assert carried.failing.hit
    assert not carried.refused
    with pytest.raises(Violation):
        examine(carried.disk, (0,))
