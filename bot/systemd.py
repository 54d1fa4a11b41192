"""systemd's notify protocol: ready, alive, stopping, and a status, as datagrams to NOTIFY_SOCKET."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping

log = logging.getLogger(__name__)


class Systemd:
    """Tells the service manager how the service is; says nothing where nobody asked (no NOTIFY_SOCKET)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        # `@` in front marks a name in the abstract name space, which the kernel writes with a zero byte.
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)

    def ready(self) -> None:
        """The service works from now on."""
        self._tell("READY=1")

    def alive(self, status: str) -> None:
        """Feed the watchdog: without this for WatchdogSec systemd restarts the service."""
        self._tell("WATCHDOG=1", f"STATUS={status}")

    def status(self, said: str) -> None:
        """One line for `systemctl status`, and no word of being alive."""
        self._tell(f"STATUS={said}")

    def stopping(self) -> None:
        """The service ends in order."""
        self._tell("STOPPING=1")

    def _tell(self, *said: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.setblocking(False)  # the loop waits for nobody
                to.sendto("\n".join(said).encode(), self._address)
        except OSError as error:
            log.warning("systemd was not told %s: %s", said[0], error)
