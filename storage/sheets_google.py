"""storage/sheets.py on gspread and google-auth: calls counted, faults as our own, every batch indivisible.

Nothing is retried in here: who calls knows the clock. Cells are written as `stringValue`, which Google takes as it
is: no formula, no number, no date is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import google.auth.exceptions as auth_faults
import gspread
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account
from gspread.utils import absolute_range_name

from storage.sheets import (
    ApiDisabled,
    Book,
    KeyRefused,
    Made,
    OfficeFile,
    Quota,
    SheetDown,
    SheetFault,
    SheetForbidden,
    SheetMissing,
    SheetRefused,
    TabInfo,
    TabMissing,
    TabPlan,
    TabWrite,
)
from storage.sheets_batch import batch
from storage.sheets_setup import missing_tabs, to_set_up

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
TIMEOUT = (5.0, 30.0)
TABS_ASKED = "properties.title,sheets(properties,protectedRanges(protectedRangeId,description))"
HEAD_ROWS = 5
OFFICE = "not supported for this document"
LIMITED = ("Rate Limit", "rateLimit", "Quota exceeded")
"""Words of a 403 that only says: too often."""
DISABLED = ("has not been used in project", "it is disabled")
TRANSIENT = frozenset([408, 429])


class GoogleAccount:
    """A service account's calls, over one session."""

    def __init__(
        self, info: Mapping[str, Any], quota: Quota, adapter: requests.adapters.BaseAdapter | None
    ) -> None:
        try:
            credentials = service_account.Credentials.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
        except (ValueError, KeyError, TypeError, auth_faults.GoogleAuthError) as error:
            raise KeyRefused(f"the key cannot be used: {type(error).__name__}") from None
        self.email: str = credentials.service_account_email
        self.quota = quota
        plain = requests.Session()
        session = AuthorizedSession(credentials, auth_request=Request(plain))  # type: ignore[no-untyped-call]
        if adapter is not None:
            plain.mount("https://", adapter)
            session.mount("https://", adapter)
        self._client = _Calls(session, quota, self.email)
        self._books: dict[str, GoogleBook] = {}

    def open(self, key: str) -> Book:
        """The spreadsheet."""
        if key not in self._books:
            self._books[key] = GoogleBook(key, self._client)
        return self._books[key]


class _Calls(gspread.HTTPClient):
    """gspread's calls: counted, timed out, and failing as SheetFaults."""

    def __init__(self, session: requests.Session, quota: Quota, email: str) -> None:
        super().__init__(None, session)  # type: ignore[arg-type]  # the session carries the credentials
        self.set_timeout(TIMEOUT)
        self._quota = quota
        self._email = email

    def request(self, method: str, *args: Any, **more: Any) -> requests.Response:
        """As gspread's. Raises SheetFault."""
        self._quota.take("read" if method == "get" else "write")
        try:
            return super().request(method, *args, **more)
        except gspread.exceptions.APIError as error:
            raise _fault(error.response, self._email) from None
        except auth_faults.RefreshError as error:
            said = _first_line(error)
            raise (SheetDown(said) if error.retryable else KeyRefused(said)) from None
        except (requests.RequestException, auth_faults.TransportError) as error:
            raise SheetDown(type(error).__name__) from None
        except ValueError as error:  # a body cut short is no JSON
            raise SheetDown(f"an answer that cannot be read: {type(error).__name__}") from None


def _first_line(error: Exception) -> str:
    return str(error.args[0] if error.args else type(error).__name__).split("\n", 1)[0][:200]


def _fault(response: requests.Response, email: str) -> SheetFault:
    """What Google's answer means; the body of a 502 is a page of HTML."""
    status, said = response.status_code, _said(response)
    if status in TRANSIENT or status >= 500 or (status == 403 and any(words in said for words in LIMITED)):
        wait = response.headers.get("Retry-After", "")
        return SheetDown(f"{status} {said}", float(wait) if wait.isdecimal() else None)
    if status == 403 and any(words in said for words in DISABLED):
        return ApiDisabled(f"{status} {said}")
    if status in (401, 403):
        return SheetForbidden(f"{status} {said}", email)
    if status == 400 and OFFICE in said:
        return OfficeFile(f"{status} {said}")
    if status == 404:
        return SheetMissing(f"{status} {said}")
    return SheetRefused(f"{status} {said}")


def _said(response: requests.Response) -> str:
    try:
        return str(response.json()["error"]["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return response.reason or ""


class GoogleBook:
    """One spreadsheet, by its key."""

    def __init__(self, key: str, client: _Calls) -> None:
        self.key = key
        self._client = client
        self._title = ""
        self._tabs: dict[str, TabInfo] | None = None
        self._ours: dict[str, list[int]] = {}
        """Tab -> the protected ranges of ours."""

    def title(self) -> str:
        """Its name."""
        self.tabs(again=not self._title)
        return self._title

    def tabs(self, *, again: bool = False) -> Mapping[str, TabInfo]:
        """Its tabs."""
        if self._tabs is None or again:
            said = self._client.fetch_sheet_metadata(self.key, {"fields": TABS_ASKED})
            self._title = said["properties"]["title"]
            self._tabs = {}
            for sheet in said.get("sheets", ()):
                about = sheet["properties"]
                grid = about.get("gridProperties", {})
                self._tabs[about["title"]] = TabInfo(
                    about.get("sheetId", 0), grid.get("rowCount", 0), grid.get("columnCount", 0)
                )
                ranges = sheet.get("protectedRanges", ())
                self._ours[about["title"]] = [
                    one["protectedRangeId"] for one in ranges if one.get("description") == "shiftbot"
                ]
        return self._tabs

    def read(self, titles: Sequence[str]) -> dict[str, list[list[str]]]:
        """Whole tabs."""
        return dict(
            zip(titles, self._ranges([absolute_range_name(one) for one in titles], titles), strict=True)
        )

    def _ranges(self, ranges: Sequence[str], titles: Sequence[str]) -> list[list[list[str]]]:
        params: dict[str, Any] = {"majorDimension": "ROWS", "valueRenderOption": "FORMATTED_VALUE"}
        try:
            said = self._client.values_batch_get(self.key, list(ranges), params)
        except SheetRefused as error:
            gone = [title for title in titles if title not in self.tabs(again=True)]
            raise (TabMissing(gone[0]) if gone else error) from None
        return [[[str(cell) for cell in row] for row in one.get("values", ())] for one in said["valueRanges"]]

    def write(self, tabs: Sequence[TabWrite], *, scratch: str = "", mark: str = "") -> None:
        """One batch."""
        known = self.tabs()
        for title in (one.title for one in tabs):
            if title not in known:
                raise TabMissing(title)
        asked = batch(tabs, known, scratch, mark)
        if not asked:
            return
        try:
            self._client.batch_update(self.key, {"requests": asked})
        except SheetRefused:
            self._tabs = None  # what it was made for has changed: asked anew before the next
            raise
        if scratch and scratch not in known:
            self._tabs = None

    def setup(self, plans: Sequence[TabPlan]) -> Made:
        """Make what is missing."""
        before = self.tabs(again=True)
        if made := missing_tabs(plans, before):
            self._client.batch_update(self.key, {"requests": made})
        known = self.tabs(again=bool(made))
        titles = [plan.title for plan in plans]
        heads = self._ranges([absolute_range_name(one, f"1:{HEAD_ROWS}") for one in titles], titles)
        asked, added = to_set_up(plans, known, dict(zip(titles, heads, strict=True)), self._ours, set(before))
        self._client.batch_update(self.key, {"requests": asked})
        self._tabs = None
        return Made(tuple(title for title in titles if title not in before), added)

    def remove(self, title: str) -> None:
        """Delete a tab."""
        known = self.tabs(again=True)
        if title not in known:
            raise TabMissing(title)
        self._client.batch_update(self.key, {"requests": [{"deleteSheet": {"sheetId": known[title].id}}]})
        self._tabs = None
