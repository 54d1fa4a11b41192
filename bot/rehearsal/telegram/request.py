"""The front in process: a `BaseRequest` for python-telegram-bot that hands every call to the core."""

from __future__ import annotations

import json
import re

from telegram._utils.defaultvalue import DEFAULT_NONE
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.rehearsal.telegram.core import TelegramCore
from bot.rehearsal.telegram.errors import LostConnection
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
        read_timeout: ODVInput[float] = DEFAULT_NONE,
        write_timeout: ODVInput[float] = DEFAULT_NONE,
        connect_timeout: ODVInput[float] = DEFAULT_NONE,
        pool_timeout: ODVInput[float] = DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and body of one call or download. Raises TimedOut, NetworkError for a lost call."""
        file = FILE_URL.search(url)
        if file:
            return self._core.download(file["token"], file["path"])
        call = CALL_URL.search(url)
        if not call:
            return 404, b'{"ok": false, "error_code": 404, "description": "Not Found"}'
        return await self._call(call["token"], call["method"], request_data)

    async def _call(self, token: str, method: str, data: RequestData | None) -> tuple[int, bytes]:
        params = data.json_parameters if data else {}
        try:
            status, body = await self._core.handle(token, method, params, _files(data))
        except LostConnection as lost:
            raise (TimedOut() if lost.timed_out else NetworkError("httpx.ReadError: reset")) from lost
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
