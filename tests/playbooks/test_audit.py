"""Each rule of the closing audit fires where it should, and stays silent on the traps."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from playbooks.addresses.around import Around
from playbooks.addresses.audit import audit as audit_all
from playbooks.addresses.audit import verdict, weighty
from playbooks.addresses.regions import RegionRule, default_rules, in_force, read_rule
from playbooks.model import Refusal
from playbooks.orders import Order, Personal

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
DEFAULTS = default_rules(NOW)
EXPRESS = Path(__file__).parents[1] / "data" / "address_express.tsv"


def order(province="", city="", district="", carrier="", order_id="6917000000000000001"):
    return Order(
        platform="douyin", order_id=order_id, status="paid_unshipped", province=province, city=city,
        district=district, carrier=carrier,
    )  # fmt: skip


def audit(one, rules, link_nos=(), address=""):
    """What somebody has to act on; notes are tested by themselves."""
    around = Around(rules=tuple(rules), link_nos=link_nos, now=NOW)
    return weighty(audit_all(one, Personal(address=address), around))


def rule(text, now=NOW):
    return read_rule(text, rule_id="r1", author="小美", now=now)


def said(findings):
    return [(found.rule, found.verdict, found.region) for found in findings]


@pytest.mark.parametrize("province", ["香港特别行政区", "澳门", "台湾省", "海外"])
def test_by_default_nothing_ships_beyond_the_customs_border(province):
    assert said(audit(order(province), DEFAULTS)) == [("no_ship", "HOLD", province)]


@pytest.mark.parametrize("province", ["新疆", "西藏自治区", "内蒙", "青海省"])
def test_by_default_remote_provinces_are_checked(province):
    assert said(audit(order(province), DEFAULTS)) == [("remote", "CHECK", province)]


@pytest.mark.parametrize("province", ["浙江省", "宁夏", "甘肃省", "海南省", "", "****"])
def test_by_default_other_and_unknown_provinces_pass(province):
    assert audit(order(province), DEFAULTS) == ()


def test_a_province_rule_reaches_an_order_that_names_only_the_city():
    assert said(audit(order(city="乌鲁木齐市"), DEFAULTS)) == [("remote", "CHECK", "乌鲁木齐市")]


def test_a_city_rule_holds_that_city_and_no_other():
    rules = [rule("停发 三沙市")]
    assert said(audit(order("海南省", "三沙市"), rules)) == [("no_ship", "HOLD", "三沙市")]
    assert audit(order("海南省", "海口市"), rules) == ()


def test_a_rule_for_a_directly_administered_county_holds_it_in_either_column():
    rules = [rule("停发 济源市")]
    assert verdict(audit(order("河南省", "济源市"), rules)) == "HOLD"
    assert verdict(audit(order("河南省", "省直辖县级行政区划", "济源市"), rules)) == "HOLD"


def test_a_carriers_rule_holds_that_carrier_checks_an_unknown_one_and_leaves_the_others():
    rules = [rule("停发 青海 圆通")]
    assert verdict(audit(order("青海省", carrier="圆通速递"), rules)) == "HOLD"
    assert verdict(audit(order("青海省"), rules)) == "CHECK"
    assert audit(order("青海省"), rules)[0].text_key == "audit.no_ship_if_carrier"
    assert verdict(audit(order("青海省", carrier="顺丰速运"), rules)) == "PASS"


def test_a_products_rule_holds_that_link_checks_an_unknown_one_and_leaves_the_others():
    rules = [rule("停发 青海 3号")]
    assert verdict(audit(order("青海省"), rules, (3, 5))) == "HOLD"
    assert verdict(audit(order("青海省"), rules)) == "CHECK"
    assert audit(order("青海省"), rules)[0].text_key == "audit.no_ship_if_product"
    assert verdict(audit(order("青海省"), rules, (5,))) == "PASS"


def test_of_several_rules_of_a_kind_only_the_worst_is_said():
    findings = audit(order("新疆"), [rule("停发 新疆 圆通"), rule("停发 新疆"), *DEFAULTS])
    assert [(found.rule, found.verdict) for found in findings] == [("no_ship", "HOLD"), ("remote", "CHECK")]


@pytest.mark.parametrize(
    ("province", "city", "district", "region"),
    [
        ("河北省", "天津市", "", "河北省 / 天津市"),
        ("河北", "天津", "", "河北省 / 天津"),
        ("江苏省", "义乌市", "", "江苏省 / 义乌市"),
        ("广东省", "广州市", "朝阳区", "广州市 / 朝阳区"),
        ("上海市", "市辖区", "海淀区", "上海市 / 海淀区"),
        ("湖北省", "", "济源市", "湖北省 / 济源市"),
    ],
)
def test_places_that_do_not_lie_in_each_other_are_held(province, city, district, region):
    assert said(audit(order(province, city, district), ())) == [("field_contradiction", "HOLD", region)]


@pytest.mark.parametrize(
    ("province", "city", "district"),
    [
        ("北京市", "北京市", "朝阳区"),
        ("吉林省", "长春市", "朝阳区"),
        ("吉林省", "吉林市", "船营区"),
        ("天津市", "市辖区", "和平区"),
        ("重庆", "重庆市", "江北区"),
        ("重庆市", "县", "云阳县"),
        ("广东省", "东莞市", "东城区"),
        ("广东省", "中山市", "东区"),
        ("河南省", "省直辖县级行政区划", "济源市"),
        ("湖北省", "仙桃市", "仙桃市"),
        ("新疆", "自治区直辖县级行政区划", "石河子市"),
        ("海南省", "", "儋州市"),
        ("山东省", "烟台市", "城区"),
        ("四川省", "成都市", "高新区"),
        ("辽宁省", "朝阳市", "朝阳区"),
        ("河北省", "石家庄市", "桥东区"),
        ("香港特别行政区", "新界", "沙田区"),
        ("台湾省", "台中市", "东区"),
        ("****", "****", "**"),
        ("", "", ""),
    ],
)
def test_consistent_former_loose_and_unknown_names_are_no_contradiction(province, city, district):
    assert audit(order(province, city, district), ()) == ()


def test_real_addresses_raise_fewer_than_three_contradictions_in_a_thousand():
    lines = [line for line in EXPRESS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    orders = [order(*cells[1:4], order_id=cells[0]) for cells in (line.split("\t") for line in lines[1:])]
    alarms = [one.order_id for one in orders if audit(one, ())]
    assert len(orders) == 1000
    assert len(alarms) < 3, alarms


def test_without_any_rule_contradictions_are_still_found():
    assert [found.verdict for found in audit(order("河北省", "天津市"), ())] == ["HOLD"]
    assert audit(order("新疆"), ()) == ()


@pytest.mark.parametrize(
    ("text", "kind", "regions", "carrier"),
    [
        ("停发 新疆 西藏", "no_ship", ("新疆维吾尔自治区", "西藏自治区"), ""),
        ("偏远 内蒙古,青海 圆通", "remote", ("内蒙古自治区", "青海省"), "圆通"),
        ("停发 三沙市", "no_ship", ("三沙市",), ""),
        ("停发 青海 圆通速递", "no_ship", ("青海省",), "圆通"),
        ("停发 港澳台、海外", "no_ship", ("香港特别行政区", "澳门特别行政区", "台湾省", "海外"), ""),
        ("停发 吉林 吉林市", "no_ship", ("吉林省", "吉林市"), ""),
        ("停发 恩施州 仙桃", "no_ship", ("恩施土家族苗族自治州", "仙桃市"), ""),
    ],
)
def test_a_rule_is_written_as_people_say_it(text, kind, regions, carrier):
    draft = rule(text)
    assert (draft.kind, draft.regions, draft.carrier) == (kind, regions, carrier)
    assert (draft.author, draft.source, draft.until) == ("小美", text, None)


def test_a_rule_ends_with_its_last_day_in_the_rooms_time_zone():
    shanghai = ZoneInfo("Asia/Shanghai")
    draft = rule("停发 北京 3号 至2026-11-30", NOW.astimezone(shanghai))
    assert draft.link_nos == (3,)
    assert draft.until == datetime(2026, 12, 1, tzinfo=shanghai)


@pytest.mark.parametrize(
    ("said", "begins", "ends"),
    [
        ("从2026-12-01", (2026, 12, 1), None),
        ("自12月1日起", (2026, 12, 1), None),
        ("12-01起", (2026, 12, 1), None),
        ("从 12-01 至 12-31", (2026, 12, 1), (2027, 1, 1)),
        ("12.01-12.31", (2026, 12, 1), (2027, 1, 1)),
        ("至1-10", None, (2027, 1, 11)),
        ("从2026-11-01", None, None),
    ],
)
def test_a_rule_begins_and_ends_on_the_days_it_names(said, begins, ends):
    shanghai = ZoneInfo("Asia/Shanghai")
    now = NOW.astimezone(shanghai)
    draft = rule(f"停发 新疆 {said} 中通", now)
    assert draft.regions == ("新疆维吾尔自治区",)
    assert draft.from_at == (datetime(*begins, tzinfo=shanghai) if begins else now)
    assert draft.until == (datetime(*ends, tzinfo=shanghai) if ends else None)


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("停发 新疆 从13-01", "audit.rule_until", {"word": "13-01"}),
        ("停发 新疆 从12-31 至12-01", "audit.rule_until", {"word": "至12-01"}),
        ("停发 新疆 至9999-12-31", "audit.rule_until", {"word": "9999-12-31"}),
        ("停发 新疆 顺丰 圆通", "audit.rule_carriers", {"one": "顺丰", "other": "圆通"}),
        ("停发 火星", "audit.region_unknown", {"region": "火星"}),
        ("停发 新疆 内蒙谷", "audit.region_near", {"region": "内蒙谷", "near": "内蒙古"}),
        ("停发", "audit.rule_empty", {"kind": "停发"}),
        ("停发 圆通", "audit.rule_empty", {"kind": "停发"}),
        ("新疆", "audit.rule_kind", {"word": "新疆"}),
        ("", "audit.rule_kind", {"word": ""}),
        ("停发 新疆 至2026-13-01", "audit.rule_until", {"word": "2026-13-01"}),
        ("停发 新疆 至2026-11-20", "audit.rule_until", {"word": "2026-11-20"}),
    ],
)
def test_a_rule_that_is_not_understood_is_refused_with_the_word(text, key, values):
    with pytest.raises(Refusal) as refused:
        rule(text)
    assert (refused.value.key, refused.value.values) == (key, values)


def test_only_rules_in_force_are_used():
    day = {"kind": "no_ship", "regions": ("青海省",)}
    rules = [
        RegionRule(id="past", from_at=NOW.replace(day=1), until=NOW, **day),
        RegionRule(id="now", from_at=NOW, **day),
        RegionRule(id="later", from_at=NOW.replace(day=22), **day),
    ]
    assert [one.id for one in in_force(rules, NOW)] == ["now"]
