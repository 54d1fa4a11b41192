"""What the platforms say of an address besides itself: that it was changed, until when a virtual number reaches."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from storage.exports.reader import read_orders

SHANGHAI = ZoneInfo("Asia/Shanghai")
NUMBER = "6917920180000000017"


def read(headings, *rows):
    text = "\n".join([headings, *rows])
    return [one.order for one in read_orders("1768222209_x.csv", text.encode(), SHANGHAI).orders]


@pytest.mark.parametrize(("cell", "changed"), [("是", True), ("否", False), ("-", False), ("", False)])
def test_doudian_says_whether_the_address_was_changed_after_the_order(cell, changed):
    (one,) = read(
        "主订单编号,子订单编号,选购商品,订单提交时间,承诺发货时间,订单状态,是否修改过地址",
        f"{NUMBER},{NUMBER},面霜,2026-11-20 20:00:00,2026-11-22 20:00:00,待发货,{cell}",
    )
    assert one.address_changed is changed


def test_an_order_is_changed_where_one_of_its_rows_says_so():
    (one,) = read(
        "主订单编号,子订单编号,选购商品,订单提交时间,承诺发货时间,订单状态,是否修改过地址",
        f"{NUMBER},{NUMBER},面霜,2026-11-20 20:00:00,2026-11-22 20:00:00,待发货,否",
        f"{NUMBER},{int(NUMBER) + 1},乳液,2026-11-20 20:00:00,2026-11-22 20:00:00,待发货,是",
    )
    assert one.address_changed


@pytest.mark.parametrize(
    ("cell", "until"),
    [("2026-11-25 12:00:00", datetime(2026, 11, 25, 4, tzinfo=UTC)), ("", None), ("长期", None)],
)
def test_taobao_says_until_when_a_virtual_number_reaches_and_no_row_is_lost_for_it(cell, until):
    (one,) = read(
        "订单编号,买家会员名,买家应付货款,订单状态,订单创建时间,宝贝标题,收货地址,虚拟号过期时间",
        f"35100000000000001,tb_buyer,59.00,买家已付款,2026-11-20 20:00:00,面霜,浙江省 杭州市 西湖区 文新街道1号,{cell}",
    )
    assert one.phone_until == until
