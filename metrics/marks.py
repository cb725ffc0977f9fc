"""What period indicators ask of one message, person by person: taken when it is counted, kept when its times go. What a period makes of
marks is left to the indicators."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.answers import NO_WORTH, shares_of
from metrics.classes import seconds
from metrics.clock import Clocks
from metrics.era import ABSENT, IN_HOURS, NOT_DELIVERED, OUT_OF_HOURS, Footprint
from metrics.exposure import EXPOSURES, reach_states
from metrics.facts import COARSE_TICKS, TICK_SECONDS
from metrics.indicator import states_of
from metrics.machines import Evidence
from metrics.tracks import NEVER
from metrics.view import RESPONSES, View

CHANNELS = ("email", "intranet", "chat", "survey")
# What people answered to a question, by the scale that holds where its entry says none.
_ANSWERS = {"rated": (1.0, 5.0), "recommended": (0.0, 10.0)}
_SLOT = COARSE_TICKS * TICK_SECONDS

Marks = NDArray[np.int32]


@dataclass(frozen=True)
class Mark:
    """`window`: what people do within it counts (None: whenever it was). `take`: from a view and the window's end (seconds)."""

    window: Span | None
    take: Callable[[View, int], NDArray[np.integer]]


def take_footprint(view: View, names: Collection[str], clocks: Clocks) -> Footprint:
    """All marks asked for, of a message that has been sent."""
    marks = {}
    for name in sorted(names):
        mark = _find(name)
        sent_at = seconds(view.message.sent_at or 0)
        end = clocks.deadline(sent_at, mark.window) if mark.window is not None else NEVER
        marks[name] = mark.take(view, end).astype(np.int32)
    return Footprint(view.message, view.audience.person, marks)


def mark_windows(names: Collection[str]) -> list[Span]:
    """The windows of these marks."""
    return [window for window in (_find(name).window for name in names) if window is not None]


def _find(name: str) -> Mark:
    kind, _, question = name.partition(":")
    if kind in _ANSWERS:
        return Mark(None, lambda view, _: _answered(view, question, _ANSWERS[kind]))
    return _MARKS[name]


def _channels(view: View, end: int) -> NDArray[np.integer]:
    """A bit for each channel on which people met the message."""
    bits = np.zeros(view.size, dtype=np.int32)
    for kind in sorted(EXPOSURES):
        for track in view.tracks((kind,)):
            if track.evidence == Evidence.HUMAN and track.channel in CHANNELS:
                bits[track.places[track.before(end)]] |= 1 << CHANNELS.index(track.channel)
    return bits


def _deliveries(view: View, end: int) -> NDArray[np.integer]:
    """Whether it was delivered, and in working hours. Where the channel shows no deliveries, everybody got it when it was sent."""
    if view.shows_deliveries:
        moments = view.last(("delivered",), end)
    else:
        sent_at = (view.message.sent_at or 0) // 1_000_000
        moments = np.full(view.size, sent_at - sent_at % _SLOT, dtype=np.int64)
    different, places = np.unique(moments, return_inverse=True)
    worked = np.array([view.clocks.is_working(int(moment)) for moment in different], dtype=np.bool_)[places]
    return np.where(view.delivered(end), np.where(worked, IN_HOURS, OUT_OF_HOURS), NOT_DELIVERED)


def _did(kinds: Collection[str]) -> Callable[[View, int], NDArray[np.integer]]:
    """The state of everybody by what is on record of them; whoever could not be seen is a matter of the period."""

    def take(view: View, end: int) -> NDArray[np.integer]:
        acts, ordered = view.answering(), sorted(kinds)
        return states_of(
            human=acts.first(ordered, Evidence.HUMAN) < end,
            proxy=(acts.first(ordered, Evidence.PROXY) < end) | acts.without_time(ordered),
            likely=acts.first(ordered, Evidence.SCANNER_LIKELY) < end,
            scanner=acts.first(ordered, Evidence.SCANNER) < end,
            blind=np.zeros(view.size, dtype=np.bool_),
            counted=np.ones(view.size, dtype=np.bool_),
        )

    return take


def _engaged(view: View, end: int) -> NDArray[np.integer]:
    """Of those to whom it was delivered within a day."""
    got = view.delivered(view.clocks.deadline(seconds(view.message.sent_at or 0), _DAY))
    return np.where(got, view.seconds_engaged(end), 0)


def _answered(view: View, question: str, scale: tuple[float, float]) -> NDArray[np.integer]:
    """What each answered, as a share of the scale in ten-thousandths; ABSENT where nothing."""
    found = view.given.get(question)
    marks = np.full(view.size, ABSENT, dtype=np.int32)
    if found is not None:
        shares = shares_of(found, view.message, default=scale)
        marks[found.places] = np.where(shares == NO_WORTH, ABSENT, shares)
    return marks


_DAY = Span(24, "hours")
_FIVE_DAYS = Span(5, "days", working=True)
_MARKS: Mapping[str, Mark] = {
    "exposure": Mark(_FIVE_DAYS, reach_states),
    "channels": Mark(_FIVE_DAYS, _channels),
    "delivery": Mark(_DAY, _deliveries),
    "voiced": Mark(_FIVE_DAYS, _did(("commented", "reacted", "replied"))),
    "commented": Mark(_FIVE_DAYS, _did(("commented",))),
    "responded": Mark(_FIVE_DAYS, _did(RESPONSES)),
    "engaged": Mark(_FIVE_DAYS, _engaged),
}
