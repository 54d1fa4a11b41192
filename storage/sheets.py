"""Google Sheets 表格, the small client the bot needs: open, read tabs as texts, write in one batch, set up.

What talks to Google is storage/sheets_google.py, loaded when the first account is opened: a bot without a bound
spreadsheet pays nothing for it. Every call blocks; one worker thread makes them, never the event loop.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from playbooks.model import Refusal
from playbooks.sheets import Put

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

A_MINUTE = 60.0
PER_MINUTE = 60
"""Google's quota for one service account (the documented default): reads and writes, each."""
KEY_IN_URL = re.compile(r"/(?:spreadsheets/(?:u/\d+/)?d|file/(?:u/\d+/)?d)/([\w-]{20,})|[?&]id=([\w-]{20,})")
PUBLISHED = re.compile(r"/spreadsheets/d/e/")
KEY = re.compile(r"[\w-]{30,}")
KEY_HOLDS = ("client_email", "private_key", "token_uri")


class SheetFault(Exception):
    """Google did not do what was asked; `why` in English, for the log and the doctor."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class SheetDown(SheetFault):
    """Out of reach, or too many calls: to be tried again, after `retry_after` seconds where Google says so. After a
    time-out what was asked may have been done all the same."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class QuotaUsed(SheetDown):
    """Nothing was asked: this minute has had as many calls as Google allows."""


class SheetForbidden(SheetFault):
    """The spreadsheet is not shared, or only for reading, with `address`."""

    def __init__(self, why: str, address: str) -> None:
        super().__init__(why)
        self.address = address


class ApiDisabled(SheetFault):
    """The Google Sheets API is not enabled in the project the key is from: the first thing people forget."""


class SheetMissing(SheetFault):
    """There is no such spreadsheet (any more)."""


class TabMissing(SheetFault):
    """The tab `title` was deleted or renamed."""

    def __init__(self, title: str) -> None:
        super().__init__(f"no tab {title!r}")
        self.title = title


class KeyRefused(SheetFault):
    """The service account's key is no key, or Google does not accept it (any more)."""


class OfficeFile(SheetFault):
    """An Excel file that was uploaded and is only shown as a spreadsheet: nothing can be read or written in it."""


class SheetRefused(SheetFault):
    """Google understood and refused: what was written does not fit the grid any more, or is a fault of ours."""


@dataclass(frozen=True)
class TabInfo:
    """A tab: Google's number of it, which outlives a new title, and its grid's size."""

    id: int
    rows: int
    columns: int


@dataclass(frozen=True)
class TabWrite:
    """What is written into one tab in a batch. `copies`: rows whose first `width` cells are copied to the scratch
    tab, from its row `copies_at` on, before anything is written. `tints`: rows -> whether their first `width` cells
    are tinted."""

    title: str
    width: int
    puts: Sequence[Put] = ()
    copies: Sequence[int] = ()
    copies_at: int = 1
    tints: Mapping[int, bool] = field(default_factory=dict)
    appends: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class TabPlan:
    """How a tab is to be: `new` are its headings where it has to be made, `headings` those it must have in any case.

    `choices`: heading -> the words offered in its column. `ours`: headings whose columns people are warned not to
    write in (a warning only: who may not touch a column could not sort the rows either).
    """

    title: str
    headings: tuple[str, ...]
    new: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Made:
    """What setting up had to make: tabs by title, and headings by tab."""

    tabs: tuple[str, ...] = ()
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Book(Protocol):
    """One spreadsheet. Every method raises a SheetFault; texts come and go as texts, formulas are never written."""

    key: str

    def title(self) -> str:
        """Its name. A read."""

    def tabs(self, *, again: bool = False) -> Mapping[str, TabInfo]:
        """Its tabs by title, asked for once, or `again`. A read where it has to ask."""

    def read(self, titles: Sequence[str]) -> dict[str, list[list[str]]]:
        """Whole tabs as people see their cells, in one call. Rows are ragged. TabMissing names the first missing."""

    def write(self, tabs: Sequence[TabWrite], *, scratch: str = "", mark: str = "") -> None:
        """Everything in one batch that holds whole or not at all. `scratch`: the hidden tab for copies, made where it
        is missing: `mark` in its first row, the copies where each tab's write says."""

    def setup(self, plans: Sequence[TabPlan]) -> Made:
        """Make what is missing of the tabs; nothing that is there is changed or moved. May be done again."""

    def remove(self, title: str) -> None:
        """Delete a tab: only one that was made for a trial. TabMissing where it is not there."""


class Quota:
    """Counts our calls of the last minute, so that Google is not asked more often than it allows."""

    def __init__(self, ticks: Callable[[], float], most: int = PER_MINUTE) -> None:
        self._ticks = ticks
        self._most = most
        self._calls: dict[str, deque[float]] = {"read": deque(), "write": deque()}
        self.total = {"read": 0, "write": 0}
        self.highest = {"read": 0, "write": 0}
        """Most calls there ever were within one minute."""

    def take(self, kind: Literal["read", "write"]) -> None:
        """One more call. Raises QuotaUsed, and none is made, where the minute has had enough."""
        if self.left(kind) <= 0:
            wait = self._calls[kind][0] + A_MINUTE - self._ticks()
            raise QuotaUsed(f"{self._most} {kind}s in a minute already", max(wait, 0.0))
        self._calls[kind].append(self._ticks())
        self.total[kind] += 1
        self.highest[kind] = max(self.highest[kind], len(self._calls[kind]))

    def left(self, kind: Literal["read", "write"]) -> int:
        """How many more this minute takes."""
        calls, now = self._calls[kind], self._ticks()
        while calls and calls[0] <= now - A_MINUTE:
            calls.popleft()
        return self._most - len(calls)


class Account(Protocol):
    """A service account: `email` is the address people share their spreadsheet with."""

    email: str
    quota: Quota

    def open(self, key: str) -> Book:
        """The spreadsheet, opened once. Asks nothing of Google yet."""


def account(
    info: Mapping[str, Any], ticks: Callable[[], float], adapter: BaseAdapter | None = None
) -> Account:
    """The account of a key file's `info`. `adapter`: what carries its calls in place of the network.

    Raises KeyRefused where `info` is no service account's key. gspread is loaded here.
    """
    from storage.sheets_google import GoogleAccount  # noqa: PLC0415 - 20 MB nobody pays for without a spreadsheet

    return GoogleAccount(info, Quota(ticks), adapter)


def key_info(said: str) -> dict[str, Any]:
    """A service account's key as given: JSON, or the path of a file with it. Raises KeyRefused."""
    text = said.strip()
    try:
        if not text.startswith("{"):
            text = Path(text).expanduser().read_text(encoding="utf-8")
        info = json.loads(text)
    except (OSError, ValueError) as error:
        raise KeyRefused(f"the key cannot be read: {type(error).__name__}") from None
    if not isinstance(info, dict) or info.get("type") != "service_account":
        raise KeyRefused('the key is no service account\'s ("type": "service_account" is missing)')
    if lacks := [name for name in KEY_HOLDS if not isinstance(info.get(name), str) or not info[name]]:
        raise KeyRefused(f"the key is not whole: {', '.join(lacks)} is missing")
    return info


def key_of(said: str) -> str:
    """The key of a spreadsheet from its address in the browser, or the key itself.

    Raises Refusal `sheet_tab.url`, `sheet_tab.url_published` (a page for readers, nothing to write in).
    """
    if PUBLISHED.search(said):
        raise Refusal("sheet_tab.url_published")
    found = KEY_IN_URL.search(said)
    if found:
        return str(found[1] or found[2])
    if KEY.fullmatch(said.strip()):
        return said.strip()
    raise Refusal("sheet_tab.url")
