"""How long the closing audit of a big evening takes, and how often it is wrong.

    python -m benchmarks.bench_audit

100,000 orders to ship: labelled addresses (tests/data/addresses, fields = labels, text = the rest) under changing
numbers, every seventh with a buyer's message, every twentieth with a memo, every fiftieth the second of a buyer.
Each goes through every rule, as the closing does it, in one process; the best of three runs; memory is the peak of
the process beyond what it held before the first audit, the orders themselves not counted among it.

Beside it: the labelled messages of tests/data/double_address (how many verdicts are right, how many HOLDs passed),
and how many of the labelled addresses, which agree with themselves, are accused of another place; each is printed.

Then the whole of `shiftbot addresses` on a file of as many orders, a process of its own as people start it: reading,
comparing buyers and printing; wall clock, in which other work of the machine counts, and the processor time of all
its processes.

Claimed: 100,000 orders in 5 s and 300 MB; 90 % of the given verdicts right and at most 2 HOLDs passed; at most 3 of
1,000 clean orders accused.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playbooks.addresses.around import Around, Sibling, footprint
from playbooks.addresses.audit import Finding, audit, verdict, weighty
from playbooks.addresses.regions import default_rules
from playbooks.orders import Order, Personal

ORDERS, RUNS = 100_000, 3
SECONDS, MEGABYTES = 5.0, 300
RIGHT, PASSED, FALSE = 0.90, 2, 0.003
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
RULES = default_rules(NOW)
DATA = Path(__file__).parents[1] / "tests" / "data"
SHOWN = frozenset({"phone", "address"})
FIELDS = ("province", "city", "district", "detail")
ALARMS = ("other_place", "field_contradiction", "unknown_division")
Row = tuple[Order, Personal]


def labelled() -> list[Row]:
    """Real addresses whose fields and texts agree: 1,000 rows, phones and names replaced."""
    lines = (DATA / "addresses" / "address_express.jsonl").read_text(encoding="utf-8").splitlines()
    said = [json.loads(line) for line in lines]
    return [row(at, *(one.get(name, "") for name in FIELDS)) for at, one in enumerate(said)]


def row(
    at: int, province: str, city: str, district: str, detail: str, message: str = "", memo: str = ""
) -> Row:
    order = Order(
        platform="douyin", order_id=f"69179{at:014d}", status="paid_unshipped", province=province, city=city,
        district=district,
    )  # fmt: skip
    return order, Personal(
        receiver_name="林晓", phone=f"1380{at % 10_000_000:07d}", address=detail, buyer_message=message,
        seller_memo=memo,
    )  # fmt: skip


def cases() -> Iterator[dict[str, Any]]:
    """The labelled messages and memos, each with the `file` it stands in."""
    for path in sorted((DATA / "double_address").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield {**json.loads(line), "file": path.stem}


def evening(clean: list[Row]) -> Iterator[tuple[Order, Personal, Around]]:
    """The orders one after the other, none kept."""
    notes = [one for one in cases() if "order" in one]
    for at in range(ORDERS):
        order, personal = clean[at % len(clean)]
        update: dict[str, str] = {"address": f"{personal.address}{at // len(clean) + 1}号"}
        if at % 7 == 0:
            update["buyer_message"] = notes[at % len(notes)]["buyer_message"]
        if at % 20 == 0:
            update["seller_memo"] = notes[at % len(notes)]["seller_memo"]
        person = personal.model_copy(update=update)
        own = Sibling(order.order_id, *footprint(order, person)) if at % 50 == 0 else None
        others = (own._replace(order_id="1", address_key="elsewhere"),) if own else ()
        yield order, person, Around(rules=RULES, own=own, siblings=others, shown=SHOWN, now=NOW)


def timed(clean: list[Row]) -> tuple[float, Counter[str]]:
    """Seconds of processor time in `audit` alone, and the verdicts: other work of the machine does not count."""
    spent, found = 0.0, Counter[str]()
    for order, personal, around in evening(clean):
        begun = time.process_time()
        findings = audit(order, personal, around)
        spent += time.process_time() - begun
        found[verdict(findings)] += 1
    return spent, found


def whole() -> None:
    """The command line on a file, every order another buyer's but for one in fifty."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for at, (order, personal, _) in enumerate(evening(labelled())):
                writer.writerow(cells(at, order, personal))
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-c", "from bot.cli import main; main()", "addresses", str(path)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss // 1024
    print(f"shiftbot addresses FILE  {took:6.2f} s whole, {busy:.2f} s of processors, peak {peak} MB")


COLUMNS = (
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "收件人", "收件人手机号", "省", "市", "区",
    "详细地址", "买家留言", "商家备注", "订单提交时间", "支付完成时间", "订单状态",
)  # fmt: skip


def cells(at: int, order: Order, personal: Personal) -> dict[str, str]:
    """A row of the file."""
    minute, buyer = f"{at // 60 % 60:02}:{at % 60:02}", at - 1 if at % 50 == 0 else at
    said = (
        f"\t69179{at + 1:014d}", f"\t69179{at + 1:014d}", "云雾绿茶", "1", "39.90", personal.receiver_name,
        f"138{buyer % 100_000_000:08d}", order.province, order.city, order.district, personal.address,
        personal.buyer_message or "-", personal.seller_memo or "-", f"2026-11-11 20:{minute}",
        f"2026-11-11 21:{minute}", "待发货",
    )  # fmt: skip
    return dict(zip(COLUMNS, said, strict=True))


def megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def judged(case: dict[str, Any]) -> tuple[Finding, ...]:
    if "orders" not in case:
        return audit(*of_case(case["order"], case), Around(rules=RULES, shown=SHOWN, now=NOW))
    rows = [of_case(one, {}) for one in case["orders"]]
    steps = [Sibling(order.order_id, *footprint(order, personal)) for order, personal in rows]
    around = Around(rules=RULES, shown=SHOWN, now=NOW, siblings=tuple(steps))
    return tuple(
        found
        for own, (order, personal) in zip(steps, rows, strict=True)
        for found in audit(order, personal, around._replace(own=own))
    )


def of_case(said: dict[str, str], case: dict[str, Any]) -> Row:
    order = Order(
        platform="douyin", order_id=said.get("order_id", "1"), status="paid_unshipped",
        province=said["province"], city=said["city"], district=said["district"],
    )  # fmt: skip
    return order, Personal(
        receiver_name=said.get("receiver", ""), phone=said.get("phone", ""), address=said["detail"],
        buyer_message=case.get("buyer_message", ""), seller_memo=case.get("seller_memo", ""),
    )  # fmt: skip


def main() -> int:
    clean = labelled()
    audit(*clean[0], Around(rules=RULES))
    before = megabytes()
    runs = [timed(clean) for _ in range(RUNS)]
    seconds, found = min(runs, key=lambda run: run[0])
    used = megabytes()
    print(f"audit of {ORDERS:,} orders   {seconds:6.2f} s ({ORDERS / seconds:,.0f}/s), peak {used:.0f} MB "
          f"({used - before:+.0f} MB), {dict(found)}")  # fmt: skip
    good = seconds <= SECONDS and used <= MEGABYTES
    whole()
    for name in dict.fromkeys(one["file"] for one in cases()):
        good &= accuracy(name, [one for one in cases() if one["file"] == name], claimed=name == "given")
    alarms = [(one, why) for one in clean if (why := accusing(one))]
    print(f"clean orders accused     {len(alarms)} of {len(clean):,}")
    for (order, personal), why in alarms:
        print(f"  {why[0].rule}: {order.province} {order.city} {order.district} | {personal.address}")
    good &= len(alarms) <= FALSE * len(clean)
    print("as claimed" if good else "NOT as claimed")
    return 0 if good else 1


def accusing(row: Row) -> list[Finding]:
    return [
        one for one in weighty(audit(*row, Around(rules=RULES, shown=SHOWN, now=NOW))) if one.rule in ALARMS
    ]


def accuracy(name: str, cases: list[dict[str, Any]], *, claimed: bool) -> bool:
    """Whether the file's verdicts are as claimed; each wrong one is printed."""
    said = [(one, verdict(judged(one))) for one in cases]
    wrong = [(one, got) for one, got in said if got != one["verdict"]]
    passed = sum(one["verdict"] == "HOLD" and got == "PASS" for one, got in wrong)
    print(f"verdicts right, {name:12}{len(cases) - len(wrong)} of {len(cases)}, HOLDs passed {passed}")
    for one, got in wrong:
        print(f"  {one['id']} {one['kind']}: {got} for {one['verdict']}")
    return not claimed or (len(wrong) <= (1 - RIGHT) * len(cases) and passed <= PASSED)


if __name__ == "__main__":
    sys.exit(main())
