"""The process that children are forked from: it has imported all they need and never sees a file itself.

Starting Python and its imports takes a quarter of a second for each file, a fork a few milliseconds. Told over a
socket (storage.exports.forked): a byte with three descriptors is one child, its stdin, its stdout and a socket of its
own. Over that goes its process id, and its exit status once it has ended; whatever comes back, or its end, kills it.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass

from storage.exports import child

NUMBER = struct.Struct("i")
FIRST_OWN = 3
"""The first descriptor that is neither stdin, stdout nor stderr."""
MOST_OPEN = 4096


@dataclass(frozen=True)
class Forked:
    """A child that runs. `alive`: a pipe that ends with it; `line`: the socket its reader holds the other end of."""

    pid: int
    alive: int
    line: socket.socket


def main() -> None:
    """Fork children until the socket ends, which is when our parent does."""
    # What is frozen is looked at by no child's collector, so its pages stay shared.
    gc.collect()
    gc.freeze()
    Server(socket.socket(fileno=int(sys.argv[2]))).serve()


class Server:
    """Forks children, kills them when it is told and says how they ended."""

    def __init__(self, told: socket.socket) -> None:
        self.told = told
        self.selector = selectors.DefaultSelector()
        self.selector.register(told, selectors.EVENT_READ)

    def serve(self) -> None:
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    self.hear()
                elif key.fileobj is key.data.line:
                    kill(key.data)
                    self.selector.unregister(key.fileobj)
                else:
                    self.bury(key.data)

    def hear(self) -> None:
        """Fork one child, or leave with all of them."""
        message, descriptors, *_ = socket.recv_fds(self.told, 1, 3)
        if not message:
            for key in self.selector.get_map().values():
                if key.data is not None:
                    kill(key.data)
            os._exit(0)
        given, out, line = descriptors
        alive, held = os.pipe()
        pid = os.fork()
        if pid == 0:
            become_child(given, out, held)
        for ours in (given, out, held):
            os.close(ours)
        self.watch(Forked(pid, alive, socket.socket(fileno=line)))

    def watch(self, forked: Forked) -> None:
        for file in (forked.alive, forked.line):
            self.selector.register(file, selectors.EVENT_READ, forked)
        with suppress(OSError):  # nobody waits for it any more: its line has ended, which kills it
            forked.line.send(NUMBER.pack(forked.pid))

    def bury(self, forked: Forked) -> None:
        """Say how a child ended. It may have closed its pipe and live on: nobody waits for such a one."""
        kill(forked)
        _, status = os.waitpid(forked.pid, 0)
        for file in (forked.alive, forked.line):
            with suppress(KeyError):
                self.selector.unregister(file)
        with suppress(OSError):
            forked.line.send(NUMBER.pack(os.waitstatus_to_exitcode(status)))
        forked.line.close()
        os.close(forked.alive)


def kill(forked: Forked) -> None:
    """End a child that was not buried yet, so the process id is still its own."""
    os.kill(forked.pid, signal.SIGKILL)


def become_child(given: int, out: int, held: int) -> None:
    """Read one file and leave; of what the server holds nothing stays open."""
    os.dup2(given, 0)
    os.dup2(out, 1)
    os.closerange(FIRST_OWN, held)
    os.closerange(held + 1, MOST_OPEN)
    try:
        child.main()
    finally:
        os._exit(1)
