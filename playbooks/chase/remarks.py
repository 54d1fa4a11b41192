"""The remark 备注 an agent pastes on the order, and which text to say to the buyer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo

from playbooks.chase.rounds import may_note
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase
from playbooks.clipboard import copied
from playbooks.model import Refusal

# The four parts of a remark in order (REQUIREMENTS C12), each with the text key of what is wrong without it.
PARTS = (
    ("chase.remark_time", r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]) (?:[01]\d|2[0-3]):[0-5]\d "),
    ("chase.remark_nick", r"(?!第\d)\S+ "),
    ("chase.remark_count", r"第[1-{rounds}]次"),
    ("chase.remark_feedback", r" \S.*"),
)


def remark(chase: Chase, agent_nick: str, now: datetime, zone: tzinfo, *, feedback: str = "") -> str:
    """`MM-DD HH:MM 昵称 第n次 反馈` in room time, n being the buyer's nth contact (REQUIREMENTS C12, C13).

    In the platform's language, for it is pasted there; the flag that goes with it is `remark_flag()`. At most what
    a button copies. `feedback`: the agent's own words in place of what the outcome says.
    Raises Refusal `chase.no_contact` or `chase.feedback_missing` where there is nothing to write yet,
    `chase.ungrouped` where the platform takes no remark yet.
    """
    if not may_note(chase):
        raise Refusal("chase.ungrouped", order_id=chase.order_id)
    if not chase.touches:
        raise Refusal("chase.no_contact", order_id=chase.order_id)
    if chase.answer is None and not feedback:
        raise Refusal("chase.feedback_missing", order_id=chase.order_id)
    said = rules().remark.format(
        when=f"{now.astimezone(zone):%m-%d %H:%M}", nick=_one_word(agent_nick),
        count=chase.touches[-1].round, feedback=" ".join(feedback.split()) or _feedback(chase, zone),
    )  # fmt: skip
    return copied(said)


def is_remark(text: str) -> bool:
    """Whether it is meant as a whole remark, complete or not: it says a date and time, or which contact it was."""
    return bool(re.search(r"^\s*\d{1,2}[-/.月]\d{1,2}|第\s*\d+\s*次", text))


def remark_flag() -> str:
    """The flag colour of a chased order (REQUIREMENTS C12: 紫旗)."""
    return rules().remark_flag


def check_remark(text: str) -> None:
    """Raises Refusal naming the first part a remark lacks: `chase.remark_time`, `chase.remark_nick`,
    `chase.remark_count` or `chase.remark_feedback`; returns where it is complete (REQUIREMENTS C12). There are as many
    contacts as rounds (K02)."""
    rest = " ".join(text.split())
    for key, pattern in PARTS:
        found = re.match(pattern.format(rounds=rules().rounds), rest)
        if not found:
            raise Refusal(key, text=text)
        rest = rest[found.end() :]


def may_talk(chase: Chase) -> bool:
    """Whether the platform lets agents write to the buyer of an unpaid order (REQUIREMENTS K08)."""
    return "message" in rules().channels_of(chase.platform)


def script_key(
    chase: Chase, told: Iterable[str] = (), *, consulted: bool = False, cutoff: bool = False
) -> str | None:
    """The text key of what to say to the buyer, the most particular first; None where no talk is allowed.

    Before any answer it is that of a silent order 默拍 (C22), or, `consulted`, of one whose buyer has spoken to the
    shop (C20); that by when to pay for it to leave today only while that is ahead, `cutoff` (C21). The wordings are
    rotated from order to order, and none in `told` comes up again: no buyer reads the same text twice
    (REQUIREMENTS C27). None also where all of them were told: then the agent says it in their own words.
    """
    if not may_talk(chase):
        return None
    said = {*told, *(touch.text for touch in chase.touches)}
    matter = _matter(chase)
    if matter == "silent" and consulted:
        matters = [*(["cutoff"] if cutoff else []), "consulted", "silent"]
    else:
        matters = [matter, "silent"]
    wordings = (key for each in matters for key in _wordings(each, chase))
    return next((key for key in wordings if key not in said), None)


def is_silent(script: str) -> bool:
    """Whether `script` is a text key for a silent order 默拍, whose buyer is shown the product again (C22)."""
    return script.startswith("chase.script_silent")


def _matter(chase: Chase) -> str:
    if chase.answer == "inconvenient":
        return "inconvenient"
    if chase.reason:
        return chase.reason
    return "promised" if chase.answer == "will_pay" else "silent"


def _wordings(matter: str, chase: Chase) -> list[str]:
    """The keys of a matter's wordings, beginning with another one from order to order."""
    keys = [
        f"chase.script_{matter}" + (f"_{n}" if n > 1 else "") for n in range(1, rules().scripts[matter] + 1)
    ]
    first = sum(map(ord, chase.order_id)) % len(keys)
    return keys[first:] + keys[:first]


def _feedback(chase: Chase, zone: tzinfo) -> str:
    words = rules().feedback
    promised = chase.promised_at if chase.answer == "will_pay" else None
    answer = words[chase.answer or ""] + (f"{promised.astimezone(zone):%H:%M}" if promised else "")
    offered = f"已给{chase.offer}" if chase.offer else ""
    parts = (answer, words.get(chase.reason or "", ""), offered, " ".join(chase.note.split()))
    return " ".join(part for part in parts if part)


def _one_word(nick: str) -> str:
    """A nick holds no blank, or the remark could not be taken apart again."""
    return "".join(nick.split())
