"""Link numbers moved in a room's books: products, what is on air, open changes, orders and the work on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from playbooks.orders import OrderState, sold_as
from playbooks.runsheet.numbers import renumber


def move(moves: Mapping[int, int], here: Broadcast, desk: Desk) -> tuple[Listing, ...]:
    """Products under their new numbers, with everything that names them by number; the history stays as it was.

    `moves` may swap two numbers. What refers to a product by its id (revisions, the journal) needs no change.
    """
    books = desk.books
    before = {one.id: one.link_no for one in books.listings.by("broadcast", here.id)}
    moved = renumber(books.listings.by("broadcast", here.id), moves, desk.now)
    for one in moved:
        books.listings.put(one)
        desk.note("renumbered", one.id, before=str(before[one.id]), after=str(one.link_no), name=one.name)
    if here.on_air is not None and here.on_air in moves:
        books.broadcasts.put(here.changed(on_air=moves[here.on_air]))
    # Gathered before the first is put: two numbers may be swapped. Of 20,000 orders only the products' own are read.
    sold = {
        order.id: order
        for number in moves
        for index in ("sold_as", "also_sold")
        for order in books.orders.by(index, sold_as(here.id, number))
    }
    for order in sold.values():
        books.orders.put(_moved(order, moves))
    shelves: tuple[Any, ...] = (books.notices, books.chases, books.holds)
    for shelf in shelves:
        for row in shelf.by("broadcast", here.id):
            if moves.get(row.link_no, row.link_no) != row.link_no:
                shelf.put(row.changed(link_no=moves[row.link_no]))
    for short in [one for one in books.shortages.scan() if one.broadcast == here.id and one.link_no in moves]:
        books.shortages.put(short.changed(link_no=moves[short.link_no]))
    return moved


def _moved(order: OrderState, moves: Mapping[int, int]) -> OrderState:
    def now(number: int | None) -> int | None:
        return number if number is None else moves.get(number, number)

    also = tuple(one.changed(link_no=now(one.link_no)) for one in order.also)
    return order.changed(link_no=now(order.link_no), also=also)
