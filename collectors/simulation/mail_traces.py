"""The traces that acts leave in the mail system, the mailbox of replies and the survey tool: what pixels show and hide, what
scanners do."""

from collections.abc import Sequence

import numpy as np

from collectors.simulation.answers import Given
from collectors.simulation.behaviour import Acts, Dice, outsiders, speaker_of, spread
from collectors.simulation.company import NEVER, Company, Flags
from collectors.simulation.parameters import HOUR, MINUTE, SECOND
from collectors.simulation.plan import Message
from collectors.simulation.traces import Traces, only

_TRANSPORT = ("queued", "deferred", "bounced", "rejected", "delivered")
_OPENED_AGAIN = 0.35
_SECOND_LINK = 0.3
_SCANNED_DELAY = 43  # seconds, the median; soon after sending is no sign of a scanner
_SCANNER_LOADS_IMAGES = 0.3
_CACHE_LAG = 8 * MINUTE


def leave_mail(company: Company, message: Message, acts: Acts, traces: Traces, dice: Dice) -> None:
    """Delivery, pixels and links. People who block images leave no opening, behind a proxy only the proxy's; of those who
    object to tracking neither openings nor clicks are kept."""
    people, at = acts.people, acts.at
    for kind in _TRANSPORT:
        traces.add(kind, people, at[kind])
    tracked = ~company.flags["objects"][people]
    images = tracked & ~company.flags["blocked"][people]
    proxied = images & company.flags["proxied"][people]
    count = len(people)
    opened = only(images & ~proxied, at["opened"])
    phone = dice.random(count) < 0.3
    cached, yahoo = company.flags["cached"][people], company.flags["yahoo"][people]
    traces.add("opened", people, only(~phone & ~cached, opened))
    traces.add("opened on a phone", people, only(phone & ~cached, opened))
    # What a cache has, it never fetches again.
    again = (opened < NEVER) & ~cached & (dice.random(count) < _OPENED_AGAIN)
    traces.add("opened", people, only(again, np.where(again, opened, 0) + spread(dice, 5 * HOUR, count)))
    landed = np.where(at["delivered"] < NEVER, at["delivered"], 0)
    fetched = proxied & (at["delivered"] < NEVER)
    traces.add("opened by a proxy", people, only(fetched, landed + spread(dice, 6 * MINUTE, count)))
    late = np.where(opened < NEVER, opened, 0) + spread(dice, _CACHE_LAG, count)
    traces.add("opened through Google", people, only((opened < NEVER) & cached & ~yahoo, late))
    traces.add("opened through Yahoo", people, only((opened < NEVER) & yahoo, late))
    if message.template.links:
        _leave_clicks(message, acts, traces, dice, tracked=tracked)
        _scan(company, message, acts, traces, dice)
    _speak(company, message, acts, traces)
    _stray(company, message, traces, dice)


def _leave_clicks(message: Message, acts: Acts, traces: Traces, dice: Dice, *, tracked: Flags) -> None:
    count, links = len(acts.people), message.template.links
    clicked = only(tracked, acts.at["clicked"])
    # The first link draws most.
    first = np.minimum(dice.geometric(0.5, count) - 1, links - 1)
    traces.add("clicked", acts.people, clicked, detail=first)
    more = (clicked < NEVER) & (dice.random(count) < _SECOND_LINK)
    moments = only(more, np.where(more, clicked, 0) + 15 * SECOND + spread(dice, MINUTE, count))
    traces.add("clicked", acts.people, moments, detail=(first + 1) % links)


def _scan(company: Company, message: Message, acts: Acts, traces: Traces, dice: Dice) -> None:
    """A scanner follows every link within seconds, with the agent of an ordinary browser."""
    people, count = acts.people, len(acts.people)
    flags = company.flags
    scanned = flags["scanned"][people] & ~flags["objects"][people] & (acts.at["delivered"] < NEVER)
    delay = (dice.lognormal(np.log(_SCANNED_DELAY), 1.2, count) * SECOND).astype(np.int64)
    begins = np.where(scanned, acts.at["delivered"], 0) + np.minimum(delay, HOUR)
    for link in range(message.template.links):
        moments = begins + dice.integers(0, 6 * SECOND, count)
        traces.add("clicked by a scanner", people, only(scanned, moments), detail=link)
    loads = scanned & ~flags["blocked"][people] & (dice.random(count) < _SCANNER_LOADS_IMAGES)
    traces.add("opened by a scanner", people, only(loads, begins))


def _speak(company: Company, message: Message, acts: Acts, traces: Traces) -> None:
    """Replies, automatic ones, and what the sender does with the own message."""
    traces.add("replied by mail", acts.people, acts.at["replied"])
    traces.add("autoreplied", acts.people, acts.at["autoreplied"])
    if message.template.reply:
        moment = np.array([message.sent_at + 20 * MINUTE], dtype=np.int64)
        traces.add("replied by mail", speaker_of(company, message), moment)


def _stray(company: Company, message: Message, traces: Traces, dice: Dice) -> None:
    """Mailing lists go out of date: some of those outside the audience receive and open it too."""
    guests = outsiders(company, message, dice)
    guests = guests[(guests >= company.size) | company.flags["mailbox"][np.minimum(guests, company.size - 1)]]
    delivered = message.sent_at + spread(dice, MINUTE, len(guests))
    traces.add("queued", guests, np.full(len(guests), message.sent_at))
    traces.add("delivered", guests, delivered)
    traces.add("opened", guests, delivered + spread(dice, 5 * HOUR, len(guests)))


def leave_survey(company: Company, acts: Acts, given: Sequence[Given], traces: Traces) -> None:
    """The survey tool shows its invitations, who opened the form, and every rating, also one that is changed later."""
    people, at = acts.people, acts.at
    traces.add("invited", people, at["delivered"])
    traces.add("invitation bounced", people, at["bounced"])
    traces.add("opened the survey", people, only(~company.flags["objects"][people], at["opened"]))
    for place, answers in enumerate(given):
        for moments, value in ((answers.at, answers.value), (answers.changed_at, answers.changed_value)):
            traces.add("rated", people, moments, detail=place, value=value.astype(np.float64))
