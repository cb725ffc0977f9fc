"""Feedback items: what an indicator asks of each, and which steps it took. Items keep no author. Which of them a reading is about is left
to `items`."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.duration import Span


@dataclass(frozen=True)
class Item:
    """One piece of feedback. `steps`: action to the moment (seconds) it was first taken; `reference`: of the message it is about, None
    where of none; `stance`: critical, neutral, supportive, None where nobody said."""

    id: str
    channel: str
    reference: str | None
    stance: str | None
    steps: Mapping[str, int]

    def first(self, *actions: str) -> int | None:
        """When the first of these steps was taken; None where none was."""
        return min((self.steps[action] for action in actions if action in self.steps), default=None)


@dataclass(frozen=True)
class ItemQuestion:
    """What an indicator asks of an item. `begins`: the step that places it in a period, and starts its window. `done_by`: steps of which
    any is what is asked for; `window`: None where that may come at any time, and the end of the calendar period closes. `censored`: whether
    it counts from the beginning, watched until now; else when its window has closed. `critical`: whether critical items are held against
    the others."""

    begins: str
    done_by: tuple[str, ...]
    window: Span | None
    censored: bool = False
    critical: bool = False
