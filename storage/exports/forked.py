"""Children to read files in: forked from a server process of our own, which is started with the first file.

The server has none of our secrets in its environment, and ends with us.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

from storage.exports.fork_server import NUMBER

START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from storage.exports.fork_server import main; main()"
)
KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "PATH", "TMPDIR")
TRIES = 2
"""A server that was ended from outside is started once more."""


class Forked:
    """One child: its pipes, and the socket over which it is killed and its end is heard."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes], line: socket.socket) -> None:
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout
        self._line = line
        self._status: int | None = None

    def kill(self) -> None:
        """End it at once; one that has ended stays as it is."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)

    def wait(self) -> int:
        """Its exit status once it has ended; of what a signal ended, the signal's number below zero."""
        if self._status is None:
            try:
                self._status = heard(self._line)
            except EOFError:  # its server was ended from outside
                self._status = -signal.SIGKILL
        return self._status

    def close(self) -> None:
        """Let go of a child that has ended."""
        self.stdout.close()
        with suppress(BrokenPipeError):
            self.stdin.close()
        self._line.close()


class Server:
    """The process the children are forked from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._told: socket.socket | None = None

    def child(self) -> Forked:
        """A child that waits for what is asked. Raises OSError where none can be had."""
        with self._lock:
            for _ in range(TRIES):
                told = self._told or self._start()
                try:
                    return fork(told)
                except (BrokenPipeError, ConnectionResetError, EOFError):
                    self._end()
        raise OSError("the process that reads files does not start")

    def close(self) -> None:
        """End the server, and with it whatever child still runs."""
        with self._lock:
            self._end()

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            # -I: neither the working directory nor the environment decides what is imported. What it prints on
            # stderr could quote a row: nobody hears it.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-I", "-X", "utf8", "-c", START, json.dumps(paths()), str(theirs.fileno())],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ},
                cwd="/", start_new_session=True, pass_fds=(theirs.fileno(),),
            )  # fmt: skip
        self._told = ours
        return ours

    def _end(self) -> None:
        if self._told is not None:
            self._told.close()
        if self._process is not None:
            self._process.wait()
        self._told = self._process = None


@cache
def server() -> Server:
    """The only one of this process, ended with it."""
    made = Server()
    atexit.register(made.close)
    return made


def fork(told: socket.socket) -> Forked:
    """A new child of the server that is `told`. Raises OSError, or EOFError where the server is no more."""
    given, stdin = os.pipe()
    stdout, out = os.pipe()
    line, theirs = socket.socketpair()
    ours = os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb")
    try:
        socket.send_fds(told, [b"f"], [given, out, theirs.fileno()])
        theirs.close()
        return Forked(heard(line), *ours, line)
    except BaseException:
        for file in (*ours, line):
            file.close()
        raise
    finally:
        theirs.close()
        os.close(given)
        os.close(out)


def heard(line: socket.socket) -> int:
    """The next number the server says of a child. Raises EOFError where it is no more."""
    said = line.recv(NUMBER.size, socket.MSG_WAITALL)
    if len(said) < NUMBER.size:
        raise EOFError
    number: int = NUMBER.unpack(said)[0]
    return number


def paths() -> list[str]:
    """Where the child imports from: where we do, without the working directory unless our code lies there."""
    home = str(Path(__file__).parents[2])
    return [home, *(path for path in sys.path if path and path != home)]
