"""Logistics lists: where each parcel is, and nothing of what a courier wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from playbooks.model import Refusal
from storage.exports import Parcel, Parcels, read_parcels
from storage.exports.grid import LIMITS, Table
from storage.exports.logistics import COLUMNS, mapped_columns, parcels_of
from storage.exports.words import WORDS

ZONE = ZoneInfo("Asia/Shanghai")


def read(*rows: dict[str, str]) -> Parcels:
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    lines = [headings, *([row.get(heading, "") for heading in headings] for row in rows)]
    return read_parcels("a.csv", "\n".join(",".join(line) for line in lines).encode("gb18030"), ZONE)


def one(word: str = "在途", message: str = "", **cells: str) -> Parcel:
    (parcel,) = read({"快递单号": "78500100200300", "物流状态": word, "最新物流节点": message, **cells}).rows
    return parcel


@pytest.mark.parametrize(("word", "state"), sorted(WORDS.parcels.states.items()))
def test_every_word_of_the_carriers_is_understood(word, state):
    assert one(word).state == state


@pytest.mark.parametrize(
    "heading", [h for name in ("tracking_no", "carrier", "order_id") for h in COLUMNS[name]]
)
def test_every_heading_is_understood(heading):
    row = {"快递单号": "785001", "物流状态": "在途", heading: "785001"}
    if heading in COLUMNS["tracking_no"]:
        row = {heading: "785001", "物流状态": "在途"}
    (parcel,) = read(row).rows
    assert "785001" in (parcel.carrier, parcel.order_id, parcel.tracking_no)


@pytest.mark.parametrize(
    "message", ["请凭取件码及时取件", "已放入丰巢", "菜鸟点代收", "到驿站了", "在快递柜"]
)
def test_a_message_about_a_pick_up_point_overrules_under_way(message):
    assert one("派件中", message).state == "at_pickup_point"
    assert one("", message).state == "at_pickup_point"


@pytest.mark.parametrize("word", ["已签收", "退回", "快递柜或驿站超时未取", "拒收"])
def test_a_message_never_overrules_what_is_over(word):
    assert one(word, "已放入驿站，请取件").state == WORDS.parcels.states[word]


def test_a_word_nobody_listed_is_reported_and_never_guessed():
    got = read({"运单号": "785001", "物流状态": "神秘状态"})
    assert (got.rows[0].state, got.rows[0].state_text, got.unknown) == ("unknown", "神秘状态", ("神秘状态",))


def test_without_a_word_a_signing_time_says_signed_and_nothing_says_no_trace():
    assert one("", 签收时间="2026-11-13 10:00:00").state == "signed"
    assert one("").state == "no_trace"


def test_the_last_scan_is_the_newest_the_list_knows():
    noon = datetime(2026, 11, 13, 4, 0, tzinfo=UTC)
    assert one(最新物流时间="2026-11-13 12:00:00", 揽收时间="2026-11-12 12:00:00").last_scan_at == noon
    assert one("在途", "2026-11-13 12:00 到达转运中心").last_scan_at == noon
    assert one("揽收", 揽收时间="2026/11/13 12:00").last_scan_at == noon
    assert one("在途", "2026-13-99 12:00 到达").last_scan_at is None


def test_nothing_of_a_message_is_kept():
    parcel = one("派件中", "请联系快递员13800001234取件，杭州文三路店")
    assert "13800001234" not in parcel.model_dump_json()
    assert "文三路" not in parcel.model_dump_json()


def test_a_bad_row_is_reported_and_the_good_ones_count():
    got = read(
        {"快递单号": "", "物流状态": "在途", "发货时间": ""},
        {"快递单号": "7.85E+13", "物流状态": "在途"},
        {"快递单号": "785003", "物流状态": "在途", "发货时间": "昨天"},
        {"快递单号": "785004", "物流状态": "在途", "发货时间": "2026-11-12 09:00:00"},
    )
    assert [(bad.line, bad.column, bad.key) for bad in got.bad] == [
        (2, "快递单号", "parcels.number_missing"),
        (3, "快递单号", "parcels.number_damaged"),
        (4, "发货时间", "orders.time_unreadable"),
    ]
    assert [(p.tracking_no, p.line) for p in got.rows] == [("785004", 5)]
    assert got.exported_at == datetime(2026, 11, 12, 1, 0, tzinfo=UTC)


def test_a_list_without_state_and_message_is_refused_with_what_it_needs():
    with pytest.raises(Refusal) as refused:
        read({"快递单号": "785001", "备注": "x"})
    assert (refused.value.key, refused.value.values["columns"]) == (
        "parcels.unknown_format",
        "快递单号、备注",
    )


# -- states that are a tracking service's numbers -----------------------------------------------------------


def coded(*numbers: str, heading: str = "物流状态", message: str = "") -> list[str]:
    rows = [
        {"快递单号": f"7850010{n}", heading: number, "最新物流节点": message}
        for n, number in enumerate(numbers)
    ]
    return [one.state for one in read(*rows).rows]


@pytest.mark.parametrize(
    ("numbers", "states"),
    [
        (["3", "14"], ["signed", "rejected"]),  # 14 is 快递100's alone
        (["2", "501"], ["problem", "at_pickup_point"]),
        (["2", "211"], ["in_transit", "at_pickup_point"]),  # 211 is 快递鸟's alone
        (["3", "412"], ["signed", "pickup_overdue"]),
        (["1", "3"], ["collected", "signed"]),  # both mean the same
    ],
)
def test_numbers_are_read_where_it_can_be_told_whose_they_are(numbers, states):
    assert coded(*numbers) == states


def test_numbers_both_services_have_and_mean_differently_are_asked_for_and_never_guessed():
    with pytest.raises(Refusal, match=r"parcels\.which_codes") as asked:
        coded("2", "3")
    assert asked.value.values["candidates"] == ["kuaidi100", "kdniao"]
    table = Table("a.csv", "快递单号,物流状态\n785001,2\n785002,99\n".encode(), LIMITS)
    by = {codes: parcels_of(table, ZONE, codes=codes) for codes in ("kuaidi100", "kdniao")}
    assert [one.rows[0].state for one in by.values()] == ["problem", "in_transit"]
    assert by["kdniao"].unknown == ("99",)


def test_a_heading_of_a_service_says_whose_numbers_they_are():
    table = Table("a.csv", "快递单号,物流状态,LogisticCode\n785001,2,785001\n".encode(), LIMITS)
    assert parcels_of(table, ZONE).rows[0].state == "in_transit"


def test_a_message_about_a_pick_up_point_overrules_a_number_under_way_and_none_that_is_over():
    assert coded("5", "14", message="请凭取件码及时取件") == ["at_pickup_point", "rejected"]


def test_a_list_a_person_has_mapped_is_read_by_its_own_headings():
    table = Table("a.csv", "面单,现在,哪家\n785001,待取件,圆通\n".encode(), LIMITS)
    mine = {"tracking_no": "面单", "state": "现在", "carrier": "哪家"}
    columns = mapped_columns(table.head(), [{"tracking_no": "别的"}, mine])
    assert columns
    (one,) = parcels_of(table, ZONE, columns=columns).rows
    assert (one.tracking_no, one.state, one.carrier) == ("785001", "at_pickup_point", "圆通")
    with pytest.raises(Refusal, match=r"parcels\.unknown_format"):
        parcels_of(table, ZONE)
