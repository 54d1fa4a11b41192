"""`shiftbot rehearse`: the page, or a scripted evening printed."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.rehearsal.cast import OWNER, person_id
from bot.rehearsal.evening import EVENING
from bot.rehearsal.script import Act, Step
from bot.rehearsal.serving import serve
from bot.rehearsal.show import Show, show
from bot.rehearsal.transcript import Transcript, clock
from bot.texts import escape, plain, say
from playbooks.model import Refusal

SCRIPTS: dict[str, tuple[Act, ...]] = {"evening": EVENING}
DATA_PREFIX = "shiftbot-rehearsal-"


async def page(port: int, lang: str, *, opened: bool) -> int:
    """Serve the page on 127.0.0.1:`port` (0: a free one) until Ctrl-C; everything is gone afterwards. 0."""
    with TemporaryDirectory(prefix=DATA_PREFIX) as data:
        async with show(Path(data), lang) as here:
            await serve(here, EVENING, port, data, opened=opened)
    return 0


async def play(name: str, out: Path, lang: str) -> int:
    """Play the script `name`, print its dialogue, write `review.png` and `review.xlsx` into `out`.

    0, or 1 with the reason on stderr where a step cannot be played or no review came.
    """
    return await play_acts(SCRIPTS[name], out, lang)


async def play_acts(acts: tuple[Act, ...], out: Path, lang: str) -> int:
    """`play` for any script."""
    with TemporaryDirectory(prefix=DATA_PREFIX) as data:
        async with show(Path(data), lang) as here:
            print(plain(say(lang, "rehearsal.transcript.legend")))
            played = await dialogue(acts, here) and _write_review(here, out)
    return 0 if played else 1


async def dialogue(acts: tuple[Act, ...], here: Show) -> bool:
    """Play a script on `here` and print what people read; False, and the reason on stderr, where a step cannot be."""
    transcript = Transcript(here)
    for act in acts:
        print(f"\n=== {plain(say(here.lang, f'rehearsal.act.{act.key}'))} ===")
        for step in act.steps:
            print(f"\n{_heading(step, here)}")
            try:
                await here.wind_to(step.at)
                _print(transcript.news())
                for deed in step.deeds:
                    await here.do(deed)
                    _print(transcript.news())
            except (Refusal, TimeoutError) as error:
                _print(transcript.news())
                _complain(say(here.lang, "rehearsal.stuck", step=step.note, why=why(error, here.lang)))
                return False
    return True


def _heading(step: Step, here: Show) -> str:
    who = " ".join(here.core.people[person_id(one)].first_name for one in step.who)
    return f"{clock(step.at)} {who} # {plain(say(here.lang, f'rehearsal.note.{step.note}'))}"


def why(error: Exception, lang: str) -> str:
    """What a step could not be done for, in words."""
    if isinstance(error, Refusal):
        return say(lang, error.key, **{name: escape(value) for name, value in error.values.items()})
    return say(lang, "rehearsal.restless")


def _complain(text: str) -> None:
    print(plain(text), file=sys.stderr)


def _print(lines: list[str]) -> None:
    if lines:
        print("\n".join(lines))


def _write_review(here: Show, out: Path) -> bool:
    """The newest picture and workbook the bot sent to the manager, byte for byte."""
    said = here.core.said(OWNER.id)
    picture = next((m.photo for m in reversed(said) if m.photo), None)
    workbook = next(
        (m.document for m in reversed(said) if m.document and m.document.name.endswith(".xlsx")), None
    )
    if picture is None or workbook is None:
        _complain(say(here.lang, "rehearsal.no_review"))
        return False
    out.mkdir(parents=True, exist_ok=True)
    for name, file in (("review.png", picture), ("review.xlsx", workbook)):
        (out / name).write_bytes(file.content)
        print(out / name)
    return True
