"""What somebody was at returns to its queues when they sign out or may no longer work on it."""

from __future__ import annotations

from bot import daily_day, handovers
from bot.desk import Desk
from bot.post_purchase_lists import handed_out
from bot.questioning import hand_back_questions
from playbooks import aftercare, chase, followup
from playbooks.chase import Chase


def hand_back(person: str, desk: Desk) -> int:
    """Give back the chases, held orders, follow-ups, lists of messages and questions of `person`; how many they were.

    What they said to have done stays theirs until a file shows it; a chase with a promise returns by itself.
    """
    held = _chases(person, desk) + _holds(person, desk) + _follow_ups(person, desk)
    return held + _messages(person, desk) + hand_back_questions(person, desk)


def _chases(person: str, desk: Desk) -> int:
    held = [c for c in desk.books.chases.by("open_owner", person) if _in_hand(c, desk)]
    for one in held:
        desk.books.chases.put(chase.release(one, person, desk.now))
    return len(held)


def _in_hand(one: Chase, desk: Desk) -> bool:
    return one.held(desk.now) and "release" in chase.NEXT[one.state]


def _holds(person: str, desk: Desk) -> int:
    returned = aftercare.release_all(desk.books.holds.by("state", "claimed"), person)
    for one in returned:
        desk.books.holds.put(one)
        desk.note(
            "hold_step",
            one.id,
            broadcast=one.broadcast,
            step="give_back",
            state=one.state,
            order_id=one.order_id,
        )
    return len(returned)


def _follow_ups(person: str, desk: Desk) -> int:
    returned = followup.release_all(desk.books.follow_ups.by("state", "claimed"), person)
    for one in returned:
        desk.books.follow_ups.put(one)
    return len(returned)


def _messages(person: str, desk: Desk) -> int:
    """Buyers still to be written to after a purchase; nobody knows which of them were, so none counts."""
    held = [one for one in handed_out(desk) if one.by == person]
    for one in held:
        desk.books.post_lists.put(one.changed(state="back"))
    return sum(len(one.messages) for one in held)


def gone(person: str, desk: Desk, why: str = "left") -> None:
    """Who left the group, was put out of it, or had every role taken, has none in the room any more."""
    member = desk.books.members.get(person)
    if member is None or not member.roles:
        return
    handovers.offer(person, desk)  # whoever stays is dealt it after a while: there is nobody to answer here
    hand_back(person, desk)
    desk.books.members.put(member.changed(roles=(), presence="out", since=desk.now))
    desk.note("role", person, roles="", name=member.name, why=why)
    daily_day.left_behind(desk)
