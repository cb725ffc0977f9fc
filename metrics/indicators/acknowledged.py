"""Q5 `acknowledged`: people of the audience who confirmed the current version. A page that was merely fetched confirms nothing."""

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.indicator import Indicator, states_of
from metrics.machines import Evidence
from metrics.reading import States
from metrics.view import Detail, View

_KINDS = ("acknowledged",)


def classify(view: View, deadline: int) -> States:
    version = view.message.version

    def is_current(detail: Detail) -> bool:
        return version is None or detail.get("version") == version

    def says_no_version(detail: Detail) -> bool:
        return version is not None and "version" not in detail

    def may_be_current(detail: Detail) -> bool:
        return is_current(detail) or says_no_version(detail)

    return states_of(
        human=view.did(_KINDS, Evidence.HUMAN, deadline, where=is_current),
        # Which version an acknowledgement without one meant, nobody can tell.
        proxy=view.did(_KINDS, Evidence.HUMAN, deadline, where=says_no_version) | view.without_time(_KINDS),
        likely=view.did(_KINDS, Evidence.SCANNER_LIKELY, deadline, where=may_be_current),
        scanner=view.did(_KINDS, Evidence.SCANNER, deadline, where=may_be_current),
        blind=view.blind(frozenset(_KINDS), deadline, anywhere=True),
        counted=np.ones(view.size, dtype=np.bool_),
    )


def since(view: View) -> NDArray[np.int64]:
    version = view.message.version
    return view.first(_KINDS, Evidence.HUMAN, where=lambda detail: version is None or detail.get("version") == version)


INDICATOR = Indicator(
    id="acknowledged",
    code="Q5",
    title="Acknowledged",
    question="Did everybody who has to confirm it do so?",
    formula="people of the audience who acknowledged the current version before it was due / audience; messages that ask for it",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    due=True,
    needs=frozenset(_KINDS),
    applies=lambda view: "acknowledge" in view.message.expects,
    classify=classify,
    since=since,
    owed=True,
    grows=True,
    start_target=0.95,
)
