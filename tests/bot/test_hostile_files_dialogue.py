"""A hostile file sent to the bot costs one message: nothing of it is kept, and the next file is read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest

from bot import reading
from bot.card import line
from bot.rehearsal import samples
from bot.render import line_html
from tests.support.evening import MEI, OPS, evening


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


async def test_who_sends_a_long_file_is_told_how_far_it_is() -> None:
    name, export = samples.export(samples.LAST_EXPORT)
    head, *rows = export.splitlines(keepends=True)
    heard: list[int] = []

    async def tell(count: int) -> None:
        heard.append(count)

    found = await reading.read(name, head + b"".join(rows) * 60, ZoneInfo("Asia/Shanghai"), tell, every=0.2)
    assert found.kind == "orders"
    assert heard
    assert heard == sorted(set(heard))


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_progress_is_said_in_both_languages(lang: str) -> None:
    assert "4000" in line_html(lang, line("files.reading", name="a.csv", rows=4000))
