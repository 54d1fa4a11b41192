"""The scripted evening of 小满优选: from the empty group at 19:20 to the follow-ups three days later.

Every step goes through the bot as people use it. Orders are called by what becomes of them (samples.TAGGED).
"""

from __future__ import annotations

from bot.rehearsal.cast import CAST
from bot.rehearsal.samples import TAGGED
from bot.rehearsal.samples_orders import CONTRADICTIONS, REMOTE, population
from bot.rehearsal.script import Act, presses, says, sends, starts, step

BY_HAND = TAGGED["registered_by_hand"]
DEAREST = TAGGED["paid_after_chase"]
DIES = TAGGED["dies"]
REFUSED = TAGGED["second_dies"]
SECOND = TAGGED["second_round"]
NO_SHIP = TAGGED["no_ship"]
CONTRADICTION = TAGGED["contradiction"]
DOUBLE = TAGGED["double_address"]
MONGOLIA = "内蒙古自治区"


def bound_for(*places: tuple[str, str, str, str]) -> str:
    """The number of the first paid order to one of these places."""
    return next(sale.order_id for sale in population() if sale.place in places and sale.paid_at)


FAR = bound_for(*(place for place in REMOTE if place[0] == "新疆维吾尔自治区"))
WAIVED = bound_for(CONTRADICTIONS[2])
FALSE_ALARM = bound_for(CONTRADICTIONS[1])
TAIWAN = bound_for(REMOTE[11])

BEFORE = Act(
    key="before",
    steps=(
        step("19:20", "setup", says("lin", where="group", line="setup")),
        step(
            "19:22", "roles",
            *(says(p.key, where="group", line="here") for p in CAST if p.role != "manager"),
            *(says("lin", where="group", line=f"role_{p.key}") for p in CAST if p.role != "manager"),
        ),
        step("19:25", "sign_in", *(deed for p in CAST for deed in (starts(p.key), says(p.key, "/in")))),
        step("19:30", "sheet_errors", sends("zhou", "runsheet")),
        step("19:36", "sheet_corrected", sends("zhou", "corrected")),
        step("19:37", "sheet_taken", presses("zhou", "sheet take *"), look=("mei", "group")),
        step("19:50", "too_early", says("zhou", "/on 1", "group"), look=("zhou", "private")),
    ),
)  # fmt: skip

SELLING = Act(
    key="selling",
    steps=(
        step("20:00", "live", says("zhou", "/live", "group")),
        step("20:00", "on_air", says("zhou", line="on_first", where="group")),
        step("20:03", "bare_number", says("mei", "3")),
        step("20:05", "price_asked", presses("zhou", "price 1 [?]")),
        step("20:06", "price_changed", says("zhou", "27.90"), look=("mei", "group")),
        step("20:06", "known_pressed", presses("mei", "known *", "group")),
        step("20:07", "known_looked_up", says("qiang", "/p 1")),
        step("20:08", "pad_next", presses("zhou", "on 2"), look=("zhou", "group")),
        step("20:11", "promo", says("mei", "/promo 2")),
        step("20:16", "on_third", presses("zhou", "on 3"), look=("zhou", "group")),
        step("20:20", "registered", says("mei", line="register")),
        step(
            "20:21", "chase_steps",
            *(presses("mei", f"step *{BY_HAND} {kind}") for kind in ("phone", "button", "message")),
        ),
        step("20:23", "will_pay_asked", presses("mei", f"said *{BY_HAND} will_pay")),
        step("20:24", "will_pay", says("mei", "20:48")),
        step("20:24", "remark", presses("mei", f"step *{BY_HAND} remark")),
        step("20:28", "on_fourth", presses("zhou", "on 4"), look=("zhou", "group")),
        step("20:32", "wrap_refused", says("lin", "/wrap")),
        step("20:34", "sold_out", says("zhou", "/soldout 2", "group"), look=("mei", "group")),
        step("20:35", "known_again", presses("mei", "known *"), presses("qiang", "known *", "group")),
    ),
)  # fmt: skip

CHASING = Act(
    key="chasing",
    steps=(
        step("20:40", "first_export", presses("zhou", "on 5"), sends("zhou", "export")),
        step("20:41", "claim_dearest", says("qiang", line="chase_dearest")),
        step(
            "20:42", "steps_dearest",
            *(presses("qiang", f"step *{DEAREST} {kind}") for kind in ("phone", "button", "message")),
        ),
        step(
            "20:43", "promise_dearest",
            presses("qiang", f"said *{DEAREST} will_pay"), presses("qiang", f"said *{DEAREST} will_pay 15"),
        ),
        step("20:44", "remark_dearest", presses("qiang", f"step *{DEAREST} remark")),
        step("20:45", "claim_next", presses("mei", "chase", "group"), look=("mei", "private")),
        step("20:46", "taken", says("qiang", line="chase_dying"), says("mei", line="chase_dying")),
        step(
            "20:48", "no_answer",
            *(presses("qiang", f"step *{DIES} {kind}") for kind in ("phone", "button", "message")),
            presses("qiang", f"said *{DIES} no_answer"),
        ),
        step(
            "20:52", "gift_out",
            presses("zhou", "on 6"), presses("zhou", "giftout 6"), look=("zhou", "group"),
        ),
        step("20:53", "known_gift", presses("mei", "known *"), presses("qiang", "known *")),
        step("21:05", "lost", presses("zhou", "on 7"), look=("qiang", "private")),
        step("21:18", "to_eight", presses("zhou", "on 8"), look=("zhou", "group")),
        step("21:30", "second_export", sends("zhou", "export")),
        step(
            "21:32", "after_nine",
            says("mei", line="chase_second"),
            *(presses("mei", f"step *{SECOND} {kind}") for kind in ("button", "message")),
        ),
        step(
            "21:33", "second_promise",
            presses("mei", f"said *{SECOND} will_pay"), presses("mei", f"said *{SECOND} will_pay 10"),
        ),
        step(
            "21:34", "refused",
            says("qiang", line="chase_refusing"), presses("qiang", f"step *{REFUSED} message"),
            presses("qiang", f"said *{REFUSED} refused"), presses("qiang", f"said *{REFUSED} refused price"),
        ),
        step("21:40", "broken_file", sends("zhou", "broken")),
        step("21:41", "foreign_file", sends("zhou", "roster")),
        step("21:42", "nine_late", presses("zhou", "on 9"), look=("zhou", "group")),
        step("21:44", "food", presses("zhou", "on 10"), look=("zhou", "group")),
        step("21:57", "now", presses("zhou", "on 11"), says("mei", "/now")),
    ),
)  # fmt: skip

CLOSING = Act(
    key="closing",
    steps=(
        step("22:10", "last_product", presses("zhou", "on 12"), look=("zhou", "group")),
        step(
            "22:11", "rules_cleared",
            says("lin", "/rules"),
            *(presses("lin", f"unrule *default-{rule}") for rule in ("no-ship", "remote-1", "remote-2")),
            look=("lin", "private"),
        ),
        step("22:12", "check", says("zhou", "/check"), sends("zhou", "taobao")),
        step(
            "22:13", "own_rules",
            says("lin", "/noship 港澳台 海外", "group"), says("lin", "/remote 新疆 西藏 内蒙古 青海", "group"),
        ),
        step("22:15", "closing", says("zhou", "/closing")),
        step("22:16", "shortage", says("chen", "/shortage 11"), look=("chen", "group")),
        step("22:20", "closing_export", sends("zhou", "export"), look=("mei", "group")),
        step("22:21", "holds", says("mei", "/holds")),
        step(
            "22:21", "two_addresses",
            says("mei", f"/hold a1-h{DOUBLE}"), presses("mei", f"reveal {DOUBLE}"),
        ),
        step("22:22", "hold_claimed", presses("mei", f"hold *{NO_SHIP}")),
        step(
            "22:23", "buyer_refund",
            presses("mei", f"act *{NO_SHIP} buyer_refund"), says("mei", line="refund_words"),
        ),
        step(
            "22:24", "change_carrier",
            says("qiang", "/holds"), says("qiang", f"/hold a1-h{FAR}"),
            presses("qiang", f"act *{FAR} change_carrier"),
        ),
        step(
            "22:25", "confirmed",
            says("qiang", f"/hold a1-h{CONTRADICTION}"), presses("qiang", f"act *{CONTRADICTION} confirmed"),
        ),
        step(
            "22:26", "false_alarm",
            says("qiang", f"/hold a1-h{FALSE_ALARM}"), presses("qiang", f"falsealarm *{FALSE_ALARM}"),
            says("qiang", line="false_alarm_words"),
        ),
        step("22:27", "approved", presses("lin", f"decide *{FALSE_ALARM} yes"), look=("lin", "private")),
        step(
            "22:27", "province",
            says("qiang", "/provhold"), presses("qiang", f"provhold {MONGOLIA}"),
            presses("qiang", f"claimall {MONGOLIA}"), presses("qiang", f"actall {MONGOLIA} shop_pays"),
        ),
        step("22:28", "precision", says("lin", "/precision")),
        step("22:28", "intercept", says("chen", "/intercept")),
        step(
            "22:29", "ticked",
            presses("chen", f"intercepted *{NO_SHIP}"), presses("chen", f"intercepted *{CONTRADICTION}"),
        ),
    ),
)  # fmt: skip

AFTER = Act(
    key="after",
    steps=(
        step("22:30", "off", presses("zhou", "off"), look=("lin", "private")),
        step("22:35", "wrap_blocked", says("lin", "/wrap")),
        step("22:36", "handed_over", presses("mei", f"hand *{NO_SHIP}"), presses("qiang", f"hand *{CONTRADICTION}")),
        step("22:37", "handed_taiwan", says("mei", f"/hold a1-h{TAIWAN}"), presses("mei", f"hand *{TAIWAN}")),
        step(
            "22:39", "waived",
            says("lin", "/holds"), says("lin", f"/hold a1-h{WAIVED}"), presses("lin", f"waive *{WAIVED}"),
            says("lin", line="waive_words"),
        ),
        step("22:39", "handed_all", presses("lin", "handall all")),
        step("22:40", "wrapped", says("lin", "/wrap", "group")),
        step("23:10", "review", sends("zhou", "export"), look=("lin", "private")),
        step("23:12", "shared", presses("lin", "share *"), look=("lin", "group")),
    ),
)  # fmt: skip

LATER = Act(
    key="later",
    steps=(
        step("+3 10:00", "days_later", sends("zhou", "export")),
        step("+3 10:05", "released", says("chen", "/intercept"), presses("chen", f"released *{NO_SHIP}")),
        step("+3 12:00", "parcels", sends("zhou", "parcels")),
        step("+3 12:05", "follow_up", says("mei", "/take")),
        step("+3 12:10", "told", presses("mei", "followed * told")),
        step("+3 12:11", "next_follow_up", presses("mei", "take"), presses("qiang", "take", "group")),
        step("+3 12:20", "my", says("mei", "/my")),
    ),
)  # fmt: skip

EVENING: tuple[Act, ...] = (BEFORE, SELLING, CHASING, CLOSING, AFTER, LATER)
