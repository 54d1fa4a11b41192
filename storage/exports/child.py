"""The child process in which a file from outside is read (storage.exports.guard asks it and hears it).

On stdin one JSON line of what is asked, then the file's bytes; on stdout JSON lines: `rows` read so far, the
`kind`, `about` the file, a `batch` of models or a `grid` of cells, `end`; or why not: `refused`, `fault`.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import threading
import traceback
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, TypeVar
from zoneinfo import ZoneInfo

from playbooks.model import Model, Refusal
from playbooks.orders import ReadOrder
from storage.exports.containers import unlocked
from storage.exports.detect import kind_of_table
from storage.exports.formats import FORMATS, Format, detect
from storage.exports.grid import Grid, Limits, Table, read_sheets
from storage.exports.logistics import COLUMNS, Parcel, mapped_columns, parcels_of
from storage.exports.reader import open_orders
from storage.exports.wire import BATCH, Values, codec
from storage.exports.words import WORDS

M = TypeVar("M", bound=Model)

OPEN_FILES = 32


class Mouth:
    """Says JSON lines to the parent."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out

    def say(self, what: str, said: object) -> None:
        """One line."""
        line = json.dumps({what: said}, ensure_ascii=False, separators=(",", ":"))
        self.out.write(line.encode("utf-8", "surrogatepass") + b"\n")

    def rows(self, count: int) -> None:
        """How many rows are read; said at once."""
        self.say("rows", count)
        self.out.flush()


def main() -> None:
    """Read what stdin asks for and leave: nothing is tidied, the process ends."""
    given, out = os.fdopen(0, "rb", closefd=False), os.fdopen(1, "wb", closefd=False)
    asked = json.loads(given.readline())
    data = given.read(asked["size"])
    restrict(asked["memory"], asked["seconds"])
    threading.Thread(target=die_with_parent, daemon=True).start()
    # Whatever a file makes lives until its end: looking for rubbish in between takes a third of the time.
    gc.disable()
    mouth = Mouth(out)
    try:
        answer(asked, data, mouth)
        mouth.say("end", True)
    except Refusal as refusal:
        mouth.say("refused", [refusal.key, refusal.values])
    except (MemoryError, RecursionError):
        gc.collect()
        mouth.say("refused", ["files.too_heavy", {"name": asked["name"]}])
    except Exception as error:
        mouth.say("fault", stack(error))
    out.flush()
    os._exit(0)


def restrict(memory: int, seconds: int) -> None:
    """Bytes of address space, seconds of processor time; no file can be written and no core is dumped."""
    for what, wanted in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(what, (most, hard))


def die_with_parent() -> None:
    """The parent never writes again: what is heard is the end of its pipe, and of itself."""
    os.read(0, 1)
    os._exit(1)


def stack(error: BaseException) -> str:
    """An error's type and where it came from, without what it says: that may be a buyer's row."""
    where = "".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}\n"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    return f"{type(error).__qualname__}\n{where}"


def answer(asked: dict[str, Any], data: bytes, mouth: Mouth) -> None:
    """Say what the file is and what it says. Raises Refusal."""
    name, zone = asked["name"], ZoneInfo(asked["zone"])
    limits = Limits(**asked["limits"], told=mouth.rows)
    data = unlocked(name, data, asked["password"], limits)
    forms = tuple(map(Format.model_validate, asked["formats"]))
    table = Table(name, data, limits)
    codes = asked["as_platform"] if asked["as_platform"] in WORDS.parcels.codes else ""
    columns = mapped_columns(table.head(), asked["parcels"])
    mapped = (asked["as_platform"] and not codes) or is_mapped(table, forms)
    known = asked["wanted"] or ("orders" if mapped else "parcels" if codes or columns else None)
    kind = known or kind_of_table(table)
    if kind == "orders":
        try:
            about, batches = open_orders(table, zone, (*FORMATS, *forms), as_platform=asked["as_platform"])
        except Refusal as refusal:
            if known or refusal.key != "orders.unknown_format":
                raise
            kind = None  # a person has to say which column is which: the first rows are what they need
    mouth.say("kind", kind)
    if kind == "orders":
        say_about(mouth, about, "orders")
        say_all(mouth, ReadOrder, batches)
    elif kind == "parcels":
        parcels = parcels_of(table, zone, columns=columns or COLUMNS, codes=codes)
        say_about(mouth, parcels, "rows")
        say_all(mouth, Parcel, batched(Parcel, parcels.rows))
    else:
        for grid in read_sheets(name, data, limits) if kind else (Grid(table.head(), table.sheet),):
            say_grid(mouth, grid)


def is_mapped(table: Table, forms: Sequence[Format]) -> bool:
    """Whether somebody has mapped such a table before, whatever else it looks like."""
    if not forms:
        return False
    try:
        detect(table.head(), forms)
    except Refusal as refusal:
        return refusal.key == "orders.which_format"
    return True


def say_about(mouth: Mouth, read: Model, rows: str) -> None:
    """The file without its rows."""
    mouth.say("about", read.model_dump(mode="json", exclude={rows}))


def say_all(mouth: Mouth, model: type[Model], batches: Iterable[tuple[int, Values]]) -> None:
    """The rows, a batch a line."""
    packing = codec(model)
    for count, values in batches:
        mouth.say("batch", [count, packing.pack_values(values)])


def say_grid(mouth: Mouth, grid: Grid) -> None:
    mouth.say("grid", [grid.sheet, grid.rows])


def batched(model: type[M], rows: Sequence[M]) -> Iterator[tuple[int, Values]]:
    """Models as batches of their Values."""
    for at in range(0, len(rows), BATCH):
        some = rows[at : at + BATCH]
        yield len(some), codec(model).values(some)
