"""The front in process: a `BaseRequest` for python-telegram-bot that hands every call to the core."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.rehearsal.telegram.core import TelegramCore
from bot.rehearsal.telegram.errors import ApiError, LostConnection
from bot.rehearsal.telegram.params import Upload

FILE_URL = re.compile(r"/file/bot(?P<token>[^/]+)/(?P<path>.+)$")
CALL_URL = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>\w+)$")
READ_TIMEOUT = 5.0
"""Seconds; PTB adds it to a long poll's own time. Nothing waits for it here."""


class InProcessRequest(BaseRequest):
    """Calls without a network. A lost call surfaces as TimedOut or NetworkError, as with HTTPXRequest."""

    def __init__(self, core: TelegramCore) -> None:
        super().__init__()
        self._core = core

    @property
    def read_timeout(self) -> float | None:
        """Seconds."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(  # noqa: PLR0917 - the signature is PTB's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """The status and body of one call or download. Raises TimedOut, NetworkError for a lost call."""
        try:
            return await self._answered(url, request_data)
        except LostConnection as lost:
            raise (TimedOut() if lost.timed_out else NetworkError("httpx.ReadError: reset")) from lost

    async def _answered(self, url: str, data: RequestData | None) -> tuple[int, bytes]:
        file, call = FILE_URL.search(url), CALL_URL.search(url)
        if file:
            # PTB quotes what a URL may not hold, the colon of the token included.
            return self._core.download(unquote(file["token"]), unquote(file["path"]))
        if not call:
            return 404, json.dumps(ApiError(404, "Not Found").payload()).encode()
        params = data.json_parameters if data else {}
        status, body = await self._core.handle(call["token"], call["method"], params, _files(data))
        return status, json.dumps(body).encode()


def _files(request_data: RequestData | None) -> dict[str, Upload]:
    parts = request_data.multipart_data if request_data else {}
    return {part: Upload(name, mime, _content(content)) for part, (name, content, mime) in parts.items()}


def _content(content: object) -> bytes:
    if isinstance(content, bytes):
        return content
    read = getattr(content, "read", None)
    if read is None:
        raise TypeError(f"not a file: {type(content).__name__}")
    return bytes(read())
