"""A message or memo as it is read: folded, what sounds like a cue and is none blanked, its places and clauses."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from playbooks.addresses.case import Case
from playbooks.addresses.divisions import Division
from playbooks.addresses.findings import Finding, Span, Verdict
from playbooks.addresses.normal import Folded, closed_up, fold
from playbooks.addresses.places import Relation, relation
from playbooks.addresses.scan import Mention, scan
from playbooks.addresses.words import cue, harmless

NoteField = Literal["buyer_message", "seller_memo"]
_CLAUSE = re.compile(r"[,，。;；!！?？\n]")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_CIPHER = re.compile(r"##|\$\$|~[A-Za-z0-9+/=]{12,}")


class Text(NamedTuple):
    """`plain` is the text every offset here means; `folded` leads back to the text as given.

    `mentions` are the places named in it, each with how it lies to where the order goes.
    """

    case: Case
    field: NoteField
    plain: str
    folded: Folded
    mentions: tuple[tuple[Mention, Relation], ...]

    def has(self, name: str) -> bool:
        """Whether a phrase of the cue stands in it."""
        return cue(name).search(self.plain) is not None

    def find(self, name: str) -> Span | None:
        """Where the first phrase of the cue stands."""
        found = cue(name).search(self.plain)
        return found.span() if found else None

    def clause(self, at: int) -> Span:
        """From where to where the clause around a character reaches."""
        before = [found.end() for found in _CLAUSE.finditer(self.plain, 0, at)]
        after = _CLAUSE.search(self.plain, at)
        return before[-1] if before else 0, after.start() if after else len(self.plain)

    def left(self, start: int) -> str:
        """What stands before in the same clause."""
        return self.plain[self.clause(start)[0] : start]

    def right(self, end: int) -> str:
        """What follows in the same clause."""
        following = _CLAUSE.search(self.plain, end)
        return self.plain[end : following.start() if following else None]

    def says(
        self,
        rule: str,
        verdict: Verdict,
        key: str,
        span: Span | None,
        region: str | None = None,
        **values: str,
    ) -> Finding:
        """A finding at `span` of `plain`; without one, of the whole text."""
        at = self.folded.back(*span) if span else None
        return self.case.says(rule, verdict, self.field, span=at, region=region, key=key, **values)


def read(case: Case, field: NoteField) -> Text | None:
    """The field as it is read; None where it says nothing or was ciphered by the platform."""
    given = case.personal.buyer_message if field == "buyer_message" else case.personal.seller_memo
    if not given.strip() or _CIPHER.match(given):
        return None
    folded = closed_up(fold(given))
    plain = folded.text.translate(_LOWER)
    if harmless().search(plain):
        plain = harmless().sub(lambda found: "□" * len(found[0]), plain)
    mentions = tuple((one, relation(meant(one), case.places)) for one in scan(plain))
    return Text(case, field, plain, folded, mentions)


def meant(mention: Mention) -> tuple[Division, ...]:
    """All that the name may mean: here one that fits where the order goes is enough."""
    return mention.candidates or mention.units[-1:]
