"""What the bot does, area by area: one visible tuple."""

from bot.duties import (
    announce,
    broadcast,
    chase,
    closing,
    files,
    followup,
    helping,
    lookup,
    orders,
    review,
    roster,
    runsheet,
    setup,
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
    chase.DUTY,
    orders.DUTY,
    closing.DUTY,
    followup.DUTY,
    review.DUTY,
)

DUTIES: tuple[DutySpec, ...] = (*AREAS, helping.duty(AREAS))
