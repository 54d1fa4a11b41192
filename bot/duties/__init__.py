"""What the bot does, area by area: one visible tuple."""

from bot.duties import (
    announce,
    broadcast,
    chase,
    files,
    followup,
    health,
    helping,
    holds,
    knowledge,
    lookup,
    orders,
    quick,
    regions,
    review,
    roster,
    runsheet,
    setup,
    warehouse,
    wrap,
)
from bot.duty import DutySpec

AREAS: tuple[DutySpec, ...] = (
    setup.DUTY,
    roster.DUTY,
    files.DUTY,
    runsheet.DUTY,
    broadcast.DUTY,
    announce.DUTY,
    lookup.DUTY,
    quick.DUTY,
    knowledge.DUTY,
    chase.DUTY,
    orders.DUTY,
    holds.DUTY,
    warehouse.DUTY,
    regions.DUTY,
    wrap.DUTY,
    followup.DUTY,
    review.DUTY,
    health.DUTY,
)

DUTIES: tuple[DutySpec, ...] = (*AREAS, helping.duty(AREAS))
