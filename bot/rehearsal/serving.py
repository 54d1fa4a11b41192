"""The page's server: on loopback, until Ctrl-C, and nothing left over afterwards."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
from starlette.applications import Starlette

from bot.rehearsal.page import Page
from bot.rehearsal.script import Act
from bot.rehearsal.show import Show
from bot.texts import escape, plain, say

LOOPBACK = "127.0.0.1"
CLOSING_SECONDS = 1


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Ctrl-C belongs to `serve`, which ends the open event streams first.
        yield


async def serve(show: Show, acts: tuple[Act, ...], port: int, data: str, *, opened: bool) -> None:
    """Serve the page until SIGINT or SIGTERM; prints its address, and opens it where `opened`."""
    page = Page(show, acts, data)
    async with listening(page, port) as address:
        with _until_told(page.closing):
            print(plain(say(show.lang, "rehearsal.serving", address=address, data=escape(data))), flush=True)
            if opened:
                await asyncio.to_thread(_open, address)
            await page.closing.wait()
    print(plain(say(show.lang, "rehearsal.ended")), flush=True)


@asynccontextmanager
async def listening(page: Page, port: int = 0) -> AsyncIterator[str]:
    """Serve `page` on loopback, on a free port unless one is named; yields `http://127.0.0.1:<port>`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((LOOPBACK, port))
        one.listen()
        server = _Server(_config(page.app()))
        running = asyncio.create_task(server.serve(sockets=[one]))
        try:
            yield f"http://{LOOPBACK}:{one.getsockname()[1]}"
        finally:
            page.closing.set()  # open event streams end by this
            server.should_exit = True
            await running


@contextmanager
def _until_told(closing: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for one in signals if sys.platform != "win32" else ():
        loop.add_signal_handler(one, closing.set)
    try:
        yield
    finally:
        closing.set()
        for one in signals if sys.platform != "win32" else ():
            loop.remove_signal_handler(one)


def _open(address: str) -> None:
    with suppress(webbrowser.Error, OSError):
        webbrowser.open(address)


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app, access_log=False, lifespan="off", log_config=None, log_level="critical",
        timeout_graceful_shutdown=CLOSING_SECONDS, ws="none",
    )  # fmt: skip
