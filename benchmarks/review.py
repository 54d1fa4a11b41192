"""How long a review takes: worked out, drawn, written; an evening of 12 products, sixty, nothing, and everything.

    python -m benchmarks.review

Claimed in docs/figures.md: the picture takes at most 0.5 s and 400 kB. Exit 1 where it does not.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot import picture, review_page, review_text, review_text_more, workbook
from playbooks.announce import Change, Listing, Notice, first_offer
from playbooks.broadcast import Broadcast, Segment
from playbooks.chase import Chase, Contact
from playbooks.journal import Entry
from playbooks.orders import OrderState
from playbooks.review import Review, summarise
from playbooks.runsheet import Product

ZONE = ZoneInfo("Asia/Shanghai")
LIVE = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
OFF = LIVE + timedelta(hours=4)
NAME = "山茶花精粹水光焕颜保湿修护面霜礼盒装 50ml×2 限量版"
MOST_SECONDS, MOST_BYTES = 0.5, 400_000
ROUNDS = 5


class Evening:
    """Rows of one broadcast, every figure decided by its number: the same on every machine."""

    def __init__(self, products: int, orders: int) -> None:
        self.listings = [self._listing(number) for number in range(1, products + 1)]
        self.orders = [self._order(number) for number in range(orders if products else 0)]
        self.chases = [self._chase(one) for one in self.orders[::2]]
        self.notices = [self._notice(one) for one in self.listings]
        self.journal = [self._put_on(one) for one in self.listings]

    def _listing(self, link: int) -> Listing:
        product = Product(
            seq=link, link_no=link, duration=4, name=f"{NAME} {link}", live_price=Decimal(59 + link)
        )
        id = f"a1-b1-p{link}"
        return Listing(
            id=id, broadcast="a1-b1", link_no=link, product=product, offer=first_offer(product, "11", LIVE)
        )

    def _order(self, number: int) -> OrderState:
        link = number * 7 % len(self.listings) + 1
        at = LIVE + timedelta(seconds=number * 13 % 14_000)
        paid = at + timedelta(minutes=20) if number % 3 else None
        return OrderState(
            id=f"a1-o{number}", order_id=str(6917000000000000000 + number), platform="douyin", as_of=OFF,
            link_no=link, title=NAME, amount=Decimal(59 + link), created_at=at, paid_at=paid, broadcast="a1-b1",
            status="paid_unshipped" if paid else "closed",
        )  # fmt: skip

    def _chase(self, order: OrderState) -> Chase:
        assert order.created_at
        at = order.created_at
        end = (
            {"state": "paid", "closed_why": "paid"}
            if order.paid_at
            else {"state": "lost", "closed_why": "expired"}
        )
        contact = Contact(at=at + timedelta(minutes=9), who="21", step="button", round=1)
        return Chase.model_validate(
            {
                "id": f"a1-c{order.order_id}", "order_id": order.order_id, "platform": "douyin", "source": "file",
                "seen_at": at, "data_as_of": OFF, "created_at": at, "expires_at": at + timedelta(minutes=30),
                "amount": order.amount, "link_no": order.link_no, "title": order.title, "contacts": (contact,),
                "broadcast": "a1-b1", "paid_at": order.paid_at, "closed_at": order.paid_at or OFF, **end,
            }
        )  # fmt: skip

    def _notice(self, one: Listing) -> Notice:
        at = LIVE + timedelta(minutes=one.link_no * 3)
        changes = (Change(field="live_price", before="79.00", after="75.00"),)
        return Notice(
            id=f"{one.id}-r2", broadcast="a1-b1", listing=one.id, link_no=one.link_no, revision=2, at=at, by="11",
            changes=changes, asked=("21", "22"), known={"21": at + timedelta(seconds=9)},
        )  # fmt: skip

    def _put_on(self, one: Listing) -> Entry:
        at = LIVE + timedelta(minutes=one.link_no * 3 - 1)
        values = {"number": str(one.link_no), "name": one.name}
        return Entry(
            id=f"a1-j{one.link_no}",
            at=at,
            kind="on_air",
            who="11",
            broadcast="a1-b1",
            about=one.id,
            values=values,
        )

    def review(self) -> Review:
        """Worked out of the rows."""
        here = Broadcast(
            id="a1-b1", number=1, opened_on=LIVE.date(), stage="ended", live_at=LIVE, ended_at=OFF,
            segments=(Segment(started_at=LIVE, ended_at=OFF, host="阿宁"),),
        )  # fmt: skip
        return summarise(
            broadcast=here, room_shop="小满优选", platform="douyin", listings=self.listings, notices=self.notices,
            journal=self.journal, chases=self.chases, orders=self.orders, holds=(), follow_ups=(),
            names={"11": "小周", "21": "小美", "22": "阿强"}, zone=ZONE, now=OFF + timedelta(hours=9),
            data_until=OFF + timedelta(hours=1), version=1,
        )  # fmt: skip

    def book(self, review: Review) -> bytes:
        """The workbook of the rows."""
        return workbook.build(
            review, "zh-CN", zone=ZONE, chases=self.chases, holds=(), notices=self.notices, journal=self.journal,
            names=review.people,
        )  # fmt: skip


EVENINGS = {
    "nothing": (0, 0),
    "one product": (1, 200),
    "an evening": (12, 2_000),
    "sixty products": (60, 20_000),
}


def took(work: Callable[[], object]) -> float:
    """Seconds of processor time of the fastest of a few rounds: the machine may have other things to do."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def measure() -> Iterator[bool]:
    """A line an evening; whether it kept what is claimed."""
    print(
        f"{'':16}{'summarise':>10}{'picture':>10}{'kB':>6}{'text':>8}{'page':>8}{'xlsx':>8}   seconds of CPU"
    )
    for name, (products, orders) in EVENINGS.items():
        evening = Evening(products, orders)
        review = evening.review()
        png = picture.draw(review, "zh-CN")
        drawn = took(lambda review=review: picture.draw(review, "zh-CN"))  # type: ignore[misc]
        text = took(lambda review=review: [*review_text.lines(review), *review_text_more.lines(review)])  # type: ignore[misc]
        page = took(lambda review=review: review_page.page(review, "zh-CN"))  # type: ignore[misc]
        start = time.process_time()
        evening.book(review)
        book = time.process_time() - start
        worked = took(evening.review)
        print(f"{name:16}{worked:10.3f}{drawn:10.3f}{len(png) / 1000:6.0f}{text:8.3f}{page:8.3f}{book:8.3f}")
        yield drawn <= MOST_SECONDS and len(png) <= MOST_BYTES
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    sys.exit(0 if all(list(measure())) else 1)
