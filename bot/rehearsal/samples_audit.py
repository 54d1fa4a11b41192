"""Orders of the evening whose buyers stand in clear: one for each thing the closing audit looks for. Invented people.

抖店 ciphers buyers unless the export is made with them in clear; a shop that audits makes it so for what it must see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
Place = tuple[str, str, str, str]
HANGZHOU: Place = ("浙江省", "杭州市", "西湖区", "文新街道")
XINJIANG: Place = ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "解放南路街道")
FIRST = datetime(2026, 11, 11, 22, 11, tzinfo=ZONE)
APART = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the export shows of a buyer in clear; `changed`: the platform says the address was changed.

    `presale`: it says that the goods were sold ahead.
    """

    place: Place = HANGZHOU
    address: str = "文三路18号3幢402室"
    name: str = "张三"
    phone: str = "13800010001"
    message: str = ""
    memo: str = ""
    changed: bool = False
    presale: bool = False


BUYERS: dict[str, Buyer] = {
    "other_place": Buyer(address="湖南省长沙市岳麓区麓谷街道桐梓坡西路12号", phone="13800010002"),
    "double_address": Buyer(phone="13800010003", message="麻烦改寄到江苏省苏州市吴中区木渎镇金山路8号，谢谢"),
    "already_changed": Buyer(phone="13800010004", memo="买家改地址到广东省广州市天河区石牌街道5号，已改"),
    "incomplete": Buyer(address="到了打电话", phone="13800010005"),
    "bad_phone": Buyer(phone="1380001000"),
    "test_order": Buyer(name="测试", address="测试地址123", phone="13800010006"),
    "unknown_division": Buyer(place=("浙江省", "杭洲市", "西湖区", "文新街道"), phone="13800010007"),
    "outdated_division": Buyer(
        place=("浙江省", "杭州市", "下城区", "天水街道"), address="中山北路100号1幢301室", phone="13800010008"
    ),
    "same_door": Buyer(name="李四", phone="13800010009"),
    "same_door_again": Buyer(name="李四", phone="13800010009"),
    "two_cities": Buyer(name="王五", phone="13800010010"),
    "two_cities_again": Buyer(
        place=("江苏省", "南京市", "鼓楼区", "宁海路街道"), address="上海路88号2幢201室", name="王五",
        phone="13800010010",
    ),
    "changed_address": Buyer(phone="13800010011", changed=True),
    "other_contact": Buyer(phone="13800010012", message="收件人换成赵六，电话改成13900010012"),
    "asks_to_wait": Buyer(phone="13800010013", message="先别发货，等我通知再发"),
    "remote_question": Buyer(
        place=XINJIANG, address="解放南路66号2栋302室", phone="13800010014", message="新疆能到吗？要不要加运费"
    ),
    "buyer_wish": Buyer(phone="13800010015", message="请发顺丰，送朋友的，不要放小票"),
    "sensitive_data": Buyer(phone="13800010016", message="身份证号110101190001010019，报关用"),
    "presale": Buyer(phone="13800010017", presale=True),
}  # fmt: skip
"""What the order is called -> its buyer."""


def placed_at(tag: str) -> datetime:
    """When it was placed: in the last minutes of the stream."""
    return FIRST + APART * list(BUYERS).index(tag)


def number(tag: str) -> str:
    """Its order number."""
    index = list(BUYERS).index(tag)
    return f"6917{placed_at(tag):%d%H%M}77{index:03}{3100 + index}"
