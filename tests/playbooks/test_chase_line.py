"""Lines agents type or paste to register an unpaid order."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.chase.line import is_labelled, read_line
from playbooks.model import Refusal

ID = "6917926768823643751"


@pytest.mark.parametrize(
    ("text", "link_no", "product", "amount", "note"),
    [
        (f"催 {ID} 3号", 3, "", None, ""),
        (f"催付 {ID} 3号链接 ¥59 晚上付", 3, "", Decimal(59), ""),
        (f"催{ID} ３号 ￥59.90", 3, "", Decimal("59.90"), ""),
        (f"/chase {ID} 白色T恤 128元 要L码", None, "白色T恤", Decimal(128), ""),
        (f"{ID}", None, "", None, ""),
        (f"催 3号 {ID} 13800000001 晚点", 3, "", None, ""),
        (f"/chase {ID} #3 ¥59", 3, "", Decimal(59), ""),
        (f"/chase {ID} #1001", None, "#1001", None, ""),
        (f"催 {ID} 已付款优惠套装", None, "已付款优惠套装", None, ""),  # a product's name
        (f"催 {ID} 3号 张三 广东省广州市体育西路1号", 3, "", None, ""),  # nobody's name or street is kept
        (f"订单编号：{ID}，备注：晚上付", None, "", None, "晚上付"),
    ],
)
def test_one_line_is_understood(
    text: str, link_no: int | None, product: str, amount: Decimal | None, note: str
) -> None:
    read = read_line(text)
    assert (read.order_id, read.link_no, read.product, read.amount, read.note) == (
        ID, link_no, product, amount, note,
    )  # fmt: skip


@pytest.mark.parametrize("order_id", ["260517-607198974342268", "P100000000000000001", "9876543210", ID])
def test_order_numbers_of_every_platform_are_read(order_id: str) -> None:
    assert read_line(f"催 {order_id} 3号").order_id == order_id


def test_a_pasted_order_keeps_product_and_amount_and_none_of_the_buyers_fields() -> None:
    read = read_line(
        f"订单编号:{ID}\n商品名称:白色T恤 L码\n实付金额:¥59.00\n收货人:周示例\n电话:13800000001\n"
        "收货地址:湖北省武汉市示例路1号\n备注:晚上再付 13900000002"
    )
    assert (read.order_id, read.product, read.link_no) == (ID, "白色T恤 L码", None)
    assert (read.amount, read.note, read.note_dropped) == (Decimal(59), "", True)
    assert not any(word in read.model_dump_json() for word in ("周示例", "1380000", "1390000", "示例路"))


def test_labels_may_stand_in_one_line() -> None:
    read = read_line(f"订单号: {ID} 商品: 白色T恤 金额: 59")
    assert (read.order_id, read.product, read.amount) == (ID, "白色T恤", Decimal(59))


def test_an_unlabelled_paste_of_several_lines_keeps_only_number_link_and_amount() -> None:
    read = read_line(f"{ID}\n3号链接 ¥28.90\n周示例 13800000001\n湖北省武汉市示例路1号")
    assert read.model_dump(exclude_defaults=True) == {
        "order_id": ID,
        "link_no": 3,
        "amount": Decimal("28.90"),
    }


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("催", "chase.line_empty"),
        ("催 3号 还没付", "chase.order_id_missing"),
        ("催 13800000001 3号", "chase.order_id_missing"),
        ("催 6.91793E+18 3号", "chase.order_id_damaged"),
        (f"催 {ID} {ID[:-1]}2", "chase.order_id_many"),
    ],
)
def test_a_line_without_one_clear_order_number_is_refused_with_the_cure(text: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_line(text)
    assert refused.value.key == key


def said_to(text: str) -> str:
    try:
        return f"read {read_line(text).order_id}"
    except Refusal as refused:
        return refused.key


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert said_to(text).startswith(("read ", "chase.line_", "chase.order_id_"))


# -- what cannot be meant --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "¥-5",
        "¥1e5",
        "¥NaN",
        "¥Infinity",
        "¥59.999",
        "-5元",
        "1e5元",
        "￥－５",
        "金额：-5",
        "实付:1e5",
        "金额：nan",
    ],
)
def test_an_amount_that_cannot_be_read_registers_nothing(said: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_line(f"催 {ID} 3号 {said}")
    assert refused.value.key == "chase.amount_unreadable"
    assert refused.value.values["order_id"] == ID


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("¥59，已联系", "59"), ("￥１，２９９．５０", "1299.50"), ("59.9元", "59.9"), ("实付：1,299.00", "1299.00"),
        ("实付：￥59.00（含运费）", "59.00"), ("应付：59 优惠：-¥5.00", "59"), ("¥59.", "59"), ("RMB 59", "59"),
    ],
)  # fmt: skip
def test_an_amount_as_people_write_it_is_read(said: str, yuan: str) -> None:
    assert read_line(f"催 {ID} {said}").amount == Decimal(yuan)


@pytest.mark.parametrize("said", ["", "金额：待支付", "金额：--", "¥面议", "优惠：无"])
def test_where_no_amount_is_meant_none_is_read(said: str) -> None:
    assert read_line(f"催 {ID} {said}").amount is None


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("订单状态：待发货", "chase.not_unpaid"),
        ("订单状态：已关闭", "chase.not_unpaid"),
        ("付款时间：2026-11-11 20:16:00", "chase.already_paid"),
    ],
)
def test_a_paste_that_says_it_is_not_unpaid_is_not_chased(said: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_line(f"订单编号：{ID}\n{said}\n商品：云雾绿茶")
    assert refused.value.key == key


def test_a_paste_that_says_it_is_unpaid_is_read_with_its_empty_payment_time() -> None:
    read = read_line(f"订单编号：{ID}\n订单状态：待付款\n付款时间：-\n实付款：¥39.90")
    assert read.order_id == ID


def test_a_house_number_in_a_paste_is_no_link_number() -> None:
    read = read_line(f"订单编号：{ID}\n商品：云雾绿茶\n收货地址：杭州市西湖区 文三路 99 号")
    assert (read.link_no, read.product) == (None, "云雾绿茶")
    assert read_line(f"{ID}\n杭州市 文三路 99 号\n").link_no is None


@pytest.mark.parametrize(
    ("text", "labelled"),
    [
        (f"订单编号：{ID}\n商品：茶", True), (f"主订单编号: {ID}", True), ("订单编号：6.91793E+18", True),
        (f"{ID} 买家要改地址", False), ("订单编号：在哪里看", False), ("备注：买家要红色", False), ("", False),
    ],
)  # fmt: skip
def test_a_paste_is_known_by_its_order_number_behind_the_label(text: str, labelled: bool) -> None:
    assert is_labelled(text) is labelled


@pytest.mark.parametrize("said", ["已付款", "3号 已付", "¥59，已支付", "paid", "买家说 付了"])
def test_a_line_that_says_the_order_is_paid_registers_nothing(said: str) -> None:
    with pytest.raises(Refusal, match=r"chase\.already_paid"):
        read_line(f"催 {ID} {said}")
