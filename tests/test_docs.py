"""The docs name tests as proof: each of them must be there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PROOFS = sorted(set(NAMED.findall((ROOT / "docs" / "faults.md").read_text(encoding="utf-8"))))
ROWS = [
    line
    for line in (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and "proven by" not in line
]


@pytest.mark.parametrize(("file", "name"), PROOFS, ids=[name for _, name in PROOFS])
def test_a_test_named_as_proof_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert name in {node.name for node in tree.body if isinstance(node, functions)}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_fault_matrix_names_its_proof(row: str) -> None:
    assert NAMED.search(row.split("|")[-2]), row


def test_the_matrix_has_the_faults_it_was_asked_for() -> None:
    told = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    wanted = ("429", "500", "time-out before", "time-out after", "connection reset", "put out of the group",
              "becomes a supergroup", "ENOSPC", "EIO", "kill -9", "power loss")  # fmt: skip
    assert [fault for fault in wanted if fault not in told] == []
