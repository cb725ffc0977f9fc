"""M2 `unmeasurable`: of those delivered to, the share of whom nobody can say whether they opened the message."""

import numpy as np

from config.duration import Span
from metrics.exposure import EXPOSURES, opened_states
from metrics.indicator import Indicator, always
from metrics.reading import State, States
from metrics.view import View


def classify(view: View, deadline: int) -> States:
    states = opened_states(view, deadline)
    hidden = (states == State.P) | (states == State.U)
    counted = np.where(hidden, np.uint8(State.H), np.uint8(State.NOT))
    return np.where(states == State.OUT, np.uint8(State.OUT), counted)


INDICATOR = Indicator(
    id="unmeasurable",
    code="M2",
    title="Unmeasurable openings",
    question="Of how many people can nobody say whether they opened the message?",
    formula="people hidden by a privacy proxy, by blocked images, by their objection or by a channel that shows no openings / people it "
    "was delivered to; over a half, openings have a range and no value",
    unit="ratio",
    level="trust",
    direction="at_most",
    window=Span(48, "hours"),
    needs=EXPOSURES | {"delivered"},
    applies=always,
    classify=classify,
    start_target=0.30,
)
