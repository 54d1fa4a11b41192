"""What is sealed opens in its place with its key, nowhere else and with nothing else; a shredded key opens no copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.orders import Personal
from storage import vault as vault_module
from storage.backup import back_up
from storage.books import BOOKS, BUYERS, DATA_KEYS, DeskBooks, RoomBooks
from storage.restore import restore
from storage.rows import Binding, Incoming, SealedBuyer
from storage.store import DESK, Books
from storage.tiny import TinyStore
from storage.vault import KeyAt, Place, Sealed, Vault, new_master, read_masters
from storage.vault_books import BuyerBooks, Origin, past, shred
from storage.vault_check import shut
from storage.vault_inbox import open_payload, seal_payload
from storage.vault_rotate import locked, rotate

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 11)
OLD, NEW = new_master("old"), new_master("new")
ORDER = "6917926768823643751"
EVENING = Origin("a1-b1", DAY)
LI = Personal(
    receiver_name="李四", phone="13800138001", town="翠苑街道", address="文三路478号", nick="小李爱买",
    buyer_message="晚上送", seller_memo="老客户",
)  # fmt: skip
PLACE = Place("buyers", "a1-p1", "phone")
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
places = st.builds(Place, words, words, words)


def vault(*keys: str, days: int = 30) -> Vault:
    return Vault(read_masters(",".join(keys)), days)


def key(of: Vault, id: str = "a1-b1-k") -> KeyAt:
    place = Place("data_keys", id, "wrapped")
    return KeyAt(of.new_key(place), place)


OURS = vault(OLD)
OUR_KEY = key(OURS)


def test_once_forgotten_no_key_is_left_in_memory() -> None:
    ours = vault(OLD)
    its = key(ours)
    ours.open(ours.seal("13800138001", PLACE, key=its), PLACE, key=its)
    ours.index("13800138001", "phone", key=its)
    kept = [one for one in (*vars(ours).values(), *vars(vault_module).values()) if hasattr(one, "cache_info")]
    assert sum(one.cache_info().currsize for one in kept) >= 3
    ours.forget()
    assert [one.cache_info().currsize for one in kept] == [0] * len(kept)


@given(words, places)
def test_what_is_sealed_opens_in_its_own_place(text: str, place: Place) -> None:
    assert OURS.open(OURS.seal(text, place, key=OUR_KEY), place, key=OUR_KEY) == text


@given(words, places, places)
def test_moved_to_any_other_place_it_does_not_open(text: str, place: Place, other: Place) -> None:
    envelope = OURS.seal(text, place, key=OUR_KEY)
    if other != place:
        with pytest.raises(Sealed):
            OURS.open(envelope, other, key=OUR_KEY)


@given(st.data())
def test_changed_in_any_single_sign_it_does_not_open(data: st.DataObject) -> None:
    envelope = OURS.seal("13800138001", PLACE, key=OUR_KEY)
    at = data.draw(st.integers(0, len(envelope) - 1))
    sign = data.draw(st.sampled_from(ascii_letters + digits + "+/:=-"))
    changed = envelope[:at] + sign + envelope[at + 1 :]
    if changed == envelope or _same_bytes(changed, envelope):
        return
    with pytest.raises(Sealed) as error:
        OURS.open(changed, PLACE, key=OUR_KEY)
    assert "138" not in str(error.value)


def _same_bytes(one: str, other: str) -> bool:
    """Two spellings of the same: base64 leaves the last bits of its last sign open."""
    (head, _, body), (other_head, _, other_body) = one.rpartition(":"), other.rpartition(":")
    return head == other_head and body.rstrip("=")[:-1] == other_body.rstrip("=")[:-1]


@given(st.text(max_size=80))
def test_whatever_is_no_envelope_is_refused(text: str) -> None:
    with pytest.raises(Sealed):
        OURS.open(text, PLACE, key=OUR_KEY)


def test_no_other_data_key_and_no_other_master_key_opens_it() -> None:
    envelope = OURS.seal("13800138001", PLACE, key=OUR_KEY)
    same_id = KeyAt(key(OURS).wrapped, OUR_KEY.place)
    with pytest.raises(Sealed):
        OURS.open(envelope, PLACE, key=same_id)
    with pytest.raises(Sealed, match="old is not in PII_KEYS"):
        vault(NEW).open(envelope, PLACE, key=OUR_KEY)
    with pytest.raises(Sealed, match="damaged"):
        vault(new_master("old")).open(envelope, PLACE, key=OUR_KEY)


def test_the_same_text_is_sealed_otherwise_each_time() -> None:
    assert OURS.seal("李四", PLACE, key=OUR_KEY) != OURS.seal("李四", PLACE, key=OUR_KEY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("k1", "before the colon stands an id"),
        ("a b:xx", "before the colon stands an id"),
        ("k1:***", "is not base64"),
        ("k1:QUJD", "has 3 bytes, not 32"),
        (f"{OLD},{OLD}", "is there twice"),
    ],
    ids=["no colon", "no id", "no base64", "too short", "twice"],
)
def test_keys_that_cannot_be_used_are_named_and_never_quoted(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as error:
        read_masters(text)
    assert OLD.partition(":")[2] not in str(error.value)


# -- in a room's books -------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TinyStore]:
    store = TinyStore(tmp_path / "data", BOOKS)
    store.run(DESK, lambda raw: DeskBooks(raw).bindings.put(Binding(id="-1001", room="a1")))
    yield store
    store.close()


def buyers(raw: Books, of: Vault = OURS, today: date = DAY) -> BuyerBooks:
    return BuyerBooks(RoomBooks(raw), of, NOW, today)


def keep(
    store: TinyStore, personal: Personal = LI, of: Vault = OURS, origin: Origin = EVENING, today: date = DAY
) -> None:
    store.run("a1", lambda raw: buyers(raw, of, today).keep(ORDER, personal, origin))


def look(store: TinyStore, of: Vault = OURS, today: date = DAY) -> dict[str, str]:
    return buyers(store.view("a1"), of, today).look(ORDER)


def on_disk(folder: Path) -> str:
    return "".join(file.read_text(errors="replace") for file in folder.rglob("*") if file.is_file())


def test_a_buyers_fields_are_kept_and_on_no_file_in_the_clear(store: TinyStore, tmp_path: Path) -> None:
    keep(store)
    assert look(store) == {
        "receiver_name": "李四", "phone": "13800138001", "town": "翠苑街道", "address": "文三路478号",
        "buyer_message": "晚上送", "seller_memo": "老客户",
    }  # fmt: skip
    store.fold("a1")
    files = on_disk(tmp_path / "data")
    assert ORDER in files
    assert not [one for one in ("李四", "13800138001", "文三路", "晚上送", "小李") if one in files]


def test_without_a_master_key_nothing_is_kept_at_all(store: TinyStore) -> None:
    keep(store, of=Vault({}, 30))
    books = RoomBooks(store.view("a1"))
    assert not len(books.buyers)
    assert not len(books.data_keys)


@pytest.mark.parametrize(
    "value", ["", "##a8F3x==", "$$b2Kd9", "#x1", "$y2", "~AgAAAQ==~1~", "张*", "138****1234", "1******6198"]
)
def test_a_ciphered_or_masked_value_is_unknown(store: TinyStore, value: str) -> None:
    keep(store, Personal(receiver_name=value, phone=value, address=value))
    assert look(store) == {}


def test_what_a_later_export_masks_stays_known_and_what_it_corrects_is_new(store: TinyStore) -> None:
    keep(store)
    keep(store, Personal(receiver_name="李*", phone="138****8001", address="文三路500号"))
    assert (look(store)["receiver_name"], look(store)["address"]) == ("李四", "文三路500号")


def test_the_same_export_again_writes_nothing(store: TinyStore) -> None:
    keep(store)
    before = store.view("a1").sequence
    keep(store)
    assert store.view("a1").sequence == before


def test_a_row_moved_to_another_order_tells_nothing_and_the_doctor_finds_it(store: TinyStore) -> None:
    keep(store)
    row = RoomBooks(store.view("a1")).buyers.get(f"a1-p{ORDER}")
    assert row
    moved = SealedBuyer(**{**dict(row), "id": "a1-p2", "order_id": "2"})
    store.run("a1", lambda raw: RoomBooks(raw).buyers.put(moved))
    assert buyers(store.view("a1")).look("2") == {}
    view = store.view("a1")
    found = list(shut(view.shelf(DATA_KEYS).scan(), view.shelf(BUYERS).scan(), (), OURS))
    assert {place.id for place, _ in found} == {"a1-p2"}
    assert "李四" not in str(found)


def test_two_orders_of_one_buyer_have_one_key_and_it_tells_nobody_who_it_is(store: TinyStore) -> None:
    def of(personal: Personal, room: str = "a1") -> str:
        return store.run(room, lambda raw: buyers(raw).buyer_key(personal))

    assert of(Personal(nick="小李 爱买")) == of(Personal(nick="小李  爱买", phone="13900139000"))
    assert of(Personal(phone="13800138001")) == of(Personal(phone="+86 138-0013-8001"))
    assert of(Personal(phone="13800138001")) != of(Personal(nick="13800138001"))
    assert of(Personal(phone="13800138001")) != of(Personal(phone="13800138001"), "b2")
    assert of(Personal(phone="13800138001-7576")) == of(Personal(nick="小*")) == of(Personal()) == ""


def test_past_its_time_nothing_is_readable_whoever_still_has_the_row(store: TinyStore) -> None:
    keep(store)
    assert look(store, today=DAY + timedelta(days=29))
    assert look(store, today=DAY + timedelta(days=30)) == {}
    keep(store, Personal(receiver_name="王五"), today=DAY + timedelta(days=30))
    assert look(store) == {**look(store), "receiver_name": "李四"}


def test_shredding_a_broadcast_leaves_the_others_and_nothing_to_open_in_any_copy(
    store: TinyStore, tmp_path: Path
) -> None:
    keep(store)
    later = Origin("a1-b2", DAY + timedelta(days=5))
    store.run("a1", lambda raw: buyers(raw).keep("7", Personal(receiver_name="王五"), later))
    stolen = on_disk(tmp_path / "data")
    row = RoomBooks(store.view("a1")).buyers.get(f"a1-p{ORDER}")
    wrapped = RoomBooks(store.view("a1")).data_keys.get("a1-b1-k")
    assert row
    assert wrapped
    assert wrapped.wrapped in stolen

    def shredded(raw: Books) -> int:
        return shred(RoomBooks(raw), past(RoomBooks(raw), DAY + timedelta(days=31), 30))

    assert store.run("a1", shredded) == 1
    assert store.run("a1", shredded) == 0
    store.fold("a1")
    assert wrapped.wrapped not in on_disk(tmp_path / "data")
    store.run("a1", lambda raw: RoomBooks(raw).buyers.put(row))  # from some copy
    assert look(store) == {}
    assert buyers(store.view("a1")).look("7") == {"receiver_name": "王五"}


def test_a_backup_holds_neither_the_fields_nor_their_key_and_goes_on_once_restored(
    store: TinyStore, tmp_path: Path
) -> None:
    keep(store)
    known = store.run("a1", lambda raw: buyers(raw).buyer_key(LI))
    row = RoomBooks(store.view("a1")).buyers.get(f"a1-p{ORDER}")
    wrapped = RoomBooks(store.view("a1")).data_keys.get("a1-b1-k")
    stands, _ = back_up(tmp_path / "data", tmp_path / "safe", now=NOW, version="1")
    assert row
    assert wrapped
    assert wrapped.wrapped not in on_disk(stands)
    assert row.sealed["phone"] not in on_disk(stands)
    restore(stands, tmp_path / "again", now=NOW, replace=False)
    again = TinyStore(tmp_path / "again", BOOKS)
    assert look(again) == {}
    assert again.run("a1", lambda raw: buyers(raw).buyer_key(LI)) == known
    keep(again)
    assert look(again)["phone"] == "13800138001"
    again.close()


# -- updates -----------------------------------------------------------------------------------------

UPDATE = '{"update_id":7,"message":{"text":"李四 13800138001"}}'


def receive(store: TinyStore, number: str, of: Vault = OURS, now: datetime = NOW) -> None:
    def unit(raw: Books) -> None:
        books = DeskBooks(raw)
        payload = seal_payload(books, of, number, UPDATE, now)
        books.inbox.put(Incoming(id=number, at=now, payload=payload))

    store.run(DESK, unit)


def update(store: TinyStore, number: str) -> Incoming:
    row = DeskBooks(store.view(DESK)).inbox.get(number)
    assert row
    return row


def test_an_update_rests_sealed_and_opens_again(store: TinyStore) -> None:
    receive(store, "7")
    assert "李四" not in update(store, "7").payload
    assert open_payload(DeskBooks(store.view(DESK)), OURS, update(store, "7")) == UPDATE


def test_one_received_before_there_were_keys_opens_too(store: TinyStore) -> None:
    receive(store, "7", Vault({}, 30))
    assert open_payload(DeskBooks(store.view(DESK)), OURS, update(store, "7")) == UPDATE


def test_updates_are_received_whatever_became_of_the_master_key(store: TinyStore) -> None:
    receive(store, "7")
    other = vault(new_master("old"))  # the same name, another key
    receive(store, "8", other)
    assert open_payload(DeskBooks(store.view(DESK)), other, update(store, "8")) == UPDATE
    with pytest.raises(Sealed):
        open_payload(DeskBooks(store.view(DESK)), other, update(store, "7"))


def test_a_new_key_a_day_and_the_former_goes_once_no_update_needs_it(store: TinyStore) -> None:
    def keys() -> int:
        return len(DeskBooks(store.view(DESK)).data_keys)

    receive(store, "7")
    receive(store, "8")
    assert keys() == 1
    receive(store, "9", now=NOW + timedelta(days=1))
    assert keys() == 2  # 7 and 8 wait
    for number in ("7", "8"):
        handled = update(store, number).changed(state="done", payload="")
        store.run(DESK, lambda raw, row=handled: DeskBooks(raw).inbox.put(row))
    receive(store, "10", now=NOW + timedelta(days=2))
    assert keys() == 2
    assert open_payload(DeskBooks(store.view(DESK)), OURS, update(store, "9")) == UPDATE


# -- a new master key --------------------------------------------------------------------------------


def test_after_a_rotation_the_old_master_key_is_needed_no_more(store: TinyStore) -> None:
    keep(store)
    receive(store, "7")
    done = rotate(store, vault(NEW, OLD))
    assert (done.rewrapped, done.already, done.lost) == (2, 0, {})
    assert look(store, vault(NEW))["phone"] == "13800138001"
    assert open_payload(DeskBooks(store.view(DESK)), vault(NEW), update(store, "7")) == UPDATE
    assert look(store, vault(OLD)) == {}


def test_a_rotation_that_was_cut_off_goes_on_where_it_was(store: TinyStore) -> None:
    keep(store)
    receive(store, "7")
    both = vault(NEW, OLD)
    desk = DeskBooks(store.view(DESK)).data_keys
    (row,) = desk.scan()
    done_first = row.changed(wrapped=both.rewrapped(row.wrapped, Place("data_keys", row.id, "wrapped")))
    store.run(DESK, lambda raw: DeskBooks(raw).data_keys.put(done_first))
    assert look(store, both)
    done = rotate(store, both)
    assert (done.rewrapped, done.already) == (1, 1)
    assert rotate(store, both).rewrapped == 0


def test_keys_whose_master_is_lost_are_named_and_go_only_when_asked(store: TinyStore) -> None:
    keep(store)
    assert locked(store, vault(NEW)) == {"a1-b1-k": "old"}
    done = rotate(store, vault(NEW))
    assert (done.rewrapped, done.lost) == (0, {"a1-b1-k": "old"})
    assert look(store) != {}
    assert rotate(store, vault(NEW), drop_lost=True).dropped == 1
    keep(store, of=vault(NEW))
    assert look(store, vault(NEW))["receiver_name"] == "李四"
