"""The stores benchmarks/store.py compares, each filled with the same orders: a function that updates one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Numeric, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from tinydb import TinyDB, where

from playbooks.model import Moment, Money
from storage.store import Book, Books, Document
from storage.tiny import TinyStore

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Update = Callable[[int], None]
Unit = Callable[[Books], None]


class Order(Document):
    """About as large as an open order with its chase."""

    order_id: str
    product: str = "三色堇纯棉四件套 1.8m 床品套装 送同款枕套一对"
    state: str = "open"
    claimant: str | None = None
    revision: int = 0
    amount: Money = Decimal("79.90")
    ordered_at: Moment = START
    due_at: Moment | None = None
    city: str = "杭州市"
    remarks: tuple[str, ...] = ("20:14 小美 第1次 未接", "20:31 小美 第2次 说晚点付")


ORDERS = Book("orders", Order, indexes=("order_id", "state", "claimant"), due="due_at")


def order(number: int) -> Order:
    due = START + timedelta(seconds=number * 7919 % 86_400)
    return Order(id=f"a1-{number}", order_id=f"6917{number:015}", claimant=f"p{number % 25}", due_at=due)


def later(number: int) -> datetime:
    return START + timedelta(seconds=number * 31 % 86_400)


def ours(folder: Path, size: int) -> TinyStore:
    store = TinyStore(folder / f"ours{size}", [ORDERS])

    def fill(start: int) -> Unit:
        def unit(books: Books) -> None:
            for number in range(start, min(start + 500, size)):
                books.shelf(ORDERS).put(order(number))

        return unit

    for start in range(0, size, 500):
        store.run("a1", fill(start))
    return store


def changing(number: int) -> Unit:
    """The unit that gets an order, changes three fields and puts it."""

    def unit(books: Books) -> None:
        shelf = books.shelf(ORDERS)
        found = shelf.get(f"a1-{number}")
        assert found
        revision = found.revision + 1
        shelf.put(found.changed(revision=revision, claimant=f"p{number % 7}", due_at=later(number)))

    return unit


def one_by_one(store: TinyStore) -> Update:
    return lambda number: store.run("a1", changing(number))


def together(store: TinyStore) -> Callable[[Sequence[int]], None]:
    def update(numbers: Sequence[int]) -> None:
        assert not any(store.run_all("a1", [changing(number) for number in numbers]))

    return update


def sqlite(folder: Path, size: int, *, listed: bool) -> Update:
    """One row of text; `listed`: with the columns and indexes for the look-ups our book declares."""
    db = sqlite3.connect(folder / f"sqlite{size}{listed}.db", isolation_level=None)
    _careful(db)
    lookups = ("order_id", "state", "claimant", "due_at") if listed else ()
    columns = ("id", "document", *lookups)
    db.execute(f"CREATE TABLE orders (id TEXT PRIMARY KEY, {', '.join(columns[1:])})")
    for column in lookups:
        db.execute(f"CREATE INDEX by_{column} ON orders ({column})")
    db.execute("BEGIN")
    for number in range(size):
        row = order(number)
        values = (row.id, row.model_dump_json(), *(str(getattr(row, column)) for column in lookups))
        db.execute(f"INSERT INTO orders VALUES ({', '.join('?' * len(values))})", values)
    db.execute("COMMIT")
    _warm(db, "UPDATE orders SET document = document || ' ' WHERE id = ?", size)
    sets = "document = ?, claimant = ?, due_at = ?" if listed else "document = ?"

    def update(number: int) -> None:
        db.execute("BEGIN IMMEDIATE")
        (text,) = db.execute("SELECT document FROM orders WHERE id = ?", (f"a1-{number}",)).fetchone()
        # Each update changes the row: SQLite does not even sync for a row put back as it was.
        before, _, behind = text.partition('"revision":')
        revision, _, behind = behind.partition(",")
        changed = f'{before}"revision":{int(revision) + 1},{behind}'
        said = (changed, f"p{number % 7}", later(number).isoformat()) if listed else (changed,)
        db.execute(f"UPDATE orders SET {sets} WHERE id = ?", (*said, f"a1-{number}"))
        db.execute("COMMIT")

    return update


class Base(DeclarativeBase):
    pass


class OrderRow(Base):
    """The same order as SQLAlchemy's users keep one: a column a field, the look-ups indexed."""

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(index=True)
    product: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    claimant: Mapped[str | None] = mapped_column(index=True)
    revision: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    ordered_at: Mapped[datetime] = mapped_column(DateTime)
    due_at: Mapped[datetime | None] = mapped_column(DateTime, index=True)
    city: Mapped[str]
    remarks: Mapped[str]


def sqlalchemy(folder: Path, size: int) -> Update:
    """A session a update, as one a request: get by key, change three attributes, commit."""
    engine = create_engine(f"sqlite:///{folder / f'sqlalchemy{size}.db'}")
    event.listen(engine, "connect", lambda connection, _: _careful(connection))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for number in range(size):
            fields = order(number).model_dump()
            session.add(OrderRow(**{**fields, "remarks": "\n".join(fields["remarks"])}))
        session.commit()
    warming = engine.raw_connection()
    warming.isolation_level = None
    _warm(warming, "UPDATE orders SET city = city || ' ' WHERE id = ?", size)
    warming.close()

    def update(number: int) -> None:
        with Session(engine) as session:
            found = session.get(OrderRow, f"a1-{number}")
            assert found
            found.revision += 1
            found.claimant = f"p{number % 7}"
            found.due_at = later(number)
            session.commit()

    return update


def stock_tinydb(folder: Path, size: int) -> Update:
    table = TinyDB(folder / f"stock{size}.json").table("orders")
    table.insert_multiple(order(number).model_dump(mode="json") for number in range(size))

    def update(number: int) -> None:
        table.update({"state": "paid"}, where("id") == f"a1-{number}")

    return update


def _careful(db: Any) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")


def _warm(db: Any, update: str, size: int) -> None:
    """The log SQLite writes into is at its full length from here on, as in a process that has run for a while."""
    for number in range(1200):
        db.execute(update, (f"a1-{number % size}",))
