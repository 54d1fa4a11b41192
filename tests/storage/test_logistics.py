"""Logistics lists: where each parcel is, and nothing of what a courier wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from playbooks.model import Refusal
from storage.exports import Parcel, Parcels, read_parcels
from storage.exports.logistics import COLUMNS
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
