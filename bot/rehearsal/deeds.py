"""What people do in a rehearsal, as values: a script is made of them, and the page sends them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.rehearsal.cast import Where, Who
from playbooks.model import Model, Moment

Sample = Literal["runsheet", "corrected", "export", "parcels", "broken", "roster", "taobao"]
SAMPLES: tuple[Sample, ...] = ("runsheet", "corrected", "export", "parcels", "broken", "roster", "taobao")
"""The files that lie ready: a run sheet with an error, the corrected one, an order export of this moment, a
logistics list, an export damaged by Excel, a table of something else, and an export of another platform to look at."""


class Says(Model):
    """Writes `text`, or what the text `rehearsal.says.<line>` has them say (order numbers filled in)."""

    does: Literal["says"] = "says"
    who: Who
    where: Where = "private"
    text: str = ""
    line: str = ""
    reply_to: int | None = None


class Starts(Model):
    """Opens the bot's private chat, or follows a link into it with a `payload`."""

    does: Literal["starts"] = "starts"
    who: Who
    payload: str = ""


class Sends(Model):
    """Sends one of the files that lie ready."""

    does: Literal["sends"] = "sends"
    who: Who
    where: Where = "private"
    sample: Sample


class Presses(Model):
    """Presses a button, told by its words (`known *`; a pattern), not its caption, so in any language.

    Without `message` it is the newest message that has such a button.
    """

    does: Literal["presses"] = "presses"
    who: Who
    where: Where = "private"
    words: str
    message: int | None = None


class Winds(Model):
    """Winds the clock: on by `minutes`, to the moment `to`, or (neither given) to when something is due next."""

    does: Literal["winds"] = "winds"
    minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] | None = None
    to: Moment | None = None


Deed = Annotated[Says | Starts | Sends | Presses | Winds, Field(discriminator="does")]
