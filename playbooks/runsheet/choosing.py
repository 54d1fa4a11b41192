"""Which tab of a workbook is the run sheet: the one whose headings are known best; a tie is asked about."""

from __future__ import annotations

from collections.abc import Sequence

from playbooks.model import Model, Refusal
from playbooks.runsheet.headings import find_header
from playbooks.runsheet.model import Sheet
from playbooks.runsheet.reading import read
from playbooks.runsheet.rules import Rows


class Tab(Model):
    """A tab as read; `name` is '' for a file without tabs."""

    name: str
    sheet: Sheet


def choose(tabs: Sequence[tuple[str, Rows]]) -> tuple[Tab, ...]:
    """The run sheet among the tabs, given as (name, rows); several where as many headings are known of each.

    A tab with headings and no product gives way to one with products. Refuses as `read` does where there is none.
    """
    headed = [(header, name, rows) for name, rows in tabs if (header := find_header(rows))]
    if not headed:
        return (Tab(name=tabs[0][0], sheet=read(tabs[0][1])),)  # which says what is missing
    best: list[Tab] = []
    refused: Refusal | None = None
    for known in sorted({len(header.at) for header, _, _ in headed}, reverse=True):
        for header, name, rows in headed:
            if len(header.at) != known:
                continue
            try:
                best.append(Tab(name=name, sheet=read(rows)))
            except Refusal as empty:
                refused = refused or empty
        if best:
            return tuple(best)
    assert refused is not None
    raise refused
