"""What a message wants done, with a known effect: who does it, of its audience and of the holdout, who were not sent it.
Showing it is left to the traces."""

from dataclasses import dataclass

import numpy as np

from collectors.simulation.behaviour import Acts, Dice
from collectors.simulation.company import NEVER, Company, Flags, People
from collectors.simulation.hours import OFFICE, Times
from collectors.simulation.parameters import DAY, HOUR
from collectors.simulation.plan import Message
from collectors.simulation.templates import HOLDOUT
from collectors.simulation.traces import Traces, only

ACTION_DAYS = 5  # working days, the window of an action


@dataclass(frozen=True)
class Acted:
    """Arrays with an entry a person of audience and holdout. `held`: of the holdout; `at`: when the person did it, NEVER where
    not."""

    people: People
    held: Flags
    at: Times

    def count(self, before: int) -> dict[str, dict[str, int]]:
        """People, and those who acted before a moment, of both."""
        done = self.at < before
        groups = {"audience": ~self.held, "holdout": self.held}
        return {
            name: {"people": int(chosen.sum()), "acted": int((done & chosen).sum())} for name, chosen in groups.items()
        }


def act_on(company: Company, message: Message, acts: Acts, dice: Dice) -> Acted:
    """Some do it anyway (`unprompted`); of those who met the message `prompted` do it because of it."""
    template = message.template
    holdout = company.meant(HOLDOUT, message.sent_at)
    people = np.append(acts.people, holdout)
    held = np.arange(len(people)) >= len(acts.people)
    met = np.append(acts.met(), np.full(len(holdout), NEVER, dtype=np.int64))
    count = len(people)
    window = OFFICE.deadline(message.sent_at, ACTION_DAYS) - message.sent_at
    anyway = message.sent_at + (dice.random(count) * window).astype(np.int64)
    soon = np.where(met < NEVER, met, 0) + np.minimum(dice.exponential(6 * HOUR, count), 3 * DAY).astype(np.int64)
    at = np.minimum(
        only(dice.random(count) < template.unprompted, anyway),
        only((met < NEVER) & (dice.random(count) < template.prompted), soon),
    )
    able = (at < company.left_us[people]) & ~company.on_leave(message.sent_at)[people]
    return Acted(people, held, only(able, at))


def leave_actions(company: Company, message: Message, acted: Acted, traces: Traces) -> None:
    """A form shows everybody who answered it, the portal those who do not object to it."""
    if message.template.action == "form":
        traces.add("signed up", acted.people, acted.at)
    else:
        traces.add("went there", acted.people, only(~company.flags["objects"][acted.people], acted.at))
