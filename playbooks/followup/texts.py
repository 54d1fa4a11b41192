"""What buyers are told in a follow-up: `data/followup_texts.toml`, checked each time it is handed out.

No text with anything given for a review can be made or sent, and nobody may override that (REQUIREMENTS K01, H04).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from string import Formatter

from pydantic import Field

from playbooks import inducement, post_purchase
from playbooks.followup.rules import Kind
from playbooks.followup.state import FollowUp
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.privacy import checked_note
from playbooks.quick.parts import in_parts
from playbooks.rulebook import load

CHINESE = "zh-CN"
INVITING: frozenset[str] = frozenset(["review_invite", "arrival", "return_visit"])
"""Kinds in whose texts nothing may be given at all, nor a good review asked for."""
NEVER = {"benefit": "incentive", "asks": "asks_good"}


class Text(Model):
    """One text in both languages, part by part; `when` is the step it is for."""

    kind: str
    when: str = ""
    zh: tuple[str, ...] = Field(alias="zh-CN")
    en: tuple[str, ...]

    def parts(self, lang: str) -> tuple[str, ...]:
        """The parts in `lang`."""
        return self.zh if lang == CHINESE else self.en


class Never(Model):
    """Words no text may hold, or none on some platforms."""

    id: str
    platforms: tuple[str, ...] = ()
    words: tuple[str, ...]

    def binds(self, platform: str) -> bool:
        """Whether it holds there."""
        return not self.platforms or platform in self.platforms


class Texts(Model):
    """Everything of `data/followup_texts.toml`."""

    source: str
    part: int
    longest: int
    text: tuple[Text, ...]
    never: tuple[Never, ...]


class OwnScript(Document):
    """A room's own text for a kind of follow-up, as a manager wrote it."""

    kind: Kind
    text: str
    by: str
    at: Moment


def texts() -> Texts:
    """The texts as shipped."""
    known: Texts = load("followup_texts", Texts)
    return known


def script_id(room: str, kind: Kind) -> str:
    """The id of a room's own text for a kind."""
    return f"{room}-t:{kind}"


def may_own(kind: str) -> bool:
    """Whether a room may have its own text for a kind: what is said at its first step, where nothing is filled in."""
    meant = [one for one in texts().text if (one.kind, one.when) == (kind, "")]
    return bool(meant) and not any(_names(part) for part in (*meant[0].zh, *meant[0].en))


def own_script(room: str, kind: Kind, text: str, *, by: str, now: Moment, platform: str) -> OwnScript:
    """A room's own text, checked. Raises Refusal `followtext.long`, `followtext.fixed`, `followtext.never_*`,
    `postbuy.never_*`, `common.personal_note`."""
    if not may_own(kind):
        raise Refusal("followtext.fixed")
    if len(text) > texts().longest:
        raise Refusal("followtext.long", most=texts().longest)
    check(kind, checked_note(text), platform)
    return OwnScript(id=script_id(room, kind), kind=kind, text=text, by=by, at=now)


def check(kind: str, text: str, platform: str = "") -> None:
    """Raises Refusal `followtext.never_<id>`, or `postbuy.never_<id>`, with the words that are refused (K01, K16, K20).

    Short lists of what may never be said, not the shop's whole wording check, and no guarantee.
    """
    post_purchase.check(text)
    offered = inducement.found_in(text, "invitation") if kind in INVITING else None
    if offered:
        raise Refusal(f"followtext.never_{NEVER[offered.id]}", text=offered.text)
    check_words(text, platform)


def check_words(text: str, platform: str) -> None:
    """For whatever a buyer reads (K16, H28). Raises Refusal `followtext.never_link`, `followtext.never_platform`."""
    bare, dotted = _folded(text), _folded(text, keep=".:/")
    for rule in texts().never:
        if rule.binds(platform):
            for word in rule.words:
                if word in (dotted if not word.isalnum() else bare):
                    raise Refusal(f"followtext.never_{rule.id}", text=word)


def parts_for(
    item: FollowUp, lang: str, platform: str, *, own: str = "", values: Mapping[str, str]
) -> tuple[str, ...]:
    """What the buyer of `item` is told at its step, in parts, at the first the room's `own` text; checked anew."""
    when = when_of(item)
    return told(item.kind, when, lang, platform, own="" if when else own, values={**item.values, **values})


def told(
    kind: str, when: str, lang: str, platform: str, *, own: str = "", values: Mapping[str, str]
) -> tuple[str, ...]:
    """The text of a kind at a step, its values filled in; () where there is none. Raises Refusal like `check`."""
    whole = [own] if own else _filled(_parts(kind, when, lang), values)
    parts = tuple(part for text in whole for part in in_parts(text, texts().part))
    check(kind, "".join(parts), platform)
    return parts


def when_of(item: FollowUp) -> str:
    """The step a follow-up is at: an urged order before or after the warehouse said when, a parcel that goes back."""
    if item.kind != "urge_ship":
        return "going_back" if item.why_key == "followup.why_going_back" else ""
    return "eta" if item.eta else "waiting"


def _parts(kind: str, when: str, lang: str) -> tuple[str, ...]:
    return next((one.parts(lang) for one in texts().text if (one.kind, one.when) == (kind, when)), ())


def _filled(parts: Iterable[str], values: Mapping[str, str]) -> Iterable[str]:
    """The parts all of whose values are known."""
    return (part.format_map(values) for part in parts if all(values.get(name) for name in _names(part)))


def _names(part: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(part) if name]


def _folded(text: str, keep: str = "") -> str:
    """Half-width, lower case, letters and digits alone and what is in `keep`."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(rf"[^\w{re.escape(keep)}]|_", "", plain)
