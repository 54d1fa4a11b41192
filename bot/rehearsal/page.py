"""The rehearsal page on 127.0.0.1: what is asked for by the browser becomes deeds on the show.

Only a browser on this machine is served (the Host must be loopback), and only the page itself may act (a header
no foreign page can send unasked), because what is rehearsed may be somebody's real run sheet.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError
from pylopdf_fonts_zh_cn import sans_path
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.rehearsal.cast import Where
from bot.rehearsal.deeds import Deed
from bot.rehearsal.page_view import setting, view
from bot.rehearsal.player import Player
from bot.rehearsal.script import Act
from bot.rehearsal.show import Show
from bot.rehearsal.table import TableDeed
from bot.rehearsal.telegram.presses import Answer
from bot.rehearsal.troubles import TROUBLES, Troubles
from bot.texts import escape, plain, say
from playbooks.model import Model, Refusal

HOSTS = ["127.0.0.1", "localhost"]
OWN = "x-rehearsal"
BIGGEST_FILE = 50 * 1024 * 1024
KEEP_ALIVE_SECONDS = 15.0
POLICY = (
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
STATIC = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/messages.js": ("messages.js", "text/javascript; charset=utf-8"),
    "/table.js": ("table.js", "text/javascript; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/table.css": ("table.css", "text/css; charset=utf-8"),
}
DEED: TypeAdapter[Deed] = TypeAdapter(Deed)
TABLE_DEED: TypeAdapter[TableDeed] = TypeAdapter(TableDeed)
Handler = Callable[[Request], Awaitable[Response]]


class ScriptStep(Model):
    """Play on to (and with) step `until`, counted from 0, by default the next one; or `skip` that."""

    until: int | None = None
    skip: bool = False


class Page:
    """The handlers of the page, over one show."""

    def __init__(self, show: Show, acts: tuple[Act, ...], data: str) -> None:
        self._show = show
        self._data = data
        self._player = Player(show, acts)
        self._troubles = Troubles(show)
        self._playing = asyncio.Lock()
        self.closing = asyncio.Event()

    def app(self) -> Starlette:
        """The ASGI application."""
        acting = {
            "/act": self.act, "/upload": self.upload, "/script": self.script, "/trouble": self.trouble,
            "/table": self.at_table,
        }  # fmt: skip
        routes = [Route(path, _static(*told), methods=["GET"]) for path, told in STATIC.items()]
        routes += [Route(path, _own(done), methods=["POST"]) for path, done in acting.items()]
        routes += [
            Route("/setting", self.setting, methods=["GET"]),
            Route("/view", self.view, methods=["GET"]),
            Route("/table", self.table, methods=["GET"]),
            Route("/events", self.events, methods=["GET"]),
            Route("/file/{chat}/{message}", self.file, methods=["GET"]),
            Route("/font.otf", _font, methods=["GET"]),
        ]
        return Starlette(
            routes=routes,
            middleware=[
                Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False),
                Middleware(_Guarded),
            ],
            exception_handlers={
                Refusal: self._refused,
                ValidationError: _unreadable,
                TimeoutError: self._restless,
            },
        )

    # -- reading -------------------------------------------------------------------------------------

    async def setting(self, request: Request) -> Response:
        """What does not change."""
        return JSONResponse(setting(self._show, self._player.acts, self._data))

    async def view(self, request: Request) -> Response:
        """A chat as somebody sees it, the clock, the script, the troubles."""
        where: Where = "group" if request.query_params.get("where") == "group" else "private"
        who = request.query_params.get("who", "")
        return JSONResponse(view(self._show, self._player, self._troubles, who, where))

    async def table(self, request: Request) -> Response:
        """The spreadsheet, with the tab asked for."""
        return JSONResponse(self._show.table.view(request.query_params.get("tab", "")))

    async def events(self, request: Request) -> Response:
        """Server-sent events: the version, each time something has changed that somebody could see."""
        return StreamingResponse(self.versions(), media_type="text/event-stream")

    async def versions(self) -> AsyncIterator[str]:
        """The events, until `closing` is set; one now and then even without a change, which keeps the line open."""
        version = self._show.core.version
        yield f"data: {version}\n\n"
        over = asyncio.create_task(self.closing.wait())
        try:
            while not self.closing.is_set():
                change = asyncio.create_task(self._show.core.changed_since(version))
                await asyncio.wait(
                    {change, over}, timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                version = change.result() if change.done() else version
                change.cancel()
                yield f"data: {version}\n\n"
        finally:
            over.cancel()

    async def file(self, request: Request) -> Response:
        """A file of a message: a photo to look at, anything else to save."""
        try:
            chat, message = (int(request.path_params[name]) for name in ("chat", "message"))
            found = self._show.core.message(chat, message)
        except (KeyError, ValueError):
            return Response(status_code=404)
        document = found.document or found.photo
        if document is None:
            return Response(status_code=404)
        kind = "image/png" if document.content.startswith(b"\x89PNG") else "image/jpeg"
        how = "inline" if found.photo else "attachment"
        headers = {
            "content-disposition": f"{how}; filename*=UTF-8''{quote(PurePosixPath(document.name).name)}"
        }
        kind = kind if found.photo else "application/octet-stream"
        return Response(document.content, media_type=kind, headers=headers)

    # -- acting --------------------------------------------------------------------------------------

    async def act(self, request: Request) -> Response:
        """One deed; answered when all it causes has happened."""
        deed = DEED.validate_json(await request.body())
        return _answered(await self._show.do(deed))

    async def at_table(self, request: Request) -> Response:
        """One deed in the spreadsheet."""
        await self._show.at_table(TABLE_DEED.validate_json(await request.body()))
        return _answered(None)

    async def upload(self, request: Request) -> Response:
        """Somebody's own file; `who`, `where`, `name` in the query, the content as the body."""
        asked = request.query_params
        data = await request.body()
        if len(data) > BIGGEST_FILE:
            raise Refusal("rehearsal.too_big", megabytes=BIGGEST_FILE // 1024 // 1024)
        name = PurePosixPath(asked.get("name", "")).name or "file"
        await self._show.upload(asked.get("who", ""), asked.get("where", ""), name, data)
        return _answered(None)

    async def script(self, request: Request) -> Response:
        """Plays or skips steps of the script."""
        asked = ScriptStep.model_validate_json(await request.body())
        heard = None
        async with self._playing:
            if asked.skip:
                self._player.skip()
                self._show.core.pulse.beat()
            last = self._player.position if asked.until is None else asked.until
            while not asked.skip and not self._player.over and self._player.position <= last:
                heard = await self._player.play()
                self._show.core.pulse.beat()
        return _answered(heard[1] if heard else None)

    async def trouble(self, request: Request) -> Response:
        """Throws a trouble in, or clears them all."""
        try:
            kind = json.loads(await request.body()).get("kind")
        except (ValueError, AttributeError):
            return PlainTextResponse("a JSON object with `kind`", status_code=400)
        known = next((one for one in TROUBLES if one == kind), None)
        if known:
            self._troubles.throw(known)
        else:
            self._troubles.clear()
        return _answered(None)

    # -- what cannot be done -------------------------------------------------------------------------

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        said = say(
            self._show.lang, error.key, **{name: escape(value) for name, value in error.values.items()}
        )
        return JSONResponse({"error": plain(said)}, 409)

    async def _restless(self, request: Request, error: Exception) -> Response:
        return JSONResponse({"error": plain(say(self._show.lang, "rehearsal.restless"))}, 500)


def _answered(answer: Answer | None) -> Response:
    return JSONResponse({"toast": answer.text, "alert": answer.alert, "url": answer.url} if answer else {})


async def _unreadable(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "400"}, 400)


def _static(name: str, kind: str) -> Handler:
    content = (files("bot.rehearsal") / "static" / name).read_bytes()

    async def serve_it(request: Request) -> Response:
        return Response(content, media_type=kind)

    return serve_it


async def _font(request: Request) -> Response:
    """Noto Sans SC, for a machine without a Chinese font; fetched only where the style sheet comes to it."""
    return FileResponse(sans_path(), media_type="font/otf", headers={"cache-control": "max-age=86400"})


def _own(act: Handler) -> Handler:
    """Only for the page itself: a foreign page cannot send this header without asking, and asking is refused."""

    async def guarded(request: Request) -> Response:
        origin = request.headers.get("origin")
        foreign = origin is not None and origin != f"http://{request.headers.get('host')}"
        if foreign or OWN not in request.headers:
            return JSONResponse({"error": "403"}, 403)
        return await act(request)

    return guarded


class _Guarded:
    """Headers that keep whatever is shown from becoming code."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = POLICY
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "no-referrer"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, guarded)
