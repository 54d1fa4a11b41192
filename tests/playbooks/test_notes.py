"""Order notes: how a line is read, which orders take none, and that flag, remark and ERP come in that order."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import notes
from playbooks.clipboard import copied
from playbooks.model import Refusal
from playbooks.notes import Note
from playbooks.orders import OrderState

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
ORDER = "6917926768823643751"
MOVES: dict[str, Any] = {
    "flag": lambda one: notes.flag(one, NOW), "write": lambda one: notes.written(one, NOW),
    "done": lambda one: notes.done(one, "105", NOW), "withdraw": notes.withdraw,
}  # fmt: skip


def note(**told: Any) -> Note:
    return Note(id="a1-n1", order_id=ORDER, kind="carrier", text="顺丰", by="103", at=NOW, **told)


def state(status: str, platform: str = "pinduoduo", paid: bool = False) -> OrderState:
    facts = {"id": "a1-o1", "order_id": ORDER, "platform": platform, "status": status, "as_of": NOW}
    return OrderState.model_validate({**facts, "paid_at": NOW if paid else None})


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        (f"{ORDER} 指定快递 顺丰", "carrier", "顺丰"), (f"{ORDER} 改地址", "address", ""),
        (f"  {ORDER}  尺码  换 L 码", "spec", "换 L 码"), (f"{ORDER} 礼盒 包装", "other", "礼盒 包装"),
        (ORDER, None, ""), ("201111-123456789012345 carrier SF", "carrier", "SF"),
    ],
)  # fmt: skip
def test_a_line_names_order_kind_and_what_to_do(typed: str, kind: str | None, text: str) -> None:
    read = notes.read(typed)
    assert (read.kind, read.text) == (kind, text)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("改地址", "note.usage"), ("", "note.usage"), (f"{ORDER} 改地址 文三路 1 号", "note.address_text"),
        (f"{ORDER} 其他 {'长' * 61}", "note.long"), (f"{ORDER} 其他 打 13800012345", "common.personal_note"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_note_is_refused_with_its_cure(typed: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        notes.read(typed)
    assert refused.value.key == key


def test_a_group_is_complete_only_where_the_export_shows_the_order_as_to_be_shipped() -> None:
    assert notes.grouped("pinduoduo", state("pending_payment")) is False
    assert notes.grouped("pinduoduo", state("unknown")) is None
    assert notes.grouped("pinduoduo", None) is None
    assert notes.grouped("pinduoduo", state("paid_unshipped")) is True
    assert notes.grouped("douyin", None) is True


def test_an_order_that_left_or_is_over_takes_no_note() -> None:
    notes.check_open(None)
    notes.check_open(state("pending_payment", "douyin"))
    notes.check_open(state("paid_unshipped", "douyin", paid=True))
    for status, key in (("shipped", "note.shipped"), ("cancelled", "note.over"), ("refunded", "note.over")):
        with pytest.raises(Refusal) as refused:
            notes.check_open(state(status, "douyin", paid=True))
        assert refused.value.key == key


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=8))
def test_nothing_is_done_in_the_erp_before_flag_and_remark_and_nothing_moves_after_its_end(
    moves: list[str],
) -> None:
    one = note()
    for move in moves:
        before = one
        try:
            one = MOVES[move](one)
        except Refusal:
            assert one == before
        if before.state not in notes.OPEN:
            assert one == before
        if one.state in ("queued", "done"):
            assert one.flagged_at
            assert one.remarked_at


def test_the_remark_says_time_nick_kind_and_request() -> None:
    assert notes.remark(note(), "小 美", NOW, UTC) == "11-11 12:00 小美 指定快递：顺丰"


LONG = st.builds(str.__mul__, st.text(alphabet=st.characters(codec="utf-8"), min_size=1), st.integers(1, 300))


@given(LONG)
def test_what_a_button_copies_is_never_longer_than_it_takes_and_splits_no_character(text: str) -> None:
    said = copied(text)
    assert len(said.encode("utf-16-le")) <= 2 * 256
    assert said == text or text.startswith(said.removesuffix("…"))
