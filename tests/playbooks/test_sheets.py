"""Two sides of a table brought together: the conflict table, cell by cell, and rows found wherever people put them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.model import Refusal
from playbooks.sheets import (
    COLUMNS,
    Column,
    Ours,
    Put,
    SheetRow,
    Swap,
    Wrote,
    copies,
    mended,
    merge,
    met,
    moved,
    plan,
    read_tab,
    still,
)

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
    shown = [[""] * 4] * above + [[row[at] for at in columns] for row in whole]
    read = read_tab(shown, PLAIN, HEADINGS)
    assert {key: one.cells["note"] for key, one in read.rows.items()} == {key: f"备注{key}" for key in "123"}
    assert all(shown[one.row][read.columns["key"]] == key for key, one in read.rows.items())


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
    wrote = Wrote(
        kind="pending", title="待付款", columns={"key": 0, "owner": 1, "note": 2}, at=1, head=1, rows=(1,),
        puts=(Put(1, 2, "新"),), swaps=(swap,),
    )  # fmt: skip
    found = met(wrote, copies(wrote, [["mark"], ["号", "谁", "备注"], stood]))
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


@given(
    to=st.permutations(range(5)), later=st.permutations(range(5)), rows=st.permutations(range(1, 5)),
    written=st.sets(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1),
)  # fmt: skip
def test_whatever_was_written_into_columns_that_moved_is_put_back(
    to: list[int], later: list[int], rows: list[int], written: set[tuple[int, int]]
) -> None:
    headings = {"号": "key", "谁": "owner", "备注": "note", "提示": "problem"}
    people = [[*headings, "我的"], *([f"{name}{row}" for name in "abcde"] for row in range(1, 5))]
    then = [[row[at] for at in to] for row in people]
    puts = tuple(Put(row, column, f"新{row}{column}") for row, column in sorted(written))
    wrote = Wrote(
        kind="pending", title="待付款", columns={"key": 0, "owner": 1, "note": 2, "problem": 3}, at=1, head=5,
        rows=tuple(sorted({row for row, _ in written})), puts=puts,
    )  # fmt: skip
    before = copies(wrote, [["mark"], *then, *(then[row] for row in wrote.rows)])
    assert moved(wrote, before, headings) == (list(to[:4]) != [0, 1, 2, 3])
    after = [list(row) for row in then]
    for put in puts:
        after[put.row][put.column] = put.text
    shuffled = [after[0], *(after[row] for row in rows)]
    now = [[row[at] for at in later] for row in shuffled]
    for put in mended(wrote, before, headings, now, {}):
        now[put.row][put.column] = put.text
    assert now == [[row[at] for at in later] for row in (then[0], *(then[row] for row in rows))]
