"""A pasted address is taken apart into division, town, rest, name and phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.addresses import divisions, meaning
from playbooks.addresses.divisions import Division
from playbooks.addresses.parse import Parsed, parse

DISTRICTS = [
    unit
    for unit in divisions.table().by_code.values()
    if unit.level == 3 and not unit.until and not unit.code.startswith("TW")
]
DETAILS = ("建设路18号", "文一路5号3栋402室", "人民南路与解放路交叉口", "幸福小区7号楼2单元501", "和平村6组")
PEOPLE = ("张三丰", "李小满", "欧阳春", "王五", "陈女士")
FORMS = (
    "{place}{detail} {name} {phone}",
    "{name} {phone} {place}{detail}",
    "{name}，{phone}，{place} {detail}",
    "{phone}{name}{place}{detail}",
    "{place}{detail}{phone}{name}",
    "收货人：{name}\n手机号码：{phone}\n所在地区：{place}\n详细地址：{detail}",
    "地址：{place}{detail} 联系电话：{phone} 收件人：{name}",
)


@given(
    st.sampled_from(DISTRICTS),
    st.sampled_from(DETAILS),
    st.sampled_from(PEOPLE),
    st.integers(0, 99_999),
    st.sampled_from(FORMS),
)
def test_a_composed_address_gives_its_parts_back(
    unit: Division, detail: str, name: str, tail: int, form: str
) -> None:
    chain = meaning.chain_of(unit.code)
    place, phone = "".join(step.name for step in chain), f"138000{tail:05d}"
    found = parse(form.format(place=place, detail=detail, name=name, phone=phone))
    assert (found.province, found.district) == (chain[0].name, unit.name)
    assert found.city == (chain[1].name if len(chain) == 3 else found.city)
    assert (found.detail, found.name, found.phone) == (detail, name, phone)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "谢先生，深圳市龙岗区南湾街道尚峰花园4C2231 13800001111",
            Parsed("广东省", "深圳市", "龙岗区", "南湾街道", "尚峰花园4C2231", "谢先生", "13800001111"),
        ),
        ("发河北燕郊", Parsed("河北省", "廊坊市", "三河市")),
        ("上海 上海市 浦东区", Parsed("上海市", "上海市", "浦东新区")),
        ("湖北神农架太阳村10组", Parsed("湖北省", "神农架林区", "神农架林区", "", "太阳村10组")),
        (
            "浙江省杭州市江干区新塘路342号13800001111嵇淑怡",
            Parsed("浙江省", "杭州市", "江干区", "", "新塘路342号", "嵇淑怡", "13800001111"),
        ),
        (
            "河北省秦皇岛市经济技术开发区天山路3号",
            Parsed("河北省", "秦皇岛市", "经济技术开发区", "", "天山路3号"),
        ),
        (
            "天津市河西区解放南路1号5门301 王五 13800001111-4321",
            Parsed("天津市", "天津市", "河西区", "", "解放南路1号5门301", "王五", "13800001111-4321"),
        ),
        (
            "四川省成都市锦江区东大街8号5幢2,3层",
            Parsed("四川省", "成都市", "锦江区", "", "东大街8号5幢2,3层"),
        ),
        ("范小满13800001111", Parsed(name="范小满", phone="13800001111")),
        ("", Parsed()),
    ],
)
def test_what_people_paste_is_taken_apart(text: str, parts: Parsed) -> None:
    assert parse(text) == parts


@given(st.text(max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    assert len(parse(text)) == 7


@pytest.mark.parametrize(
    ("text", "town", "detail"),
    [
        ("东莞桥头镇莲湖路3号", "桥头镇", "莲湖路3号"),
        ("东莞塘厦镇林村新阳路3号", "塘厦镇", "林村新阳路3号"),
        ("中山港口镇兴港路3号", "港口镇", "兴港路3号"),
    ],
)
def test_a_citys_short_name_is_a_place_before_its_own_town_whatever_the_town_begins_with(
    text: str, town: str, detail: str
) -> None:
    found = parse(text)
    assert (found.province, found.town, found.detail) == ("广东省", town, detail)


@pytest.mark.parametrize("text", ["东莞桥头海鲜酒楼", "中山港路3号", "儋州海头小吃"])
def test_a_citys_short_name_before_another_word_is_still_none(text: str) -> None:
    assert parse(text).city == ""


@pytest.mark.parametrize(
    ("text", "phone", "detail"),
    [
        ("台湾高雄市苓雅区四维三路2号 陈小姐 0912345678", "0912345678", "四维三路2号"),
        ("香港九龙观塘道388号 陈大文 (852)61234567", "852-61234567", "观塘道388号"),
        ("台北市大安区忠孝东路四段100号 林美 +886 912-345-678", "886-912345678", "忠孝东路四段100号"),
    ],
)
def test_phones_of_hong_kong_and_taiwan_are_no_part_of_the_street(text: str, phone: str, detail: str) -> None:
    found = parse(text)
    assert (found.phone, found.detail) == (phone, detail)


@pytest.mark.parametrize(
    "text", ["河北省保定市雄县建设路5号 13800000006 刘 洋", "刘 洋 13800000006 河北省保定市雄县建设路5号"]
)
def test_a_name_set_apart_is_whole(text: str) -> None:
    found = parse(text)
    assert (found.name, found.detail) == ("刘洋", "建设路5号")
