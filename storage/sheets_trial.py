"""Tries on a live spreadsheet everything the bot relies on, step by step, in a tab of its own that it removes again.

What a person with a key runs where the in-process Google is not proof enough (docs/google-sheets.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from playbooks.sheets import Put
from storage.sheets import (
    Account,
    ApiDisabled,
    Book,
    KeyRefused,
    SheetDown,
    SheetFault,
    SheetForbidden,
    SheetMissing,
    SheetRefused,
    TabPlan,
    TabWrite,
)

TAB, SCRATCH = "shiftbot trial", "shiftbot trial copies"
ORDER = "6917926768823643751"
AS_TYPED = (ORDER, "=1+1", "007", "20:45", "+86", "1e3", "是\n否")
"""Long ids, formulas, leading zeros, times: each must come back as the very same text."""
HEADINGS = tuple(f"column {number}" for number in range(1, len(AS_TYPED) + 1))
PLAN = TabPlan(TAB, HEADINGS, choices={HEADINGS[0]: ("one", "two")}, ours=HEADINGS[1:2])
FAR = 1_000_000

Step = Literal["open", "set up", "texts", "rows", "copies", "tint", "whole", "tidy"]


@dataclass(frozen=True)
class Tried:
    """A step that was tried: what was found, and the cure where it is not well."""

    step: Step
    found: str
    cure: str = ""

    @property
    def ok(self) -> bool:
        """There is nothing to cure."""
        return not self.cure


def try_out(account: Account, key: str) -> Iterator[Tried]:
    """Every step, in order. One that fails ends it, but for the tidying up."""
    book = account.open(key)
    steps: tuple[tuple[Step, Callable[[Book], str]], ...] = (
        ("open", _open), ("set up", _set_up), ("texts", _texts), ("rows", _rows), ("copies", _copies),
        ("tint", _tint), ("whole", _whole),
    )  # fmt: skip
    made = False
    for step, done in steps:
        made = made or step == "set up"
        tried = _tried(step, lambda done=done: done(book), account)  # type: ignore[misc]
        yield tried
        if not tried.ok:
            break
    if made:
        yield _tried("tidy", lambda: _tidy(book), account)


class _Differs(Exception):
    """Google did something else than the bot relies on."""


def _tried(step: Step, done: Callable[[], str], account: Account) -> Tried:
    try:
        return Tried(step, done())
    except SheetFault as fault:
        return Tried(step, f"{type(fault).__name__}: {fault.why}", _cure(fault, account))
    except _Differs as differs:
        cure = "Please report this line: the bot relies on it. Do not bind a spreadsheet until it is mended."
        return Tried(step, str(differs), cure)


def _cure(fault: SheetFault, account: Account) -> str:
    if isinstance(fault, SheetForbidden):
        return f"Share it with {account.email} as an editor."
    if isinstance(fault, ApiDisabled):
        return "Enable the Google Sheets API in the key's project (Google Cloud console, APIs & Services)."
    if isinstance(fault, SheetMissing):
        return "Copy the address from the browser again; it may have been deleted."
    if isinstance(fault, KeyRefused):
        return "Make a new key for the service account and put its file into GOOGLE_SERVICE_ACCOUNT."
    if isinstance(fault, SheetDown):
        return "Check the network towards sheets.googleapis.com and oauth2.googleapis.com, and try again."
    return "Please report this line: Google refused something the bot relies on."


# -- steps -------------------------------------------------------------------------------------------


def _open(book: Book) -> str:
    title = book.title()
    return f"reads “{title}”, {len(book.tabs())} tabs"


def _set_up(book: Book) -> str:
    book.setup([PLAN])
    head = book.read([TAB])[TAB][:1]
    _same(head, [list(HEADINGS)], "the headings")
    again = book.setup([PLAN])
    _same(list(again.tabs), [], "tabs made the second time")
    return "makes a tab with headings, a list to choose from and a warning over a column; twice does no harm"


def _texts(book: Book) -> str:
    book.write([TabWrite(TAB, len(AS_TYPED), [Put(1, at, text) for at, text in enumerate(AS_TYPED)])])
    _same(book.read([TAB])[TAB][1], list(AS_TYPED), "what was written")
    return "a 19-digit number, a formula and leading zeros stay the text they are"


def _rows(book: Book) -> str:
    rows = [[f"row {number}"] for number in range(2)]
    book.write([TabWrite(TAB, 1, appends=rows)])
    _same(book.read([TAB])[TAB][2:], rows, "the rows added")
    return "new rows go below the last one"


def _copies(book: Book) -> str:
    put = Put(1, 0, "overwritten")
    book.write([TabWrite(TAB, len(AS_TYPED), [put], copies=[1])], scratch=SCRATCH, mark="mark")
    book.tabs(again=True)
    read = book.read([TAB, SCRATCH])
    _same(read[SCRATCH], [["mark"], list(AS_TYPED)], "the copy of what was overwritten")
    _same(read[TAB][1][0], put.text, "what was written over it")
    return "what a write overwrites is copied first, in the same batch"


def _tint(book: Book) -> str:
    book.write([TabWrite(TAB, 3, tints={1: True})])
    book.write([TabWrite(TAB, 3, tints={1: False})])
    return "a row is tinted and cleared again"


def _whole(book: Book) -> str:
    before = book.read([TAB])[TAB]
    try:
        book.write([TabWrite(TAB, 1, [Put(1, 0, "half"), Put(FAR, 0, "beyond the grid")])])
    except SheetRefused:
        _same(book.read([TAB])[TAB], before, "after a batch that was refused")
        return "a batch that cannot be done whole changes nothing"
    raise _Differs(f"a cell in row {FAR + 1} of a small grid was taken")


def _tidy(book: Book) -> str:
    known = book.tabs(again=True)
    for title in (TAB, SCRATCH):
        if title in known:
            book.remove(title)
    return "its own tabs are removed again"


def _same(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise _Differs(f"{what}: {found!r} instead of {wanted!r}")
