"""How long a big order export takes to be orders in the parent's hands, everything guarded and checked.

    python -m benchmarks.exports

A 抖店 export of 100,000 rows × 40 columns, as CSV and as XLSX, read in the guarded child process: from the file on
disk to the last `Order` built in the parent. Beside it bare `csv.reader` over the same CSV, and openpyxl's read-only
rows of the same XLSX. The best of several runs, each step in a process of its own (the first run also starts the
process the children are forked from); peak memory is that of all our processes together, pages they share counted
once (PSS), sampled every 20 ms.

Claimed: CSV at most 10 × bare csv, XLSX at most 0.5 × openpyxl, ids exact, at most 300 MB.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import openpyxl
import xlsxwriter

from storage.exports import guard
from storage.exports.limits import Limits
from storage.exports.reader import Export

ROWS = 100_000
ZONE = ZoneInfo("Asia/Shanghai")
OPENS = datetime(2026, 11, 11, 20, 0, tzinfo=ZONE)
MEGABYTES = 300
FIRST_ID = 6917920180000000017
ON_DISK = Limits(sent=200_000_000)
HEADINGS = (
    "主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "商家编码", "商品单价",
    "订单应付金额", "运费", "优惠总金额", "平台优惠", "商家优惠", "达人优惠", "支付方式", "手续费", "收件人",
    "收件人手机号", "省", "市", "区", "街道", "详细地址", "是否修改过地址", "买家留言", "订单提交时间", "旗帜颜色",
    "商家备注", "订单完成时间", "支付完成时间", "APP渠道", "流量来源", "订单状态", "承诺发货时间", "订单类型",
    "达人ID", "达人昵称", "售后状态", "取消原因", "发货时间",
)  # fmt: skip
PLACES = (
    ("浙江省", "杭州市", "西湖区", "文新街道"), ("江苏省", "南京市", "鼓楼区", "宁海路街道"),
    ("广东省", "深圳市", "南山区", "粤海街道"), ("湖北省", "武汉市", "洪山区", "珞南街道"),
)  # fmt: skip


def rows() -> Iterator[list[str]]:
    """Invented orders of one evening: three of ten unpaid, one of ten shipped, personal cells ciphered."""
    random = Random(20261111)
    for number in range(ROWS):
        yield row(random, number)


def row(random: Random, number: int) -> list[str]:
    id, placed = FIRST_ID + number * 7, OPENS + timedelta(seconds=number // 8)
    paid = placed + timedelta(seconds=random.randint(9, 900)) if random.random() < 0.7 else None
    shipped = placed + timedelta(hours=15) if paid and random.random() < 0.15 else None
    product, mark = random.randint(1, 60), f"{random.getrandbits(72):018x}"
    price, pieces = f"{product + 9}.90", random.randint(1, 3)
    status = "已发货" if shipped else "待发货" if paid else "待支付"
    return [
        f"\t{id}", f"\t{id + 1}", f"\t水光面膜补水保湿{product}号", "\t默认", str(pieces),
        f"\t{3_600_000_000_000_000_000 + product}", f"\tSKU{product:04d}", price,
        f"{(product + 9.9) * pieces:.2f}", "0.00", "0.00", "0.00", "0.00", "0.00", "在线支付" if paid else "-",
        "-", f"##{mark}", f"$${mark}", *random.choice(PLACES), f"##{mark}{mark}", "否", "-", text(placed), "-", "-",
        "-", text(paid), "抖音", "直播间", status, text(paid and paid + timedelta(hours=48)), "普通订单",
        "\t7592255573464590001", "小满优选", "-", "-", text(shipped),
    ]  # fmt: skip


def text(moment: datetime | None) -> str:
    """A time as 抖店 writes it."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "-"


def write_csv(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerows(rows())


def write_xlsx(path: Path) -> None:
    """As a person saves it: ids and texts as shared strings, amounts and counts as numbers."""
    numbers = {
        HEADINGS.index(name) for name in ("商品数量", "商品单价", "订单应付金额", "运费", "优惠总金额")
    }
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("订单")
    sheet.write_row(0, 0, HEADINGS)
    for number, cells in enumerate(rows(), start=1):
        for column, cell in enumerate(cells):
            if column in numbers:
                sheet.write_number(number, column, float(cell))
            else:
                sheet.write_string(number, column, cell)
    book.close()


# -- measuring -------------------------------------------------------------------------------------------


def bare_csv(path: Path) -> int:
    """The rows bare `csv.reader` finds."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def openpyxl_rows(path: Path) -> int:
    """The rows openpyxl's read-only mode finds."""
    book = openpyxl.load_workbook(path, read_only=True)
    return sum(1 for _ in book.active.iter_rows(values_only=True))


def guarded(path: Path) -> int:
    """The rows of the orders that reach the parent, every id looked at."""
    found = guard.read_in_child(path.name, path, ZONE, limits=ON_DISK)
    assert isinstance(found.said, Export)
    wanted = FIRST_ID
    for one in found.said.orders:
        assert one.order.order_id == str(wanted), "an id lost its digits"
        wanted += 7
    return 1 + (wanted - FIRST_ID) // 7


def best(how: Callable[[Path], int], path: Path, times: int) -> float:
    """Seconds of the fastest of some runs, each of which finds every row."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        assert how(path) == ROWS + 1
        taken.append(time.perf_counter() - began)
    return min(taken)


@contextmanager
def memory() -> Iterator[list[float]]:
    """The peak of this process's memory and all its descendants' in MB, as the list's only element."""
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], sum(map(megabytes, family("self"))))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield peak
    finally:
        done.set()
        watching.join()


def family(process: str) -> list[str]:
    """A process and all that any thread of it, or theirs, has started."""
    found = [process]
    with suppress(FileNotFoundError, ProcessLookupError):
        for thread in os.listdir(f"/proc/{process}/task"):
            for child in Path(f"/proc/{process}/task/{thread}/children").read_text().split():
                found += family(child)
    return found


def megabytes(process: str) -> float:
    """MB of a process, its part of what it shares; 0 for one that has just ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def write(folder: Path) -> None:
    write_csv(folder / "orders.csv")
    write_xlsx(folder / "orders.xlsx")


def timed(how: Callable[[Path], int], path: Path, times: int) -> None:
    """Print the seconds of the best run and the peak of memory: what a fresh process was started for."""
    with memory() as peak:
        seconds = best(how, path, times)
    print(seconds, peak[0])


STEPS: dict[str, Callable[[Path], None]] = {
    "write": write,
    "bare csv": lambda path: timed(bare_csv, path, 5),
    "openpyxl read-only": lambda path: timed(openpyxl_rows, path, 1),
    "guarded csv": lambda path: timed(guarded, path, 3),
    "guarded xlsx": lambda path: timed(guarded, path, 2),
}


def step(name: str, path: Path) -> list[float]:
    """What a step prints, done in a process of its own so that its memory is nobody else's."""
    asked = [sys.executable, "-m", "benchmarks.exports", name, str(path)]
    done = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True)
    return [float(word) for word in done.stdout.split()]


def measure(label: str, path: Path, ours: str, peer: str, at_most: float) -> bool:
    """Measure one file beside its peer and say how it went."""
    theirs, _ = step(peer, path)
    seconds, peak = step(ours, path)
    ratio = seconds / theirs
    print(
        f"{label}: {seconds:.2f} s, {peer} {theirs:.2f} s: {ratio:.2f} × (claimed at most {at_most} ×); "
        f"peak {peak:.0f} MB of all processes (claimed at most {MEGABYTES} MB)"
    )
    return ratio <= at_most and peak <= MEGABYTES


def main() -> int:
    """1 where something claimed does not hold."""
    if len(sys.argv) > 1:
        STEPS[sys.argv[1]](Path(sys.argv[2]))
        return 0
    print(
        f"{ROWS:,} rows × {len(HEADINGS)} columns, from the file to the last Order in the parent, ids exact"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        step("write", folder)
        held = [
            measure("CSV", folder / "orders.csv", "guarded csv", "bare csv", 10),
            measure("XLSX", folder / "orders.xlsx", "guarded xlsx", "openpyxl read-only", 0.5),
        ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
