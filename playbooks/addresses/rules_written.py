"""What stands beside an order: the buyer's message and the seller's memo, each read and then together."""

from __future__ import annotations

from playbooks.addresses.case import Case
from playbooks.addresses.findings import Finding
from playbooks.addresses.memos import of_memo
from playbooks.addresses.messages import of_message
from playbooks.addresses.reading import RULE, Reading, destination, reading
from playbooks.addresses.text import read

UNSAID = "audit.double_unsaid"


def written_beside(case: Case) -> tuple[Finding, ...]:
    """双地址 and the like: another place or phone in message or memo, a word to wait, a wish, a question.

    Findings carry the ids double_address, other_contact, asks_to_wait, remote_question, buyer_wish, sensitive_data.
    Examples: 寄到浙江省杭州市余杭区… (HOLD); 不用改地址了 with a memo that still says 改地址 (CHECK); 已改 where the
    fields do not match (HOLD); 我在北京出差,家里有人收 (nothing).
    """
    message, memo = read(case, "buyer_message"), read(case, "seller_memo")
    if message is None and memo is None:
        return ()
    asked = reading(message) if message else None
    noted = reading(memo) if memo else None
    said = of_message(asked) if asked else ()
    done = of_memo(noted) if noted else ()
    return (*(eased(one, case, noted) for one in said), *(withdrawn(one, asked) for one in done))


def eased(finding: Finding, case: Case, noted: Reading | None) -> Finding:
    """A change asked for without an address is only to be looked at where the platform or the memo says it was made."""
    made = case.order.address_changed or (noted is not None and noted.text.has("done"))
    if finding.text_key == UNSAID and made:
        return finding.changed(verdict="CHECK", text_key="audit.double_done")
    return finding


def withdrawn(finding: Finding, asked: Reading | None) -> Finding:
    """The buyer takes back the change the memo still carries: the order may stand, the memo should not."""
    took_back = asked is not None and asked.kept and destination(asked) is None
    if finding.rule == RULE and finding.verdict == "HOLD" and took_back:
        return finding.changed(verdict="CHECK", text_key="audit.double_withdrawn")
    return finding
