"""Who did what a message wants done: of its audience, and of those held out, who were not sent it. Whose record that is was found by
`shelf`; formula: `docs/indicators.md`, "What messages want done"."""

import numpy as np
from numpy.typing import NDArray

from metrics.exposure import EXPOSURES
from metrics.indicator import states_of
from metrics.machines import Evidence
from metrics.reading import State, States
from metrics.view import Deed, View


def wants_something(view: View) -> bool:
    return _deed(view) is not None


def holds_somebody_out(view: View) -> bool:
    deed = _deed(view)
    return deed is not None and deed.holdout is not None


def acted_states(view: View, deadline: int) -> States:
    """The whole audience by whether they met or answered what the message names as its action; shape (audience,)."""
    deed = _deed(view)
    assert deed is not None
    return _states(deed.kinds, deed.audience, deadline)


def held_states(view: View, deadline: int) -> tuple[View, States]:
    """The same of those held out."""
    deed = _deed(view)
    assert deed is not None
    assert deed.holdout is not None
    return deed.holdout, _states(deed.kinds, deed.holdout, deadline)


def acted_since(view: View) -> NDArray[np.int64]:
    """When each did it first; NEVER where nobody knows."""
    deed = _deed(view)
    assert deed is not None
    return deed.audience.first(sorted(EXPOSURES), Evidence.HUMAN)


def _deed(view: View) -> Deed | None:
    return None if view.behind is None else view.behind.deed


def _states(recorded: frozenset[str], view: View, deadline: int) -> States:
    kinds, ordered = recorded & EXPOSURES, sorted(EXPOSURES)
    if not kinds:
        # While nobody at all did it, nothing tells a page that nobody went to from one whose name is misspelt.
        return np.full(view.size, State.U, dtype=np.uint8)
    return states_of(
        human=view.did(ordered, Evidence.HUMAN, deadline),
        proxy=view.did(ordered, Evidence.PROXY, deadline) | view.without_time(ordered),
        likely=view.did(ordered, Evidence.SCANNER_LIKELY, deadline),
        scanner=view.did(ordered, Evidence.SCANNER, deadline),
        blind=view.blind(kinds, deadline, anywhere=True),
        counted=np.ones(view.size, dtype=np.bool_),
    )
