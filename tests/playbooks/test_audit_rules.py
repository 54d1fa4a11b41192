"""Each rule of the row: what it holds, what it lets pass, and that nothing personal is in what it says."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.addresses.around import Around, Excepted, Sibling, footprint
from playbooks.addresses.audit import RULES, audit, excerpt, verdict, weighty
from playbooks.addresses.regions import read_rule
from playbooks.model import Refusal
from playbooks.orders import Order, Personal

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
SHOWN = frozenset({"phone", "address"})
STREET = "江南大道100号创业园3幢402室"


def order(province="浙江省", city="杭州市", district="滨江区", order_id="B1", **fields):
    return Order(
        platform="douyin", order_id=order_id, status="paid_unshipped", province=province, city=city,
        district=district, **fields,
    )  # fmt: skip


def person(address=STREET, phone="13800000001", receiver="林晓", **fields):
    return Personal(receiver_name=receiver, phone=phone, address=address, **fields)


def found(one=None, who=None, **around):
    return audit(one or order(), who or person(), Around(**{"shown": SHOWN, "now": NOW, **around}))


def said(findings):
    return [
        (one.rule, one.verdict, one.text_key.removeprefix("audit."))
        for one in findings
        if one.rule != "no_rule_set"
    ]


def test_every_rule_says_why_and_gives_an_example():
    for rule in RULES:
        assert rule.__doc__, rule
        assert re.search(r"Examples?:", rule.__doc__), rule


def test_a_room_without_rules_is_told_that_the_region_was_not_checked_and_nothing_is_held():
    (note,) = found()
    assert (note.rule, note.verdict) == ("no_rule_set", "PASS")
    assert weighty([note]) == ()


@pytest.mark.parametrize(
    ("fields", "address", "place"),
    [
        (("广东省", "深圳市", "南山区"), "湖南省长沙市岳麓区麓谷街道尖山路39号", "湖南省 长沙市 岳麓区"),
        (("江苏省", "苏州市", "吴中区"), "昆山市玉山镇前进西路269号", "江苏省 苏州市 昆山市"),
        (("浙江省", "杭州市", "西湖区"), "余杭区文一西路998号", "浙江省 杭州市 余杭区"),
        (("北京市", "北京市", "海淀区"), "朝阳区建国路88号", "北京市 朝阳区"),
        (("四川省", "成都市", "青羊区"), "　湖北省武汉市洪山区珞喻路５００号", "湖北省 武汉市 洪山区"),
    ],
)
def test_an_address_text_that_names_another_place_is_held_and_shows_where(fields, address, place):
    one, who = order(*fields), person(address)
    (finding,) = [each for each in found(one, who) if each.rule == "other_place"]
    assert (finding.verdict, finding.region) == ("HOLD", place)
    assert excerpt(finding, one, who) in address
    assert excerpt(finding, one, who) != address


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        (("江苏省", "淮安市", "清江浦区"), "上海路111号锦绣花园8栋302"),
        (("山东省", "青岛市", "市南区"), "香港中路18号福泰广场B座2001"),
        (("四川省", "成都市", "锦江区"), "西藏饭店旁边人民北路二段10号"),
        (("浙江省", "金华市", "义乌市"), "江苏徐州人在义乌 福田街道国际商贸城四区"),
        (("山东省", "青岛市", "市南区"), "朝阳区大集旁3号"),
        (("海南省", "三亚市", "天涯区"), "海南省三亚市天涯区凤凰镇芒果村"),
        (("湖南省", "永州市", "道县"), "寿雁镇 平地村 六组"),
        (("山东省", "莱芜市", "莱城区"), "凤城街道花园北路18号"),
        (("吉林省", "四平市", "公主岭市"), "河南街道西公主大街2号"),
    ],
)
def test_roads_houses_people_and_former_names_stop_nothing(fields, address):
    assert weighty(found(order(*fields), person(address))) == ()


def test_a_former_name_is_a_note_with_the_name_of_today():
    (note,) = [one for one in found(order("浙江省", "杭州市", "下城区")) if one.rule == "outdated_division"]
    assert (note.verdict, note.values["was"], note.values["now"]) == (
        "PASS",
        "下城区",
        "浙江省 杭州市 拱墅区",
    )


def test_a_parcel_sent_on_across_the_border_is_held_and_a_consolidation_hub_is_checked():
    beyond = found(order("广东省", "珠海市", "香洲区"), person("拱北口岸广场 转澳门氹仔花城公园金利阁15楼"))
    hub = found(
        order("陕西省", "西安市", "灞桥区"),
        person("新筑街道集运中转仓(新疆)A12 转 新疆乌鲁木齐市天山区解放南路"),
    )
    assert said(beyond) == [("other_place", "HOLD", "sent_on")]
    assert said(hub) == [("other_place", "CHECK", "consolidation")]


@pytest.mark.parametrize(
    "address", ["滨江区", "浙江省杭州市滨江区", "到了打电话", "见备注", "123", "无", "加我微信说", "。"]
)
def test_an_address_field_without_an_address_is_held(address):
    assert [(one.rule, one.verdict) for one in weighty(found(who=person(address)))] == [
        ("incomplete", "HOLD")
    ]


def test_a_town_alone_is_checked():
    findings = found(order("四川省", "甘孜藏族自治州", "泸定县"), person("磨西镇"))
    assert said(findings) == [("incomplete", "CHECK", "only_town")]


def test_an_empty_field_is_missing_only_where_the_file_shows_that_field_at_all():
    assert said(found(who=person(address=""))) == [("incomplete", "HOLD", "no_address")]
    assert said(found(who=person(phone=""))) == [("bad_phone", "HOLD", "no_phone")]
    for who in (person(address=""), person(phone="")):
        assert said(found(who=who, shown=frozenset())) == []
    assert said(found(order(phone_tail="0011"), person(phone=""))) == []


def test_a_row_the_platform_ciphered_whole_is_unknown_though_the_file_shows_others():
    assert said(found(who=Personal())) == []
    assert said(found(who=person(address="", receiver=""))) == []


@pytest.mark.parametrize("phone", ["12345678910", "1380000023", "138000002345", "00000000000", "10086"])
def test_a_phone_that_cannot_ring_is_held(phone):
    assert said(found(who=person(phone=phone))) == [("bad_phone", "HOLD", "bad_phone")]


@pytest.mark.parametrize(
    "phone",
    [
        "13800000001", "+86 138-0000-0001", "１３８００００００１２", "18400000001-7576", "18400000001转1234",
        "0571-88000000", "85290000114", "0912000235", "17200000234",
    ],
)  # fmt: skip
def test_phones_as_people_write_them_ring(phone):
    assert weighty(found(who=person(phone=phone))) == ()


def test_a_virtual_operators_prefix_is_checked_but_not_a_platforms_virtual_number():
    assert said(found(who=person(phone="17100000113"))) == [("bad_phone", "CHECK", "operator_phone")]
    assert weighty(found(who=person(phone="17100000113-1234"))) == ()


def test_masked_fields_are_unknown_which_is_said_and_held_against_nobody():
    findings = found(who=person(phone="139****0011"))
    assert said(findings) == [("masked", "PASS", "masked")]
    assert weighty(found(who=person(address="中山东路****", phone="$$9a8b7c"))) == ()


def test_a_virtual_number_past_its_day_is_checked():
    past, coming = order(phone_until=NOW - timedelta(days=1)), order(phone_until=NOW + timedelta(days=1))
    assert said(found(past)) == [("virtual_expired", "CHECK", "virtual_expired")]
    assert said(found(coming)) == []


@pytest.mark.parametrize(
    ("receiver", "address"), [("测试", STREET), ("林晓", "测试地址123"), ("test", STREET)]
)
def test_a_try_of_the_shop_is_held(receiver, address):
    assert ("test_order", "HOLD") in [
        (one.rule, one.verdict) for one in found(who=person(address, receiver=receiver))
    ]


@pytest.mark.parametrize("address", ["测试中心大厦3楼", "软件园质量检测站2号", "检测测试路12号"])
def test_a_house_that_tests_is_an_address(address):
    assert weighty(found(who=person(address))) == ()


def test_a_slip_in_the_province_or_city_is_checked_and_loose_district_names_are_not():
    assert said(found(order("浙将省", "", ""))) == [("unknown_division", "CHECK", "unknown_division")]
    assert said(found(order("浙江省", "杭洲市", ""))) == [("unknown_division", "CHECK", "unknown_division")]
    assert weighty(found(order("四川省", "成都市", "高新区"))) == ()


def test_stock_presale_and_the_platforms_flag_are_said():
    findings = found(order(address_changed=True), presale=True, out_of_stock=("山茶花面霜",))
    assert said(findings) == [
        ("presale", "PASS", "presale"), ("out_of_stock", "HOLD", "out_of_stock"),
        ("changed_address", "PASS", "changed_address"),
    ]  # fmt: skip
    assert findings[2].values == {"products": "山茶花面霜"}


# -- the buyer's other orders ------------------------------------------------------------------------------


def siblings(*rows):
    """Each order's findings; a row is (order, personal)."""
    steps = tuple(Sibling(one.order_id, *footprint(one, who)) for one, who in rows)
    return [
        said(found(one, who, own=own, siblings=steps)) for own, (one, who) in zip(steps, rows, strict=True)
    ]


def test_one_buyers_orders_to_two_cities_or_two_doors_are_both_checked():
    far = siblings((order(), person()), (order("江苏省", "苏州市", "姑苏区", "B2"), person("人民路188号")))
    near = siblings((order(), person()), (order(order_id="B2"), person("江南大道200号")))
    assert far == near == [[("double_address", "CHECK", "double_orders")]] * 2


def test_one_door_with_two_phones_is_checked_and_with_one_phone_may_be_merged():
    phones = siblings((order(), person()), (order(order_id="B2"), person(phone="13900000117")))
    spelt = siblings((order(), person()), (order(order_id="B2"), person("江南大道100号创业园三栋402")))
    longer = siblings((order(), person()), (order(order_id="B2"), person("长河街道江南大道100号3幢402室")))
    assert phones == [[("double_address", "CHECK", "double_phones")]] * 2
    assert longer == [[("merge_candidate", "PASS", "merge_candidate")]] * 2
    assert spelt == [[("merge_candidate", "PASS", "merge_candidate")]] * 2


def test_what_is_masked_is_compared_with_nothing():
    masked = person("江南大道****", phone="139****0011")
    assert siblings((order(), person()), (order(order_id="B2"), masked))[0] == []


@given(st.sampled_from(["3幢402室", "3栋402", "三幢402室", "3 幢 402 室", "３幢４０２室", "3号楼402房"]))
def test_one_door_has_one_footprint_however_it_is_spelt(door):
    assert footprint(order(), person(f"江南大道100号{door}")) == footprint(
        order(), person("江南大道100号3幢402室")
    )


@given(st.integers(1, 40), st.integers(1, 40), st.integers(101, 3299), st.integers(101, 3299))
def test_two_doors_have_two_footprints(house, other_house, flat, other_flat):
    one = footprint(order(), person(f"江南大道100号{house}幢{flat}室")).address
    other = footprint(order(), person(f"江南大道100号{other_house}幢{other_flat}室")).address
    assert (one == other) == ((house, flat) == (other_house, other_flat))


# -- regions, exceptions -----------------------------------------------------------------------------------


def rule(text):
    return read_rule(text, rule_id="r1", author="小美", now=NOW)


def test_a_district_is_held_alone_and_a_name_of_several_places_must_say_which():
    rules = (rule("停发 北京市朝阳区"),)
    assert verdict(found(order("北京市", "北京市", "朝阳区"), rules=rules)) == "HOLD"
    assert verdict(found(order("北京市", "北京市", "海淀区"), rules=rules)) == "PASS"
    assert verdict(found(order("吉林省", "长春市", "朝阳区"), rules=rules)) == "PASS"
    with pytest.raises(Refusal) as refused:
        rule("停发 朝阳区")
    assert refused.value.key == "audit.region_which"
    assert "北京市朝阳区" in refused.value.values.values()


def test_a_town_is_held_within_its_county_by_address_or_town_field():
    rules = (rule("停发 三河市燕郊镇"),)
    at_home = order("河北省", "廊坊市", "三河市")
    assert verdict(found(at_home, person("燕郊镇行宫西大街1号"), rules=rules)) == "HOLD"
    assert verdict(found(at_home, person("行宫西大街1号", town="燕郊镇"), rules=rules)) == "HOLD"
    assert verdict(found(at_home, person("李旗庄镇大街1号"), rules=rules)) == "PASS"
    assert rules[0].regions == ("河北省廊坊市三河市燕郊镇",)
    assert rule("停发 东莞市虎门镇").regions == ("广东省东莞市虎门镇",)
    with pytest.raises(Refusal):
        rule("停发 三河市燕交镇")


def test_an_approved_exception_silences_its_rule_in_its_region_until_its_day():
    rules = (rule("停发 青海省"),)
    one = order("青海省", "西宁市", "城西区")
    (held,) = weighty(found(one, rules=rules))
    exception = Excepted(
        id="a1-x1",
        rule=held.rule,
        region=held.region,
        from_at=NOW - timedelta(days=1),
        until=NOW + timedelta(days=1),
    )
    assert weighty(found(one, rules=rules, exceptions=(exception,))) == ()
    assert weighty(found(one, rules=rules, exceptions=(exception,), now=NOW + timedelta(days=2))) == (held,)
    assert said(
        found(order("青海省", "海东市", ""), rules=(rule("停发 海东市"),), exceptions=(exception,))
    ) == [("no_ship", "HOLD", "no_ship")]


def test_no_exception_for_a_region_silences_what_a_buyer_wrote():
    asked = person(buyer_message="地址帮改一下,私信发你了")
    (held,) = weighty(found(who=asked))
    exception = Excepted(id="a1-x1", rule=held.rule, region=held.region, from_at=NOW - timedelta(days=1))
    assert weighty(found(who=asked, exceptions=(exception,))) == (held,)


# -- what holds for any text -------------------------------------------------------------------------------

ANY = st.text(max_size=60) | st.text(
    alphabet="改换寄发到地址电话不别杭州市上海路栋号12345670 ,。138", max_size=60
)


@given(ANY, ANY, ANY, ANY)
def test_no_text_breaks_the_audit_and_every_excerpt_stands_in_its_field(address, message, memo, phone):
    who = Personal(
        address=address, buyer_message=message, seller_memo=memo, phone=phone, receiver_name="林晓"
    )
    one = order()
    for finding in found(one, who):
        text = excerpt(finding, one, who)
        assert text in (address, message, memo, phone, "林晓", "") or any(
            text in field for field in (address, message, memo)
        )


@given(
    st.sampled_from(["改地址:{}", "寄到{}", "{}", "收件人改成{}", "电话换成{}", "打不通打{}"]),
    st.from_regex(r"1390000\d{4}", fullmatch=True),
    st.sampled_from(["张建国", "李秀英"]),
)
def test_what_is_stored_of_a_finding_holds_no_name_street_or_phone(said_so, phone, name):
    message = said_so.format(f"上海市徐汇区虹梅路1801号 {name} {phone}")
    findings = found(who=person(buyer_message=message, phone="13800000001"))
    assert weighty(findings)
    stored = " ".join(one.model_dump_json() for one in findings)
    assert not any(
        secret in stored for secret in (phone, name, "虹梅路", "1801", "13800000001", "林晓", "江南大道")
    )
