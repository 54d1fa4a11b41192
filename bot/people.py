"""Who somebody is to the bot: their name, whether their private chat is open, and which room they work in."""

from __future__ import annotations

from bot.call import Call
from storage.books import DeskBooks
from storage.rows import Person


def met(known: Person | None, call: Call) -> Person:
    """What is known of the caller after this call; what was known of the private chat is never forgotten here."""
    here = known.room if known else ""
    # A command in a group makes its room the current one; talk only where there is none yet.
    room = call.room if call.room and not call.private and (call.command or not here) else here
    private = call.private or (known.private if known else False)
    return Person(id=call.who.id, name=call.who.name, username=call.who.username, private=private, room=room)


def meet(books: DeskBooks, call: Call) -> None:
    """Remember the caller."""
    books.people.put(met(books.people.get(call.who.id), call))


def work_in(books: DeskBooks, person: str, room: str) -> None:
    """`room` is the current one of somebody who said so."""
    known = books.people.get(person)
    if known and known.room != room:
        books.people.put(known.changed(room=room))
