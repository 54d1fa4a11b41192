"""What the child that reads an untrusted file may not do, asked of a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WRITES = """
import sys
from storage.exports.child import restrict
restrict(1 << 30, 60)
try:
    with open(sys.argv[1], "w") as file:
        file.write("x")
except OSError as error:
    print("refused", error.errno)
"""
TOO_LARGE = "refused 27"


def test_who_reads_an_export_can_write_no_file(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", WRITES, str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.stdout.strip() == TOO_LARGE, said.stderr
    assert (tmp_path / "out").read_bytes() == b""
