"""What every store promises, as tests: inherit `StoreContract` and say where a store lives.

    class TestTinyStore(StoreContract):
        @pytest.fixture
        def places(self, tmp_path): ...   # a function giving a fresh place: a function that opens its store

An opener may be called again once the store it gave is closed; the same documents are then there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from playbooks.model import Moment, Money, Refusal
from storage.store import DESK, Book, Books, Document, ReadOnly, Store

Opener = Callable[[], Store]
Places = Callable[[], Opener]

PATIENCE = 120
"""Seconds after which a test that waits for another thread gives up; when all works nothing waits."""


class Chase(Document):
    """A small document with every kind of field that matters to a store."""

    state: str = "open"
    claimant: str | None = None
    tags: tuple[str, ...] = ()
    amount: Money = Decimal("0.00")
    due_at: Moment | None = None


class Note(Document):
    text: str


CHASES = Book("chases", Chase, indexes=("state", "claimant", "tags"), due="due_at")
NOTES = Book("notes", Note)
BOOKS = (CHASES, NOTES)

EIGHT = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def put(*documents: Chase) -> Callable[[Books], None]:
    """A unit that puts `documents`."""

    def unit(books: Books) -> None:
        for document in documents:
            books.shelf(CHASES).put(document)

    return unit


def ids(documents: list[Chase]) -> list[str]:
    return [document.id for document in documents]


class StoreContract:
    @pytest.fixture
    def places(self) -> Places:
        raise NotImplementedError("say where this store lives")

    @pytest.fixture
    def place(self, places: Places) -> Opener:
        return places()

    @pytest.fixture
    def store(self, place: Opener) -> Iterator[Store]:
        store = place()
        yield store
        store.close()

    # -- what a unit does

    def test_a_unit_returns_what_its_function_returns_and_the_document_can_be_read(
        self, store: Store
    ) -> None:
        chase = Chase(id="a1-1", amount=Decimal("79.90"), due_at=EIGHT, tags=("flash", "老客"))
        assert store.run("a1", lambda books: books.shelf(CHASES).put(chase)) == chase
        assert store.view("a1").shelf(CHASES).get("a1-1") == chase

    def test_a_document_nobody_put_is_none(self, store: Store) -> None:
        assert store.view("a1").shelf(CHASES).get("a1-1") is None

    def test_a_unit_reads_what_it_has_put_and_dropped(self, store: Store) -> None:
        store.run("a1", put(Chase(id="a1-1"), Chase(id="a1-2", due_at=EIGHT)))

        def unit(books: Books) -> tuple[list[str], list[str], int, Moment | None]:
            shelf = books.shelf(CHASES)
            shelf.put(Chase(id="a1-3", state="open", due_at=EIGHT - timedelta(minutes=1)))
            shelf.put(Chase(id="a1-1", state="paid"))
            shelf.drop("a1-2")
            return ids(shelf.by("state", "open")), ids(list(shelf.scan())), len(shelf), shelf.next_due()

        assert store.run("a1", unit) == (["a1-3"], ["a1-1", "a1-3"], 2, EIGHT - timedelta(minutes=1))

    def test_a_put_replaces_the_whole_document(self, store: Store) -> None:
        store.run("a1", put(Chase(id="a1-1", claimant="p1", tags=("flash",))))
        store.run("a1", put(Chase(id="a1-1", state="paid")))
        shelf = store.view("a1").shelf(CHASES)
        assert list(shelf.scan()) == [Chase(id="a1-1", state="paid")]
        assert (shelf.by("claimant", "p1"), shelf.by("tags", "flash"), shelf.by("state", "open")) == (
            [],
            [],
            [],
        )

    def test_dropping_what_is_not_there_changes_nothing(self, store: Store) -> None:
        store.run("a1", put(Chase(id="a1-1")))
        store.run("a1", lambda books: books.shelf(CHASES).drop("a1-2"))
        assert ids(list(store.view("a1").shelf(CHASES).scan())) == ["a1-1"]

    @pytest.mark.parametrize(
        "fault", [Refusal("chase.missing"), KeyError("x"), KeyboardInterrupt(), SystemExit()]
    )
    def test_a_unit_that_raises_changes_nothing_and_its_exception_comes_through(
        self, store: Store, fault: BaseException
    ) -> None:
        store.run("a1", put(Chase(id="a1-1"), Chase(id="a1-2")))

        def unit(books: Books) -> None:
            books.shelf(CHASES).put(Chase(id="a1-1", state="paid"))
            books.shelf(CHASES).drop("a1-2")
            books.shelf(NOTES).put(Note(id="a1-9", text="half done"))
            raise fault

        with pytest.raises(type(fault)) as caught:
            store.run("a1", unit)
        assert caught.value is fault
        view = store.view("a1")
        assert list(view.shelf(CHASES).scan()) == [Chase(id="a1-1"), Chase(id="a1-2")]
        assert (len(view.shelf(NOTES)), view.sequence) == (0, 1)

    def test_the_sequence_counts_units_that_wrote_and_is_told_to_the_unit(self, store: Store) -> None:
        def unit(books: Books) -> int:
            books.shelf(NOTES).put(Note(id=f"a1-{books.sequence}", text="once"))
            return books.sequence

        assert [
            store.run("a1", unit),
            store.run("a1", lambda books: books.sequence),
            store.run("a1", unit),
        ] == [1, 2, 2]
        assert store.view("a1").sequence == 2

    def test_putting_an_unchanged_document_or_changing_it_back_writes_nothing(self, store: Store) -> None:
        def there_and_back(books: Books) -> None:
            books.shelf(CHASES).put(Chase(id="a1-1", state="paid"))
            books.shelf(CHASES).put(Chase(id="a1-1"))
            books.shelf(CHASES).put(Chase(id="a1-2"))
            books.shelf(CHASES).drop("a1-2")

        store.run("a1", put(Chase(id="a1-1")))
        store.run("a1", put(Chase(id="a1-1")))
        store.run("a1", there_and_back)
        assert store.view("a1").sequence == 1

    @pytest.mark.parametrize("inner", ["a1", "b2", DESK])
    def test_a_unit_cannot_run_inside_a_unit_of_any_room(self, store: Store, inner: str) -> None:
        with pytest.raises(RuntimeError, match=f"room {inner}.* inside a unit of room a1"):
            store.run("a1", lambda books: store.run(inner, put(Chase(id=f"{inner}-1"))))
        for room in ("a1", inner):
            store.run(room, put(Chase(id=f"{room}-1")))
            assert len(store.view(room).shelf(CHASES)) == 1

    def test_a_unit_can_neither_flush_nor_close_the_store(self, store: Store) -> None:
        for wait in (store.flush, store.close):
            with pytest.raises(RuntimeError, match="inside"):
                store.run("a1", lambda books, wait=wait: wait())
        store.run("a1", put(Chase(id="a1-1")))

    def test_a_shelf_kept_after_its_unit_cannot_be_written_to(self, store: Store) -> None:
        shelf = store.run("a1", lambda books: books.shelf(CHASES))
        with pytest.raises(ReadOnly):
            shelf.put(Chase(id="a1-1"))
        assert len(store.view("a1").shelf(CHASES)) == 0

    # -- units saved together

    def test_units_saved_together_run_in_order_and_each_sees_what_those_before_it_wrote(
        self, store: Store
    ) -> None:
        def add(books: Books) -> tuple[int, int]:
            seen = len(books.shelf(CHASES))
            books.shelf(CHASES).put(Chase(id=f"a1-{books.sequence}"))
            return seen, books.sequence

        assert store.run_all("a1", [add, add, add]) == [(0, 1), (1, 2), (2, 3)]
        assert ids(list(store.view("a1").shelf(CHASES).scan())) == ["a1-1", "a1-2", "a1-3"]
        assert store.run_all("a1", []) == []

    def test_a_unit_that_raises_undoes_itself_alone_and_its_exception_stands_in_its_place(
        self, store: Store
    ) -> None:
        fault = Refusal("chase.missing")

        def failing(books: Books) -> int:
            books.shelf(CHASES).put(Chase(id="a1-1", state="paid"))
            books.shelf(CHASES).put(Chase(id="a1-2"))
            raise fault

        def last(books: Books) -> tuple[int, Chase | None]:
            books.shelf(CHASES).put(Chase(id="a1-3"))
            return books.sequence, books.shelf(CHASES).get("a1-1")

        results = store.run_all("a1", [put(Chase(id="a1-1")), failing, lambda books: books.sequence, last])
        assert results == [None, fault, 2, (2, Chase(id="a1-1"))]
        view = store.view("a1")
        assert ids(list(view.shelf(CHASES).scan())) == ["a1-1", "a1-3"]
        assert view.sequence == 2

    def test_what_ends_the_process_undoes_all_that_is_saved_together(self, store: Store) -> None:
        def stop(books: Books) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.run_all("a1", [put(Chase(id="a1-1")), stop])
        assert (len(store.view("a1").shelf(CHASES)), store.view("a1").sequence) == (0, 0)

    # -- units nobody waits for

    def test_what_nobody_waits_for_is_seen_at_once_and_keeps_its_order(self, store: Store) -> None:
        for number in (1, 2):
            store.run_all("a1", [put(Chase(id="a1-1", state=str(number)))], durable=False)
            assert store.view("a1").shelf(CHASES).get("a1-1") == Chase(id="a1-1", state=str(number))
        store.run("a1", put(Chase(id="a1-2")))
        store.run_all("a1", [put(Chase(id="a1-1", state="3"))], durable=False)
        assert store.view("a1").sequence == 4
        assert store.view("a1").shelf(CHASES).by("state", "3") == [Chase(id="a1-1", state="3")]

    @pytest.mark.parametrize("last", ["jot", "flush", "unit"])
    def test_what_nobody_waited_for_is_there_after_closing(self, place: Opener, last: str) -> None:
        first = place()
        first.run_all("a1", [put(Chase(id="a1-1")), put(Chase(id="a1-2"))], durable=False)
        if last == "flush":
            first.flush()
        if last == "unit":
            first.run("a1", put(Chase(id="a1-3")))
        first.close()
        second = place()
        there = ids(list(second.view("a1").shelf(CHASES).scan()))
        assert there == ["a1-1", "a1-2", "a1-3"][: 3 if last == "unit" else 2]
        second.close()

    def test_a_store_that_works_tells_of_no_trouble(self, store: Store) -> None:
        store.run("a1", put(Chase(id="a1-1")))
        assert store.troubles() == {}

    # -- what a view sees

    def test_a_view_stays_as_it_was_taken(self, store: Store) -> None:
        store.run("a1", put(Chase(id="a1-1")))
        before = store.view("a1")
        store.run("a1", put(Chase(id="a1-1", state="paid"), Chase(id="a1-2", due_at=EIGHT)))
        shelf = before.shelf(CHASES)
        assert list(shelf.scan()) == [Chase(id="a1-1")]
        assert (shelf.by("state", "paid"), shelf.next_due(), before.sequence) == ([], None, 1)

    def test_what_was_made_of_a_shelf_holds_until_the_shelf_changes(self, store: Store) -> None:
        store.run("a1", put(Chase(id="c1")))
        before = store.view("a1").shelf(CHASES).state()

        def note(books: Books) -> None:
            books.shelf(NOTES).put(Note(id="n1", text="something else"))

        store.run("a1", note)
        assert store.view("a1").shelf(CHASES).state() is before
        store.run("a1", put(Chase(id="c1", state="paid")))
        assert store.view("a1").shelf(CHASES).state() is not before

    def test_a_view_taken_while_a_unit_runs_sees_nothing_of_it(self, store: Store) -> None:
        def unit(books: Books) -> int:
            books.shelf(CHASES).put(Chase(id="a1-1"))
            return len(store.view("a1").shelf(CHASES))

        assert store.run("a1", unit) == 0

    def test_a_view_cannot_be_written_to(self, store: Store) -> None:
        store.run("a1", put(Chase(id="a1-1")))
        shelf = store.view("a1").shelf(CHASES)
        for write in (lambda: shelf.put(Chase(id="a1-1")), lambda: shelf.drop("a1-2")):
            with pytest.raises(ReadOnly):
                write()

    def test_readers_never_see_half_a_unit(self, store: Store) -> None:
        def both(number: int) -> Callable[[Books], None]:
            return put(Chase(id="a1-1", state=str(number)), Chase(id="a1-2", state=str(number)))

        store.run("a1", both(0))
        done = threading.Event()

        def torn() -> int:
            seen = 0
            while not done.is_set():
                first, second = store.view("a1").shelf(CHASES).scan()
                seen += first.state != second.state
            return seen

        with ThreadPoolExecutor(1) as pool:
            reader = pool.submit(torn)
            try:
                for number in range(1, 30):
                    store.run("a1", both(number))
            finally:
                done.set()
            assert reader.result(PATIENCE) == 0

    # -- units beside each other

    def test_units_of_one_room_run_one_after_another(self, store: Store) -> None:
        def count(books: Books) -> None:
            shelf = books.shelf(NOTES)
            counter = shelf.get("a1-n") or Note(id="a1-n", text="0")
            shelf.put(Note(id="a1-n", text=str(int(counter.text) + 1)))

        with ThreadPoolExecutor(4) as pool:
            for unit in [pool.submit(store.run, "a1", count) for _ in range(100)]:
                unit.result(PATIENCE)
        assert store.view("a1").shelf(NOTES).get("a1-n") == Note(id="a1-n", text="100")

    def test_units_of_two_rooms_run_at_the_same_time(self, store: Store) -> None:
        met = threading.Barrier(2, timeout=PATIENCE)

        def meet(books: Books) -> str:
            met.wait()
            return books.room

        with ThreadPoolExecutor(2) as pool:
            units = [pool.submit(store.run, room, meet) for room in ("a1", "b2")]
            assert [unit.result(PATIENCE) for unit in units] == ["a1", "b2"]

    def test_two_rooms_do_not_see_each_other(self, store: Store) -> None:
        store.run("a1", put(Chase(id="a1-1", due_at=EIGHT)))
        store.run("b2", put(Chase(id="b2-1", state="paid")))
        a1, b2 = store.view("a1").shelf(CHASES), store.view("b2").shelf(CHASES)
        assert (ids(list(a1.scan())), ids(list(b2.scan()))) == (["a1-1"], ["b2-1"])
        assert (b2.get("a1-1"), b2.next_due(), b2.by("state", "open")) == (None, None, [])

    def test_rooms_are_those_written_to_without_the_desk(self, store: Store) -> None:
        for room in ("b2", DESK, "a1"):
            store.run(room, put(Chase(id=f"{room}-1")))
        store.run("c3", lambda books: None)
        store.view("d4")
        assert store.rooms() == ["a1", "b2"]

    @pytest.mark.parametrize("key", ["", "../a1", "A1", "a1\n", "a/b", "toolong99", "房间", "."])
    def test_what_is_no_room_key_is_refused(self, store: Store, key: str) -> None:
        for use in (lambda: store.view(key), lambda: store.run(key, lambda books: None)):
            with pytest.raises(ValueError):
                use()

    # -- look-ups

    def test_a_tuple_lists_the_document_under_each_and_none_under_nothing(self, store: Store) -> None:
        store.run(
            "a1", put(Chase(id="a1-1", tags=("flash", "gift", "gift")), Chase(id="a1-2", claimant="p1"))
        )
        shelf = store.view("a1").shelf(CHASES)
        assert [ids(shelf.by("tags", tag)) for tag in ("flash", "gift", "none")] == [["a1-1"], ["a1-1"], []]
        assert (ids(shelf.by("claimant", "p1")), shelf.by("claimant", "")) == (["a1-2"], [])

    def test_a_look_up_with_a_limit_gives_those_put_first(self, store: Store) -> None:
        store.run("a1", put(*(Chase(id=f"a1-{n}", state="open") for n in (3, 1, 2))))
        shelf = store.view("a1").shelf(CHASES)
        found = [ids(shelf.by("state", "open", limit)) for limit in (0, 2, 9)]
        assert found == [[], ["a1-3", "a1-1"], ["a1-3", "a1-1", "a1-2"]]
        assert (shelf.count("state", "open"), shelf.count("state", "paid")) == (3, 0)

    def test_look_ups_and_scans_keep_the_order_of_the_first_put(self, store: Store) -> None:
        store.run("a1", put(*(Chase(id=f"a1-{n}") for n in (9, 1, 5))))
        store.run("a1", put(Chase(id="a1-9", state="paid")))
        store.run("a1", put(Chase(id="a1-9"), Chase(id="a1-0")))
        store.run("a1", lambda books: books.shelf(CHASES).drop("a1-1"))
        store.run("a1", put(Chase(id="a1-1")))
        shelf = store.view("a1").shelf(CHASES)
        assert ids(shelf.by("state", "open")) == ids(list(shelf.scan())) == ["a1-9", "a1-5", "a1-0", "a1-1"]

    def test_due_gives_the_earliest_first_up_to_the_moment_and_the_limit(self, store: Store) -> None:
        minutes = {"a1-1": 3, "a1-2": 1, "a1-3": 2, "a1-4": 1}
        store.run(
            "a1", put(*(Chase(id=id_, due_at=EIGHT + timedelta(minutes=m)) for id_, m in minutes.items()))
        )
        store.run("a1", put(Chase(id="a1-5")))
        shelf = store.view("a1").shelf(CHASES)
        assert ids(shelf.due(EIGHT + timedelta(minutes=2), 10)) == ["a1-2", "a1-4", "a1-3"]
        assert ids(shelf.due(EIGHT + timedelta(minutes=9), 1)) == ["a1-2"]
        assert (shelf.due(EIGHT, 10), shelf.next_due()) == ([], EIGHT + timedelta(minutes=1))

    def test_due_begins_after_a_moment_where_one_is_given(self, store: Store) -> None:
        minutes = {"a1-1": 3, "a1-2": 1, "a1-3": 2, "a1-4": 1}
        at = {id_: EIGHT + timedelta(minutes=m) for id_, m in minutes.items()}
        store.run("a1", put(*(Chase(id=id_, due_at=moment) for id_, moment in at.items())))
        shelf = store.view("a1").shelf(CHASES)
        assert ids(shelf.due(at["a1-1"], 10, since=at["a1-2"])) == ["a1-3", "a1-1"]
        assert ids(shelf.due(at["a1-1"], 1, since=at["a1-3"])) == ["a1-1"]
        assert ids(shelf.due(at["a1-1"], 10, since=at["a1-1"])) == []
        assert ids(shelf.due(at["a1-1"], 10, since=EIGHT)) == ["a1-2", "a1-4", "a1-3", "a1-1"]

    def test_due_understands_fractions_of_a_second_and_other_time_zones(self, store: Store) -> None:
        shanghai = timezone(timedelta(hours=8))
        store.run(
            "a1",
            put(
                Chase(id="a1-1", due_at=EIGHT + timedelta(microseconds=1)),
                Chase(id="a1-2", due_at=EIGHT.astimezone(shanghai)),
            ),
        )
        shelf = store.view("a1").shelf(CHASES)
        assert ids(shelf.due(EIGHT.astimezone(shanghai), 10)) == ["a1-2"]
        assert ids(shelf.due(EIGHT + timedelta(seconds=1), 10)) == ["a1-2", "a1-1"]

    def test_a_book_an_index_or_a_due_field_nobody_declared_is_named(self, store: Store) -> None:
        view = store.view("a1")
        with pytest.raises(KeyError, match="letters"):
            view.shelf(Book("letters", Note))
        with pytest.raises(KeyError, match="colour"):
            view.shelf(CHASES).by("colour", "red")
        with pytest.raises(KeyError, match="colour"):
            view.shelf(CHASES).count("colour", "red")
        with pytest.raises(KeyError, match="notes"):
            view.shelf(NOTES).due(EIGHT, 1)
        with pytest.raises(KeyError, match="notes"):
            view.shelf(NOTES).next_due()

    # -- closing and opening

    def test_reopening_gives_the_same_rooms_documents_and_sequence(self, place: Opener) -> None:
        first = place()
        first.run(
            "a1",
            put(Chase(id="a1-1", tags=("老客",), amount=Decimal("79.90")), Chase(id="a1-2", due_at=EIGHT)),
        )
        first.run("a1", lambda books: books.shelf(CHASES).drop("a1-1"))
        first.run(DESK, put(Chase(id="desk-1", claimant="p\n1")))
        first.close()
        second = place()
        shelf = second.view("a1").shelf(CHASES)
        assert list(shelf.scan()) == shelf.due(EIGHT, 1) == [Chase(id="a1-2", due_at=EIGHT)]
        assert ids(second.view(DESK).shelf(CHASES).by("claimant", "p\n1")) == ["desk-1"]
        assert (second.view("a1").sequence, second.rooms()) == (2, ["a1"])
        second.close()

    def test_a_closed_store_refuses_units(self, place: Opener) -> None:
        store = place()
        store.run("a1", put(Chase(id="a1-1")))
        store.close()
        store.close()
        for room in ("a1", "b2"):
            with pytest.raises(RuntimeError):
                store.run(room, lambda books: None)

    def test_a_store_behaves_like_a_dict_whatever_is_done_with_it(self, places: Places) -> None:
        class Machine(LikeADict):
            fresh = staticmethod(places)

        thorough = settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Machine, settings=thorough)


IDS = st.sampled_from([f"a1-{n}" for n in range(6)])
STATES = st.sampled_from(["open", "paid", "lost"])
CHASE = st.builds(
    Chase,
    id=IDS,
    state=STATES,
    claimant=st.none() | st.text("p1\"'\n\\界", max_size=3),
    tags=st.lists(STATES, max_size=3).map(tuple),
    amount=st.decimals(0, 99999, places=2),
    due_at=st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC)),
)
STEPS = st.lists(CHASE | IDS, max_size=5)
"""What one unit does, in order: put a chase, or drop an id."""


class LikeADict(RuleBasedStateMachine):
    """The store beside a plain dict: units that hold, units that fail, reopening, at any moment."""

    fresh: Places

    def __init__(self) -> None:
        super().__init__()
        self.opener = self.fresh()
        self.expected: dict[str, Chase] = {}

    @initialize()
    def open(self) -> None:
        self.store = self.opener()

    @rule(steps=STEPS, fails=st.booleans())
    def unit(self, steps: list[Chase | str], fails: bool) -> None:
        def fn(books: Books) -> None:
            for step in steps:
                if isinstance(step, str):
                    books.shelf(CHASES).drop(step)
                else:
                    books.shelf(CHASES).put(step)
            if fails:
                raise Refusal("chase.missing")

        if fails:
            with pytest.raises(Refusal):
                self.store.run("a1", fn)
            return
        self.store.run("a1", fn)
        for step in steps:
            if isinstance(step, str):
                self.expected.pop(step, None)
            else:
                self.expected[step.id] = step

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = self.opener()

    @invariant()
    def reads_agree(self) -> None:
        shelf = self.store.view("a1").shelf(CHASES)
        there = list(self.expected.values())
        assert list(shelf.scan()) == there
        assert len(shelf) == len(there)
        for state in ("open", "paid", "lost"):
            assert shelf.by("state", state) == [each for each in there if each.state == state]
            assert shelf.by("tags", state) == [each for each in there if state in each.tags]
            assert shelf.count("tags", state) == len(shelf.by("tags", state))
        for each in there:
            assert shelf.get(each.id) == each
            assert each.claimant is None or each in shelf.by("claimant", each.claimant)
        timed = [each for each in there if each.due_at]
        assert shelf.due(EIGHT, 99) == sorted(timed, key=lambda each: (each.due_at, there.index(each)))
        assert shelf.next_due() == min((each.due_at for each in timed if each.due_at), default=None)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
