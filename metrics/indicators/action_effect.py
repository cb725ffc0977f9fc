"""Q10b `action_effect`: how many more did what a message wants than among those who were held out of it."""

from config.duration import Span
from metrics.deeds import acted_states, held_states, holds_somebody_out
from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator
from metrics.parity import effect

INDICATOR = Indicator(
    id="action_effect",
    code="Q10b",
    title="Effect",
    question="Did people do it because of the message?",
    formula="share of the audience who did what the entry names as its `action` less the same share of its `holdout`, who were not sent "
    "it, mapped from -1..1 to 0..1: 0.5 (50 %) is no effect, 0.55 ten more in a hundred; messages with an `action` and a `holdout`",
    unit="ratio",
    level="outcome",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=EXPOSURES,
    applies=holds_somebody_out,
    classify=acted_states,
    held=held_states,
    method=effect,
    judge="process",
)
