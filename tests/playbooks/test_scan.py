"""Places are found in running text with their chain and offsets, and roads named after places are none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.addresses import divisions, meaning
from playbooks.addresses.divisions import Division
from playbooks.addresses.scan import Mention, scan

TODAY = [unit for unit in divisions.table().by_code.values() if not unit.until]
STEMS = sorted({divisions.stem(unit.name) for unit in TODAY if len(divisions.stem(unit.name)) > 1})
ROADS = (
    "路",
    "东路",
    "中路",
    "北一路",
    "大道",
    "大街",
    "巷",
    "大厦",
    "花园",
    "广场",
    "公园",
    "新村",
    "宾馆",
    "小区",
)


def names(units: tuple[Division, ...]) -> str:
    return " ".join(unit.name for unit in units)


def only(text: str) -> Mention:
    found = scan(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("浙江省杭州市滨江区长河街道江南大道1号", "浙江省 杭州市 滨江区 长河街道"),
        ("滨江区", "浙江省 杭州市 滨江区"),
        ("包玉君山西省临汾市吉县新华街", "山西省 临汾市 吉县"),
        ("江苏南京", "江苏省 南京市"),
        ("北京市市辖区东城区", "北京市 东城区"),
        ("海南省省直辖县级行政区划文昌市", "海南省 文昌市"),
        ("重庆重庆市长寿区", "重庆市 长寿区"),
        ("上海上海浦东", "上海市 浦东新区"),
        ("济南市中区经七路", "山东省 济南市 市中区"),
        ("吉林省吉林市小皇村", "吉林省 吉林市"),
        ("湖北恩施州", "湖北省 恩施土家族苗族自治州"),
        ("桂林恭城县", "广西壮族自治区 桂林市 恭城瑶族自治县"),
        ("广东省东莞市桥头镇莲湖路", "广东省 东莞市 桥头镇"),
        ("昆山花桥镇绿地大道", "江苏省 苏州市 昆山市 花桥镇"),
        ("北京朝阳门外大街", "北京市"),
        ("发河北燕郊", "河北省 廊坊市 三河市"),
        ("深圳市龙华街道", "广东省 深圳市 龙华区 龙华街道"),
        ("臺灣臺北市大安區", "台湾省 台北市 大安区"),
        ("香港九龙油尖旺区", "香港特别行政区 九龙 油尖旺区"),
        ("浙江省 杭州市，西湖区", "浙江省 杭州市 西湖区"),
        ("浙\u200b江省杭州市", "浙江省 杭州市"),
    ],
)
def test_a_place_is_read_as_its_chain_of_today(text: str, chain: str) -> None:
    assert names(only(text).units) == chain


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("湖北省襄樊市", "湖北省 襄阳市"),
        ("柳州地区忻城县", "广西壮族自治区 来宾市 忻城县"),
        ("四平市公主岭市", "吉林省 长春市 公主岭市"),
        ("安徽省巢湖市庐江县", "安徽省 合肥市 庐江县"),
        ("北京市崇文区", "北京市 东城区"),
        ("天津市塘沽区", "天津市 滨海新区"),
    ],
)
def test_renamed_and_moved_units_are_the_places_they_came_to(text: str, chain: str) -> None:
    found = only(text)
    assert names(found.units) == chain
    assert found.outdated or chain.startswith("天津市")


def test_a_divided_unit_names_what_it_may_be_today() -> None:
    found = only("浙江省杭州市江干区")
    assert (names(found.units), found.said) == ("浙江省 杭州市", "江干区")
    assert {unit.name for unit in found.candidates} == {"上城区", "钱塘区"}


def test_a_name_of_many_districts_is_said_with_its_candidates_and_accuses_nobody() -> None:
    found = only("鼓楼区")
    assert found.units == ()
    assert not found.evidence
    assert len({unit.parent for unit in found.candidates}) == len(found.candidates) > 1


@pytest.mark.parametrize(
    "text", ["东方市场", "江苏路", "香港中路18号", "青年北京西路", "兰州拉面", "上海城徐汇苑", "沙县小吃"]
)
def test_words_that_only_sound_like_places_are_none(text: str) -> None:
    assert scan(text) == ()


@given(st.sampled_from(STEMS), st.sampled_from(ROADS), st.sampled_from(TODAY))
def test_a_road_named_after_another_place_accuses_nobody(stem: str, road: str, unit: Division) -> None:
    where = names(meaning.chain_of(unit.code)).replace(" ", "")
    for mention in scan(f"{where}{stem}{road}18号"):
        if mention.sure:
            inner = mention.sure[-1]
            assert divisions.lies_in(inner, unit) or divisions.lies_in(unit, inner)


@given(st.sampled_from(TODAY))
def test_every_unit_is_found_by_its_full_chain(unit: Division) -> None:
    chain = meaning.chain_of(unit.code)
    text = "".join(step.name for step in chain)
    found = scan(f"寄到{text}，谢谢")[0]
    assert (found.units, found.start, found.end) == (chain, 2, 2 + len(text))


@given(st.text(max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    for mention in scan(text):
        assert 0 <= mention.start < mention.end <= len(text)


@given(
    st.lists(
        st.sampled_from([*STEMS, *ROADS, "市", "区", "县", " ", "，", "Ａ", "\u200b", "㈠", "發"]),
        max_size=12,
    )
)
def test_mentions_follow_each_other_inside_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = scan(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.sure == one.units[: len(one.sure)] for one in found)
