"""The rules a shop may change: `data/*.toml` and `data/*.tsv` read into checked models.

A number or word list is one line in `playbooks/data`; nothing of it stands in code.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import TypeVar

from pydantic import TypeAdapter

DATA = files("playbooks") / "data"
T = TypeVar("T")


@cache
def load(name: str, shape: type[T]) -> T:
    """`data/<name>.toml` as `shape` (a Model or any type pydantic can check).

    Raises pydantic.ValidationError naming the entry when the file does not fit; a test loads every file.
    """
    table = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
    return TypeAdapter(shape).validate_python(table)


def rows(name: str) -> Iterator[dict[str, str]]:
    """`data/<name>.tsv` row by row as {heading: cell}; lines starting with `#` are notes."""
    text = (DATA / f"{name}.tsv").read_text(encoding="utf-8")
    lines = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    yield from csv.DictReader(StringIO(lines), delimiter="\t", quoting=csv.QUOTE_NONE)
