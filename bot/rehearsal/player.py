"""The player: goes through a script step by step on a show."""

from __future__ import annotations

from bot.rehearsal.cast import Who
from bot.rehearsal.script import Act, Step
from bot.rehearsal.show import Show
from bot.rehearsal.telegram.presses import Answer


class Player:
    """Where a show stands in its script: `position` counts the steps that have been played or skipped."""

    def __init__(self, show: Show, acts: tuple[Act, ...]) -> None:
        self._show = show
        self.acts = acts
        self.steps: tuple[Step, ...] = tuple(step for act in acts for step in act.steps)
        self.position = 0

    @property
    def over(self) -> bool:
        """Every step has been played."""
        return self.position >= len(self.steps)

    async def play(self) -> tuple[Who, Answer] | None:
        """Wind to the next step and do its deeds; the last press that was answered with words, and whose.

        Raises what Show.do raises; the position then stays, so that the step can be tried again or skipped.
        """
        step = self.steps[self.position]
        await self._show.wind_to(step.at)
        heard: tuple[Who, Answer] | None = None
        for deed in step.deeds:
            answer = await self._show.do(deed)
            if answer and answer.text and deed.does != "winds":
                heard = deed.who, answer
        self.position += 1
        return heard

    def skip(self) -> None:
        """Leave the next step out."""
        self.position = min(self.position + 1, len(self.steps))
