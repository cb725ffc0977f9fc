"""The simulated world as a function of its parameters: on any day, which messages, for whom, done what with, leaving what traces.
It keeps no position in time; `timeline` does."""

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from collectors.simulation.actions import Acted, act_on, leave_actions
from collectors.simulation.answers import Given, give_answers
from collectors.simulation.behaviour import LASTS_DAYS, Acts, Chances, behave, speaker_of
from collectors.simulation.catalogue import describe
from collectors.simulation.company import NEVER, People
from collectors.simulation.disturbance import disturb, in_order
from collectors.simulation.drop import read_drop
from collectors.simulation.founding import found_company
from collectors.simulation.hours import local_us
from collectors.simulation.identifiers import Identifiers
from collectors.simulation.items import Items, leave_items, raise_items
from collectors.simulation.mail_traces import leave_mail, leave_survey
from collectors.simulation.page_traces import leave_answers, leave_chat, leave_choices, leave_pages
from collectors.simulation.parameters import DAY, MINUTE, SECOND, Chance, Parameters
from collectors.simulation.plain import make_plain
from collectors.simulation.plan import Message, day_of_number, plan_day, reminders_of
from collectors.simulation.templates import OWNERS, PAGES
from collectors.simulation.traces import ANONYMOUS, Rows, Traces, only

_ASKED = ("acknowledged", "outdated", "answered")
# A longer list of addresses than this is nobody's habit in a catalogue: the condition of the original stands there instead.
_LISTED_PEOPLE = 500
_SUBJECT_DAYS = 5
_PUBLISHED_LATE = 5  # one message in so many is described a day after it was sent


class World:
    """Everything is computed when asked for, and equal each time; what is asked for often is remembered for a while."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        company = found_company(parameters)
        self.company = make_plain(company, parameters) if parameters.teams else company
        self._drop = read_drop(parameters.drop)
        self._check_drop()
        self.identifiers = Identifiers(self.company, parameters.seed)
        self.messages = lru_cache(maxsize=512)(self._messages)
        self.items = lru_cache(maxsize=512)(self._items)

    def _messages(self, day: date) -> tuple[Message, ...]:
        """Those sent on a local day, in the order of their numbers."""
        return tuple(plan_day(self.parameters, day))

    def message(self, number: int) -> Message:
        """The message with a number that `messages` gave. KeyError if there is none."""
        for message in self.messages(day_of_number(number)):
            if message.number == number:
                return message
        raise KeyError(number)

    def audience(self, message: Message) -> People:
        """Those it is meant for, sorted; of a reminder those who still owe their acknowledgement or answer."""
        original = message.reminder_of
        if original is None:
            return self.company.meant(message.condition, message.sent_at)
        earlier = [
            reminder for reminder in reminders_of(self.parameters, original) if reminder.sent_at < message.sent_at
        ]
        acts = self._nudged(original, earlier)
        done = np.minimum(acts.at["acknowledged"], acts.at["answered"])
        owing = (done > message.sent_at) & self.company.present(message.sent_at)[acts.people]
        return acts.people[owing]

    def acts(self, message: Message) -> Acts:
        """What the audience truly does, as far as it counts for this message: acknowledgements and answers after a reminder
        are the original's."""
        if message.reminder_of is None:
            return self._nudged(message, reminders_of(self.parameters, message))
        acts = self._first_acts(message)
        none = np.full(len(acts.people), NEVER, dtype=np.int64)
        return replace(acts, at={**acts.at, **dict.fromkeys(_ASKED, none)})

    def _first_acts(self, message: Message) -> Acts:
        dice = self.parameters.dice(Chance.ACTS, message.number)
        people = self.audience(message)
        return behave(self.company, message, people, dice, lost=self._lost(message, people))

    def _lost(self, message: Message, people: People) -> Chances:
        """How much less likely each is to look, by the planted drop."""
        lost, drop = np.zeros(len(people)), self._drop
        if drop is None or message.day < drop.day or (drop.name == "owner" and drop.value != message.template.owner):
            return lost
        concerned = np.ones(len(people), dtype=np.bool_)
        if drop.name in self.company.attributes:
            codes = self.company.codes(drop.name, message.sent_at)[people]
            concerned = codes == self.company.values(drop.name).index(drop.value)
        lost[concerned] = drop.points / 100
        return lost

    def _check_drop(self) -> None:
        """ValueError where nobody could be concerned."""
        drop = self._drop
        if drop is None or not drop.name:
            return
        allowed = {**{name: self.company.values(name) for name in self.company.attributes}, "owner": tuple(OWNERS)}
        if drop.name not in allowed:
            raise ValueError(f"drop: found {drop.name}; allowed: {', '.join(allowed)}")
        if drop.value not in allowed[drop.name]:
            raise ValueError(f"drop: found {drop.name}={drop.value}; allowed: {', '.join(allowed[drop.name])}")

    def _nudged(self, original: Message, reminders: list[Message]) -> Acts:
        acts = self._first_acts(original)
        ends = original.sent_at + LASTS_DAYS * DAY
        for reminder in reminders:
            more = self._first_acts(reminder)
            places = np.searchsorted(acts.people, more.people)
            for kind in _ASKED:
                asked = only(more.at[kind] < ends, more.at[kind])
                acts.at[kind][places] = np.minimum(acts.at[kind][places], asked)
        return acts

    def answers(self, message: Message, acts: Acts) -> list[Given]:
        """What was answered to each of its questions; a reminder has none of its own."""
        if message.reminder_of is not None:
            return []
        return give_answers(self.company, message, acts, self.parameters.dice(Chance.ANSWERS, message.number))

    def acted(self, message: Message, acts: Acts) -> Acted:
        """Who did what the message wants done, the holdout included."""
        return act_on(self.company, message, acts, self.parameters.dice(Chance.ACTIONS, message.number))

    def _items(self, day: date) -> Items:
        """The feedback items raised on a local day; some are about a message of the last days."""
        recent = [
            message.number
            for back in range(1, _SUBJECT_DAYS + 1)
            for message in self.messages(day - timedelta(days=back))
            if message.reminder_of is None and message.template.described != "nowhere"
        ]
        return raise_items(self.parameters, self.company, day, recent)

    def item_rows(self, day: date) -> Rows:
        """The traces of a day's items, in the order of arrival."""
        return disturb(leave_items(self.items(day)), self.parameters.dice(Chance.ITEMS, day.toordinal(), 1))

    def rows(self, message: Message, acts: Acts) -> Rows:
        """The traces of these acts and of what surrounds them, in the order of arrival."""
        dice = self.parameters.dice(Chance.TRACES, message.number)
        traces = Traces()
        if message.template.channel == "email":
            leave_mail(self.company, message, acts, traces, dice)
        elif message.template.channel == "chat":
            leave_chat(self.company, message, acts, traces, dice)
        elif message.template.channel == "survey":
            leave_survey(self.company, acts, self.answers(message, acts), traces)
        if message.has_page:
            leave_pages(self.company, message, acts, traces, dice)
        if message.template.channel == "intranet" or (message.has_page and message.template.expects):
            leave_answers(self.company, message, acts, traces, dice)
        if message.template.channel == "intranet":
            leave_choices(self.answers(message, acts), traces)
        if message.template.action:
            leave_actions(self.company, message, self.acted(message, acts), traces)
        rows = traces.rows(message.number)
        rows = disturb(rows[rows["at"] < message.sent_at + LASTS_DAYS * DAY], dice)
        return in_order([rows, self._published(message)]) if self.described(message) == "event" else rows

    def described(self, message: Message) -> str:
        """Where the catalogue learns of it: after "now" there are no more files."""
        where = message.template.described
        return "event" if where == "file" and message.sent_at > self.parameters.until_us else where

    def entry(self, message: Message) -> dict[str, Any]:
        """Its entry of the catalogue."""
        condition: Any = message.condition or "all"
        if message.reminder_of is not None:
            owing = self.audience(message)
            if len(owing) <= _LISTED_PEOPLE:
                condition = [self.identifiers.main[person] for person in owing.tolist()]
        sender = self.identifiers.main[int(speaker_of(self.company, message)[0])]
        return describe(message, sender, condition)

    def background(self, day: date) -> Rows:
        """What the portal's log holds besides: pages that are no messages, crawlers, visits by nobody in particular."""
        dice = self.parameters.dice(Chance.BACKGROUND, day.toordinal())
        many = self.company.size // 60 + 5
        begin = local_us(day, 0)
        traces = Traces()
        for place, page in enumerate(PAGES):
            people = np.full(many, ANONYMOUS, dtype=np.int32)
            if page.visitors == "people":
                people = dice.choice(self.company.size, many).astype(np.int32)
            sign = "crawled" if page.visitors == "crawlers" else "requested"
            traces.add(sign, people, begin + dice.integers(0, DAY, many), detail=place)
        rows = traces.rows(0)
        rows["message"] = rows["detail"]
        return disturb(rows, dice)

    def _published(self, message: Message) -> Rows:
        late = message.day.toordinal() % _PUBLISHED_LATE == 0
        moment = message.sent_at + (DAY if late else -10 * MINUTE)
        traces = Traces()
        person = np.array([ANONYMOUS], dtype=np.int32)
        traces.add("published", person, np.array([moment], dtype=np.int64))
        rows = traces.rows(message.number)
        rows["arrival"], rows["serial"] = rows["at"] + SECOND, np.iinfo(np.int32).max
        return rows
