"""A long file's batches are built in a thread: the event loop answers presses meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.rehearsal import samples
from tests.bot.test_reveal_dialogue import BUYER, HEADINGS, books, row
from tests.support.evening import OPS, evening


def on_the_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def test_no_batch_of_an_export_is_built_on_the_event_loop(tmp_path: Path) -> None:
    built: list[bool] = []
    async with evening(tmp_path) as shift:
        files = shift.here.bot.runner.files
        kind = files["orders"]

        def watched(*given: Any) -> Iterator[object]:
            for batch in kind.read(*given):
                built.append(on_the_loop())
                yield batch

        files["orders"] = replace(kind, read=watched)
        rows = [row(str(6917950000000000011 + n), BUYER) for n in range(600)]
        await shift.sends(OPS, "1762860000_a1b2.csv", samples.csv_bytes(HEADINGS, rows))
        assert len(books(shift).chases) == 600
    assert built == [False] * len(built)
    assert len(built) > 1
