"""`spreadsheets.batchUpdate`: the requests a bot of ours makes, carried out together or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.rehearsal.sheets.grid import Cell, Tab, trimmed
from bot.rehearsal.sheets.ranges import of_grid

Asked = dict[str, Any]
TEXT = "userEnteredFormat.numberFormat"
TINT = "userEnteredFormat.backgroundColor"


class Refused(ValueError):
    """Google answers 400 with this."""


class Updates:
    """One batch on a spreadsheet's tabs, which it changes in place: give it a copy."""

    def __init__(self, tabs: dict[int, Tab]) -> None:
        self.tabs = tabs
        self._known: dict[str, Callable[[Asked], Asked]] = {
            "addSheet": self._add_sheet, "deleteSheet": self._delete_sheet, "updateCells": self._cells,
            "copyPaste": self._copy, "appendCells": self._append, "repeatCell": self._repeat,
            "setDataValidation": self._choices,
            "addProtectedRange": self._protect, "deleteProtectedRange": self._unprotect,
            "updateSheetProperties": self._about, "appendDimension": self._wider,
        }  # fmt: skip

    def run(self, requests: list[Asked]) -> list[Asked]:
        """Every request's reply. Raises Refused."""
        if not requests:
            raise Refused("Must specify at least one request.")
        replies = []
        for number, request in enumerate(requests):
            (kind, asked), *more = request.items()
            if more or kind not in self._known:
                raise Refused(f"Invalid requests[{number}]: {', '.join(request)}")
            try:
                replies.append(self._known[kind](asked))
            except Refused as error:
                raise Refused(f"Invalid requests[{number}].{kind}: {error}") from None
        return replies

    def _tab(self, id: int) -> Tab:
        if id not in self.tabs:
            raise Refused(f"No grid with id: {id}")
        return self.tabs[id]

    def _area(self, said: Asked) -> tuple[Tab, range, range]:
        tab = self._tab(said.get("sheetId", 0))
        rows, columns = of_grid(said, tab)
        _fits(tab, rows.stop - 1, columns.stop - 1)
        return tab, rows, columns

    # -- requests ------------------------------------------------------------------------------------

    def _add_sheet(self, asked: Asked) -> Asked:
        said = asked["properties"]
        title = said["title"]
        if any(tab.title == title for tab in self.tabs.values()):
            raise Refused(f'A sheet with the name "{title}" already exists. Please enter another name.')
        id = said.get("sheetId", max(self.tabs, default=0) + 7)
        if id in self.tabs:
            raise Refused(f"A sheet with ID {id} already exists.")
        grid = said.get("gridProperties", {})
        self.tabs[id] = Tab(
            id, title, grid.get("rowCount", 1000), grid.get("columnCount", 26), bool(said.get("hidden")),
            grid.get("frozenRowCount", 0),
        )  # fmt: skip
        return {"addSheet": {"properties": {"sheetId": id, "title": title}}}

    def _delete_sheet(self, asked: Asked) -> Asked:
        if self._tab(asked.get("sheetId", 0)) and len(self.tabs) == 1:
            raise Refused("You can't remove all the sheets in a document.")
        del self.tabs[asked.get("sheetId", 0)]
        return {}

    def _cells(self, asked: Asked) -> Asked:
        start = asked["start"]
        tab = self._tab(start.get("sheetId", 0))
        for row, said in enumerate(asked["rows"], start.get("rowIndex", 0)):
            self._unlocked(tab, row, start.get("columnIndex", 0), len(said.get("values", ())))
            self._row(tab, row, start.get("columnIndex", 0), said)
        return {}

    def _unlocked(self, tab: Tab, row: int, first: int, count: int) -> None:
        """Refused where somebody else alone may write."""
        for one in tab.protected.values():
            rows, columns = of_grid(one["range"], tab)
            if not one.get("warningOnly") and row in rows and set(range(first, first + count)) & set(columns):
                raise Refused(
                    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to "
                    "remove protection if you need to edit."
                )

    def _row(self, tab: Tab, row: int, first: int, said: Asked) -> None:
        values = said.get("values", ())
        _fits(tab, row, first + len(values) - 1)
        for column, value in enumerate(values, first):
            text = value.get("userEnteredValue", {}).get("stringValue", "")
            tab.put(row, column, tab.cell(row, column).with_text(text))

    def _append(self, asked: Asked) -> Asked:
        tab = self._tab(asked.get("sheetId", 0))
        last = len(trimmed(tab.texts()))
        tab.rows = max(tab.rows, last + len(asked["rows"]))
        for row, said in enumerate(asked["rows"], last):
            self._row(tab, row, 0, said)
        return {}

    def _copy(self, asked: Asked) -> Asked:
        how = asked.get("pasteType")
        if how not in ("PASTE_VALUES", "PASTE_FORMAT"):
            raise Refused("pasteType")
        source, rows, columns = self._area(asked["source"])
        there, to_rows, to_columns = self._area(asked["destination"])
        for row in rows:
            for column in columns:
                at = to_rows.start + row - rows.start, to_columns.start + column - columns.start
                cell = source.cell(row, column)
                # Without its format a time is shown as the number behind it.
                there.put(
                    *at,
                    Cell(cell.behind or cell.text) if how == "PASTE_VALUES" else replace(cell, formula=""),
                )
        return {}

    def _repeat(self, asked: Asked) -> Asked:
        tab, rows, columns = self._area(asked["range"])
        fields, cell = asked["fields"], asked["cell"].get("userEnteredFormat", {})
        if fields == TINT:
            tint = "backgroundColor" in cell
            tab.change(rows, columns, lambda one: replace(one, tinted=tint))
        elif fields == TEXT:
            tab.text_columns.update(columns if cell["numberFormat"]["type"] == "TEXT" else ())
        else:
            raise Refused(f"Invalid field: {fields}")
        return {}

    def _choices(self, asked: Asked) -> Asked:
        tab, _, columns = self._area(asked["range"])
        condition = asked["rule"]["condition"]
        words = tuple(one["userEnteredValue"] for one in condition["values"])
        tab.choices.update(dict.fromkeys(columns, words))
        return {}

    def _protect(self, asked: Asked) -> Asked:
        said = asked["protectedRange"]
        tab, *_ = self._area(said["range"])
        id = max((one for each in self.tabs.values() for one in each.protected), default=0) + 1
        tab.protected[id] = said
        return {"addProtectedRange": {"protectedRange": {**said, "protectedRangeId": id}}}

    def _unprotect(self, asked: Asked) -> Asked:
        id = asked["protectedRangeId"]
        tab = next((one for one in self.tabs.values() if id in one.protected), None)
        if tab is None:
            raise Refused(f"No protected range with id: {id}")
        del tab.protected[id]
        return {}

    def _about(self, asked: Asked) -> Asked:
        if asked["fields"] != "gridProperties.frozenRowCount":
            raise Refused(f"Invalid field: {asked['fields']}")
        said = asked["properties"]
        self._tab(said["sheetId"]).frozen = said["gridProperties"]["frozenRowCount"]
        return {}

    def _wider(self, asked: Asked) -> Asked:
        tab = self._tab(asked["sheetId"])
        if asked["dimension"] == "ROWS":
            tab.rows += asked["length"]
        else:
            tab.columns += asked["length"]
        return {}


def _fits(tab: Tab, row: int, column: int) -> None:
    if row >= tab.rows or column >= tab.columns:
        raise Refused(f"Attempting to write row: {row}, column: {column}, beyond the last of the grid.")
