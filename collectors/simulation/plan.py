"""Which messages are sent on a day, and with what luck. Pure in seed and day, so that the plan has no end.
What the catalogue says of them is left to `catalogue`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from collectors.simulation.hours import local_us
from collectors.simulation.parameters import DAY, Chance, Parameters
from collectors.simulation.plain import draw_rate
from collectors.simulation.templates import PLAIN_TEMPLATES, TEMPLATES, Template, condition_of, page_url

_SKIPPED = 0.03
_TROUBLED = 0.05
EFFECT_SPREAD = 0.2
_REMINDER = 50  # added to a message's place in the day, once for each reminder
_PLACES = 1000
_REPEATED = frozenset(template.content_of for template in TEMPLATES) - {""}


@dataclass(frozen=True)
class Message:
    """One message that is sent. `number` is its key (above those of PAGES), `turn` picks the audience where they rotate,
    `effect` is added to the log-odds of looking at it, `troubled`: many of its mails bounce; `rate`: in a plain company, how likely
    everybody is to look at it."""

    number: int
    day: date
    template: Template
    sent_at: int
    turn: int
    effect: float
    troubled: bool
    words: int
    rate: float | None = None
    reminder_of: "Message | None" = None

    @property
    def subject(self) -> "Message":
        """The message whose acknowledgement or answer is asked for: a reminder asks for its original's."""
        return self.reminder_of or self

    @property
    def has_page(self) -> bool:
        """Whether it can be read in the intranet; a reminder leads to its original's page and has none of its own."""
        return self.template.has_page and self.reminder_of is None

    @cached_property
    def id(self) -> str:
        place = self.number % _PLACES
        reminder = f"-r{place // _REMINDER}" if self.reminder_of else ""
        return f"m-{self.subject.day:%Y%m%d}-{self.template.name}{reminder}"

    @cached_property
    def path(self) -> str:
        """Its page in the intranet."""
        return f"/{self.template.host}/{self.subject.day:%Y/%m/%d}/{self.template.name}"

    @property
    def url(self) -> str:
        return page_url(self.path)

    @cached_property
    def mail_id(self) -> str:
        """What the mail system calls it."""
        return hashlib.blake2b(self.id.encode(), digest_size=11).hexdigest()

    @property
    def campaign(self) -> str | None:
        """What a message and its reminders share."""
        return f"c-{self.subject.id}" if self.template.remind_days else None

    @property
    def content_id(self) -> str | None:
        """What two messages with the same content share."""
        template = self.template
        if not template.content_of and template.name not in _REPEATED:
            return None
        monday = self.day - timedelta(days=self.day.weekday())
        return f"content-{monday:%Y%m%d}-{template.content_of or template.name}"

    @property
    def action_path(self) -> str:
        """The page it wants people to go to."""
        return f"/actions/{self.day:%Y/%m/%d}/{self.template.name}"

    @property
    def action_id(self) -> str | None:
        """What it wants done, as events about that refer to it."""
        match self.template.action:
            case "page":
                return page_url(self.action_path)
            case "form":
                return f"form-{self.day:%Y%m%d}-{self.template.name}"
            case _:
                return None

    @property
    def due_at(self) -> int | None:
        return self.subject.sent_at + self.template.due_days * DAY if self.template.due_days else None

    @property
    def condition(self) -> dict[str, Sequence[str]]:
        return condition_of(self.template, self.turn)


def day_of_number(number: int) -> date:
    """The day on which the message with a number is sent."""
    return date.fromordinal(number // _PLACES)


def plan_day(parameters: Parameters, day: date) -> list[Message]:
    """The day's messages, reminders of earlier ones included, in the order of their numbers."""
    messages = _originals(parameters, day)
    for count, after in _reminder_days():
        for original in _originals(parameters, day - timedelta(days=after)):
            if original.template.remind_days[count : count + 1] == (after,):
                messages.append(_remind(parameters, original, count=count, day=day))
    return messages


def reminders_of(parameters: Parameters, message: Message) -> list[Message]:
    """The reminders that a message will have, whatever is answered."""
    return [
        _remind(parameters, message, count=count, day=message.day + timedelta(days=after))
        for count, after in enumerate(message.template.remind_days)
        if message.reminder_of is None
    ]


def _reminder_days() -> list[tuple[int, int]]:
    return sorted({pair for template in TEMPLATES for pair in enumerate(template.remind_days)})


def _originals(parameters: Parameters, day: date) -> list[Message]:
    week = (day.toordinal() - 1) // 7
    # One throw for every kind of message each day, sent or not, so that adding a kind at the end moves no other.
    dice = parameters.dice(Chance.PLAN, day.toordinal())
    messages = []
    for place, template in enumerate(PLAIN_TEMPLATES if parameters.teams else TEMPLATES, 1):
        luck, trouble, minute, words = dice.random(4)
        effect = dice.normal(0, EFFECT_SPREAD)
        is_due = day.weekday() == template.weekday and week % template.every_weeks == template.phase
        if not is_due or luck < _SKIPPED:
            continue
        sent_at = local_us(day, template.hour, int(minute * 60))
        if sent_at < parameters.start_us:
            continue
        low, high = template.words
        messages.append(
            Message(
                number=day.toordinal() * _PLACES + place,
                day=day,
                template=template,
                sent_at=sent_at,
                turn=week // template.every_weeks + parameters.seed,
                effect=0.0 if parameters.teams else float(effect),
                troubled=bool(trouble < _TROUBLED) and not parameters.teams,
                words=low + int(words * (high - low)),
                rate=draw_rate(parameters, day.toordinal() * _PLACES + place) if parameters.teams else None,
            )
        )
    return messages


def _remind(parameters: Parameters, original: Message, *, count: int, day: date) -> Message:
    place = original.number % _PLACES + _REMINDER * (count + 1)
    dice = parameters.dice(Chance.PLAN, day.toordinal(), place)
    return Message(
        number=day.toordinal() * _PLACES + place,
        day=day,
        template=original.template,
        sent_at=local_us(day, 9, int(dice.integers(60))),
        turn=original.turn,
        effect=original.effect,
        troubled=False,
        words=60,
        reminder_of=original,
    )
