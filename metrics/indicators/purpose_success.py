"""Q10 `purpose_success`: messages that did what they are for."""

from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator

INDICATOR = Indicator(
    id="purpose_success",
    code="Q10",
    title="Purpose fulfilled",
    question="Do messages do what they are for?",
    formula="messages whose verdict on the targets of their own purpose is met / matured messages with such targets: to inform by "
    "`reach_on_time` and, with a quiz, `comprehension`; to persuade and to act by `action_effect`, without a holdout by `action`; to "
    "engage by `response`. An outcome only where every message that persuades or asks people to act has a holdout",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=None,
    needs=EXPOSURES,
    by_verdict=True,
    of="messages",
    periods=("rolling", "week", "month", "quarter"),
    start_target=0.80,
)
