"""Every pattern a promotion may be written in, in the order they are tried at each place of a text."""

from __future__ import annotations

import re
from collections.abc import Callable

from playbooks.promotion.grammar import Found
from playbooks.promotion.readers_plain import COUPONS, GIFTS, REDUCTIONS, UNITS
from playbooks.promotion.readers_terms import (
    ADD_ONS,
    FLASH,
    LUCKY_BAGS,
    MEMBERS,
    PRESALES,
    SERVICES,
)
from playbooks.promotion.working import Promotion

# A coupon's 满减 before 满减, a service before a gift (送运费险), a member's 折 before everybody's.
READERS: tuple[tuple[re.Pattern[str], Callable[[Found, str], Promotion | None]], ...] = tuple(
    (re.compile(pattern), build)
    for group in (
        LUCKY_BAGS, FLASH, UNITS, SERVICES, COUPONS, ADD_ONS, MEMBERS, REDUCTIONS, PRESALES, GIFTS,
    )
    for pattern, build in group
)  # fmt: skip
