"""What is a buyer's own gets neither into the library, below a review nor into a case (E15, F15, K08)."""

from __future__ import annotations

import pytest

from playbooks import cases
from playbooks.model import Refusal

OWN = (
    "手机13800001234一直打", "壹叁捌零零零零壹贰叁肆", "138，0000，1234", "一三八 0000 一二三四",
    "138😀0000😀1234", "座机 0571 8800 1234",
    "张伟先生说", "张女士很生气", "买家张伟说收到坏的", "客户李小红要求退款", "李阿姨打来", "收货人张伟",
    "姓名 张伟", "她叫张小红", "我是张伟，", "买家叫做欧阳娜娜",
    "昵称是爱吃鱼的猫", "ID是 happy_cat88", "住文三路138号3单元502", "住文三路一百三十八号",
    "阳光花园三栋五零二", "翠苑小区12-3-502", "西湖区翠苑一区12幢",
    "万达广场A座1203室", "取件码 12-3-4567", "330106 19900101 1231", "邮箱zhang wei @example.com",
    "加v zhang123", "q 12345678", "扣扣12345678",
    "生日1990年1月1日", "抖音号dy12345abc", "车牌浙A12345", "浙江大学玉泉校区3舍502", "张伟 住在对面",
    "Mr Zhang says it is broken",
)  # fmt: skip
PUBLIC = (
    "订单6917920181100000317",
    "运单SF1234567890123",
    "运单 YT 1234 5678 9012 3",
    "尾号1234",
    "浙江省杭州市西湖区",
)
FREE = (
    "买家说等了十天还没到，语气很重", "客户说色差大，要求退货", "买家拍了三号链接，说尺码不对",
    "客户要退 59.9 元", "2026年11月11日 20:00 下单", "说好48小时发货，结果第5天才发",
    "客户周末收到是坏的", "顾客陈述要求退款", "买家杨梅收到坏的", "小姐姐态度不好", "买家说叫我们快点",
    "满299减30", "白色XL码偏小", "编号 12 的链接", "广州的快递停了三天",
)  # fmt: skip


@pytest.mark.parametrize("text", OWN)
def test_a_buyers_own_is_in_no_lesson_no_reply_and_no_case(text: str) -> None:
    for door in (cases.checked_talk, cases.checked_better, cases.checked):
        with pytest.raises(Refusal):
            door(text)
    assert not cases.personal_in(cases.masked(f"说明 {text}"))


@pytest.mark.parametrize("text", PUBLIC)
def test_what_names_an_order_may_stand_in_a_case_but_in_nothing_everybody_reads(text: str) -> None:
    assert cases.checked(text) == text
    with pytest.raises(Refusal):
        cases.checked_talk(text)


@pytest.mark.parametrize("text", FREE)
def test_what_is_nobodys_own_is_kept(text: str) -> None:
    assert cases.checked(text) == cases.checked_talk(text) == text
