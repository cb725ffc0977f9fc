"""What people truly do with a message. What of it any source shows is left to `traces`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.cascade import confirm
from collectors.simulation.company import NEVER, Company, Flags, People
from collectors.simulation.hours import PRESENCE, Times
from collectors.simulation.parameters import DAY, HOUR, MINUTE, SECOND
from collectors.simulation.plan import Message
from collectors.simulation.templates import OWNERS

Dice = np.random.Generator
Chances = NDArray[np.float64]

KINDS = (
    *("queued", "deferred", "bounced", "rejected", "delivered"),
    *("opened", "viewed", "clicked", "replied", "reacted", "unreacted"),
    *("acknowledged", "outdated", "answered", "rated", "shared", "autoreplied"),
)
LASTS_DAYS = 16
"""Nobody does anything with a message after so many days."""

_WORDS_PER_MINUTE = 238
_OF_LANGUAGE = {"fr": 214}
_MEDIAN_LOOK = 1.2 * HOUR
_LOOK_SPREAD = 1.6
_LONGEST_LOOK = 9  # working days
_LONGEST_PLAIN_LOOK = 4  # nobody comes too late for the windows
_EVENINGS = 0.15
_AWAY = 0.03
_TAKEN_BACK = 0.08
_PAGE_TOO = 0.25
_OUTDATED = 0.04
_FORWARDED = 0.01


@dataclass(frozen=True)
class Acts:
    """Arrays with an entry a person of the audience (sorted). `chance`: how likely each was to look; `at`: kind to the moment
    each did it first (microseconds, NEVER where not); `engaged`: true seconds of attention, shown or not."""

    people: People
    chance: Chances
    at: dict[str, Times]
    engaged: NDArray[np.float64]

    def met(self) -> Times:
        """The first moment each met the message, by whatever way."""
        return np.minimum(self.at["opened"], self.at["viewed"])

    def landed(self) -> Flags:
        """Whose mail was delivered and did not come back later."""
        delivered, bounced = self.at["delivered"], self.at["bounced"]
        return np.asarray((delivered < NEVER) & ((bounced == NEVER) | (bounced < delivered)))


def expected_seconds(message: Message) -> float:
    """How long reading it takes, at the pace of its language."""
    return message.words * 60 / _OF_LANGUAGE.get(message.template.language, _WORDS_PER_MINUTE)


def behave(company: Company, message: Message, people: People, dice: Dice, *, lost: Chances) -> Acts:
    """The acts of the audience of one message, reminders left out. `lost`: how much less likely each is to look, by a drop."""
    count = len(people)
    acts = Acts(
        people,
        np.maximum(_chances(company, message, people) - lost, 0.0),
        {kind: np.full(count, NEVER, dtype=np.int64) for kind in KINDS},
        expected_seconds(message) * dice.lognormal(np.log(0.75), 0.9, count),
    )
    attentive = (dice.random(count) < acts.chance) & ~company.on_leave(message.sent_at)[people]
    by_mail = message.template.channel in ("email", "survey")
    if by_mail:
        _deliver(company, message, acts, dice)
    delivered = acts.at["delivered"]
    starts = np.where(delivered < NEVER, delivered, message.sent_at)
    looks = _look(company, acts, starts, dice)
    connected = acts.landed() if by_mail else company.flags["mailbox"][people]
    if message.template.channel != "intranet":
        _note(acts, "opened", attentive & connected, looks)
    if message.has_page:
        # Whoever has no mail finds the page at a terminal; some others see both.
        alone = message.template.channel == "intranet" or ~connected
        _note(acts, "viewed", attentive & (alone | (dice.random(count) < _PAGE_TOO)), looks)
    _respond(company, message, acts, dice)
    ends = np.minimum(company.left_us[people], message.sent_at + LASTS_DAYS * DAY)
    for kind, moments in acts.at.items():
        acts.at[kind] = np.where(moments < ends, moments, NEVER)
    return acts


def _note(acts: Acts, kind: str, chosen: Flags, moments: Times) -> None:
    acts.at[kind] = np.where(chosen, moments, NEVER)


def _chances(company: Company, message: Message, people: People) -> Chances:
    if message.rate is not None:
        return np.full(len(people), message.rate)
    base = message.template.attention
    log_odds = np.log(base / (1 - base)) + message.effect + company.interest[people]
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _deliver(company: Company, message: Message, acts: Acts, dice: Dice) -> None:
    """Where each mail goes: delivered, late, refused, or lost some time after it was accepted."""
    count = len(acts.people)
    sent = company.flags["mailbox"][acts.people]
    queued = message.sent_at + np.arange(count) * 10_000 + _exponential(dice, 2 * SECOND, count)
    prompt = queued + SECOND + _exponential(dice, 20 * SECOND, count)
    later = queued + 10 * MINUTE + _exponential(dice, HOUR, count)
    # In a plain company nothing fails.
    fate = np.ones(count) if company.teams else dice.random(count)
    refused = company.flags["dead"][acts.people] | (dice.random(count) < _refusals(company, message))
    rejected = ~refused & (fate < 0.001)
    soft = ~refused & (fate >= 0.001) & (fate < 0.005)
    lost = ~refused & (fate >= 0.005) & (fate < 0.006)
    slow = ~refused & (fate >= 0.006) & (fate < 0.025)
    _note(acts, "queued", sent, queued)
    _note(acts, "rejected", sent & rejected, prompt)
    _note(acts, "deferred", sent & slow, prompt)
    _note(acts, "delivered", sent & ~refused & ~rejected, np.where(soft | slow, later, prompt))
    # A refusal that was repaired stands before the delivery, one that came back stands after it.
    _note(acts, "bounced", sent & (refused | soft | lost), np.where(lost, later, prompt))
    away = sent & (dice.random(count) < (0 if company.teams else _AWAY)) & (acts.at["delivered"] == prompt)
    _note(acts, "autoreplied", away, prompt + 5 * SECOND)


def _refusals(company: Company, message: Message) -> float:
    if company.teams:
        return 0.0
    return 0.05 if message.troubled else 0.001


def _look(company: Company, acts: Acts, starts: Times, dice: Dice) -> Times:
    """When each would look: in working hours, on shifts and in the evening at any hour, after a leave days later."""
    count = len(acts.people)
    drawn = dice.lognormal(np.log(_MEDIAN_LOOK), _LOOK_SPREAD, count)
    longest = _LONGEST_PLAIN_LOOK if company.teams else _LONGEST_LOOK
    working = np.clip(drawn, 20 * SECOND, longest * PRESENCE.day_length).astype(np.int64)
    any_hour = company.flags["shifts"][acts.people] | (dice.random(count) < _EVENINGS)
    stretch = DAY / PRESENCE.day_length
    looks = np.where(any_hour, starts + (working * stretch).astype(np.int64), PRESENCE.after(starts, working))
    leave = (dice.uniform(2, 9, count) * DAY).astype(np.int64)
    return np.where(acts.at["autoreplied"] < NEVER, looks + leave, looks)


def _respond(company: Company, message: Message, acts: Acts, dice: Dice) -> None:
    """Clicks, replies, reactions, answers and acknowledgements of those who met the message."""
    template, count, met = message.template, len(acts.people), acts.met()
    # The sender's own actions are shown by the sources, and are no response.
    able = (met < NEVER) & (acts.people != speaker_of(company, message))

    def note(kind: str, rate: float, median_seconds: float, spread: float) -> None:
        delay = (dice.lognormal(np.log(median_seconds * SECOND), spread, count)).astype(np.int64)
        chosen = able & (dice.random(count) < rate)
        _note(acts, kind, chosen, np.where(able, met, 0) + np.minimum(delay, 4 * DAY))

    note("clicked", template.click if template.links else 0.0, 40, 1.0)
    note("replied", template.reply, 900, 1.5)
    note("reacted", template.react, 30, 1.0)
    note("answered", template.answer, 300, 1.6)
    note("acknowledged", template.acknowledge, 600, 1.8)
    note("rated", template.rate, 400, 1.2)
    note("shared", template.share, 200, 1.5)
    if template.is_cascade:
        _pass_on(company, message, acts, dice)
        return
    taken_back = (acts.at["reacted"] < NEVER) & (dice.random(count) < _TAKEN_BACK)
    minutes = _exponential(dice, 20 * MINUTE, count) + SECOND
    _note(acts, "unreacted", taken_back, np.where(taken_back, acts.at["reacted"], 0) + minutes)
    outdated = (acts.at["acknowledged"] < NEVER) & (dice.random(count) < _OUTDATED)
    _note(acts, "outdated", outdated, acts.at["acknowledged"])
    _note(acts, "acknowledged", ~outdated, acts.at["acknowledged"])


def _pass_on(company: Company, message: Message, acts: Acts, dice: Dice) -> None:
    """Managers tell their teams, so that hearing of it does not depend on the page."""
    away = company.on_leave(message.sent_at)[acts.people]
    willing = ~away & (dice.random(len(acts.people)) < message.template.acknowledge)
    managers = company.managers(message.sent_at)
    acts.at["acknowledged"] = confirm(acts.people, managers, message.sent_at, willing, dice)


def outsiders(company: Company, message: Message, dice: Dice) -> People:
    """Some who meet it without being meant: employees outside the audience where there are such (of those whose
    visits show), and strangers to the directory."""
    meant = company.meant(message.condition, message.sent_at)
    hidden = company.flags["blocked"] | company.flags["proxied"] | company.flags["objects"]
    others = np.setdiff1d(np.flatnonzero(company.present(message.sent_at) & ~hidden), meant)
    wanted = min(len(others), 1 + round(len(meant) * _FORWARDED))
    strangers = company.size + dice.integers(0, company.strangers, 2)
    return np.append(dice.choice(others, wanted, replace=False), strangers).astype(np.int32)


def speaker_of(company: Company, message: Message) -> People:
    """Who sends it, as an array of one. Whoever sends a briefing is no part of the chain that passes it on."""
    department = OWNERS[message.template.owner]
    sender = company.assistant(department) if message.template.is_cascade else company.speaker(department)
    return np.array([sender], dtype=np.int32)


def spread(dice: Dice, mean: int, count: int) -> Times:
    """Lengths of time of at least a second, most of them short."""
    return dice.exponential(mean, count).astype(np.int64) + SECOND


def _exponential(dice: Dice, mean: int, count: int) -> Times:
    return dice.exponential(mean, count).astype(np.int64)
