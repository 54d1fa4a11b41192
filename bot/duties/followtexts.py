"""A room's own words for follow-ups 跟进话术: a manager's, checked; nothing may ever be offered for a review (K01)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.texts import plain, say
from playbooks import followup
from playbooks.followup import Kind
from playbooks.followup.texts import may_own, own_script, script_id, told
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, MANAGERS
from storage.rows import Line

NOTHING = frozenset(["无", "取消", "none"])


def texts(call: Call, desk: Desk) -> list[Card]:
    """`/followtext` shows them; `/followtext 邀好评 您好…` sets the room's own, `… 无` takes it away."""
    word, _, text = call.args.strip().partition(" ")
    if not word:
        return [tell(desk.me.id, line("followtext.head"), [_line(kind, desk) for kind in _ownable()])]
    if not desk.me.may(MANAGERS):
        raise Refusal("followtext.managers")
    kind = _kind(word, desk)
    id, text = script_id(desk.room.id, kind), text.strip()
    if not text:
        raise Refusal("followtext.usage", kind=line(f"followup.kind_{kind}"))
    if text in NOTHING:
        if desk.books.scripts.get(id):
            desk.books.scripts.drop(id)
            desk.note("follow_text", id, step="dropped", type=kind)
    else:
        own = own_script(desk.room.id, kind, text, by=desk.me.id, now=desk.now, platform=desk.room.platform)
        desk.books.scripts.put(own)
        desk.note("follow_text", id, step="set", type=kind)
    return [tell(desk.me.id, line("followtext.now"), _line(kind, desk))]


def _ownable() -> list[Kind]:
    return [kind for kind in followup.rules().kinds if may_own(kind)]


def _kind(word: str, desk: Desk) -> Kind:
    """The kind people call so, in either language. Raises Refusal `followtext.which`, `followtext.fixed`."""
    known = followup.rules().kinds
    for kind in known:
        if word.lower() in (
            kind,
            *(plain(say(lang, f"followup.kind_{kind}")).lower() for lang in ("zh-CN", "en")),
        ):
            return kind
    names = tuple(line(f"followup.kind_{kind}") for kind in _ownable())
    raise Refusal("followtext.which", word=word[:20], kinds=names)


def _line(kind: Kind, desk: Desk) -> Line:
    own = desk.books.scripts.get(script_id(desk.room.id, kind))
    parts = told(kind, "", desk.room.lang, desk.room.platform, own=own.text if own else "", values={})
    key = "followtext.own" if own else "followtext.shipped"
    return line(key, kind=line(f"followup.kind_{kind}"), text=" / ".join(parts))


DUTY = DutySpec(
    "followtexts",
    commands=(Command("followtext", texts, words=("跟进话术",), roles=IN_CHARGE, private=True),),
)
