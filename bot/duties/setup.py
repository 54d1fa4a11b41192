"""Binding a group to a room, giving roles, opening the private chat, help."""

from __future__ import annotations

from bot import binding
from bot.call import Call
from bot.card import Card, button, group, line, tell, toast
from bot.desk import Desk, FrontDesk
from bot.duty import Command, DutySpec, FrontCommand
from bot.handing_back import gone, hand_back
from playbooks.model import Refusal
from playbooks.room import MANAGERS, ROLE_WORDS, ROLES, SERVICE, Member, Role
from storage.rows import Line


def role(call: Call, desk: Desk) -> list[Card]:
    """`/role 客服 组长` as a reply to the person, or `/role @name 客服`; no role word takes all away."""
    words = [w for w in call.words() if not w.startswith("@")]
    if not call.about_person and not words and "@" not in call.args:
        return [_staff(desk)]
    if not call.about_person:
        raise Refusal("role.who")
    known = desk.books.members.get(call.about_person) or Member(
        id=call.about_person, name=desk.name(call.about_person)
    )
    roles = _roles(words, known.name)
    member = known.changed(name=desk.name(known.id), roles=roles)
    if not roles:
        gone(known.id, desk, why="taken")
        return [_roles_given(member, desk)]
    if not SERVICE & set(roles):  # whoever no longer works on orders hands back what they had begun
        hand_back(known.id, desk)
    desk.books.members.put(member)
    desk.note("role", known.id, roles=" ".join(roles), name=known.name)
    return [_roles_given(member, desk)]


def _roles(words: list[str], name: str) -> tuple[Role, ...]:
    """The roles named. A text mention puts the person's own name among the words; anything else is refused."""
    wrong = [w for w in words if w.lower() not in ROLE_WORDS]
    if wrong and "".join(wrong) not in name:
        raise Refusal("role.unknown", word=wrong[0][:20])
    meant = {ROLE_WORDS[w.lower()] for w in words if w.lower() in ROLE_WORDS}
    return tuple(r for r in ROLES if r in meant)


def _roles_given(member: Member, desk: Desk) -> Card:
    if not member.roles:
        return group(line("role.none_left", name=member.name))
    given = line("role.given", name=member.name, roles=tuple(line(f"role.{r}") for r in member.roles))
    met = desk.front.people.get(member.id)
    if met and met.private:
        return group(given)
    how = ((button("role.how_private", "how_private"),),)
    return group(given, line("role.open_private", name=member.name), buttons=how)


def _staff(desk: Desk) -> Card:
    people = tuple(
        line(
            "role.person",
            name=m.name,
            roles=(*(line(f"role.{r}") for r in m.roles), *_tags(m)),
            presence=line(f"presence.{m.presence}"),
        )
        for m in desk.members()
    )
    return tell(desk.me.id, line("role.staff"), people or line("role.nobody"), line("role.usage"))


def _tags(member: Member) -> list[Line]:
    """Grade and side where somebody has set them: what an agent may do is seen by all (I02, I05)."""
    if "agent" not in member.roles:
        return []
    grade = [line(f"grade.is_{member.grade}")] if member.grade != "agent" else []
    return grade + ([line(f"grade.side_{member.side}")] if member.side else [])


def staff(call: Call, desk: Desk) -> list[Card]:
    """Who works here, as what, and who is on duty."""
    return [_staff(desk)]


def how_private(call: Call, desk: Desk) -> list[Card]:
    """A press by somebody who wants to know how to open the private chat."""
    return [toast("role.how_private_answer", alert=True)]


def start(call: Call, desk: FrontDesk) -> list[Card]:
    """`/start` in private opens the private chat; `/start a1` also makes a1 the current room."""
    if not call.private:
        return [tell(call.who.id, line("front.start_private"))]
    met = desk.books.people.get(call.who.id)
    wanted = call.args if call.args in desk.rooms else (met.room if met else "")
    room = wanted or next(iter(desk.rooms), "")
    if met and room != met.room:
        desk.books.people.put(met.changed(room=room))
    return [tell(call.who.id, line("front.opened" if room else "front.no_room_yet"))]


def room(call: Call, desk: FrontDesk) -> list[Card]:
    """`/room`: the rooms the caller has a role in; `/room a1` makes that the current one."""
    met = desk.books.people.get(call.who.id)
    if call.args and call.args not in desk.rooms:
        raise Refusal("front.room_unknown", room=call.args[:10], rooms=tuple(desk.rooms.values()) or "—")
    if met and call.args:
        desk.books.people.put(met.changed(room=call.args))
        return [tell(call.who.id, line("front.room_is", room=desk.rooms[call.args]))]
    here = desk.rooms.get(met.room, "—") if met else "—"
    buttons = tuple(
        (button("front.room_button", f"room {key}", room=shop),) for key, shop in desk.rooms.items()
    )
    return [tell(call.who.id, line("front.rooms", room=here), buttons=buttons)]


DUTY = DutySpec(
    "setup",
    commands=(
        Command("setup", binding.settle_in, roles=MANAGERS),
        Command("role", role, words=("角色",), roles=MANAGERS),
        Command("staff", staff, words=("人员",), reads=True),
        Command("how_private", how_private, reads=True, listed=False),
    ),
    front=(FrontCommand("start", start), FrontCommand("room", room, words=("换房间",))),
)
