"""Exposure, which several indicators rest on: a person met the message, on any channel. An anonymous hit is none."""

import numpy as np
from numpy.typing import NDArray

from metrics.indicator import states_of
from metrics.machines import Evidence
from metrics.reading import State, States
from metrics.sight import TRACES
from metrics.view import View

# Whoever answers, rates or shares a message has met it: acts imply exposure (docs/decisions/0002-where-formulas-leave-room.md).
EXPOSURES = frozenset(
    {"opened", "viewed", "read", "clicked", "attended", "downloaded"}
    | {"replied", "commented", "reacted", "shared", "acknowledged", "answered", "rated"}
)
OPENINGS = frozenset({"opened", "viewed", "read"})
ENGAGEMENTS = ("acknowledged", "clicked", "replied")


def seen_states(
    view: View,
    kinds: frozenset[str],
    deadline: int,
    counted: NDArray[np.bool_],
    *,
    shown_by: frozenset[str] | None = None,
) -> States:
    """Everybody `counted` by the best evidence for any of `kinds` that begins before the deadline; shape (audience,). `shown_by`:
    those of the kinds without which nobody can tell who did none (all, by default)."""
    kinds_in_order = sorted(kinds)
    return states_of(
        human=view.did(kinds_in_order, Evidence.HUMAN, deadline),
        # A fact without any time may lie in the window or not: nobody knows, as with a proxy.
        proxy=view.did(kinds_in_order, Evidence.PROXY, deadline) | view.without_time(kinds_in_order),
        likely=view.did(kinds_in_order, Evidence.SCANNER_LIKELY, deadline),
        scanner=view.did(kinds_in_order, Evidence.SCANNER, deadline),
        blind=view.blind(shown_by or kinds, deadline),
        counted=counted,
    )


def opened_states(view: View, deadline: int) -> States:
    """Those delivered to, by whether they opened, viewed or read it."""
    return seen_states(view, OPENINGS, deadline, view.delivered(deadline))


def find_engaged(view: View, deadline: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Those who answered on the message's own channel and could be seen opening it (places), and whether they were: for whom the upper end
    of `opened` counts. Elsewhere proves nothing: whoever follows a link is seen on the page, pixel or not."""
    channel = view.message.channel
    counted = view.did(ENGAGEMENTS, Evidence.HUMAN, deadline, channel=channel) & ~view.blind(OPENINGS, deadline)
    if view.sender >= 0:
        counted[view.sender] = False
    engaged = np.flatnonzero(counted)
    seen = view.without_time(OPENINGS, channel=channel)[engaged]
    for evidence in (Evidence.HUMAN, Evidence.PROXY, Evidence.SCANNER_LIKELY):
        seen |= view.did(sorted(OPENINGS), evidence, deadline, channel=channel)[engaged]
    return engaged, seen


def detected_states(view: View, deadline: int) -> States:
    """Those who engaged, H where they were seen; everybody else is out."""
    engaged, seen = find_engaged(view, deadline)
    states = np.full(view.size, State.OUT, dtype=np.uint8)
    states[engaged] = np.where(seen, np.uint8(State.H), np.uint8(State.NOT))
    return states


def reach_states(view: View, deadline: int) -> States:
    """The whole audience by exposure on any channel."""
    return seen_states(view, EXPOSURES, deadline, np.ones(view.size, dtype=np.bool_), shown_by=TRACES)


def reached_since(view: View) -> NDArray[np.int64]:
    """When each was exposed first; NEVER where nobody knows."""
    return view.first(sorted(EXPOSURES), Evidence.HUMAN)
