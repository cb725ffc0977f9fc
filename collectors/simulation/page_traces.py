"""The traces that acts leave in the intranet (news site and portal) and in chat, and those of who else passes by: outsiders, crawlers,
nobody in particular."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.answers import Given
from collectors.simulation.behaviour import Acts, Dice, outsiders, speaker_of, spread
from collectors.simulation.company import NEVER, Company, People
from collectors.simulation.hours import Times
from collectors.simulation.parameters import DAY, HOUR, MINUTE, SECOND
from collectors.simulation.plan import Message
from collectors.simulation.traces import ANONYMOUS, Traces, only

REACTIONS = ("like", "heart", "celebrate")
PING_SECONDS = 10
_MOST_PINGS = 60
_SEEN_AGAIN = 0.3


def leave_pages(company: Company, message: Message, acts: Acts, traces: Traces, dice: Dice) -> None:
    """Views, and how long they were: the news site reports a view's total, the portal pings every ten seconds."""
    people, count = acts.people, len(acts.people)
    viewed = only(~company.flags["objects"][people], acts.at["viewed"])
    on_portal = message.template.host == "portal"
    view = "requested" if on_portal else "viewed"
    traces.add(view, people, viewed)
    again = (viewed < NEVER) & (dice.random(count) < _SEEN_AGAIN)
    traces.add(view, people, only(again, np.where(again, viewed, 0) + spread(dice, 8 * HOUR, count)))
    if on_portal:
        _ping(people, viewed, acts.engaged, traces)
    else:
        seconds = np.minimum(np.floor(acts.engaged * 10) / 10, 7200.0)
        ends = np.where(viewed < NEVER, viewed + (seconds * SECOND).astype(np.int64), NEVER)
        traces.add("read", people, ends, value=seconds)
    _pass_by(company, message, traces, dice, view=view)


def _ping(people: People, viewed: Times, engaged: NDArray[np.float64], traces: Traces) -> None:
    pings = np.where(viewed < NEVER, np.minimum(engaged // PING_SECONDS, _MOST_PINGS), 0).astype(np.int64)
    order = np.arange(pings.sum()) - np.repeat(np.cumsum(pings) - pings, pings)
    moments = np.repeat(np.where(pings > 0, viewed, 0), pings) + (order + 1) * PING_SECONDS * SECOND
    traces.add("attended", np.repeat(people, pings), moments, value=float(PING_SECONDS))


def _pass_by(company: Company, message: Message, traces: Traces, dice: Dice, *, view: str) -> None:
    """People the link was forwarded to, strangers, anonymous visits and crawlers."""
    guests = outsiders(company, message, dice)
    traces.add(view, guests, message.sent_at + spread(dice, DAY, len(guests)))
    passing = company.size // 60 + 2
    for sign, many in ((view, passing), *([("crawled", passing)] if view == "requested" else [])):
        nobody = np.full(many, ANONYMOUS, dtype=np.int32)
        traces.add(sign, nobody, message.sent_at + spread(dice, 2 * DAY, many))


def leave_answers(company: Company, message: Message, acts: Acts, traces: Traces, dice: Dice) -> None:
    """What people say in the intranet: comments, reactions, what they share, acknowledgements (some of the version before)."""
    people, at = acts.people, acts.at
    if message.template.channel == "intranet":
        reaction = dice.integers(0, len(REACTIONS), len(people))
        traces.add("commented", people, at["replied"])
        traces.add("shared", people, at["shared"])
        traces.add("reacted", people, at["reacted"], detail=reaction)
        traces.add("unreacted", people, at["unreacted"], detail=reaction)
        _promote(company, message, traces, sign="reacted")
    traces.add("acknowledged", people, at["outdated"], detail=1)
    traces.add("acknowledged", people, at["acknowledged"], detail=2)


def leave_choices(given: Sequence[Given], traces: Traces) -> None:
    """Quiz answers and ratings at the end of an article, also those that are changed later."""
    for place, answers in enumerate(given):
        sign = "found useful" if answers.question.is_scale else "solved"
        for moments, value in ((answers.at, answers.value), (answers.changed_at, answers.changed_value)):
            traces.add(sign, answers.people, moments, detail=place, value=value.astype(np.float64))


def leave_chat(company: Company, message: Message, acts: Acts, traces: Traces, dice: Dice) -> None:
    """Read receipts, reactions and replies."""
    people, at = acts.people, acts.at
    reaction = dice.integers(0, len(REACTIONS), len(people))
    traces.add("opened in chat", people, only(~company.flags["objects"][people], at["opened"]))
    traces.add("replied in chat", people, at["replied"])
    traces.add("reacted in chat", people, at["reacted"], detail=reaction)
    traces.add("unreacted in chat", people, at["unreacted"], detail=reaction)
    guests = outsiders(company, message, dice)
    traces.add("opened in chat", guests, message.sent_at + spread(dice, DAY, len(guests)))
    _promote(company, message, traces, sign="reacted in chat")


def _promote(company: Company, message: Message, traces: Traces, *, sign: str) -> None:
    """Senders like their own posts."""
    traces.add(sign, speaker_of(company, message), np.array([message.sent_at + MINUTE], dtype=np.int64))
