"""Q10a `action`: people who did what the message wants done. No effect: some would have done it anyway (`action_effect`)."""

from config.duration import Span
from metrics.deeds import acted_since, acted_states, wants_something
from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator

INDICATOR = Indicator(
    id="action",
    code="Q10a",
    title="Action",
    question="Did people do what the message asks for?",
    formula="people of the audience who, after it was sent, met or answered what the entry names as its `action` / audience; messages with "
    "an `action`. Some would have done so without the message: this is no effect",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=EXPOSURES,
    applies=wants_something,
    classify=acted_states,
    since=acted_since,
    grows=True,
)
