"""`/help`: each role its own; first what it reaches for, the rest in chapters, a button each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.call import Call
from bot.card import Card, Row, button, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec, FrontCommand
from bot.texts import LANGUAGES, plain, say
from playbooks.room import Member, Role
from storage.rows import Line, Sent

Chapters = Mapping[str, Sequence[DutySpec]]
"""The areas by the chapter they are told in; the text `help.chapter_<key>` is its title."""
Listed = Command | FrontCommand
"""A command people are told of."""

# What each role reaches for, first things first.
REACHED_FOR: dict[Role, tuple[str, ...]] = {
    "manager": (
        "review", "holds", "figures", "wrap", "action", "faq", "staff", "role", "dayreport", "enter",
    ),
    "lead": ("asks", "assign", "holds", "backlog", "who", "wrap", "figures", "handover", "headcount", "qa"),
    "ops": ("on", "next", "price", "soldout", "undo", "reply", "flash", "giftout", "live", "closing", "off"),
    "agent": ("p", "chase", "promo", "ask", "q", "take", "quote", "batch", "my", "order"),
    "warehouse": ("intercept", "notes", "shortage", "eta", "cutoff", "printing"),
}  # fmt: skip
EVERYBODY_REACHES_FOR = ("in", "break", "out", "room")
FIRST_OF_ALL = 12
"""Commands on the first message, shared among the roles of who asks."""
BUTTONS_A_ROW = 2
WORD_SHOWN = 20
CHAPTER = "chapter"
"""What a button says: `chapter chase`; without a word, back to the first message."""


def duty(chapters: Chapters) -> DutySpec:
    """The duty that explains the commands of `chapters` to whoever asks, as far as their roles go."""

    def help_(call: Call, desk: Desk) -> list[Card]:
        return [told(chapters, desk.me, call.args)]

    def chapter(call: Call, desk: Desk) -> list[Card]:
        """The message pressed says it. An answer that only reads is not remembered, so the press tells where it is."""
        key = f"help:{desk.me.id}"
        if call.press_id and call.private:
            stands = Sent(id=key, chat_id=call.chat_id, message_id=call.message_id, sent_at=desk.now)
            desk.books.sent.put(stands)
        return [told(chapters, desk.me, call.args).changed(key=key, edit=True)]

    return DutySpec(
        "help",
        commands=(
            Command("help", help_, words=("帮助",), reads=True),
            Command(CHAPTER, chapter, listed=False),
        ),
    )


def told(chapters: Chapters, me: Member, word: str = "") -> Card:
    """What `me` is told: the first message, the chapter or command `word` names, or that there is none such."""
    word = word.strip().removeprefix("/")
    if not word:
        return _first(chapters, me)
    if key := _named(chapters, me, word):
        return _chapter(chapters, me, key)
    known = _called(chapters, word)
    if known is None:
        return _beside(chapters, me, line("help.unknown", word=word[:WORD_SHOWN]))
    if not _may(me, known):
        roles = tuple(line(f"role.{role}") for role in sorted(_roles(known)))
        return _beside(chapters, me, _line(known), line("help.not_yours", roles=roles))
    return _beside(chapters, me, _line(known))


def _first(chapters: Chapters, me: Member) -> Card:
    roles = tuple(line(f"role.{role}") for role in me.roles)
    known = {one.name: one for area in chapters.values() for one in _listed(area)}
    everybody = tuple(line("help.short", name=one, text=_does(known[one])) for one in EVERYBODY_REACHES_FOR)
    return tell(
        me.id, line("help.head", roles=roles), _by_role(known, me), line("help.everybody", commands=everybody),
        line("help.files"), _how(chapters, me), buttons=_buttons(chapters, me),
    )  # fmt: skip


def _by_role(known: Mapping[str, Listed], me: Member) -> list[Line]:
    """A sentence a role, with the commands it reaches for that no role before it named."""
    each, seen, said = FIRST_OF_ALL // max(len(me.roles), 1), set[str](), list[Line]()
    for role in me.roles:
        names = [name for name in REACHED_FOR[role] if name not in seen][:each]
        seen.update(names)
        said += [line(f"help.does_{role}"), *(_line(known[name]) for name in names)]
    return said


def _chapter(chapters: Chapters, me: Member, key: str) -> Card:
    said = [_line(one) for one in _listed(chapters[key]) if _may(me, one)]
    head = line("help.chapter_head", title=line(f"help.chapter_{key}"))
    return tell(me.id, head, said, buttons=((button("common.back", CHAPTER),),))


def _beside(chapters: Chapters, me: Member, *said: Line) -> Card:
    """A short answer, with the chapters to go on from."""
    return tell(me.id, lines(*said, _how(chapters, me)), buttons=_buttons(chapters, me))


def _how(chapters: Chapters, me: Member) -> Line:
    return line("help.how", chapter=line(f"help.chapter_{_theirs(chapters, me)[0]}"))


def _buttons(chapters: Chapters, me: Member) -> tuple[Row, ...]:
    made = [button(f"help.chapter_{key}", f"{CHAPTER} {key}") for key in _theirs(chapters, me)]
    return tuple(tuple(made[at : at + BUTTONS_A_ROW]) for at in range(0, len(made), BUTTONS_A_ROW))


# -- which -----------------------------------------------------------------------------------------------


def _listed(areas: Iterable[DutySpec]) -> list[Listed]:
    every: list[Listed] = []
    for area in areas:
        every += [*area.commands, *area.front]
    return [one for one in every if one.listed]


def _roles(one: Listed) -> frozenset[Role]:
    return one.roles if isinstance(one, Command) else frozenset()


def _may(me: Member, one: Listed) -> bool:
    return me.may(_roles(one))


def _theirs(chapters: Chapters, me: Member) -> list[str]:
    """The chapters in which there is anything for `me`."""
    return [key for key, areas in chapters.items() if any(_may(me, one) for one in _listed(areas))]


def _named(chapters: Chapters, me: Member, word: str) -> str:
    """The chapter of theirs that `word` is the key or, in whichever language, the title of; '' for none."""
    for key in _theirs(chapters, me):
        titles = (plain(say(lang, f"help.chapter_{key}")) for lang in LANGUAGES)
        if word.casefold() in (key, *map(str.casefold, titles)):
            return key
    return ""


def _called(chapters: Chapters, word: str) -> Listed | None:
    """The command, anybody's, of this name or Chinese word."""
    every = (one for areas in chapters.values() for one in _listed(areas))
    return next((one for one in every if word.lower() == one.name or word in one.words), None)


def _does(one: Listed) -> Line:
    return line(f"menu.{one.name}")


def _line(one: Listed) -> Line:
    if not one.words:
        return line("help.command_plain", name=one.name, text=_does(one))
    return line("help.command", name=one.name, words=" / ".join(one.words), text=_does(one))
