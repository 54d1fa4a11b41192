"""A run sheet is read as people make it; what is wrong is told by row and column, the good rows count."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.model import Refusal
from playbooks.promotion import advertised
from playbooks.runsheet import RULES, Sheet, choose, read

FULL = ["商品名", "直播价", "卖点", "库存"]


def sheet(*headings: str, rows: list[list[str]]) -> Sheet:
    return read([list(headings), *rows])


def one(**cells: str) -> Sheet:
    """A sheet of one sound row, `cells` put beside or over it, by heading."""
    row = {"商品名": "山茶花面霜", "直播价": "100", "卖点": "保湿;清爽", "库存": "500"} | cells
    return read([list(row), list(row.values())])


def told(sheet: Sheet) -> list[tuple[int, str, str, str]]:
    return [(f.row, f.column, f.severity, f.key.removeprefix("sheet.")) for f in sheet.findings]


def keys(sheet: Sheet) -> list[str]:
    return [f.key.removeprefix("sheet.") for f in sheet.findings]


def test_a_whole_row_is_understood():
    found = one(
        序号="1", 时间="20:10-20:25", 链接号="3号链接", 商品ID="3567890123456789012", 商家编码="007-A",
        商品链接="https://example.com/3", 规格="50g", 类目="美妆", 定位="引流款", 原价="￥1,299.00元",
        划线价依据="近30天成交价", 直播价="59.90", 到手价="19.97", 限购="每人限2件", 优惠机制="拍一发三",
        赠品="小样2片", 优惠券="无", 痛点="干皮、敏感肌", 话术="三二一上链接",
        常见问题="孕妇可用吗?可以\n保质期?三年", 发货时效="48小时", 停发地区="新疆、西藏", 售后="支持",
        替补品="5", 佣金="20%", 预估销量="1.2万", 备注="主播试用",
    )  # fmt: skip
    (product,) = found.products
    assert found.findings == ()
    assert found.unknown_columns == ()
    assert (product.seq, product.link_no, product.start, product.duration) == (1, 3, "20:10", 15)
    assert (product.product_id, product.sku_code) == ("3567890123456789012", "007-A")
    assert (product.list_price, product.live_price) == (Decimal("1299.00"), Decimal("59.90"))
    assert (product.stock, product.limit, product.role) == (500, 2, "traffic")
    assert [p.kind for p in product.promotions] == ["n_for_1", "gift"]
    assert (product.promo, product.gift, product.coupon) == ("拍一发三", "小样2片", "")
    assert (product.points, product.pain) == (("保湿", "清爽"), ("干皮", "敏感肌"))
    assert (len(product.faq), product.stop_regions) == (2, ("新疆", "西藏"))
    assert (product.commission, product.forecast) == (Decimal(20), Decimal(12000))


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "", "", "1950"],
        ["", "总计：", "612.40", "1950"],
        ["制表：小周", "", "", "审核：林主管"],
        ["更新时间", "11.10", "", "x"],
    ],
)
def test_a_total_and_who_made_the_sheet_are_no_products_and_no_errors(row: list[str]):
    found = sheet("链接号", "商品名", "直播价", "备注", rows=[["1", "面霜", "100", ""], row])
    assert [product.name for product in found.products] == ["面霜"]
    assert not [f for f in found.findings if f.severity == "error"]


def test_a_product_that_only_begins_like_a_total_is_one():
    found = sheet("商品名", "直播价", rows=[["合计划联名面霜", "100"], ["审核版口红", "59"]])
    assert [product.name for product in found.products] == ["合计划联名面霜", "审核版口红"]


def test_the_header_is_found_below_titles_and_through_odd_spelling():
    found = read([
        ["\ufeff11月21日晚场排品表", "", "", ""],
        [],
        [" * 产 品 名 称", "直播价（元）", "\u200bＳＫＵ", "核心卖点", "灯光"],
        ["面霜", "59.9", "A1", "保湿\n清爽", "暖"],
    ])  # fmt: skip
    assert [p.name for p in found.products] == ["面霜"]
    assert found.products[0].sku_code == "A1"
    assert found.columns == ("* 产 品 名 称", "直播价（元）", "ＳＫＵ", "核心卖点")
    assert found.unknown_columns == ("灯光",)


def test_no_heading_means_two_fields():
    aliases = [alias.casefold() for column in RULES.columns.values() for alias in column.aliases]
    assert len(aliases) == len(set(aliases))


def test_of_two_columns_for_one_field_the_surer_heading_counts():
    found = sheet("价格", "商品名", "直播价", "卖点", rows=[["99", "面霜", "59", "a;b"]])
    assert found.products[0].live_price == Decimal(59)
    assert found.unknown_columns == ("价格",)


def test_a_column_headed_link_may_hold_numbers_or_addresses():
    numbers = sheet(*FULL, "链接", rows=[["面霜", "59", "a;b", "1", "7"]])
    addresses = sheet(*FULL, "链接", rows=[["面霜", "59", "a;b", "1", "https://example.com/7"]])
    assert numbers.products[0].link_no == 7
    assert (addresses.products[0].link_no, addresses.products[0].url) == (1, "https://example.com/7")


def test_without_a_header_the_needed_columns_are_named():
    with pytest.raises(Refusal) as refused:
        read([["面霜", "59.9"], ["口红", "99"]])
    assert refused.value.key == "sheet.no_header"
    assert refused.value.values["needed"] == ("name", "live_price")


def test_a_header_alone_is_an_empty_sheet():
    with pytest.raises(Refusal) as refused:
        read([FULL, ["", "  "], []])
    assert refused.value.key == "sheet.empty"


def test_blank_rows_section_titles_and_repeated_headers_are_skipped_and_rows_keep_their_number():
    found = sheet("序号", *FULL, rows=[
        ["第一轮", "", "", "", ""],
        ["1", "面霜", "59", "a;b", "9"],
        ["", "", "", "", ""],
        ["序号", *FULL],
        ["2", "口红", "", "a;b", "9"],
        ["3", "", "", "", ""],
    ])  # fmt: skip
    assert [p.name for p in found.products] == ["面霜"]
    assert told(found) == [(6, "直播价", "error", "price_missing")]


def test_a_row_with_an_error_is_held_back_and_the_others_count():
    rows = [["面霜", "59", "a;b", "9"], ["", "59", "a;b", "9"], ["口红", "九块九", "a;b", "9"]]
    found = sheet(*FULL, rows=rows)
    assert [p.name for p in found.products] == ["面霜"]
    assert told(found) == [(3, "商品名", "error", "name_missing"), (4, "直播价", "error", "price_unreadable")]


def test_everything_wrong_with_a_row_is_told_at_once():
    found = one(直播价="", 商品ID="1.23E+18", 链接号="999")
    assert found.products == ()
    assert sorted(keys(found)) == ["id_damaged", "link_unreadable", "price_missing"]


@pytest.mark.parametrize(
    "cell",
    ["59.9", "59.90", "¥59.9", "￥５９．９", "59.9元", " 59.90 元 ", "59.9/件", "59.900000000000006"],
)
def test_a_price_is_read_however_it_is_written(cell):
    found = one(直播价=cell)
    assert (found.products[0].live_price, found.findings) == (Decimal("59.90"), ())


@pytest.mark.parametrize("cell", ["59.9起", "59.9/箱2", "59.9/次"])
def test_a_price_of_something_else_than_one_unit_is_taken_and_told(cell):
    found = one(直播价=cell)
    assert found.products[0].live_price == Decimal("59.90")
    assert told(found) == [(2, "直播价", "warn", "price_unit")]
    assert found.findings[0].values["text"] == cell


@pytest.mark.parametrize("cell", ["¥59.9/两件", "59.9元/2件", "59.9元2瓶", "59.90/2支装"])
def test_a_price_for_several_is_one_order_that_sends_as_many(cell):
    found = one(直播价=cell)
    (product,) = found.products
    assert product.live_price == Decimal("59.90")
    assert advertised(product.live_price, product.promotions)[0].unit == Decimal("29.95")
    assert told(found) == [(2, "直播价", "warn", "price_for_several")]
    again = one(直播价=cell, 优惠机制="拍一发二").products[0]
    assert [p.kind for p in again.promotions] == ["n_for_1"]  # the same thing said twice counts once


@pytest.mark.parametrize("cell", ["0", "-5", "59-79", "待定", "59.999", "1e3", "123456789", "五十"])
def test_a_price_that_is_no_price_is_an_error(cell):
    assert told(one(直播价=cell)) == [(2, "直播价", "error", "price_unreadable")]


def test_a_live_price_above_the_list_price_is_an_error():
    found = one(直播价="100", 划线价="99", 划线价依据="吊牌")
    assert found.products == ()
    assert keys(found) == ["price_above_list"]


def test_a_list_price_needs_its_basis():
    assert told(one(原价="199", 划线价依据="")) == [(2, "划线价依据", "warn", "basis_missing")]
    assert told(one(原价="199")) == [(1, "划线价依据", "warn", "basis_column_missing")]


def test_fewer_than_two_selling_points_are_told_and_a_missing_column_once():
    assert keys(one(卖点="保湿")) == ["points_few"]
    found = sheet("商品名", "直播价", rows=[["面霜", "1"], ["口红", "2"]])
    assert told(found) == [(1, "卖点", "warn", "points_column_missing")]


def test_a_link_number_twice_holds_the_second_row_back():
    found = sheet(*FULL, "链接号", rows=[["面霜", "1", "a;b", "", "3"], ["口红", "2", "a;b", "", "3.0"]])
    assert [p.name for p in found.products] == ["面霜"]
    assert told(found) == [(3, "链接号", "error", "link_twice")]
    assert found.findings[0].values == {"link": "3", "row": "2"}


def test_without_link_numbers_the_sequence_counts_and_the_run_order_is_the_sequence():
    found = sheet("序号", *FULL, rows=[["2", "口红", "2", "a;b", ""], ["1.0", "面霜", "1", "a;b", ""]])
    assert [(p.seq, p.link_no, p.name) for p in found.products] == [(1, 1, "面霜"), (2, 2, "口红")]


def test_a_product_shown_twice_is_told_unless_it_is_an_encore():
    rows = [["面霜", "1", "a;b", "", "123", "首发"], ["面霜", "1", "a;b", "", "123", "返场"]]
    assert keys(sheet(*FULL, "商品ID", "定位", rows=rows)) == []
    rows[1][5] = "利润款"
    found = sheet(*FULL, "商品ID", "定位", rows=rows)
    assert told(found) == [(3, "商品ID", "warn", "product_twice")]
    assert len(found.products) == 2


def test_an_id_that_a_spreadsheet_damaged_is_an_error_and_a_rounded_one_is_told():
    assert told(one(商品ID="3.56789E+18")) == [(2, "商品ID", "error", "id_damaged")]
    assert told(one(商品ID="3567890123456780000")) == [(2, "商品ID", "warn", "id_rounded")]
    assert one(商品ID="'0012", 商家编码="1234.0").products[0].product_id == "0012"


def test_stated_spans_that_overlap_are_told_also_past_midnight():
    rows = [["面霜", "1", "a;b", "", "23:40-23:55"], ["口红", "2", "a;b", "", "23:50-00:10"],
            ["粉底", "3", "a;b", "", "00:05~00:20"], ["眉笔", "4", "a;b", "", "00:20-00:30"]]  # fmt: skip
    found = sheet(*FULL, "时间", rows=rows)
    assert told(found) == [(3, "时间", "warn", "time_overlap"), (4, "时间", "warn", "time_overlap")]
    assert found.findings[0].values == {"row": "2", "end": "23:55"}
    assert [(p.start, p.duration) for p in found.products][1] == ("23:50", 20)


def test_starts_alone_do_not_overlap_by_the_default_duration():
    rows = [["面霜", "1", "a;b", "", "20:00"], ["口红", "2", "a;b", "", "20:05"]]
    found = sheet(*FULL, "时间", rows=rows)
    assert (found.findings, found.products[0].duration) == ((), 10)


@pytest.mark.parametrize(
    ("cell", "start"),
    [("20:10", "20:10"), ("20：10", "20:10"), ("2026/1/1 20:10:00", "20:10"), ("0.840277777777778", "20:10"),
     ("20点10分", "20:10"), ("25:30", "01:30"), ("9:05", "09:05"), ("20点", "20:00"), ("晚8点半", "20:30"),
     ("今晚20:30", "20:30"), ("次日0:10", "00:10"), ("凌晨1点", "01:00"), ("下午3:15", "15:15"), ("24:00", "00:00")],
)  # fmt: skip
def test_a_start_is_read_however_it_is_written(cell, start):
    found = one(时间=cell)
    assert (found.products[0].start, found.findings) == (start, ())


@pytest.mark.parametrize(
    ("cells", "key"),
    [({"时间": "晚上"}, "time_unreadable"), ({"时长": "半天"}, "duration_unreadable"),
     ({"时长": "500"}, "duration_unreadable"), ({"库存": "充足"}, "number_unreadable"),
     ({"限购": "随便"}, "number_unreadable"), ({"佣金": "面议"}, "number_unreadable"),
     ({"原价": "待定"}, "money_unreadable"), ({"定位": "网红"}, "role_unknown")],
)  # fmt: skip
def test_an_optional_cell_that_cannot_be_read_is_left_empty_and_told(cells, key):
    found = one(**cells)
    assert (keys(found), len(found.products)) == ([key], 1)


def test_a_formula_error_is_told_by_its_column():
    assert told(one(备注="#REF!")) == [(2, "备注", "error", "cell_broken")]


def test_no_limit_is_no_finding():
    found = one(限购="不限购")
    assert (found.products[0].limit, found.findings) == (None, ())


def test_what_is_not_understood_of_an_offer_is_told_and_kept_verbatim():
    found = one(优惠机制="拍一发三，百亿补贴")
    (product,) = found.products
    assert told(found) == [(2, "优惠机制", "warn", "promo_unclear")]
    assert found.findings[0].values == {"text": "百亿补贴"}
    assert product.promo == "拍一发三，百亿补贴"
    assert [p.kind for p in product.promotions] == ["n_for_1"]


def test_an_offer_must_be_definite_in_stock_number_or_time():
    assert keys(one(优惠机制="拍一发三", 库存="")) == ["promo_no_end"]
    for definite in ({"库存": "9"}, {"库存": "", "时间": "20:10-20:20"}, {"库存": "", "赠品": "前9名送小样"}):
        assert keys(one(**{"优惠机制": "拍一发三"} | definite)) == []
    assert keys(one(优惠机制="包邮", 库存="")) == []


@pytest.mark.parametrize("stated", ["80", "80.00", "¥80/件"])
def test_a_stated_hand_price_that_is_the_worked_one_is_no_finding(stated):
    assert one(到手价=stated, 优惠券="20元").findings == ()


def test_a_stated_hand_price_that_differs_is_told_and_never_used():
    found = one(到手价="75", 优惠券="20元")
    assert told(found) == [(2, "到手价", "warn", "hand_price_differs")]
    assert found.findings[0].values == {"stated": "75.00", "worked": "80.00"}
    assert found.products[0].live_price == Decimal(100)


@pytest.mark.parametrize("stated", ["100", "150", "75"])
def test_a_hand_price_may_be_stated_for_one_for_the_bundle_or_a_unit(stated):
    assert one(到手价=stated, 优惠机制="第二件半价").findings == ()


def test_a_hand_price_alone_is_the_live_price_and_its_coupon_is_not_deducted_again():
    row = ["面霜", "80", "20元", "拍一发三", "a;b", "9"]
    found = sheet("商品名", "券后价", "优惠券", "优惠", "卖点", "库存", rows=[row])
    (product,) = found.products
    assert told(found) == [(2, "券后价", "warn", "price_from_hand")]
    assert (product.live_price, product.coupon) == (Decimal(80), "20元")
    assert [p.kind for p in product.promotions] == ["n_for_1"]


def test_a_sheet_survives_being_stored():
    found = one(优惠机制="拍一发三,满199减30,定金20抵50", 赠品="小样", 优惠券="9折券", 时间="20:10")
    assert Sheet.model_validate_json(found.model_dump_json()) == found


def test_headings_may_take_two_rows_under_a_title():
    found = read([
        ["11月11日晚场排品表", "", "", "", ""],
        ["链接号", "商品名", "价格", "", "卖点"],
        ["", "", "日常价", "直播价", ""],
        ["3", "面霜", "99", "59", "a;b"],
    ])  # fmt: skip
    (product,) = found.products
    assert (product.link_no, product.list_price, product.live_price) == (3, Decimal(99), Decimal(59))
    assert found.columns == ("链接号", "商品名", "日常价", "直播价", "卖点")
    assert told(found)[0][:2] == (3, "划线价依据")


def test_merged_titles_and_the_templates_example_are_no_products():
    rows = [["第二轮 福利专场"] * 4, ["示例：玫瑰精华水", "79", "a;b", "9"], ["面霜", "59", "a;b", "9"]]
    assert [p.name for p in sheet(*FULL, rows=rows).products] == ["面霜"]


def test_of_several_tabs_the_one_of_most_known_headings_is_the_sheet():
    whole, short = [FULL, ["面霜", "59", "a;b", "9"]], [["商品名", "直播价"], ["口红", "9"]]
    (tab,) = choose([("说明", [["请", "先看"]]), ("旧", short), ("晚场", whole), ("空", [FULL])])
    assert (tab.name, [p.name for p in tab.sheet.products]) == ("晚场", ["面霜"])
    assert [tab.name for tab in choose([("早", whole), ("晚", whole)])] == ["早", "晚"]
    (tab,) = choose([("新", [FULL]), ("旧", short)])
    assert tab.name == "旧"  # headings without products give way
    with pytest.raises(Refusal) as refused:
        choose([("一", [FULL]), ("二", [["备忘"]])])
    assert refused.value.key == "sheet.empty"


@pytest.mark.parametrize(
    ("promo", "key"),
    [
        ("秒杀49.9", "flash_no_times"),
        ("20:30-20:40秒杀120", "flash_not_cheaper"),
        ("福袋抽面膜", "prize_unclear"),
        ("21:00福袋：金条1份（价值60000元，关注）", "prize_too_high"),
    ],
)
def test_flash_sales_and_draws_must_be_definite_and_lawful(promo, key):
    found = one(优惠机制=promo)
    assert keys(found) == [key]
    assert len(found.products) == (key != "prize_too_high")


@pytest.mark.parametrize(
    "promo", ["20:30-20:40秒杀49.9", "满99可用20元券（限500张）", "定金20抵50，尾款11月10日-11月12日"]
)
def test_an_offer_that_says_its_own_end_or_number_is_definite(promo):
    assert keys(one(优惠机制=promo, 库存="")) == []


cells = st.one_of(
    st.sampled_from(["", "1", "59.9", "20:10-20:30", "拍一发三", "返场", "-", "#REF!", "1.2E+18", "3号"]),
    st.text(max_size=8),
)
HEADINGS = ["序号", "时间", "时长", "链接号", "商品ID", "商品名", "直播价", "到手价", "原价", "库存", "限购",
            "优惠", "赠品", "优惠券", "佣金", "目标", "定位", "卖点"]  # fmt: skip
SOUND = ["", "", "", "", "", "面霜", "59.9"]


@settings(deadline=None)
@given(st.lists(st.lists(cells, max_size=len(HEADINGS) + 1), min_size=1, max_size=6))
def test_any_cells_are_read_without_failing_and_no_row_is_lost_silently(rows):
    found = read([HEADINGS, *rows, SOUND])
    held = {f.row for f in found.findings if f.severity == "error"}
    priced = [row for row in [*rows, SOUND] if len(row) > 6 and row[6] == "59.9" and row[5].strip(" -")]
    assert len(found.products) + len(held) >= len(priced)
    assert all(p.live_price > 0 and 1 <= p.link_no <= 200 for p in found.products)
    assert len({p.link_no for p in found.products}) == len(found.products)
