"""The front over HTTP: the Bot API on loopback, for whatever speaks to Telegram by a base URL."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.rehearsal.telegram.core import TelegramCore
from bot.rehearsal.telegram.errors import ApiError, LostConnection
from bot.rehearsal.telegram.params import Upload

LOOPBACK = "127.0.0.1"
CLOSING_SECONDS = 2
JSON_TYPE = "application/json"


@asynccontextmanager
async def serve(core: TelegramCore, port: int = 0) -> AsyncIterator[str]:
    """Serve `core` on 127.0.0.1, on a free port unless one is named; yields `http://127.0.0.1:<port>`.

    `<base>/bot` is PTB's base_url and TELEGRAM_API_URL's form, `<base>/file/bot` its base_file_url. Runs in
    the caller's event loop, touches no signal handlers, and has closed its socket when the block is left.
    """
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        server = _Server(_config(core))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            core.updates.close()
            await running
            core.updates.reopen()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Signals belong to the process that runs the bot, not to a server inside it.
        yield


class _BrokenOff(Response):
    """Promises a body and never sends it: the client sees the connection break."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1"), (b"content-type", JSON_TYPE.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


def app(core: TelegramCore) -> Starlette:
    """The ASGI application: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    async def call(request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        try:
            params, files = await _read(request)
            status, body = await core.handle(token, method, params, files)
        except LostConnection as lost:
            return await _unanswered(request, lost)
        except ValueError:
            body = ApiError(400, "Bad Request: can't parse the request").payload()
            status = 400
        return Response(json.dumps(body), status, media_type=JSON_TYPE)

    async def download(request: Request) -> Response:
        try:
            status, content = core.download(request.path_params["token"], request.path_params["path"])
        except LostConnection as lost:
            return await _unanswered(request, lost)
        return Response(content, status, media_type="application/octet-stream")

    return Starlette(
        routes=[
            Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
            Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        ]
    )


async def _read(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    params: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith(JSON_TYPE):
        return params | dict(await request.json()), {}
    files: dict[str, Upload] = {}
    async with request.form() as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                mime = value.content_type or "application/octet-stream"
                files[name] = Upload(value.filename or name, mime, await value.read())
            else:
                params[name] = value
    return params, files


async def _unanswered(request: Request, lost: LostConnection) -> Response:
    # A time-out is the caller's patience running out: nothing is sent until it has hung up.
    while lost.timed_out and (await request.receive())["type"] != "http.disconnect":
        pass
    return _BrokenOff()


def _config(core: TelegramCore) -> uvicorn.Config:
    # Access logs would show the token, and a broken-off answer is no error worth a line here.
    return uvicorn.Config(
        app(core),
        access_log=False,
        lifespan="off",
        log_config=None,
        log_level="critical",
        timeout_graceful_shutdown=CLOSING_SECONDS,
        ws="none",
    )
