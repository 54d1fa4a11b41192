"""Every declared format: told by its headings, read as its platform writes it, whatever the file is called."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.model import Refusal
from playbooks.orders import PAID, Order
from storage.exports import Export, read_orders
from storage.exports.formats import FORMATS, IDS, Field, Format, detect
from tests.support.export_files import (
    AMERICAN,
    BY_ID,
    ONE_LINE,
    QUIRKS,
    Quirks,
    Sold,
    export_file,
    status_of,
    words_of,
)

ZONE = ZoneInfo("Asia/Shanghai")
SAMPLES = Path(__file__).parent.parent / "data" / "orders"
NOON = datetime(2026, 11, 13, 4, 0, tzinfo=UTC)


def sample(name: str) -> Export:
    return read_orders(name, (SAMPLES / name).read_bytes(), ZONE)


def told(order: Order) -> tuple[object, ...]:
    return (order.order_id, order.status, order.amount, order.doubt)


# The files of other people


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("headings_alibaba_1688.csv", "alibaba_1688"), ("headings_douyin.csv", "douyin"), ("headings_jd.csv", "jd"),
        ("headings_jushuitan.csv", "jushuitan"), ("headings_kuaishou.csv", "kuaishou"),
        ("headings_pinduoduo.csv", "pinduoduo"), ("headings_wangdiantong.csv", "wangdiantong"),
        ("headings_wechat_channels.csv", "wechat_channels"), ("headings_xiaohongshu.csv", "xiaohongshu"),
    ],
)  # fmt: skip
def test_headings_alone_tell_the_platform_and_are_an_export_without_orders(name, platform):
    got = sample(name)
    assert (got.platform, got.orders, got.bad, got.exported_at) == (platform, (), (), None)


def test_the_pinduoduo_sample_is_read():
    got = sample("pinduoduo_orders.csv")
    assert [told(one.order) for one in got.orders] == [
        ("260517-607198974342268", "received", Decimal("17.80"), ""),
        ("260607-400000294410900", "refunded", Decimal("168.99"), ""),
    ]
    first, second = (one.order for one in got.orders)
    assert (first.created_at, first.carrier) == (None, "申通快递")
    assert second.created_at == datetime(2026, 6, 6, 5, 41, tzinfo=UTC)


def test_the_xiaohongshu_sample_is_read():
    got = sample("xiaohongshu_orders.csv")
    assert [told(one.order) for one in got.orders] == [
        ("P100000000000000001", "completed", Decimal("700.00"), ""),
        ("P100000000000000002", "paid_unshipped", Decimal("500.00"), ""),
        ("P100000000000000003", "paid_unshipped", Decimal("324.99"), ""),
        ("P100000000000000004", "cancelled", None, ""),
    ]
    assert got.orders[0].order.flag_colour == "红旗"


def test_the_taobao_sample_is_read_from_gb18030_formulas_and_apostrophes():
    (one,) = sample("taobao_exportorderlist.csv").orders
    assert told(one.order) == ("35100000000000001", "pending_payment", Decimal("201.12"), "")
    assert (one.order.province, one.order.city, one.order.district) == ("广东省", "广州市", "越秀区")
    assert (one.personal.phone, one.personal.nick, one.order.phone_tail) == (
        "13900000000",
        "示例会员",
        "0000",
    )
    assert (one.order.shop_name, one.order.amount_paid) == ("示例店铺", None)


def test_the_tiktok_sample_is_read_day_first_with_its_tabs_and_indonesian_words():
    got = sample("tiktok_shop_id.csv")
    assert [told(one.order) for one in got.orders] == [
        ("580000000000000001", "paid_unshipped", Decimal("50000.00"), ""),
        ("580000000000000004", "paid_unshipped", Decimal("50000.00"), ""),
        ("580000000000000090", "completed", Decimal("50000.00"), ""),
    ]
    one = got.orders[1]
    assert one.order.created_at == datetime(2026, 10, 6, 7, 0, tzinfo=ZONE)
    assert (one.order.province, one.order.city, one.order.district) == (
        "DKI Jakarta", "Jakarta Selatan", "Kebayoran Baru"
    )  # fmt: skip
    assert (one.personal.nick, one.personal.phone, one.order.shipped_at) == ("buyer_004", "", None)
    assert one.order.lines[0].sub_order_id == "1730000000000000002"


def test_the_shopify_sample_is_one_order_of_two_lines_in_dollars():
    (one,) = sample("shopify_orders.csv").orders
    assert told(one.order) == ("#1001", "shipped", Decimal("56.29"), "")
    assert [(line.title, line.quantity, line.status) for line in one.order.lines] == [
        ("Botanical Fern Print", 2, "shipped"), ("Canvas Tote Bag", 1, "shipped"),
    ]  # fmt: skip
    assert one.order.created_at == datetime(2026, 9, 3, 14, 14, tzinfo=UTC)
    assert (one.order.currency, one.personal.nick) == ("USD", "ada@example.com")


# A file of each format, made as its platform makes it


def ids_of(form: Format) -> st.SearchStrategy[str]:
    looks = {
        "pinduoduo": r"26[01][0-9]{3}-[0-9]{15}",
        "xiaohongshu": "P[0-9]{18}",
        "shopify": "#[1-9][0-9]{3,6}",
    }
    return st.from_regex(looks.get(form.id, "[4-6][0-9]{17}[1-9]"), fullmatch=True)


@st.composite
def sold_by(draw, form: Format) -> list[Sold]:
    line = st.tuples(
        st.sampled_from(["补水面膜", "口红 #3", 'A&B, 赠"品"']),
        st.integers(1, 20),
        st.decimals("0.01", "9999.99", places=2),
    )
    ids = draw(st.lists(ids_of(form), unique=True, min_size=1, max_size=6))
    most = 1 if form.id in ONE_LINE else 3
    sold = []
    for id in ids:
        word, paid = draw(st.sampled_from(words_of(form)))
        at = draw(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))).replace(microsecond=0, tzinfo=UTC)
        lines = draw(st.lists(line, min_size=1, max_size=most))
        sold.append(Sold(id, word, tuple(lines), at, paid))
    return sold


def read_back(form: Format, sold: list[Sold], quirks: Quirks | None = None) -> None:
    """The file of `sold` says exactly that: ids, words, amounts, times, lines."""
    got = read_orders("file", export_file(form, sold, quirks), ZONE)
    assert (got.platform, got.format, got.bad, got.unknown_statuses) == (form.platform, form.name, (), ())
    assert len(got.orders) == len(sold)
    for one, read in zip(sold, got.orders, strict=True):
        order = read.order
        assert (order.order_id, order.status, order.doubt) == (one.id, status_of(form, one), "")
        assert [(line.title, line.quantity) for line in order.lines] == [line[:2] for line in one.lines]
        if has(form, "amount_due", "amount_paid"):
            assert order.amount == sum(amount for *_, amount in one.lines)
        if has(form, "created_at"):
            assert order.created_at == one.created_at
        if has(form, "paid_at"):
            assert (order.paid_at is not None) == one.paid


def has(form: Format, *fields: Field) -> bool:
    return any(field in form.columns for field in fields)


@pytest.mark.parametrize("id", IDS)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_what_a_platform_writes_is_what_is_read(id, data):
    form = BY_ID[id]
    read_back(form, data.draw(sold_by(form)))


@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_tiktok_files_of_america_are_read_month_first(data):
    form = BY_ID["tiktok_shop"]
    sold = data.draw(sold_by(form))
    read_back(form, sold, AMERICAN)


def test_no_two_formats_take_each_other_for_themselves():
    for form in FORMATS:
        assert detect([form.headings])[0].id == form.id


@pytest.mark.parametrize("id", IDS)
def test_the_key_headings_alone_suffice_below_a_title_and_notes(id):
    form = BY_ID[id]
    keys = [names[0] for names in form.detect_all] + list(form.detect_any[:1])
    head = [("某店铺订单",), (), ("说明：不要改列名",), tuple(keys)]
    assert detect(head) == (form, 3)
    with pytest.raises(Refusal, match="unknown_format"):
        detect([("",)] * 20 + head)


def test_a_file_without_key_headings_is_read_as_the_platform_a_person_names():
    data = "主订单编号,订单状态\n6917926768823643751,待支付\n".encode()
    with pytest.raises(Refusal, match="unknown_format"):
        read_orders("a", data, ZONE)
    got = read_orders("a", data, ZONE, as_platform="douyin")
    assert [(one.order.platform, one.order.status) for one in got.orders] == [("douyin", "pending_payment")]


def test_a_platform_nobody_declared_is_refused_with_those_that_are():
    with pytest.raises(Refusal) as refused:
        read_orders("a", b"a,b\n1,2\n", ZONE, as_platform="ebay")
    assert refused.value.key == "orders.no_such_format"
    assert "taobao_classic" in str(refused.value.values["known"])


def test_a_platform_with_several_reports_is_told_apart_by_the_headings():
    data = export_file(
        BY_ID["taobao_qianniu"],
        [Sold("2000000000000000001", "交易成功", (("a", 1, Decimal(1)),), NOON, True)],
    )
    assert read_orders("a", data, ZONE, as_platform="taobao").format == BY_ID["taobao_qianniu"].name


def test_every_format_has_a_file_made_for_it():
    assert set(QUIRKS) == set(IDS)


@pytest.mark.parametrize("form", FORMATS, ids=IDS)
def test_an_unpaid_word_and_a_paid_one_are_known_of_every_format(form):
    known = set(form.statuses.values())
    assert known & PAID
    assert form.id in ("jushuitan", "wangdiantong") or known & {"pending_payment", "closed"}
