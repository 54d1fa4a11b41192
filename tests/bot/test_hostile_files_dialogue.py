"""A hostile file sent to the bot costs one message: nothing of it is kept, and the next file is read."""

from __future__ import annotations

from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest

from bot import reading
from bot.card import line
from bot.rehearsal import samples
from bot.render import line_html
from tests.support.evening import MEI, OPS, Shift, evening


def packed(content: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", content)
    return target.getvalue()


async def test_a_hostile_file_costs_a_message_and_leaves_the_books_as_they_were(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        books = shift.here.bot.runner.view("a1")
        said = await shift.sends(MEI, "bomb.zip", packed(b"0" * 30_000_000))
        assert "内部结构异常，为安全起见没有打开" in said[-1]
        said = await shift.sends(MEI, "订单.csv", b'a,b\n1,"2\n3,4\n')
        assert "引号没有成对" in said[-1]
        said = await shift.sends(MEI, "订单.zip", packed(b"%PDF-1.7\x00"))
        assert "不是表格" in said[-1]
        after = shift.here.bot.runner.view("a1")
        assert list(after.orders.scan()) == list(books.orders.scan()) == []
        assert list(after.imports.scan()) == []
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        _, export = samples.export(samples.FIRST_EXPORT)
        assert "单" in (await shift.sends(MEI, "订单.zip", packed(export)))[-1]
        assert list(shift.here.bot.runner.view("a1").orders.scan())


def long_export(rows: int, end: bytes = b"") -> tuple[str, bytes]:
    """An export of so many rows, the sample's again and again, and whatever stands behind them."""
    name, export = samples.export(samples.LAST_EXPORT)
    head, *sample = export.splitlines(keepends=True)
    return name, head + b"".join(islice(cycle(sample), rows)) + end


def progress(shift: Shift) -> list[tuple[str, str]]:
    """(method, text) of every message and edit that says how far the reading is, or how it ended."""
    said = [(call.method.lower(), str(call.params.get("text", ""))) for call in shift.here.core.calls]
    return [one for one in said if any(word in one[1] for word in ("正在读", "读完了", "没有收下"))]


async def test_who_sends_a_long_file_sees_one_message_that_counts_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "TOLD_EVERY", 0)
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, *long_export(3_500))
        first, *counted, last = progress(shift)
        assert first[0] == "sendmessage"
        assert first[1].endswith("，正在读…")
        assert counted
        assert {method for method, _ in (*counted, last)} == {"editmessagetext"}
        assert {text.split("」")[1] for _, text in counted} <= {f"：已读 {n}000 行…" for n in (1, 2, 3)}
        assert last[1].endswith("读完了。")
        assert "正在读" not in shift.read(MEI)


async def test_the_message_that_counts_ends_where_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "TOLD_EVERY", 0)
    async with evening(tmp_path) as shift:
        said = await shift.sends(MEI, *long_export(2_500, end=b'"1\n'))
        assert "引号没有成对" in said[-1]
        assert progress(shift)[-1][1].endswith("没有收下，原因见下一条消息。")
        assert "正在读" not in shift.read(MEI)


async def test_a_file_that_is_read_in_a_moment_is_not_counted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, *long_export(2_500))
        assert [text.split("，")[-1].split("」")[-1] for _, text in progress(shift)] == [
            "正在读…",
            "读完了。",
        ]


async def test_every_thousand_rows_are_heard_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TOLD_EVERY", 0)
    heard: list[int] = []

    async def hear(count: int) -> None:
        heard.append(count)

    found = await reading.read(*long_export(3_999), ZoneInfo("Asia/Shanghai"), hear)
    assert found.kind == "orders"
    assert heard == [1_000, 2_000, 3_000, 4_000]  # the header counts


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_progress_is_said_in_both_languages(lang: str) -> None:
    assert "4000" in line_html(lang, line("files.reading", name="a.csv", rows=4000))
