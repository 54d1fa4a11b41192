"""Two sides of a table brought together: the conflict table, cell by cell, and rows found wherever people put them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.model import Refusal
from playbooks.sheets import COLUMNS, Column, Ours, SheetRow, Swap, merge, met, plan, read_tab, still

TEXTS = st.sampled_from(["", "甲", "乙", "丙"])
PLAIN = (Column("key"), Column("owner"), Column("note", agents=True), Column("problem"))
HEADINGS = {"号": "key", "谁": "owner", "备注": "note", "提示": "problem"}


def grid(*rows: tuple[str, str, str]) -> list[list[str]]:
    return [["号", "谁", "备注", "提示"], *([*row, ""] for row in rows)]


def base(note: str) -> dict[str, SheetRow]:
    return {"1": SheetRow(id="a1-ypending:1", kind="pending", key="1", cells={"note": note})}


@given(before=TEXTS, ours=TEXTS, theirs=TEXTS, over=st.booleans())
def test_every_row_of_the_conflict_table(before: str, ours: str, theirs: str, over: bool) -> None:
    read = read_tab(grid(("1", "小美", theirs)), PLAIN, HEADINGS)
    mine = {"1": Ours({"owner": "小美", "note": ours}, over=over)}
    found = merge(base(before), mine, read, ["note"], written={}, meant={}, settled=["note"])
    planned = plan(
        base(before) | {k: base("")["1"].changed(cells=dict(c)) for k, c in found.bases.items()},
        mine, read, PLAIN, meant={}, hints={}, most=9, most_new=9,
    )  # fmt: skip
    wrote = [put.text for put in planned.puts]
    if theirs == ours:
        assert (found.edits, found.told, wrote) == ((), (), [])
    elif theirs == before:
        assert (found.edits, found.told, wrote) == ((), (), [ours])
    elif over:
        assert (found.edits, [one.lost for one in found.told], wrote) == ((), [theirs], [ours])
    else:
        assert [(dict(one.changed), dict(one.both)) for one in found.edits] == [
            ({"note": theirs}, {"note": ours} if ours != before else {})
        ]
        assert wrote == []  # what the duty decides comes first


@given(rows=st.permutations(["1", "2", "3"]), columns=st.permutations([0, 1, 2, 3]), above=st.integers(0, 3))
def test_rows_and_columns_are_found_in_any_order(rows: list[str], columns: list[int], above: int) -> None:
    whole = grid(*((key, "谁", f"备注{key}") for key in rows))
    moved = [[""] * 4] * above + [[row[at] for at in columns] for row in whole]
    read = read_tab(moved, PLAIN, HEADINGS)
    assert {key: one.cells["note"] for key, one in read.rows.items()} == {key: f"备注{key}" for key in "123"}
    assert all(moved[one.row][read.columns["key"]] == key for key, one in read.rows.items())


def test_a_missing_heading_is_named_and_nothing_is_believed() -> None:
    with pytest.raises(Refusal) as missing:
        read_tab([["号", "备注"], ["1", "甲"]], PLAIN, HEADINGS)
    assert missing.value.values["names"] == ("owner", "problem")


def test_what_is_not_to_be_read_is_set_apart() -> None:
    read = read_tab(
        grid(("1", "", "甲"), ("1", "", "乙"), ("6.91793E+18", "", ""), ("", "", "没有号")), PLAIN, HEADINGS
    )
    assert list(read.rows) == ["1"]
    assert [one.cells["note"] for _, one in read.twice] == ["乙"]
    assert [one.row for one in read.rounded] == [3]
    assert [one.row for one in read.nameless] == [4]


@given(sorted_away=st.booleans(), typed=st.sampled_from(["", "刚写的"]))
def test_a_write_tells_afterwards_what_it_met(sorted_away: bool, typed: str) -> None:
    swap = Swap("1", 1, {"note": ("旧", "新")})
    stood = ["2" if sorted_away else "1", "谁", typed or ("别行的" if sorted_away else "旧")]
    found = met([swap], {"key": 0, "owner": 1, "note": 2}, [stood])
    if sorted_away:
        assert found.written == {}
        assert found.meant == {("2", "note"): ("新", stood[2])}
    elif typed:
        assert found.meant == {("1", "note"): ("新", "刚写的")}
    else:
        assert (found.written, found.meant) == ({("1", "note"): "新"}, {})


def test_what_people_meant_holds_only_while_nobody_has_written_there_again() -> None:
    meant = {("1", "note"): ("新", "刚写的")}
    assert still(meant, read_tab(grid(("1", "", "新")), PLAIN, HEADINGS)) == {("1", "note"): "刚写的"}
    assert still(meant, read_tab(grid(("1", "", "更新的")), PLAIN, HEADINGS)) == {}


def test_no_personal_column_is_there_unless_it_was_switched_on() -> None:
    personal = {one.field for columns in COLUMNS.values() for one in columns if one.personal}
    assert personal == {"city", "phone_tail"}
