"""Parcels by route count once, urged orders wait for the warehouse, carriers are found by where a parcel goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import followup
from playbooks.announce import Listing, Offer
from playbooks.followup import ParcelState, carriers, routes, urge
from playbooks.followup.carriers import CarrierContact
from playbooks.followup.delays import on_the_way, read
from playbooks.followup.owed import from_gifts, gifts_settled
from playbooks.followup.routes import Route
from playbooks.gifts import GiftOwed
from playbooks.model import Refusal
from playbooks.orders import OrderState
from playbooks.promotion import GiftDue
from playbooks.runsheet import Product

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LISTS = st.lists(
    st.tuples(
        st.sampled_from(["YT1", "YT2", "YT3"]), st.sampled_from(["in_transit", "at_pickup_point", "signed"])
    ),
    max_size=12,
)


def parcel(number: str, state: str = "in_transit", hours: int = 100, **fields: object) -> ParcelState:
    said = {
        "order_id": f"6917{number}", "tracking_no": number, "carrier": "圆通", "state": state,
        "shipped_at": NOW - timedelta(hours=hours), "signed_at": NOW if state == "signed" else None, **fields,
    }  # fmt: skip
    return ParcelState.model_validate(said)


@given(LISTS)
def test_however_often_lists_say_so_a_parcel_is_signed_for_once(said):
    known, route = {}, Route(id="a1-w", carrier="圆通", province="浙江省", month="2026-11")
    for number, state in said:
        one = parcel(number, state)
        if routes.counts(one, known.get(number), NOW):
            route = routes.with_parcel(route, one, NOW)
        known[number] = routes.kept("a1", one, known.get(number), NOW, province="浙江省", city="")
    signed = {number for number, state in said if state == "signed"}
    assert route.signed == len(signed)
    assert route.hours == 100 * len(signed)


def test_a_parcel_signed_for_so_long_ago_that_it_was_forgotten_does_not_count_again():
    old = parcel("YT1", "signed", signed_at=NOW - timedelta(days=14))
    assert not routes.counts(old, None, NOW)
    kept = routes.kept("a1", old, None, NOW, province="浙江省", city="")
    assert kept.ended_at == routes.forgotten_before(NOW)


def test_the_table_has_the_most_stuck_route_first_and_leaves_out_what_says_nothing():
    def kept(number: str, province: str, hours: int) -> routes.KeptParcel:
        return routes.kept("a1", parcel(number, hours=hours), None, NOW, province=province, city="")

    stuck = [kept(f"A{n}", "西藏自治区", 200) for n in range(3)]
    moving = [kept(f"B{n}", "浙江省", 2) for n in range(3)]
    table = routes.table([*moving, *stuck, kept("C1", "海南省", 200)], [], NOW)
    assert [(one.province, one.stuck, one.days) for one in table] == [
        ("西藏自治区", 3, None),
        ("浙江省", 0, None),
    ]


def test_the_mean_is_over_this_month_and_the_one_before():
    def route(month: str, signed: int, hours: int) -> Route:
        return Route(
            id=f"a1-w{month}", carrier="圆通", province="浙江省", month=month, signed=signed, hours=hours
        )

    table = routes.table(
        [], [route("2026-11", 2, 96), route("2026-10", 2, 144), route("2026-09", 50, 99999)], NOW
    )
    assert [(one.signed, one.days) for one in table] == [(4, Decimal("2.5"))]


def test_an_order_goes_on_the_list_of_a_delay_by_region_city_and_carrier():
    there = routes.kept("a1", parcel("YT1"), None, NOW, province="浙江省", city="杭州市")
    gone = routes.kept("a1", parcel("YT2", "signed"), None, NOW, province="浙江省", city="杭州市")
    assert on_the_way([there, gone], "", "浙江省") == ("6917YT1",)
    assert on_the_way([there, gone], "圆通", "杭州市") == ("6917YT1",)
    assert on_the_way([there, gone], "中通", "浙江省") == on_the_way([there, gone], "", "江苏省") == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("新疆 中通 暴风雪", ("新疆维吾尔自治区", "中通", "暴风雪")),
        ("新疆 暴风雪", ("新疆维吾尔自治区", "", "暴风雪")),
        ("杭州 圆通速递 大雨 封路", ("杭州市", "圆通速递", "大雨 封路")),
        ("浙江", ("浙江省", "", "")),
    ],
)
def test_a_notice_of_delay_is_read_as_people_type_it(typed, meant):
    found = read(typed, ["圆通速递"])
    assert (found.region, found.carrier, found.cause) == meant


def contact(carrier: str, region: str) -> CarrierContact:
    return CarrierContact(
        id=f"a1-q{carrier}:{region}", carrier=carrier, region=region, reach="95311", by="1", at=NOW
    )


def test_whom_to_ask_is_the_nearest_entry_of_the_carrier():
    known = [
        contact("中通", ""),
        contact("中通", "浙江省"),
        contact("中通", "杭州市"),
        contact("圆通", "浙江省"),
    ]
    found = [
        carriers.whom_to_ask(known, name, province, city)
        for name, province, city in (
            ("中通快递", "浙江省", "杭州市"), ("中通快递", "浙江省", "宁波市"), ("中通快递", "海南省", ""),
            ("韵达", "浙江省", ""),
        )
    ]  # fmt: skip
    assert [one.region if one else None for one in found] == ["杭州市", "浙江省", "", None]


@pytest.mark.parametrize(
    ("typed", "key"),
    [("中通", "carrier.usage"), ("中通 新疆", "carrier.usage"), ("中通 新疆 找网点", "carrier.no_number"),
     ("中通 " + "9" * 81, "carrier.long")],
)  # fmt: skip
def test_an_entry_nobody_could_call_is_refused(typed, key):
    with pytest.raises(Refusal) as refused:
        carriers.read(typed)
    assert refused.value.key == key


# -- urged orders -------------------------------------------------------------------------------------------


def state(status: str = "paid_unshipped", link: int | None = 3) -> OrderState:
    return OrderState(
        id="a1-o69170001", order_id="69170001", platform="douyin", status=status, as_of=NOW, link_no=link,
        title="海盐坚果", broadcast="a1-b2", paid_at=NOW,
    )  # fmt: skip


def ship(**fields: object) -> urge.ShipTime:
    return urge.ShipTime.model_validate({"id": "a1-eb2p3", "asked_at": NOW, "link_no": 3, **fields})


def test_orders_of_a_product_are_asked_for_together_and_one_of_an_unknown_product_by_itself():
    assert urge.ship_time_id("a1", "69170001", state()) == urge.ship_time_id("a1", "69170002", state())
    assert urge.ship_time_id("a1", "69170001", state(link=None)) == "a1-e69170001"
    assert urge.ship_time_id("a1", "69170001", None) == "a1-e69170001"


@pytest.mark.parametrize(
    ("status", "key"),
    [("pending_payment", "urge.unpaid"), ("shipped", "urge.shipped"), ("completed", "urge.shipped"),
     ("closed", "urge.ended"), ("refunding", "urge.ended")],
)  # fmt: skip
def test_what_cannot_ship_any_more_or_not_yet_is_not_urged(status, key):
    with pytest.raises(Refusal) as refused:
        urge.need_to_ship("69170001", state(status))
    assert refused.value.key == key


def test_an_urged_order_comes_back_when_the_warehouses_time_is_over_and_is_settled_by_leaving():
    item = urge.urged("a1", "69170001", state(), ship(), None, by="小美", note="", now=NOW)
    assert (item.state, item.owner, item.eta) == ("claimed", "小美", None)
    at = NOW + timedelta(hours=30)
    told = urge.told_time(item, ship(eta=at), NOW)
    back = followup.record(told, "小美", "told", "", NOW)
    assert (back.state, back.returns_at) == ("open", at)
    over = urge.time_is_over(back, at)
    assert (over.eta, over.why_key) == (None, "followup.why_time_over")
    label = followup.settle(back, now=NOW, parcel=parcel("YT1", "ordered"))
    left = followup.settle(back, now=NOW, parcel=parcel("YT1", "collected"))
    assert (label.state, left.state, left.outcome) == ("open", "done", "shipped")


def test_a_buyer_who_asks_again_is_counted_and_another_agents_order_is_left_to_that_agent():
    first = urge.urged("a1", "69170001", state(), ship(), None, by="小美", note="", now=NOW)
    again = urge.urged("a1", "69170001", state(), ship(), first, by="小美", note="", now=NOW)
    assert (again.values["times"], again.why_key) == ("2", "followup.why_urged_again")
    with pytest.raises(Refusal, match=r"followup\.taken"):
        urge.urged("a1", "69170001", state(), ship(), again, by="阿强", note="", now=NOW)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)))
def test_the_times_on_the_buttons_are_always_to_come(naive):
    now = naive.replace(tzinfo=SHANGHAI)
    found = urge.choices(now, SHANGHAI)
    assert 2 <= len(found) <= 3
    assert all(at > now and at.astimezone(SHANGHAI).hour == 18 for at in found)


def test_gifts_of_a_product_are_one_piece_of_work_that_later_exports_settle():
    listing = Listing(
        id="a1-p7", broadcast="a1-b2", link_no=3,
        product=Product(seq=3, link_no=3, duration=5, name="海盐坚果", live_price=Decimal("29.90")),
        offer=Offer(revision=1, live_price=Decimal("29.90"), at=NOW, by="1"),
    )  # fmt: skip
    due = [
        GiftOwed(order_id=f"6917000{n}", link_no=3, gifts=(GiftDue(name="小样", qty=2),), along=False)
        for n in range(3)
    ]
    item = from_gifts("a1", listing, due, NOW)
    assert item
    assert (item.values["gift"], item.values["count"]) == ("小样", "3")
    along = [one.changed(along=True) for one in due]
    assert from_gifts("a1", listing, along, NOW) is None
    assert gifts_settled(item, due[:2]).values["count"] == "2"
    shown, gone = gifts_settled(item, along), gifts_settled(item, [])
    assert [(one.state, one.outcome) for one in (shown, gone)] == [("done", "along"), ("done", "not_owed")]
