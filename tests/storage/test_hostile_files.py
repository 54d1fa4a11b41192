"""Files that mean harm, or are broken in ways people's files are: each ends in a sentence, none ends the bot."""

# ruff: noqa: E501 - XML and tables of cases read better in one line

from __future__ import annotations

import json
import os
import signal
import stat
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from bot.rehearsal import samples
from playbooks.model import Refusal
from playbooks.orders import ReadOrder
from storage.exports import Limits, guard, read_grid, read_orders
from storage.exports.forked import Server
from storage.exports.guard import Child, Packed, Stopped, read_in_child
from storage.exports.wire import codec

PATIENCE = 120
"""Seconds after which a test that waits for a process gives up; when all works little is waited."""
ZONE = ZoneInfo("Asia/Shanghai")
NAME, EXPORT = samples.export(samples.LAST_EXPORT)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SMALL = Limits(unpacked=60_000_000, ratio=10**9, cells=300_000)


def zipped(*members: tuple[str | ZipInfo, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def workbook(sheet: bytes, strings: bytes = b"") -> bytes:
    """The smallest .xlsx around a sheet's XML and the shared strings' XML."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return zipped(
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", f'<R {packed}><Relationship Id="a" Type="{kinds}/officeDocument" Target="xl/w.xml"/></R>'.encode()),
        ("xl/w.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{kinds}"><sheets><sheet name="1" sheetId="1" r:id="s"/></sheets></workbook>'.encode()),
        ("xl/_rels/w.xml.rels", f'<R {packed}><Relationship Id="s" Type="{kinds}/worksheet" Target="s.xml"/><Relationship Id="t" Type="{kinds}/sharedStrings" Target="t.xml"/></R>'.encode()),
        ("xl/s.xml", sheet),
        ("xl/t.xml", strings or f'<sst xmlns="{MAIN}"/>'.encode()),
    )  # fmt: skip


def sheet(rows: str, head: str = "") -> bytes:
    return f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def link(name: str) -> ZipInfo:
    """A member that is a symbolic link."""
    member = ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def lying(book: bytes, size: int) -> bytes:
    """The archive, its directory declaring that every member has `size` bytes unpacked."""
    changed = bytearray(book)
    at = changed.index(b"PK\x01\x02")
    while at >= 0:
        changed[at + 24 : at + 28] = struct.pack("<I", size)
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'
    return workbook(sheet('<row r="1"><c t="str"><v>&l9;</v></c></row>', head))


def page(rows: int) -> bytes:
    """An order export as a page of `rows` rows, 90 cells each."""
    head = EXPORT.decode("utf-8-sig").partition("\n")[0].replace(",", "<td>")
    return f"<table><tr><td>{head}{('<tr>' + '<td>1' * 90) * rows}</table>".encode()


def refusal(data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(Refusal) as refused:
        read_in_child("file.xlsx", data, ZONE, limits=limits)
    return refused.value.key


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (lambda: zipped(("a.csv", b"0" * 30_000_000)), "files.hostile"),
    "an archive that claims 1 GB": (lambda: lying(zipped(("a.csv", b"a,b\n")), 10**9), "files.hostile"),
    "an archive that claims less than it holds": (lambda: lying(zipped(("a.csv", b"a,b\n" * 90)), 9), "files.xlsx_broken"),
    "an archive in an archive": (lambda: zipped(("a.zip", zipped(("a.csv", b"a,b\n")))), "files.zip_nested"),
    "an archive under a table's name": (lambda: zipped(("a.csv", zipped(("b.csv", b"a,b\n")))), "files.zip_nested"),
    "links and litter alone": (lambda: zipped((link("a.csv"), b"/etc/passwd"), ("__MACOSX/b.csv", b"a,b")), "files.zip_empty"),
    "two different tables": (lambda: zipped(("a.csv", b"a,b,c\n1,2,3\n"), ("b.csv", b"d,e,f\n1,2,3\n")), "files.parts_differ"),
    "a cell in the far corner": (lambda: workbook(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "files.hostile"),
    "a row of 16,384 columns": (lambda: workbook(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')), "files.too_wide"),
    "a billion laughs": (laughs, "files.hostile"),
    "a sheet cut off": (lambda: workbook(sheet("<row><c>")[:-30]), "files.xlsx_broken"),
    "a cell of a million characters": (lambda: workbook(sheet(f'<row r="1"><c r="A1" t="str"><v>{"x y" * 400_000}</v></c></row>')), "files.hostile"),
    "20,000 columns": (lambda: b",".join([b"c"] * 20_000) + b"\n", "files.too_wide"),
    "an unclosed quote": (lambda: b'a,b\n1,"2\n3,4\n', "files.csv_broken"),
    "zero bytes": (lambda: b"a,b\n1,\x002\n", "files.not_table"),
    "no known encoding": (lambda: "订单,状态\n".encode()[:-4] + b"\xff\n", "files.not_table"),
    "half a character": (lambda: "订单,状态\n".encode("utf-16")[:-1], "files.not_table"),
    "a page with a million cells": (lambda: page(12_000), "files.too_long"),
    "a page of one endless tag": (lambda: b"<table><tr><td " + b"a" * 300_000, "files.hostile"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_ends_in_a_refusal(what: str) -> None:
    made, key = HOSTILE[what]
    limits = SMALL if "page" in what else Limits(ratio=10**6 if "characters" in what else 200)
    assert refusal(made(), limits) == key


def test_more_strings_than_memory_end_the_child_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MEMORY", 200 * 1024 * 1024)
    strings = f'<sst xmlns="{MAIN}">'.encode() + b"".join(
        b"<si><t>%d%s</t></si>" % (n, b"x" * 90) for n in range(1_000_000)
    )
    book = workbook(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), strings + b"</sst>")
    assert refusal(book, Limits(unpacked=10**9, ratio=10**6)) == "files.too_heavy"


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "WALL_SECONDS", 0.6)
    assert refusal(page(20_000)) == "files.too_slow"


def test_a_child_that_uses_up_its_processor_time_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PROCESSOR_SECONDS", 1)
    assert refusal(page(30_000)) == "files.too_slow"


# What is read all the same


def test_what_the_child_reads_is_what_the_reader_reads() -> None:
    found = read_in_child(NAME, EXPORT, ZONE)
    export = read_orders(NAME, EXPORT, ZONE)
    assert found.kind == "orders"
    assert tuple(found.said.orders) == export.orders
    assert found.said.model_copy(update={"orders": ()}) == export.model_copy(update={"orders": ()})
    assert found.said.orders[3:9] == list(export.orders[3:9])
    assert found.said.orders[-1] == export.orders[-1]


def test_a_bad_row_of_an_archive_is_told_by_its_part_and_its_line_there() -> None:
    head, *rows = EXPORT.splitlines(keepends=True)
    bad = rows[0].replace(rows[0].split(b",")[0], b"6.9E+18", 1)
    notes = b"\xef\xbb\xbf" + "说明\n".encode() + head.removeprefix(b"\xef\xbb\xbf")
    parts = (
        ("a.csv", b"".join([notes, *rows[:4]])),
        ("b.csv", b"".join([notes, *rows[4:6], bad, *rows[6:]])),
    )
    found = read_in_child(NAME, zipped(*parts), ZONE)
    assert [(row.part, row.line) for row in found.said.bad] == [("b.csv", 5)]
    alone = read_in_child(NAME, zipped(parts[1]), ZONE)
    assert [(row.part, row.line) for row in alone.said.bad] == [("", 5)]


def test_an_archive_of_parts_is_one_import_whatever_its_names_are() -> None:
    head, *rows = EXPORT.splitlines(keepends=True)
    half = len(rows) // 2
    first, second = b"".join([head, *rows[:half]]), b"".join([head, *rows[half:]])
    archive = zipped(("订单1.csv", first), ("placeholder.csv", second), ("说明.pdf", b"%PDF"))
    archive = archive.replace(b"placeholder.csv", "../../订单2.csv".encode("gb18030"))
    found = read_in_child(NAME, archive, ZONE)
    assert list(found.said.orders) == list(read_orders(NAME, EXPORT, ZONE).orders)
    assert not found.said.bad


def test_a_page_saved_as_xls_is_read_as_a_table() -> None:
    text = (
        "<html><style>td{}</style><table><tr><th colspan=2>订单</th></tr><tr><td>编号</td><td>备注</td></tr>"
        "<tr><td rowspan=2>6917926768823643751</td><td>A&amp;B<br>好</td></tr><tr><td>二</td></tr></table></html>"
    )
    rows = (("订单", ""), ("编号", "备注"), ("6917926768823643751", "A&B\n好"), ("", "二"))
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert read_grid("订单.xls", text.encode(encoding)).rows == rows


def test_a_locked_workbook_is_read_with_its_password_alone() -> None:
    name, plain = "排品表.xlsx", samples.runsheet_xlsx(corrected=True)
    locked = BytesIO()
    OOXMLFile(BytesIO(plain)).encrypt("密码-2026", locked)
    assert refusal(locked.getvalue()) == "files.password_needed"
    with pytest.raises(Refusal) as wrong:
        read_in_child(name, locked.getvalue(), ZONE, password="guess")
    assert wrong.value.key == "files.password_wrong"
    found = read_in_child(name, locked.getvalue(), ZONE, password="密码-2026")
    assert found == read_in_child(name, plain, ZONE)
    assert found.kind == "runsheet"


def test_a_plain_row_says_the_same_by_pattern_as_by_element() -> None:
    rows = (
        '<row r="1" spans="1:4"><c r="A1" s="1" t="inlineStr"><is><t>a&amp;b</t></is></c><c r="B1"/><c r="C1"><v>1.0</v></c></row>'
        '<row r="3"><c r="B3" t="b"><v>1</v></c><c r="A3"><v>6917926768823643751</v></c></row>'
        '<row r="4"><c r="A4" t="str"><v>x_x000D_y</v></c><c r="D4" t="inlineStr"><is><t xml:space="preserve"> z </t></is></c></row>'
    )
    by_pattern = read_grid("a", workbook(sheet(rows))).rows
    assert by_pattern == read_grid("a", workbook(sheet("<!-- no patterns after a comment -->" + rows))).rows
    assert by_pattern == (("a&b", "", "1"), (), ("6917926768823643751", "TRUE"), ("x\ry", "", "", " z "))


ORDERS = read_orders(NAME, EXPORT, ZONE).orders


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ORDERS), min_size=1, max_size=40))
def test_orders_travel_unchanged(sent: list[ReadOrder]) -> None:
    packing = codec(ReadOrder)
    columns = json.loads(json.dumps(packing.pack(sent)))
    assert packing.unpack(columns, len(sent)) == sent


# The child


def test_a_reading_that_is_stopped_ends_at_once() -> None:
    """Nobody takes what the child says after its first rows, so that it cannot come to its end before it is stopped."""
    child, raised = Child(), []
    under_way, stopped = threading.Event(), threading.Event()

    def heard(_: int) -> None:
        under_way.set()
        stopped.wait(PATIENCE)

    def read() -> None:
        try:
            child.read("a", page(30_000), ZONE, progress=heard)
        except Stopped as error:
            raised.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    assert under_way.wait(PATIENCE)
    child.kill()
    stopped.set()
    reading.join(PATIENCE)
    assert len(raised) == 1


def test_a_reading_stopped_before_it_began_never_begins() -> None:
    child = Child()
    child.kill()
    with pytest.raises(Stopped):
        child.read("a", b"a,b\n", ZONE)


def test_a_child_does_not_outlive_its_parent(tmp_path: Path) -> None:
    file = tmp_path / "a.xls"
    file.write_bytes(page(30_000))
    code = (
        "import sys, threading; sys.path[:] = sys.argv[2].split(':')\n"
        "from pathlib import Path; from zoneinfo import ZoneInfo\n"
        "from storage.exports.guard import Child\n"
        "child = Child()\n"
        "def heard(_): print(child._process.pid, flush=True); threading.Event().wait()\n"
        "child.read('a', Path(sys.argv[1]), ZoneInfo('UTC'), progress=heard)"
    )
    paths = ":".join(path for path in (str(Path(guard.__file__).parents[2]), *sys.path) if path)
    with subprocess.Popen([sys.executable, "-c", code, str(file), paths], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        server = int(Path(f"/proc/{pid}/stat").read_text().split(") ")[1].split()[1])
        parent.send_signal(signal.SIGKILL)
    assert gone(pid)
    assert gone(server)


def gone(pid: int) -> bool:
    """Whether a process ends."""
    ended = time.monotonic() + PATIENCE
    while alive(pid) and time.monotonic() < ended:
        time.sleep(0.02)
    return not alive(pid)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_the_child_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "7000000001:AAexample")
    server = Server()
    child = server.child()
    known = Path(f"/proc/{child.pid}/environ").read_bytes()
    ended = time.monotonic() + PATIENCE
    while (held := len(os.listdir(f"/proc/{child.pid}/fd"))) != 4 and time.monotonic() < ended:
        time.sleep(0.01)
    child.kill()
    assert child.wait() == -signal.SIGKILL
    child.close()
    server.close()
    assert b"PATH=" in known
    assert b"TELEGRAM_TOKEN" not in known
    assert held == 4  # its pipes, stderr, and what tells the server that it has ended


def test_files_are_read_side_by_side_and_each_ends_for_itself() -> None:
    server = Server()
    first, second = server.child(), server.child()
    assert first.pid != second.pid
    first.kill()
    assert first.wait() == -signal.SIGKILL
    assert alive(second.pid)
    second.stdin.close()  # nothing was asked: it leaves
    assert second.wait() == 1
    for child in (first, second):
        child.close()
    server.close()


def test_a_server_ended_from_outside_is_started_anew() -> None:
    server = Server()
    child = server.child()
    parent = int(Path(f"/proc/{child.pid}/stat").read_text().split(") ")[1].split()[1])
    os.kill(parent, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    child.close()
    assert gone(child.pid)  # its stdin has ended
    other = server.child()
    assert alive(other.pid)
    server.close()
    assert other.wait() == -signal.SIGKILL
    other.close()
    assert gone(other.pid)


def test_progress_tells_of_rows_that_are_read() -> None:
    heard: list[int] = []
    read_in_child("a", page(8_000), ZONE, progress=heard.append)
    assert heard
    assert heard == sorted(heard)
    assert 0 < heard[-1] <= 8_000


def test_packed_models_are_built_when_they_are_taken() -> None:
    orders = read_orders(NAME, EXPORT, ZONE).orders
    found = read_in_child(NAME, EXPORT, ZONE).said.orders
    assert isinstance(found, Packed)
    assert len(found) == len(orders)
    assert found[0] is not found[0]
