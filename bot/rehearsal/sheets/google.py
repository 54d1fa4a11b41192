"""Google Sheets without Google: the v4 calls the bot makes, answered in process, refusing what Google refuses.

People's side is `tab(key, title)`, whose methods are what people do. `before` is called ahead of every call of the
bot's, so that a script can do things between the bot's reading and its writing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from bot.rehearsal.sheets import ranges
from bot.rehearsal.sheets.faults import Answer, Faults, failed
from bot.rehearsal.sheets.grid import Tab, trimmed
from bot.rehearsal.sheets.keys import ADDRESS, Tokens, info
from bot.rehearsal.sheets.updates import Refused, Updates

PER_MINUTE = 60
DISABLED = (
    "Google Sheets API has not been used in project 1 before or it is disabled. Enable it by visiting "
    "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1 then retry."
)
BASE = "/v4/spreadsheets/"


@dataclass
class Spreadsheet:
    """A spreadsheet somebody made; `shared` with the bot's address as a writer, a reader or not at all."""

    key: str
    title: str
    tabs: dict[int, Tab] = field(default_factory=dict)
    shared: str = ""
    office: bool = False
    """An Excel file that was only uploaded."""


class Google:
    """Every spreadsheet there is, and the one service account."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._books: dict[str, Spreadsheet] = {}
        self._calls: dict[str, deque[datetime]] = {"read": deque(), "write": deque()}
        self.lock = threading.RLock()
        """The bot calls from a thread of its own: whoever works in a tab meanwhile holds this."""
        self.tokens = Tokens()
        self.faults = Faults()
        self.address = ADDRESS
        self.enabled = True
        """Whether the API is enabled in the project the account is from."""
        self.before: list[Callable[[str], None]] = []
        """Called with `read` or `write` ahead of each call."""
        self.listeners: list[Callable[[str, str, Any, Answer], None]] = []
        """Called with each call: method, path and query, body, answer."""

    # -- people ----------------------------------------------------------------------------------------

    def make(self, title: str, *tabs: str) -> str:
        """Somebody makes a spreadsheet; its key."""
        key = f"rehearsal-{len(self._books) + 1:034d}"
        made = {number: Tab(number, name) for number, name in enumerate(tabs or ("Sheet1",))}
        self._books[key] = Spreadsheet(key, title, made)
        return key

    def share(self, key: str, role: str = "writer") -> None:
        """Its owner shares it with the bot's address; '' takes that back."""
        self._books[key].shared = role

    def uploaded(self, key: str) -> None:
        """It is an Excel file somebody uploaded, not a spreadsheet of Google's."""
        self._books[key].office = True

    def throw_away(self, key: str) -> None:
        """Its owner deletes it."""
        del self._books[key]

    def tab(self, key: str, title: str) -> Tab:
        """A tab, to look at or to work in. Raises StopIteration."""
        return next(tab for tab in self._books[key].tabs.values() if tab.title == title)

    def titles(self, key: str) -> list[str]:
        """The tabs people see."""
        return [tab.title for tab in self._books[key].tabs.values() if not tab.hidden]

    def remove(self, key: str, title: str) -> None:
        """Somebody deletes a tab."""
        del self._books[key].tabs[self.tab(key, title).id]

    @staticmethod
    def key_info() -> dict[str, str]:
        """What stands in the service account's key file."""
        return info()

    # -- the bot's calls -------------------------------------------------------------------------------

    def answer(self, method: str, url: str, headers: dict[str, str], body: Any) -> Answer:
        """One call; `headers` by small letters. Raises the connection's faults."""
        parts = urlsplit(url)
        if parts.path == "/token":
            return self.faults.around("token", lambda: self.tokens.given(body))
        kind = "read" if method == "GET" else "write"
        for look in self.before:
            look(kind)
        with self.lock:
            said = self.faults.around(
                kind, lambda: self._answer(kind, parts.path, parts.query, headers, body)
            )
        for listen in self.listeners:
            listen(method, f"{parts.path}?{parts.query}", body, said)
        return said

    def _answer(self, kind: str, path: str, query: str, headers: dict[str, str], body: Any) -> Answer:
        name, _, what = unquote(path.removeprefix(BASE)).partition("/")
        key, _, verb = name.partition(":")
        book, asked = self._books.get(key), parse_qs(query)
        if refused := self._refused(kind, book, headers.get("authorization", "")):
            return refused
        assert book is not None
        if book.office:
            return failed(400, "FAILED_PRECONDITION", "This operation is not supported for this document")
        if kind == "write" and verb == "batchUpdate":
            return _updated(book, body)
        if what == "values:batchGet":
            return _values(book, asked)
        if kind == "read" and not what and not verb:
            return Answer(200, ranges.masked(_about(book), asked.get("fields", [""])[0]))
        return failed(404, "NOT_FOUND", f"no such method: {path}")

    def _refused(self, kind: str, book: Spreadsheet | None, token: str) -> Answer | None:
        if not self.tokens.good(token):
            return failed(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if not self.enabled:
            return failed(403, "PERMISSION_DENIED", DISABLED)
        if not self._within_quota(kind):
            said = (
                f"Quota exceeded for quota metric '{kind.title()} requests' and limit 'per minute per user'"
            )
            return failed(429, "RESOURCE_EXHAUSTED", said)
        if book is None:
            return failed(404, "NOT_FOUND", "Requested entity was not found.")
        if not book.shared or (kind == "write" and book.shared != "writer"):
            return failed(403, "PERMISSION_DENIED", "The caller does not have permission")
        return None

    def _within_quota(self, kind: str) -> bool:
        calls, now = self._calls[kind], self._now()
        while calls and calls[0] <= now - timedelta(minutes=1):
            calls.popleft()
        if len(calls) >= PER_MINUTE:
            return False
        calls.append(now)
        return True


def _updated(book: Spreadsheet, body: Any) -> Answer:
    """All of it or nothing."""
    tabs = {id: tab.copy() for id, tab in book.tabs.items()}
    try:
        replies = Updates(tabs).run(body.get("requests", []))
    except Refused as error:
        return failed(400, "INVALID_ARGUMENT", str(error))
    for id, tab in tabs.items():
        there = book.tabs.get(id)
        if there is None:
            book.tabs[id] = tab
        else:  # whoever works in the tab goes on working in it
            vars(there).update(vars(tab))
    for id in book.tabs.keys() - tabs.keys():
        del book.tabs[id]
    return Answer(200, {"spreadsheetId": book.key, "replies": replies})


def _values(book: Spreadsheet, asked: dict[str, list[str]]) -> Answer:
    titles = {tab.title: tab for tab in book.tabs.values()}
    found = []
    for said in asked.get("ranges", []):
        try:
            title, within = ranges.split(said)
            if title not in titles:
                raise ranges.NoRange(said)
            rows, columns = ranges.area(within, titles[title])
        except ranges.NoRange:
            return failed(400, "INVALID_ARGUMENT", f"Unable to parse range: {said}")
        tab = titles[title]
        texts = [
            [c.text for c in row[columns.start : columns.stop]] for row in tab.grid[rows.start : rows.stop]
        ]
        one: dict[str, Any] = {"range": said, "majorDimension": "ROWS"}
        if values := trimmed(texts):
            one["values"] = values
        found.append(one)
    return Answer(200, {"spreadsheetId": book.key, "valueRanges": found})


def _about(book: Spreadsheet) -> dict[str, Any]:
    sheets = []
    for index, tab in enumerate(book.tabs.values()):
        grid = {"rowCount": tab.rows, "columnCount": tab.columns, "frozenRowCount": tab.frozen}
        about: dict[str, Any] = {
            "sheetId": tab.id, "title": tab.title, "index": index, "sheetType": "GRID", "gridProperties": grid,
            "hidden": tab.hidden,
        }  # fmt: skip
        ranges_ = [{**one, "protectedRangeId": id} for id, one in tab.protected.items()]
        sheets.append({"properties": about, "protectedRanges": ranges_})
    return {
        "spreadsheetId": book.key,
        "properties": {"title": book.title, "locale": "zh_CN", "timeZone": "Asia/Shanghai"},
        "sheets": sheets,
    }
