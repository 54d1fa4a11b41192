"""What the page shows, as JSON: the fixed part once, a chat as one person sees it again and again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.rehearsal.cast import CAST, Where, person_id
from bot.rehearsal.deeds import SAMPLES
from bot.rehearsal.player import Player
from bot.rehearsal.samples import SHOP, ZONE
from bot.rehearsal.script import Act
from bot.rehearsal.show import Show
from bot.rehearsal.telegram import Document, Message
from bot.rehearsal.troubles import TROUBLES, Troubles
from bot.texts import plain, say, texts

Json = dict[str, Any]
MESSAGES_SHOWN = 300
TEXTS = "rehearsal.page."


def setting(show: Show, acts: Sequence[Act], data: str) -> Json:
    """What does not change: texts, people, script, files that lie ready, commands, where the data rests."""
    return {
        "lang": show.lang,
        "texts": _own_texts(show.lang),
        "shop": SHOP,
        "groupTitle": show.core.chats[show.group].title,
        "data": data,
        "bot": {"name": show.core.bot.first_name, "username": show.core.bot.username},
        "people": [_person(show, p.key, p.role) for p in CAST],
        "acts": [_act(show, act) for act in acts],
        "samples": SAMPLES,
        "troubles": TROUBLES,
        "commands": _commands(show),
    }


def _own_texts(lang: str) -> dict[str, str]:
    return {key.removeprefix(TEXTS): text for key, text in texts(lang).items() if key.startswith(TEXTS)}


def _person(show: Show, key: str, role: str) -> Json:
    name = show.core.people[person_id(key)].first_name
    return {"key": key, "name": name, "role": plain(say(show.lang, f"role.{role}"))}


def _act(show: Show, act: Act) -> Json:
    steps = [
        {
            "at": f"{step.at.astimezone(ZONE):%H:%M}", "day": f"{step.at.astimezone(ZONE):%m-%d}", "who": step.who,
            "note": plain(say(show.lang, f"rehearsal.note.{step.note}")), "look": step.seen_at,
        }
        for step in act.steps
    ]  # fmt: skip
    return {"title": plain(say(show.lang, f"rehearsal.act.{act.key}")), "steps": steps}


def _commands(show: Show) -> list[Json]:
    runner = show.here.bot.runner
    listed = [c.name for c in runner.commands.values() if c.listed]
    listed += [c.name for c in runner.front_commands.values() if c.listed]
    return [{"name": name, "text": plain(say(show.lang, f"menu.{name}"))} for name in listed]


def view(show: Show, player: Player, troubles: Troubles, who: str, where: Where) -> Json:
    """Everything that changes, with the chat `where` as `who` sees it. Raises Refusal `rehearsal.nobody`."""
    due = show.next_due()
    return {
        "version": show.core.version,
        "now": show.now().isoformat(),
        "due": due.astimezone(ZONE).isoformat() if due else None,
        "chat": _chat(show, show.chat(who, where), person_id(who)),
        "newest": {"group": _newest(show, show.group)} | {p.key: _newest(show, p.id) for p in CAST},
        "opened": [p.key for p in CAST if show.core.people[p.id].opened],
        "position": player.position,
        "troubles": {
            "active": troubles.active(),
            "hits": [_hit(show, h.at, h.kind, h.chat) for h in troubles.hits],
        },
    }


def _hit(show: Show, at: str, kind: str, chat: int) -> Json:
    where = show.core.chats.get(chat)
    person = show.core.people.get(chat)
    name = where.title if where and where.title else person.first_name if person else ""
    return {"at": at, "kind": kind, "chat": name}


def _newest(show: Show, chat: int) -> int:
    """How many messages were ever written there; the page tells from it what has not been read."""
    return len(show.core.chats[chat].posts)


def _chat(show: Show, chat: int, me: int) -> Json:
    pinned = show.core.pinned(chat)
    group = chat == show.group
    return {
        "title": show.core.chats[chat].title if group else show.core.bot.first_name,
        "group": group,
        "members": len(CAST) if group else 0,
        "messages": [message(m, me) for m in show.core.messages(chat)[-MESSAGES_SHOWN:]],
        "pinned": message(pinned[-1], me) if pinned else None,
    }


def message(one: Message, me: int) -> Json:
    """A message as the page draws it; text and entities as Telegram gives them, offsets in UTF-16 units."""
    local = one.date.astimezone(ZONE)
    return {
        "id": one.message_id,
        "mine": one.sender_id == me,
        "bot": one.from_bot,
        "sender": one.sender,
        "day": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "edited": f"{one.edited.astimezone(ZONE):%H:%M}" if one.edited else None,
        "text": one.text,
        "entities": one.entities,
        "rows": [[button.model_dump() for button in row] for row in one.rows],
        "photo": _file(one, one.photo),
        "document": _file(one, one.document),
        "service": one.service,
        "reply_to": one.reply_to,
        "silent": one.silent,
    }


def _file(one: Message, file: Document | None) -> Json | None:
    if file is None:
        return None
    return {"name": file.name, "size": len(file.content), "url": f"/file/{one.chat_id}/{one.message_id}"}
