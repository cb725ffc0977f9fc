"""The interval methods under trial: the service's own, by its own door, and what others would have done in its place."""

from collections.abc import Callable

import numpy as np
from scipy.special import stdtrit

from bench.trust.draws import Counts
from metrics.bounds import Interval, wilson
from metrics.figures import Figures, Question, ratio
from metrics.reading import State, denominators

Method = Callable[[Counts], Interval]

_PROCESS, _AT_RANDOM, _COUNT = Question("process"), Question("process", missing_at_random=True), Question("count")


def process(counts: Counts) -> Interval:
    """What the service publishes, chance included."""
    return _bounds(ratio(counts, _PROCESS))


def at_random(counts: Counts) -> Interval:
    """The same under `assume: missing_at_random`."""
    return _bounds(ratio(counts, _AT_RANDOM))


def count(counts: Counts) -> Interval:
    """What the service publishes of what happened."""
    return _bounds(ratio(counts, _COUNT))


def _bounds(figures: Figures) -> Interval:
    assert figures.lower is not None
    assert figures.upper is not None
    return figures.lower, figures.upper


def percentage(counts: Counts) -> float:
    """The naive figure: whoever was seen doing it, of all."""
    return int(counts[:, State.H].sum()) / int(denominators(counts).sum())


def margin_of_error(counts: Counts) -> Interval:
    """The naive percentage give or take what polls do: every person drawn by themselves, whoever was not seen counted as not."""
    share, people = percentage(counts), int(denominators(counts).sum())
    margin = 1.96 * float(np.sqrt(share * (1 - share) / people))
    return share - margin, share + margin


def wilson_over_all(counts: Counts) -> Interval:
    """The better interval of that kind, over all people of all messages."""
    return wilson(int(counts[:, State.H].sum()), int(denominators(counts).sum()))


def linearised(counts: Counts) -> Interval:
    """The textbook's interval for a ratio over clusters: Student's t on the linearised variance."""
    done, people = counts[:, State.H], denominators(counts)
    share, messages = percentage(counts), len(counts)
    if messages < 2:
        return 0.0, 1.0
    off = done - share * people
    variance = messages / (messages - 1) * float((off**2).sum()) / float(people.sum()) ** 2
    margin = float(stdtrit(messages - 1, 0.975)) * variance**0.5
    return share - margin, share + margin
