"""Divisions are found by full and short name, and the table says how old it is."""

from datetime import date

import pytest

from playbooks.addresses import divisions


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("新疆", "新疆维吾尔自治区"),
        ("新疆维吾尔自治区", "新疆维吾尔自治区"),
        ("内蒙", "内蒙古自治区"),
        ("内蒙古", "内蒙古自治区"),
        ("广西省", "广西壮族自治区"),
        ("香港", "香港特别行政区"),
        ("臺灣", "台湾省"),
        (" 重庆 ", "重庆市"),
        ("吉林", "吉林省"),
    ],
)
def test_a_province_is_known_by_every_name_people_write(said, name):
    assert divisions.province(said).name == name


@pytest.mark.parametrize("said", ["", "-", "****", "吉林市", "美国", "杭州"])
def test_what_is_no_province_is_unknown(said):
    assert divisions.province(said) is None


@pytest.mark.parametrize(
    ("province", "said", "name"),
    [
        ("浙江省", "杭州", "杭州市"),
        ("吉林省", "吉林", "吉林市"),
        ("湖北省", "恩施州", "恩施土家族苗族自治州"),
        ("青海省", "海南", "海南藏族自治州"),
        ("贵州省", "铜仁地区", "铜仁市"),
        ("湖北省", "仙桃市", "仙桃市"),
        ("新疆", "石河子市", "石河子市"),
        ("北京市", "北京市", "北京市"),
        ("北京市", "市辖区", "北京市"),
        ("重庆市", "县", "重庆市"),
        ("台湾省", "台北市", "台北市"),
        ("浙江省", "义乌市", "义乌市"),
    ],
)
def test_a_city_is_known_inside_its_province(province, said, name):
    assert divisions.city(said, divisions.province(province)).name == name


def test_a_city_of_another_province_is_not_found_inside_this_one():
    assert divisions.city("天津市", divisions.province("河北省")) is None
    assert divisions.city("南京市", divisions.province("浙江省")) is None


def test_without_a_province_a_city_is_found_by_its_unique_name_alone():
    assert divisions.city("杭州市").name == "杭州市"
    assert divisions.city("朝阳区") is None


@pytest.mark.parametrize(
    ("province", "city", "said", "name"),
    [
        ("北京市", "北京市", "朝阳区", "朝阳区"),
        ("吉林省", "长春市", "朝阳区", "朝阳区"),
        ("湖北省", "仙桃市", "仙桃市", "仙桃市"),
        ("广东省", "东莞市", "东莞市", "东莞市"),
        ("浙江省", "杭州市", "西湖", "西湖区"),
        ("北京市", "北京市", "大兴县", "大兴区"),
        ("重庆市", "重庆市", "江北区", "江北区"),
        ("吉林省", "四平市", "公主岭市", "公主岭市"),
        ("新疆", "喀什地区", "岑岭县", "岑岭县"),
    ],
)
def test_a_district_is_known_inside_its_city(province, city, said, name):
    found = divisions.district(said, divisions.city(city, divisions.province(province)))
    assert found.name == name


@pytest.mark.parametrize(
    ("province", "said"), [("河南省", "济源市"), ("海南省", "儋州市"), ("新疆", "草湖市")]
)
def test_without_a_city_a_district_is_found_in_the_province(province, said):
    assert divisions.district(said, divisions.province(province)).name == said


def test_two_cities_hold_a_district_of_the_same_name():
    parents = {divisions.table().by_code[unit.parent].name for unit in divisions.called("朝阳区")}
    assert parents == {"北京市", "长春市"}


def test_the_table_says_what_day_it_is_true_for():
    assert date(2025, 12, 31) == divisions.AS_OF
    assert divisions.OVERLAY == "2026-04"


def test_every_unit_lies_in_a_known_unit_of_a_higher_level():
    for unit in divisions.table().by_code.values():
        if unit.level > 1:
            assert divisions.table().by_code[unit.parent].level < unit.level, unit


def test_every_unit_is_found_under_its_own_parent_by_its_full_name():
    for unit in divisions.table().by_code.values():
        if unit.level > 1 and not unit.until:
            parent = divisions.table().by_code[unit.parent]
            find = divisions.city if unit.level == 2 else divisions.district
            assert find(unit.name, parent).code == unit.code, unit
