"""The webhook: Telegram posts updates to us; each is stored before the 200 that tells Telegram it was received.

Plain HTTP, to stand behind a reverse proxy that ends TLS. Posts that come at the same time are stored by one
fsync (units.Units).
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from hmac import compare_digest

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.inbox import Raw

log = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
BIGGEST_BODY = 1 << 20
"""Bytes; an update is a few kilobytes."""
CONNECTIONS = 40
"""Posts Telegram may have under way at once."""
CLOSING_SECONDS = 5
TRY_AGAIN_AFTER = 5.0

Receive = Callable[[Sequence[Raw]], Awaitable[None]]


def endpoint(receive: Receive, secret: str) -> Starlette:
    """The ASGI application. 403 for a wrong secret token, 400 for what is no update, 500 where it was not stored:
    Telegram then posts it again. The path is the proxy's affair."""

    async def post(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not compare_digest(given.encode(), secret.encode()):
            log.warning("a post with a wrong secret token was refused")
            return Response(status_code=403)
        raw = await _update(request)
        if raw is None:
            return Response(status_code=400)
        try:
            await receive([raw])
        except Exception as error:
            log.error("an update was not stored, it is posted again: %s", type(error).__name__)
            return Response(status_code=500)
        return Response()

    return Starlette(routes=[Route("/{path:path}", post, methods=["POST"])])


async def _update(request: Request) -> Raw | None:
    """The update posted; None for what is none, or too big to be one."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > BIGGEST_BODY:
                return None
        raw = json.loads(body)
    except (ValueError, RecursionError, ClientDisconnect):
        return None
    whole = isinstance(raw, dict) and type(raw.get("update_id")) is int
    return raw if whole else None


@asynccontextmanager
async def served(receive: Receive, secret: str, listening: socket.socket) -> AsyncIterator[None]:
    """Serve on `listening` (closed at the end) what Telegram posts once `announce` has told it to."""
    server = _Server(_config(endpoint(receive, secret)))
    with listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="webhook")
        try:
            yield
        finally:
            server.should_exit = True
            await serving


async def announce(bot: Bot, url: str, secret: str) -> None:
    """Have Telegram post to `url`. It may be out of reach at start: try until it is there.

    Nobody takes the webhook back at the end: Telegram keeps what it cannot deliver until the bot is back.
    """
    while True:
        try:
            await bot.set_webhook(
                url, allowed_updates=Update.ALL_TYPES, secret_token=secret, max_connections=CONNECTIONS
            )
        except TelegramError as error:
            log.warning("the webhook is not set (%s); trying again", error)
            await asyncio.sleep(TRY_AGAIN_AFTER)
        else:
            return


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Signals are for the one who serves the bot: it ends the posts first.
        yield


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app, access_log=False, lifespan="off", log_config=None, log_level="warning",
        timeout_graceful_shutdown=CLOSING_SECONDS, ws="none",
    )  # fmt: skip
