"""What a power cut may leave of a simulated disk.

What was synced is there afterwards. What was not may be there, be missing, be there in part (torn at any
byte; the last pages there and the first missing) or have its length and zeros for bytes. Creations, renames
and removals count from the sync of their folder; before it each may be there or not, but none without those
it builds on, the earlier ones of the same names. After a sync that failed, what it should have saved stays
uncertain while the process runs: a later sync that succeeds says nothing about it (Linux marks the pages
clean). A process that starts anew knows nothing of this, and its syncs are believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

from tests.support.simulated_disk import (
    Cut,
    Name,
    Operation,
    SimulatedDisk,
    Start,
    Sync,
    SyncFolder,
    Write,
    make,
)

C = TypeVar("C", bound=Write | Cut | Name)


@dataclass(frozen=True)
class Unsynced(Generic[C]):
    """A change: `sure` to be there once a sync covered it, which it is not where one failed (`doubtful`)."""

    change: C
    sure: bool = False
    doubtful: bool = False

    def synced(self, failed: bool) -> Unsynced[C]:
        """The same after a sync."""
        if self.sure or self.doubtful:
            return self
        return replace(self, doubtful=failed, sure=not failed)

    def believed(self) -> Unsynced[C]:
        """The same for a new process."""
        return replace(self, doubtful=False)


@dataclass(frozen=True)
class Luck:
    """How likely an unsynced change of names, and of data, is there as a whole."""

    names: float
    data: float


KILLED = Luck(1, 1)
"""Everything is there: a process was killed, and the machine goes on."""
EXTREMES = (Luck(0, 0), KILLED, Luck(1, 0), Luck(0, 1))


def luck(seed: int, rng: Random) -> Luck:
    """The extremes for the first four seeds, then by lot."""
    some = (0.1, 0.5, 0.9)
    return EXTREMES[seed] if seed < len(EXTREMES) else Luck(rng.choice(some), rng.choice(some))


class PowerCut:
    """A disk's log taken operation by operation; `leaves` is what a cut after the last one taken may leave."""

    def __init__(self, disk: SimulatedDisk) -> None:
        self._names, self._content = disk.start[0], dict(disk.start[1])
        self._renamed: dict[Path, list[Unsynced[Name]]] = {}
        self._written: dict[int, list[Unsynced[Write | Cut]]] = {}

    def take(self, operation: Operation) -> None:
        """One operation more happened before the cut."""
        if isinstance(operation, Name):
            self._renamed.setdefault(operation.folder, []).append(Unsynced(operation))
        elif isinstance(operation, Write | Cut):
            self._written.setdefault(operation.file, []).append(Unsynced(operation))
        elif isinstance(operation, Sync):
            self._sync_data(operation.file, operation.failed)
        elif isinstance(operation, Start):
            self._renamed = {
                folder: [each.believed() for each in some] for folder, some in self._renamed.items()
            }
            self._written = {file: [each.believed() for each in some] for file, some in self._written.items()}
        elif isinstance(operation, SyncFolder):
            self._sync_names(operation.folder, operation.failed)

    def leaves(self, luck: Luck, rng: Random) -> SimulatedDisk:
        """A disk it may leave."""
        names = self._names
        for folder in sorted(self._renamed):
            for change in _surviving(self._renamed[folder], luck.names, rng):
                names = names.after(change)
        folders = frozenset(path for path in names.folders if set(path.parents[:-1]) <= names.folders)
        files = {path: file for path, file in names.files.items() if path.parent in folders}
        return SimulatedDisk(
            {path: self._data(file, luck.data, rng) for path, file in sorted(files.items())}, folders
        )

    def _sync_names(self, folder: Path, failed: bool) -> None:
        renamed = [each.synced(failed) for each in self._renamed.pop(folder, [])]
        if not all(each.sure for each in renamed):
            self._renamed[folder] = renamed
            return
        for each in renamed:
            self._names = self._names.after(each.change)

    def _sync_data(self, file: int, failed: bool) -> None:
        written = [each.synced(failed) for each in self._written.pop(file, [])]
        if not all(each.sure for each in written):
            self._written[file] = written
            return
        self._content[file] = self._made(file, (each.change for each in written))

    def _data(self, file: int, chance: float, rng: Random) -> bytes:
        changes: list[Write | Cut] = []
        for each in self._written.get(file, ()):
            whole = each.sure or rng.random() < chance
            changes += [each.change] if whole else _part(each.change, chance, rng)
        return self._made(file, changes)

    def _made(self, file: int, changes: Iterable[Write | Cut]) -> bytes:
        content = bytearray(self._content.get(file, b""))
        for change in changes:
            make(content, change)
        return bytes(content)


def power_cuts(disk: SimulatedDisk) -> Iterator[tuple[Operation | None, PowerCut]]:
    """Every moment the power may go: the last operation before it, and what the cut leaves then."""
    cut = PowerCut(disk)
    yield None, cut
    for operation in list(disk.log):
        cut.take(operation)
        yield operation, cut


def _surviving(renamed: Sequence[Unsynced[Name]], chance: float, rng: Random) -> Iterator[Name]:
    """All changes of a folder that are sure, with those they build on, and some of the others."""
    needed: set[Path] = set()
    chances: list[float] = []
    for each in reversed(renamed):
        sure = each.sure or bool(each.change.names & needed)
        needed |= each.change.names if sure else set()
        chances.append(1 if sure else chance)
    missing: set[Path] = set()
    for each, likely in zip(renamed, reversed(chances), strict=True):
        if each.change.names & missing or rng.random() >= likely:
            missing |= each.change.names
        else:
            yield each.change


def _part(change: Write | Cut, chance: float, rng: Random) -> Iterator[Write | Cut]:
    """What is left of a change that is not there as a whole: nothing, a beginning, an end, all but a hole."""
    if isinstance(change, Cut) or not chance:
        return
    if rng.random() < 0.5:
        # The length is there before the data.
        yield Write(change.file, change.at + len(change.data), b"")
    first, second = sorted((_tear(change.data, rng), _tear(change.data, rng)))
    for start, end in rng.choice(((), ((0, first),), ((second, None),), ((0, first), (second, None)))):
        yield Write(change.file, change.at + start, change.data[start:end])


def _tear(data: bytes, rng: Random) -> int:
    """Any byte of what is said, or the edge of a line: the space kept behind the lines says nothing."""
    said = len(data.rstrip(b"\n")) + 1
    edges = [at + 1 for at in range(said) if data[at : at + 1] == b"\n"]
    return rng.choice(edges) if edges and rng.random() < 0.4 else rng.randint(0, said)
