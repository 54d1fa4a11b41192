"""Commands for a store that dies under them, and what it then owes: nothing acknowledged lost, nothing half.

A `Session` is a store somebody works with. It notes on the disk what may be found after a power cut: the
state that was acknowledged, and those that may have come on top of it, in order. `examine` stops the power
after every operation and looks what is found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Literal

from storage.store import Books, NotSaved, Store
from storage.tiny import TinyStore
from storage.tiny_disk import Disk
from tests.storage.store_contract import BOOKS, CHASES, NOTES, Chase, Note
from tests.support.disk_users import Process, Slow
from tests.support.power import KILLED, Luck, PowerCut, luck, power_cuts
from tests.support.simulated_disk import ROOT, Mark, Operation, SimulatedDisk

DATA = ROOT / "data"
COMPACT_AT = 600
"""A few units, so that a short script compacts often."""

Opener = Callable[[Any], Store]


def tiny(disk: Disk) -> TinyStore:
    """The embedded store on `disk`."""
    return TinyStore(DATA, BOOKS, disk=disk, compact_at=COMPACT_AT)


class Violation(AssertionError):
    """What was found is not what the store owes."""


@dataclass(frozen=True)
class State:
    """A room after its unit number `sequence`: what stands under each id, in either of its books."""

    sequence: int = 0
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """A unit that changes several documents of two books; `fails` after it did so, and then undoes them."""

    puts: dict[str, str] = field(default_factory=dict)
    drops: tuple[str, ...] = ()
    fails: bool = False

    def __call__(self, books: Books) -> None:
        for id, text in self.puts.items():
            books.shelf(NOTES).put(Note(id=id, text=text))
            books.shelf(CHASES).put(Chase(id=id, claimant=text))
        for id in self.drops:
            books.shelf(NOTES).drop(id)
            books.shelf(CHASES).drop(id)
        if self.fails:
            raise ValueError("this unit changes its mind")

    def after(self, state: State) -> State:
        """The room once this has been done to it."""
        texts = {id: text for id, text in (state.texts | self.puts).items() if id not in self.drops}
        return state if self.fails or texts == state.texts else State(state.sequence + 1, texts)


@dataclass(frozen=True)
class Step:
    """One thing somebody does with a store; `jots` are units that do not wait for the disk."""

    do: Literal["units", "jots", "flush", "reopen"]
    room: str = ""
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True)
class Owed:
    """What may be found of a room: `held`, or one of those `on_top` of it, in the order they were asked for.

    The first `written` of them returned to their caller, so a killed process has them on its disk.
    """

    held: State = State()
    on_top: tuple[State, ...] = ()
    written: int = 0

    def may_be(self, *, killed: bool = False) -> tuple[State, ...]:
        """The states that may be found after a power cut, or where the process was `killed`."""
        return (self.held, *self.on_top)[self.written if killed else 0 :]

    @property
    def newest(self) -> State:
        """The state as the one who asks knows it."""
        return self.on_top[-1] if self.on_top else self.held

    def asking(self, commands: Sequence[Command]) -> Owed:
        """What may be found once `commands` are asked for, and nothing was said of them yet."""
        states = [self.newest]
        for command in commands:
            after = command.after(states[-1])
            states += [after] if after is not states[-1] else []
        return replace(self, on_top=(*self.on_top, *states[1:]))


Debts = dict[str, Owed]


class Session:
    """A store on `disk`, to be opened, and what it owes by room. Opening checks what is found against `debts`.

    What it owes is noted on the disk's log as it changes.
    """

    def __init__(self, disk: Any, opener: Opener, debts: Debts | None = None) -> None:
        self.disk = disk
        self.debts = debts or {}
        self.store: Store
        self._opener = opener

    def open(self) -> None:
        """Open the store, closed or killed before. Violation where something is found that is not owed."""
        self.disk.begin()
        self.store = self._opener(self.disk)
        for room, owed in self.debts.items():
            state = found(self.store, room)
            if state not in owed.may_be():
                raise Violation(f"{room}: found {state}, owed {owed.may_be()}")
            self._note(room, Owed(state))

    def close(self) -> None:
        """Close the store, which saves everything but what a failed disk left unknown."""
        unknown = set(self.store.troubles())
        if isinstance(self.disk, Slow):
            self.disk.hurry()
        try:
            self.store.close()
            self._all_held(but=unknown)
        finally:
            self.debts = left_by(self.debts, KILLED)

    def do(self, step: Step) -> None:
        """One step; NotSaved where the store says so."""
        if step.do == "reopen":
            self.close()
            self.open()
        elif step.do == "flush":
            self.store.flush()
            self._all_held(but=self.store.troubles())
        else:
            self._units(step.room, step.commands, durable=step.do == "units")

    def _units(self, room: str, commands: Sequence[Command], *, durable: bool) -> None:
        before = self.debts.get(room, Owed())
        shown = found(self.store, room)
        asked = before if room in self.store.troubles() else self._note(room, before.asking(commands))
        try:
            results = self.store.run_all(room, commands, durable=durable)
        except NotSaved:
            self._shows(room, shown)
            if room not in self.store.troubles():
                self._note(room, before)
            raise
        if [isinstance(result, ValueError) for result in results] != [command.fails for command in commands]:
            raise Violation(f"{room}: {results} for {commands}")
        written = replace(asked, written=len(asked.on_top))
        # A unit that changed nothing has nothing to save.
        self._note(room, Owed(asked.newest) if durable and asked.newest != before.newest else written)
        self._shows(room, asked.newest)

    def _shows(self, room: str, state: State) -> None:
        if found(self.store, room) != state:
            raise Violation(f"{room}: shows {found(self.store, room)} instead of {state}")

    def _all_held(self, but: Collection[str] = ()) -> None:
        for room in sorted(self.debts.keys() - set(but)):
            self._note(room, Owed(self.debts[room].newest))

    def _note(self, room: str, owed: Owed) -> Owed:
        self.debts = self.debts | {room: owed}
        self.disk.mark(self.debts)
        return owed


def found(store: Store, room: str) -> State:
    """The room as the store shows it. Violation for half a command."""
    books = store.view(room)
    notes = {note.id: note.text for note in books.shelf(NOTES).scan()}
    chases = {chase.id: chase.claimant for chase in books.shelf(CHASES).scan()}
    if notes != chases:
        raise Violation(f"{room}: half a command: {notes} beside {chases}")
    return State(books.sequence, notes)


def recorded(script: Sequence[Step], opener: Opener = tiny, *, lag: int = 0) -> SimulatedDisk:
    """A disk on which the script was done, from the first opening to the last closing; `lag`: see Slow."""
    disk = SimulatedDisk()
    session = Session(Slow(disk, lag), opener)
    session.open()
    for step in script:
        session.do(step)
    session.close()
    return disk


def killed(script: Sequence[Step], until: int, *, lag: int = 0) -> tuple[SimulatedDisk, int]:
    """A disk on which a process began the script and was killed at its operation number `until`, and another
    went on with it; and how many operations the disk had seen by then. The power never went.
    """
    disk = SimulatedDisk()
    process = Process(disk, until)
    slow = Slow(process, lag)
    left = list(script)
    with suppress(OSError):
        session = Session(slow, tiny)
        session.open()
        while left:
            session.do(left.pop(0))
        session.close()
    process.bury()
    slow.hurry()
    died = len(disk.log)
    debts: Debts = {}
    for operation in disk.log:
        debts = _noted(operation, debts)
    session = Session(disk, tiny, left_by(debts, KILLED))
    session.open()
    for step in left[:2]:
        session.do(step)
    session.close()
    return disk, died


def examine(
    disk: SimulatedDisk, seeds: Sequence[int], opener: Opener = tiny, *, stops: Container[int] | None = None
) -> int:
    """Stop the power after every operation of the disk's log (or after those whose numbers are in `stops`),
    with every seed; how many different disks that left.

    Each is opened, takes a command, closes and opens again, and then loses its power once more at a moment of
    this by lot, most often while it recovers. Violation, saying where, for anything that is not owed.
    """
    seen: set[object] = set()
    debts: Debts = {}
    for stop, (operation, cut) in enumerate(power_cuts(disk)):
        debts = _noted(operation, debts)
        for seed in seeds if stops is None or stop in stops else ():
            rng = Random(f"{stop} {seed}")
            fate = luck(seed, rng)
            left = cut.leaves(fate, rng)
            looks = (
                id(debts),
                left.start[0].folders,
                tuple(left.start[0].files),
                tuple(left.start[1].values()),
            )
            if looks in seen:
                continue
            seen.add(looks)
            try:
                _survives(left, left_by(debts, fate), opener, rng)
            except Exception as error:
                last = "\n".join(str(each)[:200] for each in disk.log[max(0, stop - 8) : stop])
                raise Violation(f"stopped after {stop} operations, seed {seed}: {error!r}\n{last}") from error
    return len(seen)


def _survives(disk: SimulatedDisk, debts: Debts, opener: Opener, rng: Random, *, again: bool = True) -> None:
    session = Session(disk, opener, debts)
    session.open()
    opened = len(disk.log)
    for room in debts or {"a1": Owed()}:
        session.do(Step("units", room, (Command({"new": "a new command"}),)))
    session.do(Step("reopen"))
    if again:
        stop = rng.randrange(rng.choice((opened, len(disk.log))) + 1)
        cut = PowerCut(disk)
        for operation in disk.log[:stop]:
            cut.take(operation)
            debts = _noted(operation, debts)
        fate = luck(rng.randrange(8), rng)
        _survives(cut.leaves(fate, rng), left_by(debts, fate), opener, rng, again=False)


def _noted(operation: Operation | None, debts: Debts) -> Debts:
    return operation.what if isinstance(operation, Mark) else debts


def left_by(debts: Debts, fate: Luck) -> Debts:
    """What is owed by room once the power was cut, or the process killed."""
    may_be = {room: owed.may_be(killed=fate is KILLED) for room, owed in debts.items()}
    return {room: Owed(states[0], states[1:]) for room, states in may_be.items()}
