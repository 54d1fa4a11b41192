"""A long file audited by several processes at once: what each of its parts came to, in the order of the parts.

A forked process has all this one has read; only what is to be printed comes back through a pipe.
"""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO, NamedTuple, NoReturn, TypeVar

T = TypeVar("T")

MOST = 4
"""Processes; the first ones save the most."""


class PartFailed(Exception):
    """A process ended before its parts were done."""


class Worker(NamedTuple):
    """A process at work, and the pipe what it found comes through."""

    pid: int
    said: IO[bytes]


def processes() -> int:
    """How many may work at once: 1 where the system cannot fork, or has one processor for us."""
    if not hasattr(os, "fork"):
        return 1
    known = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(known, MOST)


def spread(jobs: Sequence[Callable[[], T]], count: int) -> Iterator[T]:
    """What each of `jobs` returns, in their order, worked on by `count` processes. Raises PartFailed."""
    workers = [_begun(jobs[number::count]) for number in range(min(count, len(jobs)))]
    try:
        for at in range(len(jobs)):
            try:
                # From our own child, which has unpickled nothing itself.
                yield pickle.load(workers[at % count].said)  # noqa: S301
            except EOFError:
                raise PartFailed(f"part {at + 1} of {len(jobs)}") from None
    finally:
        for worker in workers:
            _ended(worker)


def _begun(jobs: Sequence[Callable[[], T]]) -> Worker:
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _work(jobs, write_end)
    os.close(write_end)
    return Worker(pid, os.fdopen(read_end, "rb"))


def _work(jobs: Sequence[Callable[[], T]], write_end: int) -> NoReturn:
    """In the child: leaves at once when done, so that nothing this process had begun to write is written twice."""
    status = 1
    try:
        with os.fdopen(write_end, "wb") as said:
            for job in jobs:
                pickle.dump(job(), said)
        status = 0
    except BrokenPipeError:  # nobody wants the rest
        status = 0
    except Exception:
        traceback.print_exc()  # a fault of our own; who waits for the part only learns that there is none
    finally:
        os._exit(status)


def _ended(worker: Worker) -> None:
    worker.said.close()
    with suppress(ProcessLookupError):
        os.kill(worker.pid, signal.SIGKILL)
    os.waitpid(worker.pid, 0)
