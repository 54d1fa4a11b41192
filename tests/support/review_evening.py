"""An invented evening for the review, and its own tally kept while it is made up, order by order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from playbooks.actions import ActionItem
from playbooks.addresses.audit import Finding
from playbooks.aftercare import Hold
from playbooks.announce import Change, Listing, Notice, first_offer
from playbooks.broadcast import Broadcast, Segment
from playbooks.chase import Chase, Contact
from playbooks.followup import FollowUp
from playbooks.journal import Entry
from playbooks.orders import OrderState
from playbooks.review import Review, summarise
from playbooks.review_entered import Entered, rules, with_feeling, with_figures, with_remark
from playbooks.review_marks import marked
from playbooks.runsheet import Product

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIVE = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
OFF = datetime(2026, 11, 11, 15, 40, tzinfo=UTC)
NOW = OFF + timedelta(hours=9)
DATA_UNTIL = OFF + timedelta(minutes=50)
PEOPLE = {
    "11": "小周", "21": "小美", "22": "阿杰", "23": "Lily", "24": "大刘", "25": "晓雯", "26": "阿东",
    "31": "王主管",
}  # fmt: skip
OPS, AGENTS = "11", ("21", "22", "23", "24", "25", "26")
NAMES = (
    "玫瑰精华水 150ml", "轻盈防晒霜 SPF50", "净颜卸妆膏 100g", "修护面膜 5 片", "丝绒口红 #07", "山茶花护手霜",
    "氨基酸洁面乳", "烟酰胺身体乳 400ml", "美白牙膏 3 支装", "磨砂膏", "眼霜 20g", "素颜霜",
)  # fmt: skip
REASONS = ("price", "browsing", "new_user", "pay_balance", "shop_competitor")


@dataclass
class Tally:
    """What the script knows because it made it up."""

    orders: Counter[int] = field(default_factory=Counter)
    paid: Counter[int] = field(default_factory=Counter)
    unpaid: Counter[int] = field(default_factory=Counter)
    contacted: Counter[int] = field(default_factory=Counter)
    recovered: Counter[int] = field(default_factory=Counter)
    amount: dict[int, Decimal] = field(default_factory=dict)
    left_alone: Counter[int] = field(default_factory=Counter)
    left_alone_paid: Counter[int] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    new_at: Counter[datetime] = field(default_factory=Counter)
    back_at: Counter[datetime] = field(default_factory=Counter)
    lags: list[int] = field(default_factory=list)


class Evening:
    """The rows of one broadcast; `seed` decides everything."""

    def __init__(
        self, seed: int = 1, *, products: int = 12, orders: int = 400, names: Sequence[str] = NAMES
    ) -> None:
        self.dice = random.Random(seed)
        self.tally = Tally()
        self.journal: list[Entry] = []
        self.chases: list[Chase] = []
        self.orders: list[OrderState] = []
        self.notices: list[Notice] = []
        self.holds: list[Hold] = []
        self.follow_ups: list[FollowUp] = []
        self.broadcast = Broadcast(
            id="a1-b1", number=1, opened_on=date(2026, 11, 11), stage="ended", live_at=LIVE, ended_at=OFF,
            segments=(Segment(started_at=LIVE, ended_at=OFF, host="阿宁"),),
        )  # fmt: skip
        self.listings = [self._listing(n + 1, names[n % len(names)]) for n in range(products)]
        for listing in self.listings:
            self._put_on(listing, (listing.link_no - 1) * 210 / max(products, 1))
        for number in range(orders if products else 0):
            self._order(number)

    def _listing(self, link: int, name: str) -> Listing:
        price = Decimal(self.dice.choice([59, 79, 89, 99, 129, 199]))
        product = Product(seq=link, link_no=link, duration=15, name=name, live_price=price)
        offer = first_offer(product, OPS, LIVE)
        return Listing(id=f"a1-b1-p{link}", broadcast="a1-b1", link_no=link, product=product, offer=offer)

    def note(self, kind: str, at: datetime, about: str, who: str = OPS, **values: str) -> None:
        """An entry of the journal."""
        id = f"a1-j{len(self.journal):05}"
        self.journal.append(
            Entry(id=id, at=at, kind=kind, who=who, broadcast="a1-b1", about=about, values=values)
        )

    def _put_on(self, listing: Listing, minute: float) -> None:
        at = LIVE + timedelta(minutes=minute)
        self.note("on_air", at, listing.id, number=str(listing.link_no), name=listing.name)

    def _order(self, number: int) -> None:
        """One order with one of five fates, counted here as it is decided."""
        listing = self.dice.choices(self.listings, [13 / (n + 1) for n in range(len(self.listings))])[0]
        link, price, tally = listing.link_no, listing.offer.live_price, self.tally
        start = (link - 1) * 210 / len(self.listings)
        at = LIVE + timedelta(
            minutes=min(start + self.dice.expovariate(1 / 18), 210), seconds=self.dice.randrange(60)
        )
        fate = self.dice.choices(["at_once", "alone", "lost", "recovered", "failed"], [4, 1, 2, 4, 2])[0]
        tally.orders[link] += 1
        pays_after = {
            "at_once": 2,
            "alone": self.dice.randint(8, 25),
            "recovered": self.dice.randint(16, 28),
        }.get(fate)
        paid_at = None if pays_after is None else at + timedelta(minutes=pays_after)
        tally.paid[link] += paid_at is not None
        touched = (
            at + timedelta(minutes=self.dice.randint(6, 15)) if fate in ("recovered", "failed") else None
        )
        if fate != "at_once":
            self._chase(number, listing, at, paid_at, touched)
            tally.unpaid[link] += 1
            tally.new_at[quarter(at)] += 1
        if fate in ("alone", "lost"):
            tally.left_alone[link] += 1
            tally.left_alone_paid[link] += fate == "alone"
        tally.contacted[link] += touched is not None
        if fate == "recovered" and paid_at:
            tally.recovered[link] += 1
            tally.amount[link] = tally.amount.get(link, Decimal(0)) + price
            tally.back_at[quarter(paid_at)] += 1
        self.orders.append(
            OrderState(
                id=f"a1-o{number}",
                order_id=order_id(number),
                platform="douyin",
                as_of=DATA_UNTIL,
                link_no=link,
                title=listing.name,
                amount=price,
                created_at=at,
                paid_at=paid_at,
                broadcast="a1-b1",
                status="paid_unshipped" if paid_at else "closed",
            )
        )

    def _chase(
        self, number: int, listing: Listing, at: datetime, paid_at: datetime | None, touched: datetime | None
    ) -> None:
        end: dict[str, Any] = {
            "state": "lost",
            "closed_why": "expired",
            "closed_at": at + timedelta(minutes=30),
        }
        if paid_at:
            end = {"state": "paid", "closed_why": "paid", "closed_at": paid_at, "paid_at": paid_at}
        elif touched:
            reason = self.dice.choice(REASONS)
            self.tally.reasons[reason] += 1
            end |= {"answer": "refused", "closed_why": "refused", "reason": reason}
        who = self.dice.choice(AGENTS)
        contacts = (Contact(at=touched, who=who, step="button", round=1),) if touched else ()
        self.chases.append(
            Chase(
                id=f"a1-c{order_id(number)}",
                order_id=order_id(number),
                platform="douyin",
                source="file",
                seen_at=at + timedelta(minutes=5),
                data_as_of=DATA_UNTIL,
                created_at=at,
                expires_at=at + timedelta(minutes=30),
                amount=listing.offer.live_price,
                link_no=listing.link_no,
                title=listing.name,
                contacts=contacts,
                broadcast="a1-b1",
                **end,
            )
        )

    def change_price(
        self,
        link: int,
        minute: float,
        before: str,
        after: str,
        knows: dict[str, int],
        asked: Sequence[str] = AGENTS,
    ) -> None:
        """A binding change at `minute`; `knows`: seconds after which each person knew."""
        at = LIVE + timedelta(minutes=minute)
        listing = self.listings[link - 1]
        changes = (Change(field="live_price", before=before, after=after),)
        revision = 2 + sum(n.link_no == link for n in self.notices)
        self.note("changed", at, listing.id, field="live_price", before=before, after=after)
        self.tally.lags += list(knows.values())
        self.notices.append(
            Notice(
                id=f"{listing.id}-r{revision}",
                broadcast="a1-b1",
                listing=listing.id,
                link_no=link,
                revision=revision,
                at=at,
                by=OPS,
                changes=changes,
                asked=tuple(asked),
                known={who: at + timedelta(seconds=wait) for who, wait in knows.items()},
            )
        )

    def hold(self, number: int, rule: str, region: str, state: str = "open", verdict: str = "HOLD") -> None:
        """A held order."""
        found = Finding(
            rule=rule, verdict=verdict, field="province", region=region, text_key=f"audit.{rule}",
            values={"region": region, "outer": region, "inner": "朝阳区"},
        )  # fmt: skip
        self.holds.append(
            Hold(
                id=f"a1-h{number}",
                order_id=order_id(number),
                rules=(rule,),
                verdict=verdict,
                region=region,
                findings=(found,),
                broadcast="a1-b1",
                found_at=OFF,
                state=state,
                link_no=1,
                title="玫瑰精华水 150ml",
                ship_by=OFF + timedelta(hours=48),
            )
        )

    def follow_up(self, number: int, kind: str, state: str = "open") -> None:
        """A follow-up."""
        self.follow_ups.append(
            FollowUp(
                id=f"a1-f{kind}{number}",
                kind=kind,
                order_id=order_id(number),
                why_key="followup.why_received",
                values={},
                due_at=NOW,
                state=state,
                created_at=OFF,
            )
        )

    def review(self, **told: Any) -> Review:
        """The review of these rows."""
        facts: dict[str, Any] = {
            "broadcast": self.broadcast, "room_shop": "美妆旗舰店", "platform": "douyin",
            "listings": self.listings, "notices": self.notices, "journal": self.journal, "chases": self.chases,
            "orders": self.orders, "holds": self.holds, "follow_ups": self.follow_ups, "names": PEOPLE,
            "zone": SHANGHAI, "now": NOW, "data_until": DATA_UNTIL, "version": 1,
        }  # fmt: skip
        return summarise(**{**facts, **told})


def order_id(number: int) -> str:
    """A 抖店 order number of 19 digits."""
    return str(6917000000000000000 + number)


def quarter(at: datetime) -> datetime:
    """The quarter of an hour `at` lies in."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def full_evening(seed: int = 1, **more: Any) -> Evening:
    """An evening in which everything happens: changes known soon, late or never, holds and follow-ups."""
    evening = Evening(seed, **more)
    count = len(evening.listings)
    evening.change_price(1, 40, "129.00", "119.00", {who: 6 + 3 * n for n, who in enumerate(AGENTS)})
    slow = {"21": 9, "22": 14, "23": 200, "24": 31, "25": 12, "26": 17}
    evening.change_price(min(3, count), 130, "79.00", "75.00", slow)
    evening.change_price(min(2, count), 105, "89.00", "85.00", {"21": 11, "22": 25})
    evening.change_price(min(2, count), 105.5, "85.00", "86.00", {"21": 12, "22": 8, "23": 19})
    evening.change_price(min(5, count), 170, "99.00", "95.00", {}, asked=())
    held = (
        ("no_ship", "新疆", "open", "HOLD"), ("no_ship", "西藏", "solved", "HOLD"),
        ("remote", "内蒙古", "waived", "CHECK"), ("remote", "青海", "open", "CHECK"),
        ("field_contradiction", "浙江省", "handed", "HOLD"), ("no_ship", "香港特别行政区", "false_alarm", "HOLD"),
    )  # fmt: skip
    for number, (rule, region, state, verdict) in enumerate(held):
        evening.hold(number, rule, region, state, verdict)
    for number in range(132):
        evening.follow_up(number, "review_invite", "done" if number % 4 == 0 else "open")
    for number in range(18):
        evening.follow_up(number, "logistics")
    for number in range(6):
        evening.follow_up(number, "pickup", "claimed")
    return evening


def fullest(names: Sequence[str]) -> Review:
    """A review with every section at its longest: sixty products of `names`, all figures entered, repeats, items."""
    evening = full_evening(3, products=60, orders=1500, names=names)
    for number in range(30):
        evening.change_price(1 + number, 6 * number, "129.00", "119.00", {})
    spoken = rules()
    entered = Entered(id="a1-b1")
    for one in spoken.figure:
        entered = with_figures(entered, {one.id: Decimal("0.9999")}, "31", NOW)
    for post in spoken.posts:
        entered = with_remark(entered, post, "节奏偏快，报价之前没有等客服确认" * 9, "31", NOW)
    for who in AGENTS:
        entered = with_feeling(entered, who, "hard", NOW, f"{who} 赠品数不清，催付同时还要改地址" * 6)
    items = [
        ActionItem(
            id=f"a1-ai{n}", broadcast="a1-b1", text="改价前先在群里喊一声，等三秒再报价，" * 6,
            owner=AGENTS[n % 6], by="31", at=NOW, due_at=NOW + timedelta(days=n - 3),
        )
        for n in range(9)
    ]  # fmt: skip
    plain = evening.review(entered=entered, items=items)
    before = [marked(None, plain, -n).changed(id=f"a1-p{n}") for n in range(9)]
    own = marked(None, evening.review(orders=evening.orders[:900]), 1)
    return evening.review(
        entered=entered, items=items, marks=[*before, own], version=2, data_until=OFF - timedelta(hours=1)
    )
