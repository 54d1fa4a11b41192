"""A port of this machine nobody else gets meanwhile: one that was free a moment ago may be another worker's by now."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved() -> Iterator[str]:
    """`127.0.0.1:port`. Nobody listens there until somebody does who shares addresses, as the bot does."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{held.getsockname()[1]}"
