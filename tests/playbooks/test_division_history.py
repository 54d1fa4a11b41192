"""Renamed and moved divisions are the same place; every table says how old it is and where it comes from."""

from __future__ import annotations

import pytest

from playbooks.addresses import divisions, history, towns
from playbooks.rulebook import DATA, rows


@pytest.mark.parametrize(
    ("said", "outer", "today"),
    [
        ("襄樊市", None, {"襄阳市"}),
        ("崇文区", "北京市", {"东城区"}),
        ("江干区", "杭州市", {"上城区", "钱塘区"}),
        ("柳州地区", None, {"柳州市"}),
        ("杭州市", None, set()),
        ("西湖区", "杭州市", set()),
    ],
)
def test_a_former_name_leads_to_what_it_came_to(said: str, outer: str | None, today: set[str]) -> None:
    place = divisions.called(outer)[0] if outer else None
    assert {unit.name for unit in history.formerly(said, place)} == today


def test_a_county_that_moved_lies_in_both_its_cities() -> None:
    (county,) = divisions.called("公主岭市")
    siping, changchun, jilin = (divisions.called(name)[0] for name in ("四平市", "长春市", "吉林市"))
    assert history.lies_or_lay_in(county, siping)
    assert history.lies_or_lay_in(county, changchun)
    assert not history.lies_or_lay_in(county, jilin)


def test_every_former_unit_came_to_units_of_today() -> None:
    known = divisions.table().by_code
    assert [former.name for former in history.formers() if not former.now] == []
    assert all(unit.code in known for former in history.formers() for unit in former.now)


def test_the_history_reaches_from_1990_to_the_tables_year() -> None:
    years = [former.until for former in history.formers()]
    assert min(years) >= 1990
    assert divisions.AS_OF.year - 1 <= max(years) <= divisions.AS_OF.year + 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("divisions", "Ministry of Civil Affairs"),
        ("towns", "Ministry of Civil Affairs"),
        ("division_history", "yescallop/areacodes"),
        ("divisions_taiwan", "modood/Administrative-divisions-of-China"),
        ("traditional", "OpenCC"),
    ],
)
def test_every_table_names_its_source(name: str, source: str) -> None:
    assert source in (DATA / f"{name}.tsv").read_text(encoding="utf-8")[:400]


def test_towns_are_of_the_same_day_as_the_divisions() -> None:
    head = (DATA / "towns.tsv").read_text(encoding="utf-8")[:600]
    assert f"# true for {divisions.AS_OF.isoformat()}" in head


def test_every_district_with_towns_is_a_unit_of_today() -> None:
    known = divisions.table().by_code
    counted = {row["code"]: len(row["towns"].split()) for row in rows("towns")}
    assert [code for code in counted if code not in known] == []
    assert sum(counted.values()) == 38_723


def test_a_town_is_found_in_its_district_by_its_longest_name() -> None:
    (dongguan,) = divisions.called("东莞市")
    found = towns.town_at("寄桥头镇莲湖路", 1, dongguan)
    assert found is not None
    assert (found.name, found.level, found.code[:6]) == ("桥头镇", 4, dongguan.code)
    assert towns.town_at("桥头路", 0, dongguan) is None


@pytest.mark.parametrize(
    ("province", "cities", "districts"),
    [("台湾省", 22, 368), ("香港特别行政区", 3, 18), ("澳门特别行政区", 2, 8)],
)
def test_what_the_ministry_leaves_out_has_rows_of_its_own(province: str, cities: int, districts: int) -> None:
    (outer,) = divisions.called(province)
    inside = [unit for unit in divisions.table().by_code.values() if divisions.lies_in(unit, outer)]
    assert sum(unit.level == 2 for unit in inside) == cities
    assert sum(unit.level == 3 for unit in inside) == districts
