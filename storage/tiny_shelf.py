"""The port's Books and Shelf over a room's state: models go in and come out, what rests is their JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, Generic, cast

from pydantic import ValidationError
from pydantic_core import from_json

from playbooks.model import Moment
from storage.store import Book, D, Document, Shelf
from storage.tiny_state import Fields, TableState
from storage.tiny_table import Overlay


class _Parsed:
    """Documents by the bytes they rest as: a board reads the same few hundred again and again, and what was put
    is read next. A hit takes 0.3 µs, parsing 4 to 100.

    Frozen models may be shared, and a changed document is other bytes, so nothing here can go stale. What was
    not asked for while `MOST` others were is forgotten.
    """

    MOST = 4096

    def __init__(self) -> None:
        self._lately: dict[tuple[type[Document], bytes], Document] = {}
        self._before: dict[tuple[type[Document], bytes], Document] = {}

    def get(self, model: type[Document], raw: bytes) -> Document:
        """The document; ValidationError for bytes that are none of `model`."""
        key = model, raw
        found = self._lately.get(key)
        if found is None:
            found = self._before.get(key) or model.model_validate_json(raw)
            self.keep(raw, found)
        return found

    def keep(self, raw: bytes, document: Document) -> None:
        """The document is what `raw` says."""
        # Which fields it was given nobody asks, and such a set of its own is half of what a document takes.
        object.__setattr__(document, "__pydantic_fields_set__", _given(type(document)))
        # Threads may forget a few more than they should between these steps: they are parsed again.
        if len(self._lately) >= self.MOST:
            self._lately, self._before = {}, self._lately
        self._lately[type(document), raw] = document


@cache
def _given(model: type[Document]) -> set[str]:
    return set(model.model_fields)


_PARSED = _Parsed()


class TinyShelf(Generic[D]):
    """One book of one room, under a unit or a view. See store.Shelf."""

    def __init__(self, book: Book[D], overlay: Overlay) -> None:
        self._book = book
        self._overlay = overlay

    def get(self, id: str) -> D | None:
        """See store.Shelf."""
        table = self._table
        doc_id = table.ids.get(id)
        return None if doc_id is None else self._document(table.rows[doc_id])

    def put(self, document: D) -> D:
        """See store.Shelf. TypeError for a document that is not exactly of the book's model."""
        self._overlay.refuse_view()
        if type(document) is not self._book.model:
            raise TypeError(f"book {self._book.name} keeps {self._book.model.__name__}, not {type(document)}")
        raw = document.__pydantic_serializer__.to_json(document)
        table = self._table
        doc_id = table.ids.get(document.id)
        before = {}
        if doc_id is None:
            doc_id = table.next_id
        elif table.rows[doc_id] == raw:
            return document
        else:
            before = self._fields(table.rows[doc_id])
        _PARSED.keep(raw, document)
        self._overlay.keep(self._book.name, table.put(doc_id, raw, before, document.__dict__), doc_id)
        return document

    def drop(self, id: str) -> None:
        """See store.Shelf."""
        self._overlay.refuse_view()
        table = self._table
        doc_id = table.ids.get(id)
        if doc_id is not None:
            self._overlay.keep(self._book.name, table.drop(doc_id), doc_id)

    def by(self, index: str, value: str, limit: int | None = None) -> list[D]:
        """See store.Shelf. KeyError for an index the book does not declare."""
        return [self._document(raw) for raw in islice(self._table.by(index, value), limit)]

    def count(self, index: str, value: str) -> int:
        """See store.Shelf. KeyError for an index the book does not declare."""
        return self._table.count(index, value)

    def due(self, before: Moment, limit: int, since: Moment | None = None) -> list[D]:
        """See store.Shelf. KeyError for a book without a due field."""
        return [self._document(raw) for raw in islice(self._timed.due_until(before, since), limit)]

    def next_due(self) -> Moment | None:
        """See store.Shelf. KeyError for a book without a due field."""
        return next((moment for moment, _ in self._timed.due), None)

    def scan(self, index: str = "", value: str = "") -> Iterator[D]:
        """See store.Shelf. What is put while reading is not seen by this reading."""
        table = self._table
        rows = table.by(index, value) if index else (table.rows[doc_id] for doc_id in sorted(table.rows))
        # Past the cache: one pass over everything would push out what is read all the time.
        return (self._book.model.model_validate_json(raw) for raw in rows)

    def state(self) -> object:
        """See store.Shelf."""
        return self._table.rows

    def __len__(self) -> int:
        return len(self._table.rows)

    @property
    def _table(self) -> TableState:
        return self._overlay.table(self._book.name)

    @property
    def _timed(self) -> TableState:
        if not self._book.due:
            raise KeyError(f"book {self._book.name} has no due field")
        return self._table

    def _document(self, raw: bytes) -> D:
        return cast(D, _PARSED.get(self._book.model, raw))

    def _fields(self, raw: bytes) -> Fields:
        """What was most likely read before it is replaced need not be parsed again."""
        try:
            return _PARSED.get(self._book.model, raw).__dict__
        except ValidationError:
            # Written by an earlier version, with a field the model has lost.
            return cast(Fields, from_json(raw))


class TinyBooks:
    """The books of one room under a unit or a view. See store.Books."""

    def __init__(self, room: str, sequence: int, overlay: Overlay, books: Mapping[str, Book[Any]]) -> None:
        self.room = room
        self.sequence = sequence
        self._overlay = overlay
        self._books = books

    def shelf(self, book: Book[D]) -> Shelf[D]:
        """See store.Books. KeyError for a book the store was not opened with."""
        if self._books.get(book.name) != book:
            raise KeyError(f"the store was not opened with book {book.name}")
        return TinyShelf(book, self._overlay)
